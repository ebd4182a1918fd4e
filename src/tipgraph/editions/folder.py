"""An unfinished edition's folder: its triples with their places, and the errors in its files."""

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
from tipgraph.store.engine import Embedded
from tipgraph.validate.documents import DocumentReader, RdfDocument
from tipgraph.validate.report import Diagnostic, Location
from tipgraph.validate.source_map import LineIndex, PositionsUnavailable, Span, quads_with_spans
from tipgraph.validate.triples import TYPE

EDITION = NamedNode(TIP + "Edition")


class LocatedTriple(NamedTuple):
    """A triple, and the places of its subject, predicate and object."""

    quad: Quad
    subject: Location
    predicate: Location
    object: Location


@dataclass(frozen=True)
class EditionFolder:
    """An edition's folder: all RDF files, the readable ones, and the errors in the others."""

    path: str
    files: tuple[str, ...]
    documents: tuple[RdfDocument, ...]
    errors: tuple[Diagnostic, ...]

    @cached_property
    def triples(self) -> list[LocatedTriple]:
        """The triples of the readable files, in the order of the text."""
        return [each for document in self.documents for each in _located_triples(document)]

    @cached_property
    def engine(self) -> Embedded:
        """The triples of the readable files as a graph."""
        store = Store()
        store.extend(each.quad for each in self.triples)
        return Embedded(store)

    @cached_property
    def editions(self) -> list[str]:
        """The editions that the folder describes, in the order of the text."""
        found = (each.quad.subject for each in self.triples if _is_edition(each.quad))
        return list(dict.fromkeys(node.value for node in found if isinstance(node, NamedNode)))

    @property
    def edition(self) -> str:
        """The edition's IRI: the first that the folder describes, else from the folder's name."""
        return self.editions[0] if self.editions else ID + quote(basename(abspath(self.path)))

    @property
    def name(self) -> str:
        """The edition's short name."""
        return last_part(self.edition)

    @cached_property
    def described(self) -> dict[str, Location]:
        """Each subject, and the place of its first triple."""
        found: dict[str, Location] = {}
        for each in self.triples:
            if isinstance(each.quad.subject, NamedNode):
                found.setdefault(each.quad.subject.value, each.subject)
        return found

    def place(self, iri: str) -> Location:
        """The place where an entity is described, else the folder."""
        return self.described.get(iri, Location(self.path))


def read_folder(path: str) -> EditionFolder:
    """The folder, read. Raises InputError when there is no such folder or no RDF in it."""
    if not isdir(path):
        raise InputError(f"{path}: no such folder; 'tipgraph new' makes one for an edition")
    files = rdf_files(path)
    reader = DocumentReader()
    documents = reader.read_paths(files)
    return EditionFolder(path, tuple(files), tuple(documents), tuple(reader.errors))


def _is_edition(quad: Quad) -> bool:
    return quad.predicate == TYPE and quad.object == EDITION


def _located_triples(document: RdfDocument) -> Iterator[LocatedTriple]:
    lines = LineIndex(document.text())

    def location(span: Span) -> Location:
        return lines.location(document.name, span)

    try:
        for quad, spans in list(quads_with_spans(document)):
            yield LocatedTriple(
                quad, location(spans.subject), location(spans.predicate), location(spans.object)
            )
    except PositionsUnavailable:
        file = Location(document.name)
        yield from (LocatedTriple(quad, file, file, file) for quad in document.quads())
