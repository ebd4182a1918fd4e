"""The page that leads to the graph, its figures and its description as files."""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from pyoxigraph import Quad, RdfFormat, parse, serialize

from tipgraph.explorer import question_files, terms
from tipgraph.explorer.addresses import file_of, with_links
from tipgraph.explorer.http import Content, PageRequest
from tipgraph.explorer.question_files import FIGURES
from tipgraph.explorer.site import Site
from tipgraph.export.descriptions import executables
from tipgraph.export.graph import serialize_quads
from tipgraph.namespaces import PREFIXES
from tipgraph.store.build import LEVEL

ADDRESS = "/-/downloads"
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


@dataclass(frozen=True)
class Download:
    """A file: its name, its address, and, in a site of files, its bytes and their SHA-256."""

    name: str
    address: str
    size: int = 0
    checksum: str = ""


def page(site: Site, request: PageRequest) -> Content:
    """The page of a server, with the files that it makes when they are asked for."""
    found = [Download(NAMES[each], f"{each}?edition=all") for each in FIGURES]
    return _page(site, found)


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The files of a site of files by their paths below the folder, with the page of them."""
    found = dict(_contents(site))
    yield from ((file_of(address), body) for address, body in found.items())
    downloads = (
        Download(NAMES[address], address, len(body), sha256(body).hexdigest())
        for address, body in found.items()
    )
    file = file_of(ADDRESS)
    yield file, with_links(_page(site, downloads).body.decode(), file, site.base).encode()


def _contents(site: Site) -> Iterator[tuple[str, bytes]]:
    yield NQUADS, gzip.compress(site.graph.nquads, LEVEL, mtime=0)
    quads = parse(site.graph.nquads, format=RdfFormat.N_QUADS, lenient=True)
    merged = dict.fromkeys(Quad(*each.triple) for each in quads)
    turtle = serialize(merged, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert turtle is not None
    yield TURTLE, gzip.compress(turtle, LEVEL, mtime=0)
    yield CATALOG, gzip.compress(terms.void(site, PageRequest()).body, LEVEL, mtime=0)
    executable = executables(site.graph.queries.values())
    yield QUERIES, serialize_quads(executable, "turtle", site.graph.resources).encode()
    for each in FIGURES if "figures" in question_files.whole_answers(site) else ():
        request = PageRequest("figures", {}, each.rpartition(".")[2])
        yield each, question_files.question(site, request).body


def _page(site: Site, downloads: Iterable[Download]) -> Content:
    return site.page("downloads.html", "Downloads", subject=ADDRESS, downloads=list(downloads))
