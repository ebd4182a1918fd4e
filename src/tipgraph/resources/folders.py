"""Where ontology/, data/ and queries/ are: in a checkout or in the installed wheel.

Paths are plain strings in all that a stored query passes through: importing pathlib would be a
tenth of the time that the whole command takes.
"""

import os
import zlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from os.path import basename, dirname, join, relpath
from typing import NoReturn

from tipgraph.errors import InputError
from tipgraph.namespaces import GRAPH, ONTOLOGY_GRAPH

PACKAGE = dirname(__file__)


class Resources:
    """The three folders that are the product, below one root."""

    def __init__(self, root: str) -> None:
        self.root = root

    def ontology(self) -> list[str]:
        """The ontology's modules."""
        folder = join(self.root, "ontology")
        return [file for file in files_below(folder, ".ttl") if dirname(file) == folder]

    def shapes(self) -> list[str]:
        """The shapes that data must meet; style.ttl and cases.ttl speak of other things."""
        files = files_below(join(self.root, "ontology", "shapes"), ".ttl")
        return [file for file in files if basename(file) not in ("cases.ttl", "style.ttl")]

    def data(self) -> list[str]:
        """The files of the sources' graphs."""
        return files_below(join(self.root, "data"), ".ttl")

    def rules(self) -> list[str]:
        """The rules that derive what follows."""
        folder = join(self.root, "queries", "rules")
        return [file for file in files_below(folder, ".rq") if dirname(file) == folder]

    def case_rules(self) -> list[str]:
        """The rules that hold a case against the norms; nothing else runs them."""
        return files_below(join(self.root, "queries", "rules", "cases"), ".rq")

    def queries(self) -> list[str]:
        """The stored queries."""
        folder = join(self.root, "queries")
        rules = join(folder, "rules", "")
        return [file for file in files_below(folder, ".rq") if not file.startswith(rules)]

    def graphs(self) -> Iterator[tuple[str, str]]:
        """Each file of ontology and data with the name of its graph."""
        for file in self.ontology():
            yield file, ONTOLOGY_GRAPH
        for file in self.data():
            first = relpath(file, join(self.root, "data")).split(os.sep)[0]
            yield file, GRAPH + first.removesuffix(".ttl")

    @cached_property
    def digest(self) -> str:
        """A digest of all that prepared things are made from, and of what makes them."""
        folders = [join(self.root, name) for name in ("ontology", "data", "queries")]
        code = files_below(dirname(PACKAGE), ".py")
        return digest([*code, *(file for folder in folders for file in files_below(folder))])


def files_below(folder: str, ending: str = "") -> list[str]:
    """All files in the folder and its folders with this ending, in the order of their names."""
    found = [
        join(above, name)
        for above, _, names in os.walk(folder, onerror=_unreadable)
        for name in names
        if name.endswith(ending)
    ]
    return sorted(found)


def _unreadable(error: OSError) -> NoReturn:
    raise InputError(f"{error.filename}: cannot be read ({error.strerror})")


def digest(files: Iterable[str]) -> str:
    """A digest of the files' names and content, against accidents and not against malice.

    Raises InputError when one cannot be read. (To import hashlib would take longer than this.)
    """
    state = total = 0
    for file in files:
        content = _content(file)
        total += len(content)
        state = zlib.crc32(f"{file} {len(content)} {zlib.crc32(content)}\n".encode(), state)
    return f"{state:08x}{total:x}"


def _content(file: str) -> bytes:
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None


def shipped() -> Resources:
    """The resources that this package came with.

    Raises InputError when the folders are missing.
    """
    for root in (join(PACKAGE, "shipped"), dirname(dirname(dirname(PACKAGE)))):
        if os.path.isdir(join(root, "ontology")):
            return Resources(root)
    raise InputError("the shipped graph is missing beside the package; install tipgraph again")
