"""An unfinished edition's folder: its triples with their places, errors, and the findings in it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from os.path import abspath, basename, isdir
from typing import Any
from urllib.parse import quote

from pyoxigraph import NamedNode, Store

from tipgraph.errors import InputError
from tipgraph.namespaces import ID, TIP, last_part
from tipgraph.rdf.files import rdf_files
from tipgraph.store.engine import Embedded
from tipgraph.text import plural
from tipgraph.validate.documents import DocumentReader, RdfDocument
from tipgraph.validate.report import Diagnostic, Location
from tipgraph.validate.source_map import LocatedTriple, located_triples
from tipgraph.validate.triples import TYPE

# After a finding of these kinds, there may be more to find.
UNREADABLE = ("syntax", "unreadable")
KINDS = NamedNode(TIP + "Edition"), NamedNode(TIP + "Document")


@dataclass(frozen=True, order=True)
class EditionFinding:
    """A problem and its place; line and column count from 1, and are 0 if there is none.

    `kind` is `syntax`, `unreadable`, `shape`, `unknown`, `style`, `coverage`, `text`,
    `table` or `draft`.
    """

    path: str
    line: int
    column: int
    kind: str
    message: str

    @classmethod
    def at(cls, place: Location, kind: str, message: str) -> "EditionFinding":
        return cls(place.file, place.line, place.column, kind, message)

    def __str__(self) -> str:
        place = Location(self.path, self.line, self.column)
        return f"{place}: {self.kind}: {' '.join(self.message.split())}"


@dataclass(frozen=True)
class Completeness:
    """The completeness of an edition in the graph.

    `statements` includes `figures`; `covered` counts the sentences that have a statement.
    `coverage` is `complete` or `partial`, as the edition states. `text_checked` says whether the
    quotes were compared with the text.
    """

    statements: int
    figures: int
    citations: int
    sentences: int
    covered: int
    coverage: str
    text_checked: bool


@dataclass(frozen=True)
class CheckResult:
    """The findings for one edition, sorted by place, and its completeness."""

    edition: str
    findings: tuple[EditionFinding, ...]
    completeness: Completeness

    @property
    def readable(self) -> bool:
        """Return whether every file of the folder could be read."""
        return not any(finding.kind in UNREADABLE for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """The result for JSON."""
        return {**asdict(self), "readable": self.readable}

    def as_text(self) -> str:
        """One line for each finding, and a summary."""
        lines = [*map(str, self.findings), "; ".join(self._summary())]
        return "".join(f"{line}\n" for line in lines)

    def _summary(self) -> Iterator[str]:
        found = plural(len(self.findings), "finding") if self.findings else "no findings"
        yield f"{self.edition}: {found}"
        known = self.completeness
        figures = f" ({plural(known.figures, 'figure')})" if known.figures else ""
        statements = f"{plural(known.statements, 'statement')}{figures}"
        yield f"{statements}, {plural(known.citations, 'citation')}"
        extent = "in full" if known.coverage == "complete" else "in part"
        if known.sentences:
            yield f"{known.covered} of {known.sentences} sentences covered, read {extent}"
            if not known.text_checked:
                yield "quotes not compared with the text (use --text FILE)"
        else:
            yield f"no text is pinned, read {extent}"
        if not self.readable:
            yield "some files could not be read, so the checks that need them were left out"


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
        return [each for document in self.documents for each in located_triples(document)]

    @cached_property
    def engine(self) -> Embedded:
        """The triples of the readable files as a graph."""
        store = Store()
        store.extend(each.quad for each in self.triples)
        return Embedded(store)

    @cached_property
    def editions(self) -> list[str]:
        """The editions and documents that the folder describes, in the order of the text."""
        found = (
            each.quad.subject
            for each in self.triples
            if each.quad.predicate == TYPE and each.quad.object in KINDS
        )
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
