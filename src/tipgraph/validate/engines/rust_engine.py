"""The `shacl` package, a fast engine in Rust, made to report what pySHACL reports."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from mmap import ACCESS_READ, mmap
from tempfile import NamedTemporaryFile
from typing import Any

import shacl
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from tipgraph.errors import InputError
from tipgraph.namespaces import XSD
from tipgraph.processes import temporary_prefix
from tipgraph.rdf.limits import too_long
from tipgraph.text import one_line
from tipgraph.validate.engines import Progress, UnusableShapes
from tipgraph.validate.shape_lint.embedded_code import query_iris
from tipgraph.validate.targets import find_targets
from tipgraph.validate.triples import SHACL, TYPE, Term, Triples, as_node, sh, shorten, to_text

NTRIPLES = RdfFormat.N_TRIPLES
# A line of N-Triples, with the labels of the blank nodes that are its subject and its object.
LINE = re.compile(rb"^(?:_:(\S+)|\S+) \S+ (?:_:(\S+) \.$)?", re.MULTILINE)
# The engine's labels: 0 for the data, 1 for the shapes, and a number in the order of the text.
ENGINE_LABEL = re.compile(r"[01]_b(\d+)")
DATA_LABEL = re.compile(rb"_:0_b\d")
TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))
MESSAGE = sh("resultMessage")


class RustEngine:
    """Data is passed in a temporary file, so that only the engine has it in memory."""

    def __init__(self, jobs: int | None, prefixes: Mapping[str, str]) -> None:
        prefix = temporary_prefix(os.getpid())
        self._file = NamedTemporaryFile(prefix=prefix, suffix=".nt")  # noqa: SIM115

    def load(self, triples: Iterable[Triple]) -> None:
        try:
            serialize(triples, output=self._file, format=NTRIPLES)
            self._file.flush()
        except OSError:
            # To close it later would fail again, where nothing handles that.
            with suppress(OSError):
                self._file.close()
            raise

    def run(self, shapes: Sequence[Triple], progress: Progress) -> list[Triple]:
        graph = Triples(shapes)
        ntriples = serialize(_explicit(graph), format=NTRIPLES) or b""
        try:
            compiled = shacl.Shapes.from_text(ntriples.decode(), "ntriples")
            report = compiled.validate_file(self._file.name, inference="rules")
            serialized = report.serialize("ntriples").encode()
        except ValueError as error:
            raise _refusal(_reason(str(error))) from None
        except OSError as error:
            # Of its parser, for a term that RDF/XML may have.
            raise InputError(too_long(MemoryError(str(error)))) from None
        except BaseException as error:
            # A fault of the engine itself; its class is not public.
            if type(error).__name__ != "PanicException":
                raise
            raise _refusal("it failed") from None
        progress(1, 1)
        triples = self._relabelled(serialized, _labels(ntriples))
        return [*triples, *_missing_messages(triples, graph)]

    def _content(self) -> bytes | mmap:
        return mmap(self._file.fileno(), 0, access=ACCESS_READ) if self._file.tell() else b""

    def _relabelled(self, report: bytes, labels: list[str]) -> list[Triple]:
        """The report, with the labels that blank nodes have in shapes and data."""
        if DATA_LABEL.search(report):
            labels += _labels(self._content())
        terms = _OriginalTerms(labels)
        return [
            Triple(terms[quad.subject], quad.predicate, terms[quad.object])
            for quad in parse(report, format=NTRIPLES)
        ]


class _OriginalTerms(dict[Any, Any]):
    """The original term for each term of the engine; its own blank nodes get new labels."""

    def __init__(self, labels: list[str]) -> None:
        self._labels = labels

    def __missing__(self, term: object) -> object:
        found = self[term] = self._original(term) if isinstance(term, BlankNode) else term
        return found

    def _original(self, node: BlankNode) -> BlankNode:
        found = ENGINE_LABEL.fullmatch(node.value)
        number = int(found[1]) if found else len(self._labels)
        return BlankNode(*self._labels[number : number + 1])


def _explicit(shapes: Triples) -> Iterator[Triple]:
    """The shapes, with explicit triples for what the engine does not infer.

    It ignores `sh:deactivated` of SPARQL constraints and some implicit class targets, reports an
    IRI that a query computes only if a triple contains it, and fills in the variables of messages
    only of the constraint itself.
    """
    deactivated = {each.subject for each in shapes.match(None, sh("deactivated"), TRUE)}
    for triple in shapes:
        if triple.predicate != sh("sparql") or triple.object not in deactivated:
            yield triple
    for shape, target in find_targets(shapes).items():
        yield from (Triple(shape, sh("targetClass"), class_) for class_ in target.classes)
    for triple in shapes.match(None, sh("sparql")):
        constraint = triple.object
        # The engine refuses a literal.
        if not isinstance(constraint, NamedNode | BlankNode):
            continue
        is_shared = len(shapes.subjects(sh("sparql"), constraint)) > 1
        if not is_shared and not shapes.values(constraint, sh("message")):
            for message in shapes.values(triple.subject, sh("message")):
                yield Triple(constraint, sh("message"), message)
    for query in shapes.match(None, sh("select")):
        for iri in query_iris(query, shapes):
            yield Triple(iri, TYPE, iri)


def _labels(ntriples: bytes | mmap) -> list[str]:
    """The labels of the blank nodes in order of appearance."""
    found = chain.from_iterable(line.groups() for line in LINE.finditer(ntriples))
    return [label.decode() for label in dict.fromkeys(found) if label]


def _missing_messages(report: Iterable[Triple], shapes: Triples) -> Iterator[Triple]:
    """A message for each result without one."""
    graph = Triples(report)
    for triple in graph.match(None, sh("sourceConstraintComponent")):
        result = triple.subject
        if not any(graph.match(result, MESSAGE)):
            shape = graph.value(result, sh("sourceShape"))
            constraint = _constraint(as_node(triple.object).value, shape, shapes)
            yield Triple(result, MESSAGE, Literal(f"Does not conform to {constraint}."))


def _constraint(component: str, shape: Term | None, shapes: Triples) -> str:
    """The component's parameter with its value in the shape, such as `sh:minCount 1`."""
    if shape is None or not component.startswith(SHACL):
        return shorten(component)
    name = component.removeprefix(SHACL).removesuffix("ConstraintComponent")
    parameter = sh(name.lower() if name.isupper() else name[0].lower() + name[1:])
    values = shapes.values(shape, parameter)
    if len(values) != 1 or isinstance(values[0], BlankNode):
        return shorten(parameter.value)
    (value,) = values
    text = value.value if isinstance(value, Literal) else to_text(value)
    return f"{shorten(parameter.value)} {shorten(text)}"


def _reason(message: str) -> str:
    """The engine's message without its parser's expectations and its labels of blank nodes."""
    text = one_line(message).removeprefix("invalid shapes graph: ")
    text = re.sub(r"SPARQL error: .*", "a query is not one that it can run", text)
    return re.sub(r"\b(?:on )?_:\w+ ", "", text)


def _refusal(reason: str) -> UnusableShapes:
    message = f"the fast engine cannot use the shapes: {reason}; use --engine pyshacl"
    return UnusableShapes(message)
