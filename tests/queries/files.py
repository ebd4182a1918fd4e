"""The stored queries of this checkout, and what tests ask them."""

from collections.abc import Iterator
from pathlib import Path

from tipgraph.entities.editions import ALL
from tipgraph.graph import LocalGraph
from tipgraph.queries.catalogue import EDITION, StoredQuery
from tipgraph.rdf.terms import Term

ROOT = Path(__file__).parents[2]
STORED = sorted(path for path in (ROOT / "queries").glob("*/*.rq") if path.parent.name != "rules")
NAMES = sorted(path.stem for path in STORED)
# Queries on documents of every publisher, which are asked for no edition.
PUBLICATIONS = {path.stem for path in STORED if path.parent.name == "publications"}
CHECKS = {path.stem for path in STORED if path.parent.name == "checks"}


def bindings(query: StoredQuery, graph: LocalGraph) -> Iterator[dict[str, Term | str]]:
    """The needed parameters with the default editions and with all, then with each other one."""
    sample: dict[str, Term | str] = {
        each.name: each.term(graph.engine, each.example) for each in query.params
    }
    needed = {each.name: sample[each.name] for each in query.params if each.required}
    yield needed
    if query.has_editions:
        yield {**needed, EDITION: ALL}
    yield from ({**needed, name: term} for name, term in sample.items() if name not in needed)
