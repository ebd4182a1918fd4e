"""Writes the site: as many processes as there are processors, into a folder that then appears."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import count
from multiprocessing import get_all_start_methods, get_context

from tipgraph.errors import UsageError
from tipgraph.explorer import addresses, things
from tipgraph.explorer.asked import Content
from tipgraph.explorer.negotiation import SYNTAXES
from tipgraph.explorer.site import Site
from tipgraph.explorer.static import data, inventory
from tipgraph.explorer.static.inventory import Page
from tipgraph.explorer.static.paths import file_of, with_links
from tipgraph.explorer.things import Thing
from tipgraph.files import new_folder
from tipgraph.processes import end_with_parent, processors

# The things whose pages are made together.
TOGETHER = 600
# What an earlier site has, which may be replaced.
MARK = os.path.join("-", "data", "site.json")
NEXT = b'rel="next"'


class Files:
    """The files that are no pages, as a part of the work."""


# Besides these, pages, and the IRIs of things.
Job = Page | Files | Sequence[str]


def _no_progress(done: int, total: int) -> None:
    """For callers that show none."""


def check_folder(folder: str) -> None:
    """Raise UsageError for a folder that is there, and is neither empty nor an earlier site."""
    if os.path.isfile(folder):
        raise UsageError(f"{folder}: is a file; name a folder")
    if not os.path.isdir(folder) or not os.listdir(folder):
        return
    if not os.path.isfile(os.path.join(folder, MARK)):
        raise UsageError(f"{folder}: is not empty, and no earlier site; name another folder")


def write(site: Site, folder: str, progress: Callable[[int, int], None] = _no_progress) -> int:
    """Write all pages and files of a site into a folder, and return their number.

    The folder appears, or an earlier site is replaced, once all of them are written. `progress`
    gets the parts of the work that are done, and their number. Raises UsageError as `check_folder`,
    and OSError when it cannot be written.
    """
    check_folder(folder)
    jobs = list(_jobs(site))
    with new_folder(folder, replaced=True) as unfinished:
        writer = _Writer(site, unfinished)
        written = 0
        for done, number in enumerate(_run(writer, jobs), start=1):
            written += number
            progress(done, len(jobs))
    return written


def _jobs(site: Site) -> Iterator[Job]:
    """The work in parts, those that take long first, so that no process is idle at the end."""
    iris = inventory.things(site)
    yield from inventory.pages(site)
    yield Files()
    yield from (iris[start : start + TOGETHER] for start in range(0, len(iris), TOGETHER))


def _run(writer: "_Writer", jobs: Sequence[Job]) -> Iterator[int]:
    """Do the jobs, in processes that share the graph where the system can fork; count the files."""
    if "fork" not in get_all_start_methods():
        yield from map(writer.do, jobs)
        return
    global _shared
    _shared = writer
    with ProcessPoolExecutor(processors(), get_context("fork"), end_with_parent) as pool:
        yield from pool.map(_do, jobs)


# What a process that was forked has from its parent.
_shared: "_Writer | None" = None


def _do(job: Job) -> int:
    assert _shared is not None
    return _shared.do(job)


class _Writer:
    """Makes pages and puts them into a folder."""

    def __init__(self, site: Site, folder: str) -> None:
        self._site = site
        self._folder = folder
        self._folders: set[str] = set()

    def do(self, job: Job) -> int:
        """Write the files of a job, and return their number."""
        if isinstance(job, Page):
            return self._pages(job.address, lambda number: self._numbered(job, number))
        if isinstance(job, Files):
            return sum(self._put(name, content) for name, content in data.files(self._site))
        found = things.look_up(self._site, job)
        return sum(self._thing(iri, each) for iri, each in found.items())

    def _thing(self, iri: str, thing: Thing) -> int:
        address = addresses.address(iri)
        written = self._pages(address, lambda number: things.page(self._site, thing, number))
        for syntax, content in things.rdf(self._site, iri, SYNTAXES).items():
            self._put(file_of(addresses.in_format(address, SYNTAXES[syntax])), content.body)
        return written + len(SYNTAXES)

    def _numbered(self, page: Page, number: int) -> Content:
        parameters = {**page.asked.parameters, "page": str(number)}
        return page.make(self._site, replace(page.asked, parameters=parameters))

    def _pages(self, address: str, make: Callable[[int], Content]) -> int:
        """Write a page, and those that follow where its lists are long."""
        for number in count(1):
            content = make(number)
            mark = "&" if "?" in address else "?"
            file = file_of(address if number == 1 else f"{address}{mark}page={number}")
            is_html = content.media_type.startswith("text/html")
            body = with_links(content.body.decode(), file).encode() if is_html else content.body
            self._put(file, body)
            if NEXT not in body:
                break
        return number

    def _put(self, name: str, content: bytes) -> int:
        """Write a file by its path below the folder; one file."""
        path = os.path.join(self._folder, *name.split("/"))
        folder = os.path.dirname(path)
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
        with open(path, "wb") as file:
            file.write(content)
        return 1
