"""The folder of an edition as it is being written: read as far as it can be, with each place."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from os.path import abspath, basename, isdir
from typing import NamedTuple
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad, Store

from tipgraph.errors import InputError
from tipgraph.namespaces import ID, TIP, last_part
from tipgraph.rdf.files import rdf_files
from tipgraph.store.embedded import Embedded
from tipgraph.validate.inputs import Inputs, Source
from tipgraph.validate.locate import spotted
from tipgraph.validate.positions import Lines, Span, Unlocatable
from tipgraph.validate.report import Fault, Place
from tipgraph.validate.triples import TYPE

EDITION = NamedNode(TIP + "Edition")


class Stated(NamedTuple):
    """A triple of the folder, and where its subject, its predicate and its object stand."""

    quad: Quad
    subject: Place
    predicate: Place
    object: Place


@dataclass(frozen=True)
class Folder:
    """An edition's folder: all its files, and of these what can be read and what cannot."""

    path: str
    files: tuple[str, ...]
    sources: tuple[Source, ...]
    faults: tuple[Fault, ...]

    @cached_property
    def stated(self) -> list[Stated]:
        """The triples of what can be read, in the order of the text."""
        return [each for source in self.sources for each in _stated(source)]

    @cached_property
    def engine(self) -> Embedded:
        """What can be read, as a graph."""
        store = Store()
        store.extend(each.quad for each in self.stated)
        return Embedded(store)

    @cached_property
    def editions(self) -> list[str]:
        """The editions that it describes, in the order of the text."""
        found = (each.quad.subject for each in self.stated if _is_edition(each.quad))
        return list(dict.fromkeys(node.value for node in found if isinstance(node, NamedNode)))

    @property
    def edition(self) -> str:
        """The edition that it is the folder of, by its own account or by the folder's name."""
        return self.editions[0] if self.editions else ID + quote(basename(abspath(self.path)))

    @property
    def name(self) -> str:
        """The edition's name."""
        return last_part(self.edition)

    @cached_property
    def described(self) -> dict[str, Place]:
        """Each thing that it describes, and where that begins."""
        found: dict[str, Place] = {}
        for each in self.stated:
            if isinstance(each.quad.subject, NamedNode):
                found.setdefault(each.quad.subject.value, each.subject)
        return found

    def place(self, iri: str) -> Place:
        """Where the thing is described; the folder where it is not."""
        return self.described.get(iri, Place(self.path))


def folder(path: str) -> Folder:
    """The folder, read. Raises InputError when it is none or has no RDF in it."""
    if not isdir(path):
        raise InputError(f"{path}: no such folder; 'tipgraph new' makes one for an edition")
    files = rdf_files(path)
    inputs = Inputs()
    sources = inputs.files(files)
    return Folder(path, tuple(files), tuple(sources), tuple(inputs.faults))


def _is_edition(quad: Quad) -> bool:
    return quad.predicate == TYPE and quad.object == EDITION


def _stated(source: Source) -> Iterator[Stated]:
    lines = Lines(source.text())

    def place(span: Span) -> Place:
        return Place(source.name, *lines.place(span))

    try:
        for quad, spot in list(spotted(source)):
            yield Stated(quad, place(spot.subject), place(spot.predicate), place(spot.object))
    except Unlocatable:
        whole = Place(source.name)
        yield from (Stated(quad, whole, whole, whole) for quad in source.quads())
