"""Prepares what the wheel ships ready-made: the graph with all that the rules derive, an index of
the stored queries and one for searches, the rules for cases, and the digest of what these are made
from. They come from the same code as in a checkout."""

import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PreparedGraph(BuildHookInterface[Any]):
    """Adds `tipgraph/resources/shipped/prepared/` to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root, "src")))
        from pyoxigraph import RdfFormat, Store

        from tipgraph import search
        from tipgraph.assess import regime
        from tipgraph.queries import no_rows
        from tipgraph.queries.catalogue import INDEX, Catalogue, make_index
        from tipgraph.resources.folders import DIGEST, Resources, digest
        from tipgraph.search import index as search_index
        from tipgraph.store.build import SHIPPED_FILE, make_graph, to_ship
        from tipgraph.store.engine import Embedded

        resources = Resources(self.root)
        self.folder = Path(mkdtemp())
        graph = make_graph(resources)
        store = Store()
        store.load(graph, RdfFormat.N_QUADS)
        queries = Catalogue(resources)
        made = {
            SHIPPED_FILE: to_ship(graph),
            INDEX: make_index(resources),
            search_index.FILE: search.make_index(Embedded(store), queries.values()),
            no_rows.FILE: no_rows.make_index(Embedded(store), queries),
            regime.RULES_FILE: regime.compile_rules(resources),
            DIGEST: digest(resources.ingredients(), self.root).encode(),
        }
        for name, content in made.items():
            file = self.folder / name
            file.write_bytes(content)
            build_data["force_include"][str(file)] = f"tipgraph/resources/shipped/prepared/{name}"
