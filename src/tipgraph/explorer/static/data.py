"""The files of the site that are no pages: style, scripts, and what they search and query."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

from tipgraph.entities import NAMES, labels_query
from tipgraph.entities.editions import Choice, newest
from tipgraph.entities.passages import passages_query, places_query
from tipgraph.explorer import assets, void
from tipgraph.explorer.http import PageRequest
from tipgraph.explorer.site import Site
from tipgraph.namespaces import PREFIXES, last_part
from tipgraph.render.answer_document import source
from tipgraph.render.document import LONG_NUMBER, WORDS
from tipgraph.search.find import entries
from tipgraph.search.hits import facts
from tipgraph.search.index import KINDS, SPELLINGS, WEIGHTS, Entry
from tipgraph.search.ranking import FEW, NAMED, PARTIAL
from tipgraph.search.terms import FUNCTION_WORDS
from tipgraph.store.build import LEVEL
from tipgraph.text import DURATION_UNITS
from tipgraph.version import VERSION

# The separator between the texts of a column; no word of a search.
BETWEEN = " | "
# The scripts of pages that a server has.
SERVED = ("suggest.js",)
# Where a query that the scripts complete has the IRIs that it is about.
IRIS = "{iris}"


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The files by their paths below the folder."""
    for folder in (assets.SCRIPTS, assets.VENDOR):
        for name, file in assets.assets(folder).items():
            if name not in SERVED:
                yield f"-/{folder}/{name}", file.read_bytes()
    yield "-/style.css", assets.style(site, PageRequest()).body
    yield "-/data/site.json", _json(_about(site))
    yield "-/data/editions.js", b"comparable(" + _json(_comparable(site)) + b");\n"
    yield "-/data/search.js", b"searchable(" + _json(_searchable(site)) + b");\n"
    yield "-/data/graph.nq.gz", gzip.compress(site.graph.nquads, LEVEL, mtime=0)
    yield ".well-known/void", void.description(site, PageRequest()).body
    # GitHub would leave out the folders whose names start with a full stop.
    yield ".nojekyll", b""


def _about(site: Site) -> dict[str, Any]:
    """Return the data for scripts: the editions, and the display of cells of answers."""
    known = list(site.editions.values())
    latest = {each.iri for each in newest(known)}
    return {
        "version": VERSION,
        "graph": site.digest,
        "prefixes": PREFIXES,
        "names": NAMES,
        "countries": Choice(site.engine).countries,
        "editions": [
            {
                "iri": each.iri,
                "label": each.label,
                "names": sorted(each.names),
                "year": each.year,
                "area": each.area,
                "newest": each.iri in latest,
                "complete": each.is_complete,
                "page": each.page,
                "source": source(each).text,
            }
            for each in known
        ],
        "lookups": {
            "described": f"SELECT DISTINCT ?iri {{ VALUES ?iri {{ {IRIS} }} ?iri ?p ?o }}",
            "labels": labels_query(IRIS),
            "passages": passages_query(IRIS),
            "places": places_query(IRIS),
        },
        "words": WORDS,
        "units": DURATION_UNITS,
        "longNumber": LONG_NUMBER,
    }


def _comparable(site: Site) -> list[list[str]]:
    """The editions on each country by their short names, the oldest first."""
    known = site.editions.values()
    return [[each.slug for each in known if each.area == area] for area in sorted(site.areas)]


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
        "address": address,
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
