"""RDF documents: files, standard input and graphs of a store."""

import os
from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from glob import glob, has_magic
from os.path import abspath, realpath
from pathlib import Path
from typing import Any, BinaryIO

from pyoxigraph import BlankNode, NamedNode, Quad, QuadParser, RdfFormat, Triple, parse

from tipgraph.errors import EndpointError, InputError
from tipgraph.files import check_state, read_input, state
from tipgraph.namespaces import OWL, RDF, RDFS
from tipgraph.rdf import limits
from tipgraph.rdf.files import (
    STANDARD_INPUT,
    BrokenText,
    after_mark,
    not_read,
    rdf_files,
    readable,
    readable_and_unread,
    syntax_of,
)
from tipgraph.validate.literals import LiteralKinds
from tipgraph.validate.report import Diagnostic, Location
from tipgraph.validate.triples import TYPE

IMPORTS = NamedNode(OWL + "imports")
# The predicates that describe classes, properties and ontologies.
SCHEMA = {
    TYPE,
    *(NamedNode(RDFS + name) for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(IMPORTS, NamedNode(OWL + "versionIRI")),
}
# TriG includes Turtle and N-Triples.
DEFAULT_SYNTAX = RdfFormat.TRIG
# The name of what rules derive from the data.
DERIVED = "derived from the data"


@dataclass
class RdfDocument:
    """One RDF document. Each reading yields the same quads in the same order, or is an error.

    Blank nodes are numbered in the order of the text, with the document's `number` in the label.
    So two documents never share a blank node, and labels are the same in every reading and run.
    `prefixes`, `schema` (the triples about classes, properties and ontologies), `kinds` (those of
    the literals) and `has_blank_nodes` are known after `read`.
    """

    name: str
    syntax: RdfFormat
    number: int
    content: bytes | None = None
    prefixes: dict[str, str] = field(default_factory=dict)
    schema: list[Triple] = field(default_factory=list)
    kinds: LiteralKinds = field(default_factory=LiteralKinds)
    has_blank_nodes: bool = True
    is_read: bool = False
    # That of the file when it was read. A verdict is on one state of it.
    state: tuple[int, ...] = ()

    @property
    def has_text(self) -> bool:
        """Return whether the user can read the text: a file or standard input, no store's graph."""
        return self.content is None or self.name == "<stdin>"

    @property
    def base(self) -> str:
        """The IRI of the document, against which relative IRIs are resolved."""
        return Path(abspath(self.name) if self.content is None else "/dev/stdin").as_uri()

    def read(self) -> None:
        """Parse to the end, and keep prefixes and schema. A second call does nothing.

        Raises BrokenText for a syntax error, and InputError when the document cannot be read or
        contains what SHACL does not support.
        """
        if self.is_read:
            return
        self.schema, self.kinds = [], LiteralKinds()
        self.state = () if self.content is not None else state(self.name)
        with readable(self.name):
            self._check_limits()
            parser, blank = self._parser(), False
            for quad in parser:
                blank = blank or _has_blank_node(quad)
                if isinstance(quad.object, Triple) or getattr(quad.object, "direction", None):
                    kind = "triple term" if isinstance(quad.object, Triple) else "base direction"
                    raise InputError(
                        f"{self.name}: contains an RDF 1.2 {kind}, which SHACL cannot use"
                    )
                self.kinds.add(quad)
                if quad.predicate in SCHEMA and _is_schema(quad):
                    self.schema.append(quad.triple)
            self.prefixes, self.has_blank_nodes = parser.prefixes, blank
        self._check_state()
        self.is_read = True

    def quads(self) -> Iterator[Quad]:
        """The quads, after `read`. Raises InputError where the file has changed since."""
        labels: dict[str, BlankNode] = {}
        with readable(self.name):
            if self.has_blank_nodes:
                yield from (self._relabelled(quad, labels) for quad in self._parser())
            else:
                yield from self._parser()
        self._check_state()

    def triples(self, graph: str = "") -> Iterable[Triple]:
        """The triples, after `read`: all, or those of the graph with this name (`graph_name`)."""
        return self._by_graph.get(graph, ()) if graph else (quad.triple for quad in self.quads())

    @cached_property
    def _by_graph(self) -> Mapping[str, list[Triple]]:
        """The triples of each graph. To parse the text again for each of the 148 graphs of an
        export takes ten minutes.
        """
        found: defaultdict[str, list[Triple]] = defaultdict(list)
        for quad in self.quads():
            found[graph_name(quad)].append(quad.triple)
        return found

    @property
    def graphs(self) -> Iterable[str]:
        """The names of the graphs (`graph_name`), after `read`."""
        return self._by_graph.keys()

    def text(self) -> str:
        """The text with its line ends as they are, without a byte order mark.

        Raises InputError where the file has changed since it was read.
        """
        self._check_state()
        content = self.content
        if content is None:
            with open(self.name, "rb") as opened:
                content = opened.read()
        return content.removeprefix(BOM_UTF8).decode(errors="replace")

    def _check_limits(self) -> None:
        if self.content is None:
            limits.check_file(self.name, self.syntax)
        else:
            limits.check_rdf(self.content, self.syntax)

    def _parser(self) -> QuadParser:
        return parse(self._input(), format=self.syntax, base_iri=self.base)

    def _input(self) -> bytes | BinaryIO:
        """The parser's input, after a byte order mark, which parsers mistake for a name."""
        if self.content is not None:
            return self.content.removeprefix(BOM_UTF8)
        self._check_state()
        return after_mark(open(self.name, "rb"))  # the parser keeps reading and closes it

    def _check_state(self) -> None:
        if self.state:
            check_state(self.name, self.state)

    def _relabelled(self, quad: Quad, labels: dict[str, BlankNode]) -> Quad:
        if not _has_blank_node(quad):
            return quad
        terms = (quad.subject, quad.object, quad.graph_name)
        subject, object_, graph = (self._label(term, labels) for term in terms)
        return Quad(subject, quad.predicate, object_, graph)

    def _label(self, term: Any, labels: dict[str, BlankNode]) -> Any:
        if not isinstance(term, BlankNode):
            return term
        if term.value not in labels:
            labels[term.value] = BlankNode(f"b{self.number}_{len(labels) + 1}")
        return labels[term.value]


class DocumentReader:
    """Finds and reads documents. It collects `errors` and `notes` and continues after an error."""

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self._documents: dict[str, RdfDocument] = {}

    def read_paths(
        self,
        paths: Iterable[str],
        syntax: RdfFormat = DEFAULT_SYNTAX,
        exclude: Iterable[RdfDocument] = (),
    ) -> list[RdfDocument]:
        """The documents at these files, folders and globs, each once and completely read.

        `syntax` is that of standard input (`-`). Documents in `exclude` and those with errors
        are left out.
        """
        found: list[RdfDocument] = []
        for path in paths:
            try:
                found += self._at(path, syntax)
            except InputError as error:
                self.errors.append(Diagnostic("unreadable", str(error)))
        excluded = {document.name for document in exclude}
        unique = {each.name: each for each in found if each.name not in excluded}
        return [document for document in unique.values() if self._read(document)]

    def read_graph(self, endpoint: str, graph: str, seconds: float) -> list[RdfDocument]:
        """The named graph of a store as a document, read in time; empty after an error."""
        # The HTTP client takes longer to import than most validations take.
        from tipgraph.endpoint.client import download_graph

        try:
            content = download_graph(endpoint, graph, seconds)
        except EndpointError as error:
            self.errors.append(Diagnostic("endpoint", str(error)))
            return []
        document = self._document(graph, RdfFormat.N_TRIPLES, content)
        return [document] if self._read(document) else []

    def read_derived(self, derived: Sequence[Triple | Quad]) -> list[RdfDocument]:
        """Return what rules derived as a document; none if there is nothing."""
        if not derived:
            return []
        content = b"".join(f"{each} .\n".encode() for each in derived)
        document = self._document(DERIVED, RdfFormat.N_QUADS, content)
        return [document] if self._read(document) else []

    def _at(self, path: str, syntax: RdfFormat) -> Iterator[RdfDocument]:
        if path == STANDARD_INPUT:
            yield self._document("<stdin>", syntax, read_input("; save it as a file"))
            return
        for match in _matches(path):
            files, unread = readable_and_unread(match)
            self.errors += [Diagnostic("unreadable", not_read(file)) for file in unread]
            for file in files or (() if unread else rdf_files(match)):
                yield self._document(file, syntax_of(file))

    def _document(self, name: str, syntax: RdfFormat, content: bytes | None = None) -> RdfDocument:
        """The document; the same object where a file is both data and shapes."""
        key = name if content is not None else realpath(name)
        if key not in self._documents:
            number = len(self._documents) + 1
            self._documents[key] = RdfDocument(name, syntax, number, content)
        return self._documents[key]

    def _read(self, document: RdfDocument) -> bool:
        """Read the document; False, and an error is recorded, where that fails."""
        try:
            document.read()
        except BrokenText as error:
            location = _error_location(document, error)
            self.errors.append(Diagnostic("syntax", error.reason, location))
            return False
        except InputError as error:
            self.errors.append(Diagnostic("unreadable", str(error)))
            return False
        return True


def query_prefixes(shapes: Iterable[RdfDocument], defaults: Mapping[str, str]) -> dict[str, str]:
    """The prefixes that queries of shapes may use: those on which all their files agree, and
    defaults. What data and ontology declare changes no query.
    """
    declared: defaultdict[str, set[str]] = defaultdict(set)
    for document in shapes:
        for name, iri in document.prefixes.items():
            declared[name].add(iri)
    found = {name: {iri} for name, iri in defaults.items()} | declared
    return {name: iri for name, (iri, *others) in found.items() if not others}


def graph_name(quad: Quad) -> str:
    """The name of the quad's graph; `DEFAULT` for the default graph."""
    name = quad.graph_name
    return name.value if isinstance(name, NamedNode) else str(name)


def _has_blank_node(quad: Quad) -> bool:
    return (
        isinstance(quad.subject, BlankNode)
        or isinstance(quad.object, BlankNode)
        or isinstance(quad.graph_name, BlankNode)
    )


def _is_schema(quad: Quad) -> bool:
    """Return whether it is about the schema; an `rdf:type` only if it makes a class or so."""
    type_ = quad.object
    return quad.predicate != TYPE or (
        isinstance(type_, NamedNode) and type_.value.startswith((RDF, RDFS, OWL))
    )


def _matches(path: str) -> list[str]:
    if os.path.lexists(path) or not has_magic(path):
        return [path]
    found = sorted(glob(path, recursive=True))
    if not found:
        raise InputError(f"{path}: no file or folder matches this pattern")
    return found


def _error_location(document: RdfDocument, error: BrokenText) -> Location:
    text = document.text() if document.has_text else ""
    number, column, end = error.line, error.column, error.end
    lines = text.splitlines()
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    return Location(document.name, number, column, end or column + 1, line)
