"""Writes the site: as many processes as there are processors, into a folder that then appears.

It may be of the part of the graph that some countries need, without the others.
"""

import gc
import gzip
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, partial
from hashlib import sha256
from html import escape
from multiprocessing import get_all_start_methods

from pyoxigraph import NamedNode, Quad, Store

from tipgraph.entities.editions import Choice, Edition, sources
from tipgraph.errors import InputError, UsageError
from tipgraph.explorer import assets
from tipgraph.explorer.addresses import HTML, file_of, public, with_links
from tipgraph.explorer.assets import NOT_FOUND
from tipgraph.explorer.pages import KINDS, PageKind
from tipgraph.explorer.site import Site, wholes
from tipgraph.files import MOST_TEXT, new_folder
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import GRAPH
from tipgraph.processes import in_processes, processors
from tipgraph.rdf.canonical import canonicalize
from tipgraph.rdf.sparql import terms
from tipgraph.store.build import nquads
from tipgraph.store.engine import Embedded, matching

# The list of all files of a site, by their paths below the folder: they may be replaced.
WRITTEN = os.path.join("-", "data", "files.txt.gz")

# The start of a list of pages, and the most pages of one (sitemaps.org).
SITEMAP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
)
MOST_LISTED = 50_000

# A file by its path below the folder, with its content; a part of the work makes some.
File = tuple[str, bytes]
Job = Callable[[], Iterator[File]]


def check_folder(folder: str) -> None:
    """Raise UsageError for a folder with files that no earlier site wrote there, and for a file."""
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise UsageError(f"{folder}: is a file; name a folder")
    _check_replaced(folder, folder)


def _check_replaced(folder: str, shown: str) -> None:
    """The same; an error shows the folder under this name."""
    present = _files_below(folder)
    if not present:
        return
    written = _written(os.path.join(folder, WRITTEN))
    for name in present:
        if name not in written:
            raise UsageError(
                f"{os.path.join(shown, name)}: no site wrote this; move it, or name another folder"
                " for the site"
            )


def _written(path: str) -> set[str]:
    """The names in the list of a site's files; none where there is no list, or a damaged one."""
    # A pipe may have no end, and a damaged list any length.
    if os.path.isfile(path):
        with suppress(OSError, EOFError, ValueError, zlib.error), gzip.open(path, "rb") as file:
            return {*file.read(MOST_TEXT).decode().split("\n")}
    return set()


def _files_below(folder: str) -> list[str]:
    """All files and links below the folder, by their paths below it, sorted."""
    found = []
    for parent, folders, names in os.walk(folder):
        paths = [os.path.join(parent, each) for each in (*names, *folders)]
        found += [each for each in paths if os.path.islink(each) or not os.path.isdir(each)]
    return sorted(os.path.relpath(each, folder) for each in found)


def write(
    site: Site, folder: str, progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Write all pages and files of a site into a folder, and return their number.

    The folder appears, or an earlier site is replaced, once all of them are written. `progress`
    gets the parts of the work that are done, and their number. Raises UsageError as `check_folder`,
    InputError where files of it are removed meanwhile, and OSError when it cannot be written.
    """
    check_folder(folder)
    jobs = list(_jobs(site))
    with new_folder(folder, lambda old: _check_replaced(old, folder)) as unfinished:
        written = 0
        for done, number in enumerate(_run(unfinished, jobs), start=1):
            written += number
            progress(done, len(jobs))
        for name, content in _for_robots(site.base, _files_below(unfinished)):
            with open(os.path.join(unfinished, name), "wb") as page_list:
                page_list.write(content)
            written += 1
        names = [*_files_below(unfinished), WRITTEN]
        if len(names) <= written:
            raise InputError(f"{folder}: somebody removed files meanwhile; run the command again")
        with open(os.path.join(unfinished, WRITTEN), "wb") as file:
            file.write(gzip.compress("".join(f"{name}\n" for name in names).encode(), mtime=0))
    return written


def _for_robots(base: str, names: Sequence[str]) -> Iterator[File]:
    """The lists of all pages for search engines, and the file that leads to them, with a base."""
    pages = [each for each in names if each.endswith(HTML) and each != NOT_FOUND]
    lists = []
    for start in range(0, len(pages) if base else 0, MOST_LISTED):
        listed = (public(base, each) for each in pages[start : start + MOST_LISTED])
        lines = "".join(f"<url><loc>{escape(each)}</loc></url>\n" for each in listed)
        lists.append(f"sitemap{start // MOST_LISTED or ''}.xml")
        yield lists[-1], f"{SITEMAP}\n{lines}</urlset>\n".encode()
    if base:
        own = "".join(f"Sitemap: {public(base, each)}\n" for each in lists)
        yield "robots.txt", f"User-agent: *\nAllow: /\n{own}".encode()


def _jobs(site: Site) -> Iterator[Job]:
    """The work in parts, those that take long first, so that no process is idle at the end."""
    yield partial(assets.files, site)
    for kind in reversed(KINDS):
        for group in kind.addresses(site) if kind.addresses else ():
            yield partial(_pages, site, kind, group)


def _pages(site: Site, kind: PageKind, group: Sequence[str]) -> Iterator[File]:
    """The files of a group of addresses. Raises AssertionError for a page that is not answered."""
    for address, content in kind.contents(site, group):
        if content.status != 200:
            raise AssertionError(f"{address}: status {content.status}")
        file, body = file_of(address), content.body
        if content.media_type.startswith("text/html"):
            body = with_links(body.decode(), file, site.base).encode()
        yield file, body


def _run(folder: str, jobs: Sequence[Job]) -> Iterator[int]:
    """Do the jobs, in processes that share the graph where the system can fork; count the files."""
    numbers = range(len(jobs))
    if "fork" not in get_all_start_methods():
        yield from map(partial(_put, folder, jobs), numbers)
        return
    yield from in_processes(partial(_put_and_freeze, folder, jobs), numbers, processors())


def _put_and_freeze(folder: str, jobs: Sequence[Job], number: int) -> int:
    # The garbage collector would look again and again through objects that stay until the end.
    gc.disable()
    written = _put(folder, jobs, number)
    gc.collect()
    gc.freeze()
    return written


def _put(folder: str, jobs: Sequence[Job], number: int) -> int:
    """Write the files of a job, and return how many they are.

    Raises InputError where there is one of that name: some systems ignore case, or accents.
    """
    written = 0
    for name, content in jobs[number]():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        try:
            with open(path, "xb") as file:
                file.write(content)
        except FileExistsError:
            raise InputError(
                f"{name}: two pages have this name on this system, which ignores case or accents"
            ) from None
        written += 1
    return written


class PartialGraph(LocalGraph):
    """A part of a graph, in memory. Nothing about it is kept between runs."""

    @cached_property
    def nquads(self) -> bytes:
        return nquads(canonicalize(self.engine.store))

    @property
    def digest(self) -> str:
        return sha256(self.nquads).hexdigest()

    def copied_to_memory(self) -> Store:
        return self.engine.store

    def _prepared(self, name: str, make: Callable[[], bytes]) -> bytes:
        return make()


def of_areas(graph: LocalGraph, areas: Sequence[str]) -> LocalGraph:
    """Return the graph without the sources on other countries, and without what only they need.

    Raises UsageError for a country that is unknown or has no edition.
    """
    kept = {each.area for each in Choice(graph.engine).on_areas(areas)}
    others = [each for each in sources(graph.engine).values() if each.area not in kept]
    store = graph.copied_to_memory()
    dropped = _of_sources(Embedded(store), others)
    quads = _without(store, dropped)
    named = {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
    # A body of another country stays where a statement that is kept names it.
    abroad = terms(each.area for each in others)
    bodies = _subjects(Embedded(store), f"VALUES ?of {{ {abroad} }} ?thing dcterms:spatial ?of")
    part = Store()
    part.bulk_extend(_without(quads, bodies - named))
    return PartialGraph(Embedded(part), graph.resources, (), False)


def _of_sources(engine: Embedded, others: Sequence[Edition]) -> set[str]:
    """The sources, their graphs, and all that belongs to them."""
    own = {each.iri for each in others}
    found = own | {GRAPH + each.slug for each in others}
    found |= _subjects(engine, f"VALUES ?of {{ {terms(own)} }} ?thing tip:edition|tip:document ?of")
    below = tuple(f"{each}/" for each in own)
    found |= {each for each in _subjects(engine, "?thing ?p ?o") if each.startswith(below)}
    return found | {part for part, whole in wholes(engine).items() if whole in found}


def _subjects(engine: Embedded, pattern: str) -> set[str]:
    return {*matching(engine, f"{pattern} FILTER(isIRI(?thing))")}


def _without(quads: "Store | list[Quad]", dropped: set[str]) -> list[Quad]:
    """The quads in which none of these things is."""
    return [
        quad
        for quad in quads
        if not any(
            isinstance(each, NamedNode) and each.value in dropped
            for each in (quad.subject, quad.object, quad.graph_name)
        )
    ]
