"""The files of the explorer that are no pages, and the page that leads to those for readers.

They are style, scripts and libraries, which the package has in folders; the graph, its figures and
its description; and what a site of files searches and queries in a browser.
"""

import gzip
import json
from base64 import b64encode
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse, serialize

from tipgraph.entities.editions import sources
from tipgraph.entities.languages import ENGLISH, chosen
from tipgraph.explorer import questions
from tipgraph.explorer.addresses import file_of, link, with_links
from tipgraph.explorer.http import PLAIN, SYNTAXES, Content, PageRequest, rdf_content
from tipgraph.explorer.questions import FIGURES
from tipgraph.explorer.site import Site
from tipgraph.export.catalog import Release, catalog
from tipgraph.export.catalog.executables import executables
from tipgraph.export.graph import serialize_quads
from tipgraph.export.jsonld import context
from tipgraph.namespaces import OURS, PREFIXES, last_part
from tipgraph.queries.catalogue import AREA
from tipgraph.search import entries, facts
from tipgraph.search.answer import FEW, PARTIAL
from tipgraph.search.index import HEADCOUNT, KINDS, SPELLINGS, THINGS, WEIGHTS, Entry, canonical
from tipgraph.search.matching import STATED
from tipgraph.search.question import ASKING_FOR_ACTORS, COMMON_WORDS, NATIONALITY, PERSONS, STATING
from tipgraph.search.ranking import NAMED, PLACED, order
from tipgraph.search.terms import COUNTED_AS, FUNCTION_WORDS
from tipgraph.store.build import LEVEL
from tipgraph.version import VERSION

HERE, SCRIPTS, VENDOR = Path(__file__).parent, "scripts", "vendor"
# The context of all documents in JSON-LD, which would be longer than many of these.
CONTEXT = "/-/data/context.jsonld"
MEDIA_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "wasm": "application/wasm",
}
# The file at the well-known address, from which a server leads to the description of the dataset.
DOWNLOADS = "/-/downloads"
NQUADS, TURTLE = "/-/data/graph.nq.gz", "/-/data/graph.ttl.gz"
QUERIES = "/-/data/queries.ttl"
CATALOG = "/-/data/catalog.ttl.gz"
NAMES = {
    NQUADS: "the graph, N-Quads (gzip)",
    TURTLE: "the graph without its named graphs, Turtle (gzip)",
    QUERIES: "the stored queries with their questions, SHACL in Turtle",
    CATALOG: "the catalogue of editions and named graphs, DCAT-AP in Turtle (gzip)",
    **{file: f"the figures of all editions, {name}" for file, name in FIGURES.items()},
}
VOID = (
    b"<> a <http://rdfs.org/ns/void#DatasetDescription> ;"
    b" <http://www.w3.org/2000/01/rdf-schema#seeAlso> <../-/void.ttl> .\n"
)
# The separator between the texts of a column; no word of a search.
BETWEEN = " | "
# The scripts of pages that a server has.
SERVED = ("suggest.js", "private.js")
NOT_FOUND = "404.html"
# The stored query that is drawn.
NETWORK = "relations"
# The script in the page for an address that is none: no address of a file would fit all of these.
INSIDE = "not-found.js"


@dataclass(frozen=True)
class Download:
    """A file: its name, its address, and, in a site of files, its bytes and their SHA-256."""

    name: str
    address: str
    size: int = 0
    checksum: str = ""


def file(folder: str, site: Site, request: PageRequest) -> Content:
    """A file of a folder: one of our own scripts, or of a library."""
    # Only what is in the folder has a name there.
    found = assets(folder).get(request.name)
    if found is None:
        return Content(b"no such file\n", PLAIN, 404)
    return Content(found.read_bytes(), MEDIA_TYPES.get(request.name.rpartition(".")[2], PLAIN))


def style(site: Site, request: PageRequest) -> Content:
    """The style of all pages."""
    return Content((HERE / "style.css").read_bytes(), MEDIA_TYPES["css"])


@cache
def assets(folder: str) -> dict[str, Path]:
    """The files of a folder by their paths in it."""
    below = HERE / folder
    files = filter(Path.is_file, below.rglob("*"))
    return {each.relative_to(below).as_posix(): each for each in files}


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The files by their paths below the folder."""
    for folder in (SCRIPTS, VENDOR):
        for name, file in assets(folder).items():
            if name.endswith(".wasm"):
                # A server of files may send it as it is, and it is a third of the length.
                yield f"-/{folder}/{name}.gz", gzip.compress(file.read_bytes(), LEVEL, mtime=0)
            elif name not in (*SERVED, INSIDE):
                yield f"-/{folder}/{name}", file.read_bytes()
    yield "-/style.css", style(site, PageRequest()).body
    yield NOT_FOUND, _not_found(site)
    yield CONTEXT[1:], _json({"@context": context(site.graph.resources).content})
    yield "-/data/site.json", _json({"version": VERSION, "graph": site.digest})
    yield "-/data/search.js", b"searchable(" + _json(_searchable(site)) + b");\n"
    yield from download_files(site)
    yield ".well-known/void", VOID
    # GitHub would leave out the folders whose names start with a full stop.
    yield ".nojekyll", b""


def _not_found(site: Site) -> bytes:
    """The page that a host shows for an address that is none, with all that it needs in it."""
    script = assets(SCRIPTS)[INSIDE].read_text(encoding="utf-8")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    text = style(site, PageRequest()).body.decode()
    return site.render("404.html", style=text, script=script, digest=digest)


def _searchable(site: Site) -> dict[str, Any]:
    areas = {iri: last_part(each.area) for iri, each in sources(site.engine).items()}
    rows = _with_rows(site)
    # A search for a query and a country leads to the page of both.
    also: dict[str, dict[str, Any]] = {
        **{iri: {"code": last_part(iri)} for iri in site.areas},
        **{
            name: {"on": codes, "question": site.graph.queries[name].asked}
            | ({"rows": rows[name]} if name in rows else {})
            for name, codes in _on_countries(site).items()
        },
    }
    if NETWORK in site.graph.queries:
        # Its rows are on the page of each country's network.
        question = site.graph.queries[NETWORK].asked
        codes = sorted(map(last_part, site.areas))
        also[NETWORK] = {"on": codes, "question": question, "page": link("/-/network")}
    found = list(entries(site.engine, site.graph.queries.values()))
    numbers = {each.iri: number for number, each in enumerate(found)}
    for iri, ranks in _ranks(found).items():
        also.setdefault(iri, {}).update(ranks)
    # Most texts are in many documents, which have their numbers.
    texts: dict[str, int] = {}
    documents = [
        _document(site, each, numbers, areas, texts) | also.get(each.iri, {}) for each in found
    ]
    return {
        "weights": WEIGHTS,
        "spellings": SPELLINGS,
        "kinds": list(KINDS),
        "between": BETWEEN,
        "named": NAMED,
        "functions": sorted(FUNCTION_WORDS),
        "few": FEW,
        "most": PARTIAL,
        "stated": STATED,
        "placed": PLACED,
        "actors": ASKING_FOR_ACTORS,
        "stating": sorted(STATING),
        "common": sorted(map(canonical, COMMON_WORDS)),
        "persons": sorted(map(canonical, PERSONS)),
        "counted": {canonical(word): canonical(other) for word, other in COUNTED_AS.items()},
        "nationality": NATIONALITY,
        "texts": [*texts],
        "documents": documents,
    }


def _ranks(found: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """Return the places of each statement, by its IRI, in the orders that a search applies.

    `rank`, and `rankAside` where no word asks for what it counts, are places in one order.
    """
    stated = [each for each in found if each.kind in STATED]
    ages = sorted({each.standing.newest for each in stated})
    ranks = {each.iri: {"newest": bisect(ages, each.standing.newest)} for each in stated}
    ranked = [(order(each.standing), "rank", each.iri) for each in stated]
    ranked += [
        (order(each.standing, is_aside=True), "rankAside", each.iri)
        for each in stated
        if each.standing.counts != HEADCOUNT
    ]
    on_part = [
        (
            order(each.standing, is_on_part=True, is_aside=each.standing.counts == THINGS),
            "rankOnPart",
            each.iri,
        )
        for each in stated
    ]
    for ranking in (ranked, on_part):
        for place, (_, name, iri) in enumerate(sorted(ranking, key=itemgetter(0))):
            ranks[iri][name] = place
    return ranks


def _on_countries(site: Site) -> dict[str, list[str]]:
    """Return the countries on which each query that can be asked on one has a page, by code.

    Where it has none, its own page has the rows of all countries.
    """
    return {
        name: [*whole.areas]
        for name, whole in questions.whole_answers(site).items()
        if AREA in {each.name for each in site.graph.queries[name].params}
    }


def _with_rows(site: Site) -> dict[str, list[str]]:
    """Return the countries with rows in the whole answer of each query, by code."""
    return {
        name: [*map(last_part, questions.areas_in_files(site, site.graph.queries[name]) or ())]
        for name, whole in questions.whole_answers(site).items()
        if AREA in whole.rows.columns
    }


def _document(
    site: Site,
    entry: Entry,
    numbers: dict[str, int],
    areas: dict[str, str],
    known: dict[str, int],
) -> dict[str, Any]:
    """A thing to search, with the texts of each column, and what a hit shows of it."""
    shown = entry.shown
    where = (areas.get(iri, "") for role, iri in entry.links if role == "edition")
    address = f"/query/{entry.iri}" if entry.kind == "query" else site.address(entry.iri)
    counts = entry.standing.counts
    columns = {
        name: [known.setdefault(each, len(known)) for each in texts]
        for name, texts in entry.texts.items()
    }
    found = {
        "kind": entry.kind,
        "address": link(address) if address else "",
        "label": shown.label,
        "facts": facts(shown, entry.kind),
        "caveats": " | ".join(shown.caveats),
        "snippet": shown.quote,
        "areas": sorted({*where} - {""}),
        "series": "" if entry.series is None else f"{entry.series}",
        "year": entry.year,
        "figure": entry.standing.is_figure,
        "parts": [numbers[e] for role, e in entry.links if role == "part" and counts != THINGS],
        "units": [numbers[e] for role, e in entry.links if role == "unit" and counts != HEADCOUNT],
        "called": [name for role, name in entry.links if role == "name"],
        "speakers": [numbers[e] for role, e in entry.links if role == "speaker" and e in numbers],
        **columns,
    }
    return {name: value for name, value in found.items() if value}


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def downloads(site: Site, request: PageRequest) -> Content:
    """The page of a server, with the files that it makes when they are asked for."""
    found = [Download(NAMES[each], f"{each}?edition=all") for each in FIGURES]
    return _page_of(site, found)


def download_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The files of a site of files by their paths below the folder, with the page of them."""
    found = dict(_contents(site))
    yield from ((file_of(address), body) for address, body in found.items())
    listed = (
        Download(NAMES[address], address, len(body), sha256(body).hexdigest())
        for address, body in found.items()
    )
    file = file_of(DOWNLOADS)
    yield file, with_links(_page_of(site, listed).body.decode(), file, site.base).encode()


def _contents(site: Site) -> Iterator[tuple[str, bytes]]:
    yield NQUADS, gzip.compress(site.graph.nquads, LEVEL, mtime=0)
    quads = parse(site.graph.nquads, format=RdfFormat.N_QUADS, lenient=True)
    merged = dict.fromkeys(Quad(*each.triple) for each in quads)
    turtle = serialize(merged, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert turtle is not None
    yield TURTLE, gzip.compress(turtle, LEVEL, mtime=0)
    yield CATALOG, gzip.compress(void(site, PageRequest()).body, LEVEL, mtime=0)
    executable = executables(site.graph.queries.values())
    yield QUERIES, serialize_quads(executable, "turtle", site.graph.resources).encode()
    for each in FIGURES if "figures" in questions.whole_answers(site) else ():
        request = PageRequest("figures", {}, each.rpartition(".")[2])
        yield each, questions.question_file(site, request).body


def _page_of(site: Site, found: Iterable[Download]) -> Content:
    return site.page("downloads.html", "Downloads", subject=DOWNLOADS, downloads=list(found))


def void(site: Site, request: PageRequest) -> Content:
    """The catalogue, which describes the graph in DCAT and VoID; in Turtle where a browser asks."""
    syntax = request.format if request.format in SYNTAXES else "turtle"
    return rdf_content(serialize_quads(_catalog(site), syntax, site.graph.resources), syntax)


# All syntaxes have the same quads, of a graph to which nothing is added.
@lru_cache(maxsize=1)
def _catalog(site: Site) -> tuple[Quad, ...]:
    with chosen(ENGLISH):
        described = catalog(site.engine, site.graph.resources, False, Release(OURS + "sparql"))
    return tuple(described.quads)
