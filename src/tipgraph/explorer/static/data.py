"""The files of the site that are no pages: style, scripts, and what they search and query."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

from tipgraph.explorer import assets, void
from tipgraph.explorer.file_paths import link
from tipgraph.explorer.http import PageRequest
from tipgraph.explorer.site import Site
from tipgraph.namespaces import last_part
from tipgraph.search.find import entries
from tipgraph.search.hits import facts
from tipgraph.search.index import KINDS, SPELLINGS, WEIGHTS, Entry
from tipgraph.search.ranking import FEW, NAMED, PARTIAL
from tipgraph.search.terms import FUNCTION_WORDS
from tipgraph.store.build import LEVEL
from tipgraph.version import VERSION

# The separator between the texts of a column; no word of a search.
BETWEEN = " | "
# The scripts of pages that a server has.
SERVED = ("suggest.js",)


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The files by their paths below the folder."""
    for folder in (assets.SCRIPTS, assets.VENDOR):
        for name, file in assets.assets(folder).items():
            if name not in SERVED:
                yield f"-/{folder}/{name}", file.read_bytes()
    yield "-/style.css", assets.style(site, PageRequest()).body
    yield "-/data/site.json", _json({"version": VERSION, "graph": site.digest})
    yield "-/data/search.js", b"searchable(" + _json(_searchable(site)) + b");\n"
    yield "-/data/graph.nq.gz", gzip.compress(site.graph.nquads, LEVEL, mtime=0)
    yield ".well-known/void", void.description(site, PageRequest()).body
    # GitHub would leave out the folders whose names start with a full stop.
    yield ".nojekyll", b""


def _searchable(site: Site) -> dict[str, Any]:
    areas = {each.iri: last_part(each.area) for each in site.editions.values()}
    found = entries(site.engine, site.graph.queries.values())
    return {
        "weights": WEIGHTS,
        "spellings": SPELLINGS,
        "kinds": list(KINDS),
        "between": BETWEEN,
        "named": NAMED,
        "functions": sorted(FUNCTION_WORDS),
        "few": FEW,
        "most": PARTIAL,
        "documents": [_document(site, each, n, areas) for n, each in enumerate(found)],
    }


def _document(site: Site, entry: Entry, number: int, areas: dict[str, str]) -> dict[str, Any]:
    """A thing to search, with the words of each column, and what a hit shows of it."""
    shown = entry.shown
    where = (areas.get(iri, "") for role, iri in entry.links if role == "edition")
    address = f"/query/{entry.iri}" if entry.kind == "query" else site.address(entry.iri)
    return {
        "number": number,
        "kind": entry.kind,
        "address": link(address) if address else "",
        "label": shown.label,
        "facts": facts(shown, entry.kind),
        "caveats": " | ".join(shown.caveats),
        "snippet": shown.quote,
        "areas": sorted({*where} - {""}),
        "series": entry.series,
        "newest": entry.newest,
        "year": entry.year,
        **{name: BETWEEN.join(texts) for name, texts in entry.texts.items() if texts},
    }


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
