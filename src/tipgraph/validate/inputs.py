"""What is validated, and against what: files, folders, standard input, a graph of a store."""

import os
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from glob import glob, has_magic
from os.path import abspath, isdir, realpath
from typing import Any, BinaryIO

from pyoxigraph import BlankNode, NamedNode, Quad, QuadParser, RdfFormat, Triple, parse

from tipgraph.errors import EndpointError, InputError
from tipgraph.namespaces import OWL, RDF, RDFS
from tipgraph.rdf.files import STANDARD_INPUT, BrokenText, rdf_files, readable, syntax_of
from tipgraph.resources.folders import files_below
from tipgraph.validate.report import Fault, Place
from tipgraph.validate.triples import TYPE

SCHEMA = {
    TYPE,
    *(NamedNode(RDFS + name) for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(NamedNode(OWL + name) for name in ("imports", "versionIRI")),
}
# What people call RDF files by, and that does not tell in which syntax they are.
UNCLEAR = (".owl", ".rdfs", ".ttl.gz", ".nt.gz", ".nq.gz", ".trig.gz", ".rdf.gz", ".jsonl", ".hdt")
# Turtle and N-Triples are part of it.
SYNTAX = RdfFormat.TRIG


@dataclass
class Source:
    """One document. Each reading gives the same quads in the same order.

    Blank nodes are numbered as they come, so that those of two documents are never taken for one
    and every reading, also in another run, calls them alike.
    """

    name: str
    syntax: RdfFormat
    number: int
    content: bytes | None = None
    prefixes: dict[str, str] = field(default_factory=dict)
    schema: list[Triple] = field(default_factory=list)
    has_blank_nodes: bool = True
    is_whole: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it has a text that a person can look at."""
        return self.content is None or self.name == "<stdin>"

    def read_through(self) -> None:
        """Read to the end, and note the prefixes and what is said of classes and properties.

        Once is enough, also for a document that plays two parts.
        Raises BrokenText where it is broken, InputError where it cannot be read or says things
        that SHACL knows nothing of.
        """
        if self.is_whole:
            return
        self.schema = []
        with readable(self.name):
            parser, blank = self._parser(), False
            for quad in parser:
                blank = blank or _has_blank_node(quad)
                if isinstance(quad.object, Triple):
                    raise InputError(
                        f"{self.name}: holds a triple term of RDF 1.2, which SHACL knows nothing of"
                    )
                if quad.predicate in SCHEMA and _is_schema(quad):
                    self.schema.append(quad.triple)
            self.prefixes, self.has_blank_nodes = parser.prefixes, blank
        self.is_whole = True

    def quads(self) -> Iterator[Quad]:
        """The quads of a document that has been read through."""
        if not self.has_blank_nodes:
            return self._parser()
        labels: dict[str, BlankNode] = {}
        return (self._numbered(quad, labels) for quad in self._parser())

    def text(self) -> str:
        """The text as it stands, line ends too, but without a byte order mark."""
        content = self.content
        if content is None:
            with open(self.name, "rb") as opened:
                content = opened.read()
        return content.removeprefix(BOM_UTF8).decode(errors="replace")

    def _parser(self) -> QuadParser:
        return parse(self._input(), format=self.syntax, base_iri=self.base)

    def _input(self) -> bytes | BinaryIO:
        """What is read, from behind a byte order mark, which parsers take for a name."""
        if self.content is not None:
            return self.content.removeprefix(BOM_UTF8)
        opened = open(self.name, "rb")  # noqa: SIM115  (the parser reads on, and lets it go)
        if opened.read(len(BOM_UTF8)) != BOM_UTF8:
            opened.seek(0)
        return opened

    @property
    def base(self) -> str:
        """The IRI of the document, which relative IRIs in it start from."""
        from pathlib import Path

        return Path(abspath(self.name) if self.content is None else "/dev/stdin").as_uri()

    def _numbered(self, quad: Quad, labels: dict[str, BlankNode]) -> Quad:
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


class Inputs:
    """Gathers documents; what cannot be read is kept as a fault, and the rest goes on."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self._known: dict[str, Source] = {}

    def files(
        self, paths: Iterable[str], syntax: RdfFormat = SYNTAX, besides: Iterable[Source] = ()
    ) -> list[Source]:
        """The documents at these paths, each once, without those that are there already.

        `syntax` is that of standard input. All have been read through and are not broken.
        """
        found: list[Source] = []
        for path in paths:
            try:
                found += self._at(path, syntax)
            except InputError as error:
                self.faults.append(Fault("unreadable", str(error)))
        there = {source.name for source in besides}
        whole = {each.name: each for each in found if each.name not in there and self._whole(each)}
        return list(whole.values())

    def graph(self, endpoint: str, graph: str) -> list[Source]:
        """The document that is a named graph of a store."""
        from tipgraph.endpoint.download import whole

        try:
            content = whole(endpoint, graph)
        except EndpointError as error:
            self.faults.append(Fault("endpoint", str(error)))
            return []
        return [self._source(graph, RdfFormat.N_TRIPLES, content)]

    def _at(self, path: str, syntax: RdfFormat) -> Iterator[Source]:
        if path == STANDARD_INPUT:
            yield self._source("<stdin>", syntax, sys.stdin.buffer.read())
            return
        for match in _matching(path):
            for file in rdf_files(match):
                yield self._source(file, syntax_of(file))
            for file in _rest(match):
                self.notes.append(f"{file}: passed over, as its ending tells no syntax")

    def _source(self, name: str, syntax: RdfFormat, content: bytes | None = None) -> Source:
        """The document, the same one when it plays two parts."""
        key = name if content is not None else realpath(name)
        if key not in self._known:
            self._known[key] = Source(name, syntax, len(self._known) + 1, content)
        return self._known[key]

    def _whole(self, source: Source) -> bool:
        """Whether the document can be read to its end; else the fault is kept."""
        try:
            source.read_through()
        except BrokenText as error:
            self.faults.append(Fault("syntax", error.reason, _place(source, error)))
            return False
        except InputError as error:
            self.faults.append(Fault("unreadable", str(error)))
            return False
        return True


def _rest(path: str) -> list[str]:
    """The files in the folder that may well be RDF, of whatever syntax."""
    below = files_below(path) if isdir(path) else []
    return [file for file in below if file.lower().endswith(UNCLEAR)]


def _has_blank_node(quad: Quad) -> bool:
    return (
        isinstance(quad.subject, BlankNode)
        or isinstance(quad.object, BlankNode)
        or isinstance(quad.graph_name, BlankNode)
    )


def graph_name(quad: Quad) -> str:
    """The name of the graph that the quad is in; `DEFAULT` for the one without a name."""
    name = quad.graph_name
    return name.value if isinstance(name, NamedNode) else str(name)


def _is_schema(quad: Quad) -> bool:
    """Of types only those that make a class, a property or an ontology."""
    kind = quad.object
    return quad.predicate != TYPE or (
        isinstance(kind, NamedNode) and kind.value.startswith((RDF, RDFS, OWL))
    )


def _matching(path: str) -> list[str]:
    if os.path.lexists(path) or not has_magic(path):
        return [path]
    found = sorted(glob(path, recursive=True))
    if not found:
        raise InputError(f"{path}: no file or folder has a name like this")
    return found


def _place(source: Source, error: BrokenText) -> Place:
    lines = source.text().splitlines() if source.is_file else []
    text = lines[error.line - 1] if 0 < error.line <= len(lines) else ""
    return Place(source.name, error.line, error.column, error.end or error.column + 1, text)
