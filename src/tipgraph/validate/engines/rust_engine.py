"""The `shacl` package, a fast engine in Rust, made to agree with pySHACL or to refuse."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from mmap import ACCESS_READ, mmap
from tempfile import NamedTemporaryFile
from typing import Any

import shacl
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from tipgraph.namespaces import XSD
from tipgraph.processes import temporary_prefix
from tipgraph.rdf.sparql import projection, tokens, words
from tipgraph.validate.engines import Progress, UnusableShapes
from tipgraph.validate.shape_lint.embedded_queries import declared_prefixes, undeclared_prefixes
from tipgraph.validate.targets import find_targets
from tipgraph.validate.triples import (
    SHACL,
    Term,
    Triples,
    as_node,
    sh,
    shorten,
    to_text,
    with_standard_prefixes,
)

NTRIPLES = RdfFormat.N_TRIPLES
# A line of N-Triples, with the labels of the blank nodes that are its subject and its object.
LINE = re.compile(rb"^(?:_:(\S+)|\S+) \S+ (?:_:(\S+) \.$)?", re.MULTILINE)
# The engine's labels: 0 for the data, 1 for the shapes, and a number in the order of the text.
ENGINE_LABEL = re.compile(r"[01]_b(\d+)")
DATA_LABEL = re.compile(rb"_:0_b\d")
DATE = re.compile(re.escape(f"^^<{XSD}date>".encode()))
TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))
MESSAGE = sh("resultMessage")

VARIABLES = {"this": sh("focusNode"), "value": sh("value"), "path": sh("resultPath")}
VARIABLE = re.compile(r"\{[?$](this|value|path)\}")
QUERIES = {sh("select"), sh("ask"), sh("construct")}
TARGET_TYPE = sh("SPARQLTargetType")
# Look-around and back-references, as they are written in a SPARQL string.
UNSUPPORTED_REGEX = re.compile(r"\(\?<?[=!]|\\\\[1-9]")
DATE_KEYWORDS = {"YEAR", "MONTH", "DAY", "MIN", "MAX", "ORDER"}


class RustEngine:
    """Data is passed in a temporary file, so that only the engine has it in memory."""

    names_blank_nodes = False

    def __init__(self, jobs: int | None, prefixes: Mapping[str, str]) -> None:
        prefix = temporary_prefix(os.getpid())
        self._file = NamedTemporaryFile(prefix=prefix, suffix=".nt")  # noqa: SIM115

    def load(self, triples: Iterable[Triple]) -> None:
        serialize(triples, output=self._file, format=NTRIPLES)

    def run(self, shapes: Sequence[Triple], progress: Progress) -> list[Triple]:
        self._file.flush()
        graph = Triples(shapes)
        for triple, reason in unsupported(graph, has_dates=bool(DATE.search(self._content()))):
            raise _refusal(reason, triple)
        ntriples = serialize(_explicit(graph), format=NTRIPLES) or b""
        try:
            compiled = shacl.Shapes.from_text(ntriples.decode(), "ntriples")
            report = compiled.validate_file(self._file.name, inference="rules")
        except ValueError as error:
            raise _refusal(_reason(str(error))) from None
        progress(1, 1)
        triples = self._relabelled(report.serialize("ntriples").encode(), _labels(ntriples))
        filled = _filled_messages(triples)
        return [*filled, *_missing_messages(filled, graph)]

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

    It ignores `sh:deactivated` of SPARQL constraints and some implicit class targets.
    """
    deactivated = {each.subject for each in shapes.match(None, sh("deactivated"), TRUE)}
    for triple in shapes:
        if triple.predicate != sh("sparql") or triple.object not in deactivated:
            yield triple
    for shape, target in find_targets(shapes).items():
        yield from (Triple(shape, sh("targetClass"), class_) for class_ in target.classes)


def _labels(ntriples: bytes | mmap) -> list[str]:
    """The labels of the blank nodes in order of appearance."""
    found = chain.from_iterable(line.groups() for line in LINE.finditer(ntriples))
    return [label.decode() for label in dict.fromkeys(found) if label]


def _filled_messages(report: Sequence[Triple]) -> list[Triple]:
    """The report, with the values of variables in messages that a result knows (section 5.2.1).

    The engine fills in none.
    """
    graph = Triples(report)

    def filled(triple: Triple) -> Triple:
        text = triple.object
        if triple.predicate != MESSAGE or not isinstance(text, Literal):
            return triple

        def value(match: re.Match[str]) -> str:
            return to_text(graph.value(triple.subject, VARIABLES[match[1]])) or match[0]

        written = VARIABLE.sub(value, text.value)
        kind = {"language": text.language} if text.language else {"datatype": text.datatype}
        return Triple(triple.subject, MESSAGE, Literal(written, **kind))

    return list(map(filled, report))


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
    prefixes = with_standard_prefixes({})
    if shape is None or not component.startswith(SHACL):
        return shorten(component, prefixes)
    name = component.removeprefix(SHACL).removesuffix("ConstraintComponent")
    parameter = sh(name.lower() if name.isupper() else name[0].lower() + name[1:])
    values = shapes.values(shape, parameter)
    if len(values) != 1 or isinstance(values[0], BlankNode):
        return shorten(parameter.value, prefixes)
    (value,) = values
    text = value.value if isinstance(value, Literal) else to_text(value)
    return f"{shorten(parameter.value, prefixes)} {shorten(text, prefixes)}"


def unsupported(shapes: Triples, has_dates: bool) -> Iterator[tuple[Triple, str]]:
    """What the engine cannot run, or not with SHACL's results, with the reason.

    `has_dates` is whether the data contains an xsd:date.
    """
    for triple in shapes:
        if triple.object == TARGET_TYPE:
            yield triple, "sh:SPARQLTargetType is not supported"
        if triple.predicate in QUERIES and isinstance(triple.object, Literal):
            query = triple.object.value
            for reason in _unsupported_in_query(query, has_dates):
                yield triple, reason
            for prefix in undeclared_prefixes(query, declared_prefixes(shapes, triple.subject)):
                yield triple, f"sh:prefixes does not declare {prefix}:, which the query uses"


def _unsupported_in_query(text: str, has_dates: bool) -> Iterator[str]:
    used = words(text)
    if used & {"FROM", "GRAPH"}:
        yield "FROM and GRAPH are not supported in queries"
    if used & {"REGEX", "REPLACE"} and any(map(UNSUPPORTED_REGEX.search, _strings(text))):
        yield "look-around and back-references are not supported in regular expressions"
    if not all(_subqueries_select_this(text)):
        yield "a subquery must select $this"
    if has_dates and (used & DATE_KEYWORDS or _compares(text)):
        yield "queries cannot compare xsd:date values, which the data contains"


def _strings(text: str) -> Iterator[str]:
    return (token.text for token in tokens(text) if token.kind == "string")


def _subqueries_select_this(text: str) -> Iterator[bool]:
    """For each subquery whether it selects the focus node."""
    depth = 0
    for token in tokens(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth and token.is_word("SELECT"):
            yield "this" in (projection(text[token.start :]) or ())


def _compares(text: str) -> bool:
    """Whether the query compares values with `<`, `>` or `!=`."""
    marks = [token.text for token in tokens(text)]
    return bool({"<", ">"} & set(marks)) or ("!", "=") in pairwise(marks)


def _reason(message: str) -> str:
    """The engine's message without its parser's expectations and its labels of blank nodes."""
    text = " ".join(message.split()).removeprefix("invalid shapes graph: ")
    text = re.sub(r"SPARQL error: .*", "a query is not one that it can run", text)
    return re.sub(r"\b(?:on )?_:\w+ ", "", text)


def _refusal(reason: str, triple: Triple | None = None) -> UnusableShapes:
    message = f"the fast engine cannot use the shapes: {reason}; use --engine pyshacl"
    return UnusableShapes(message, triple)
