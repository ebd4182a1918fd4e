"""Locate ontology/, data/ and queries/, in a checkout or in the wheel, and the user's folders.

Paths are plain strings: importing pathlib would take a tenth of the time of a whole query.
"""

import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import groupby
from os.path import basename, dirname, expanduser, isabs, join

from tipgraph.errors import InputError
from tipgraph.files import files_below
from tipgraph.namespaces import GRAPH, ONTOLOGY_GRAPH
from tipgraph.version import VERSION

PACKAGE = dirname(__file__)
# The variable that names another root of ontology/, data/ and queries/.
VARIABLE = "TIPGRAPH_RESOURCES"
# The folder of what a wheel ships ready-made, and the file in it that names its content.
PREPARED = "prepared"
DIGEST = "digest"
LONGEST_DIGEST = 100
# The file in a store's folder of what is prepared that names the version which made it.
MADE_BY = "version"
# The folder of a store in its root, in place of the user's.
CACHE = "cache"
# The names in data/, which those of graphs end in.
NAME = re.compile(r"[\w.-]+")


class Resources:
    """The three folders of Turtle and SPARQL below one root."""

    def __init__(self, root: str) -> None:
        self.root = root

    def ontology(self) -> list[str]:
        """The ontology's modules."""
        folder = join(self.root, "ontology")
        return [file for file in files_below(folder, ".ttl") if dirname(file) == folder]

    def shapes(self) -> list[str]:
        """The shapes for data; style.ttl is for the ontology, cases.ttl for a case."""
        files = files_below(join(self.root, "ontology", "shapes"), ".ttl")
        return [file for file in files if basename(file) not in ("cases.ttl", "style.ttl")]

    def languages(self) -> tuple[str, ...]:
        """The files of labels in other languages than English."""
        folder = join(self.root, "ontology", "labels")
        return tuple(files_below(folder, ".ttl") if os.path.isdir(folder) else ())

    def data(self) -> list[str]:
        """The files of the editions, and of what they share, as they were when first asked for."""
        return self._data

    @cached_property
    def _data(self) -> list[str]:
        return [file for file in self._all_data if file.endswith(".ttl")]

    def rules(self) -> list[str]:
        """The rules that derive what follows from the statements."""
        folder = join(self.root, "queries", "rules")
        return [file for file in files_below(folder, ".rq") if dirname(file) == folder]

    def completions(self) -> list[str]:
        """The rules that complete what the data state, before all other rules."""
        folder = join(self.root, "queries", "rules", "complete")
        return files_below(folder, ".rq") if os.path.isdir(folder) else []

    def case_rules(self) -> list[str]:
        """The rules that apply the norms to a case; only assessments run them."""
        return files_below(join(self.root, "queries", "rules", "cases"), ".rq")

    def queries(self) -> list[str]:
        """The stored queries."""
        folder = join(self.root, "queries")
        rules = join(folder, "rules", "")
        return [file for file in files_below(folder, ".rq") if not file.startswith(rules)]

    def shared_texts(self) -> str:
        """The file that describes the parameters and columns that several queries share."""
        return join(self.root, "queries", "shared.yaml")

    def graphs(self) -> Iterator[tuple[str, str]]:
        """Each file of ontology and data with the IRI of its named graph."""
        for file in self.ontology():
            yield file, ONTOLOGY_GRAPH
        yield from self.data_graphs()

    def data_graphs(self) -> Iterator[tuple[str, str]]:
        """Each file of data with the IRI of its named graph.

        Raises InputError for a name that cannot be part of an IRI.
        """
        folder = join(self.root, "data", "")
        start = len(folder)
        for first, files in groupby(self.data(), lambda file: file[start:].partition(os.sep)[0]):
            if not NAME.fullmatch(first):
                raise InputError(f"{join(folder, first)}: name it with letters, digits and - . _")
            graph = GRAPH + first.removesuffix(".ttl")
            yield from ((file, graph) for file in files)

    @cached_property
    def digest(self) -> str:
        """A digest of all that prepared files are made from, the code included.

        A wheel has it with it. In a checkout it is made from size and time of change, as `make`
        does: to read the content of some hundred files would take a tenth of the time of a query.
        """
        path = join(self.root, PREPARED, DIGEST)
        with suppress(OSError, UnicodeError), open(path, encoding="ascii") as file:
            # It becomes part of a path, and the root may be of somebody else.
            if re.fullmatch("[0-9a-f-]+", named := file.read(LONGEST_DIGEST)):
                return named
        return self.stamped()

    @property
    def digest_without_data(self) -> str:
        """A digest of what prepared files that need no data are made from."""
        return self.digest.split("-")[0]

    def stamped(self) -> str:
        """Return stamps of the files as they are: one of code, ontology and queries, one of data.

        Raises InputError when a folder cannot be read.
        """
        return f"{stamp(self._without_data())}-{stamp(self._all_data)}"

    def ingredients(self) -> list[str]:
        """All files that prepared files are made from, the code included."""
        return [*self._without_data(), *self._all_data]

    def _without_data(self) -> list[str]:
        folders = [join(self.root, name) for name in ("ontology", "queries")]
        code = files_below(dirname(PACKAGE), ".py")
        return [*code, *(file for folder in folders for file in files_below(folder))]

    @cached_property
    def _all_data(self) -> list[str]:
        return files_below(join(self.root, "data"))


def shipped() -> Resources:
    """The resources below `$TIPGRAPH_RESOURCES`, by default those that this package came with.

    Raises InputError when the folders are missing.
    """
    if named := os.environ.get(VARIABLE):
        if not os.path.isdir(join(named, "ontology")):
            raise InputError(f"{VARIABLE}: {named} has no folder ontology")
        if os.path.isdir(join(named, CACHE)) and _made_by(named) != VERSION:
            raise InputError(
                f"{VARIABLE}: {named} is a store of another version of tipgraph; unset {VARIABLE},"
                " and run 'tipgraph build' again"
            )
        return Resources(named)
    for root in (join(PACKAGE, "shipped"), dirname(dirname(dirname(PACKAGE)))):
        if os.path.isdir(join(root, "ontology")):
            return Resources(root)
    raise InputError("the shipped graph is missing beside the package; install tipgraph again")


def _made_by(root: str) -> str:
    """Return the version that made a store; nothing where none is named."""
    with suppress(OSError), open(join(root, PREPARED, MADE_BY), "rb") as file:
        return file.read(LONGEST_DIGEST).decode(errors="replace")
    return ""


@contextmanager
def selected(root: str) -> Iterator[None]:
    """Let the root be that of all resources and of the cache, for a while."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = root
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def stamp(files: list[str]) -> str:
    """A digest of the files' names, sizes and times of change.

    An archive can give a changed file the time that the old one had, but not that of the system.
    """
    stats = ((file, os.stat(file)) for file in files)
    text = "".join(
        f"{file} {each.st_size} {each.st_mtime_ns} {each.st_ctime_ns}\n" for file, each in stats
    )
    return f"{zlib.crc32(os.fsencode(text)):08x}{len(files):x}"


def digest(files: Iterable[str], root: str = "") -> str:
    """A digest of the files' names, without the root, and content, which no other files have.

    Raises InputError when one cannot be read.
    """
    from hashlib import sha256  # Most commands need none, and it takes 3 ms.

    state = sha256()
    for file in files:
        name = file.removeprefix(root).encode(errors="surrogateescape")
        for part in (name, _content(file)):
            state.update(f"{len(part)}\n".encode())
            state.update(part)
    return state.hexdigest()[:32]


def _content(file: str) -> bytes:
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None


def user_cache() -> str:
    """The folder of what can be made again, which is that of a store where one is selected.

    One in which others can write is none: its content would become answers. Nothing is below the
    null device.
    """
    own = join(os.environ.get(VARIABLE, ""), CACHE)
    if VARIABLE in os.environ and os.path.isdir(own):
        return own
    found = _user_folder("XDG_CACHE_HOME", ".cache")
    return found if is_private(found) else os.devnull


def is_private(folder: str) -> bool:
    """Return whether the user or root alone can write into the folder, or it is not there."""
    if not hasattr(os, "geteuid"):
        return True
    try:
        found = os.stat(folder)
    except OSError:
        return True
    return found.st_uid in (0, os.geteuid()) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def user_data() -> str:
    """The folder of what the user has given, such as texts."""
    return _user_folder("XDG_DATA_HOME", ".local", "share")


def _user_folder(variable: str, *default: str) -> str:
    """The folder of tipgraph below a base folder, as the XDG specification finds it."""
    base = os.environ.get(variable, "")
    return join(base if isabs(base) else join(expanduser("~"), *default), "tipgraph")
