"""The results of SHACL, read from the W3C report that an engine gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.namespaces import XSD
from tipgraph.validate.report import Finding, Place
from tipgraph.validate.triples import SHACL, TYPE, Node, Term, Triples, as_node, sh

REPEATED = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
# What a result speaks of, and does not consist of.
OTHERS = {sh("focusNode"), sh("value"), sh("sourceShape"), sh("sourceConstraint")}
# The components that want another number of shapes met, each with its parameter.
ALTERNATIVES = {"Or": sh("or"), "Xone": sh("xone"), "Not": sh("not")}


@dataclass(frozen=True)
class Step:
    """A step of a path: the property, and whether it is walked from object to subject."""

    property: Term
    inverse: bool = False


@dataclass(frozen=True)
class Result:
    """A `sh:ValidationResult` in its report, beside the shapes that it comes from."""

    report: Triples
    shapes: Triples
    node: Node
    graph: str = ""

    @cached_property
    def focus(self) -> Term | None:
        return self._value("focusNode")

    @cached_property
    def value(self) -> Term | None:
        return self._value("value")

    @cached_property
    def path(self) -> Term | None:
        return self._value("resultPath")

    @cached_property
    def component(self) -> str:
        """The constraint component's name in SHACL, such as `MinCount`, or its IRI."""
        told = spelled(self._value("sourceConstraintComponent"))
        return told.removeprefix(SHACL).removesuffix("ConstraintComponent")

    @cached_property
    def last_steps(self) -> list[Step]:
        """The ways in which the path can end."""
        return list(_steps(self.report, self.path, -1))

    @cached_property
    def first_steps(self) -> list[Step]:
        """The ways in which the path can begin."""
        return list(_steps(self.report, self.path, 0))

    @cached_property
    def inner_paths(self) -> list[Term]:
        """The properties that the shapes within a `sh:or`, `sh:xone` or `sh:not` ask about."""
        shape = self._value("sourceShape")
        if self.path is not None or self.component not in ALTERNATIVES or shape is None:
            return []
        heads = self.shapes.values(as_node(shape), ALTERNATIVES[self.component])
        within = [member for head in heads for member in self.shapes.members(head) or [head]]
        parts = [part for each in within for part in self.shapes.values(each, sh("property"))]
        paths = (self.shapes.value(shape, sh("path")) for shape in within + parts)
        return [path for path in paths if isinstance(path, NamedNode)]

    @cached_property
    def allowed(self) -> list[Term]:
        """The members of the `sh:in` of the source shape."""
        shape = self._value("sourceShape")
        return [] if shape is None else self.shapes.members(self.shapes.value(shape, sh("in")))

    @cached_property
    def details(self) -> list["Result"]:
        """The results that are the reason for this one (`sh:detail`)."""
        nodes = self.report.values(self.node, sh("detail"))
        return [Result(self.report, self.shapes, as_node(node), self.graph) for node in nodes]

    def finding(
        self,
        place: Place | None,
        terms: tuple[str, ...],
        hint: str = "",
        details: tuple[Finding, ...] = (),
    ) -> Finding:
        """The result as plain data.

        `terms` are focus node and value, called as they are whatever else is in the data.
        """
        severity = spelled(self._value("resultSeverity"))
        shape = spelled(_named(self.shapes, self._value("sourceShape")))
        path = spelled_path(self.report, self.path)
        return Finding(
            severity=severity.removeprefix(SHACL),
            focus=spelled(self.focus),
            path=path,
            value=spelled(self.value),
            message=self._message(),
            shape=shape,
            component=spelled(self._value("sourceConstraintComponent")),
            graph=self.graph,
            hint=hint,
            place=place,
            details=details,
            fingerprint=_digest(self.graph, shape, self.component, path, *terms),
        )

    def _value(self, name: str) -> Term | None:
        return self.report.value(self.node, sh(name))

    def _message(self) -> str:
        """What is said in one language: in English, in none, or in the first there is."""
        told = self.report.values(self.node, sh("resultMessage"))
        texts = [each for each in told if isinstance(each, Literal)]
        language = min((each.language or "" for each in texts), key=_foreignness, default="")
        spoken = {each.value for each in texts if (each.language or "") == language}
        return " ".join(" ".join(sorted(spoken)).split())


def _foreignness(language: str) -> tuple[int, str]:
    return (0 if language.split("-")[0] == "en" else 1 if not language else 2, language)


def results(report: Triples, shapes: Triples, graph: str = "") -> Iterator[Result]:
    """The results that stand in the report itself; those in the details of others are left out."""
    for head in report.subjects(TYPE, sh("ValidationReport")):
        for node in report.values(head, sh("result")):
            yield Result(report, shapes, as_node(node), graph)


def report_of(found: Sequence[Result]) -> Iterator[Triple]:
    """The validation report of the SHACL recommendation, with these results."""
    head = BlankNode("report")
    conforms = Literal("false" if found else "true", datatype=NamedNode(XSD + "boolean"))
    yield Triple(head, TYPE, sh("ValidationReport"))
    yield Triple(head, sh("conforms"), conforms)
    for result in found:
        yield Triple(head, sh("result"), result.node)
        yield from _described(result.report, result.node)


def _described(report: Triples, node: Node) -> Iterator[Triple]:
    """The node's triples, with those of the paths and details that are part of it."""
    for triple in report.match(node):
        yield triple
        if isinstance(triple.object, BlankNode) and triple.predicate not in OTHERS:
            yield from _described(report, triple.object)


def spelled(term: Term | None) -> str:
    """The term as text: an IRI bare, a literal as in Turtle, nothing for none."""
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode) else str(term)


def spelled_path(graph: Triples, path: Term | None) -> str:
    """The path as a property path of SPARQL 1.1; one that is a lone property is bare."""
    if path is None or isinstance(path, NamedNode):
        return spelled(path)
    return _path(graph, path)


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def _path(graph: Triples, path: Term) -> str:
    if not isinstance(path, BlankNode):
        return str(path)
    steps = graph.members(path)
    if steps:
        return "/".join(_group(graph, step) for step in steps)
    alternatives = graph.value(path, sh("alternativePath"))
    if alternatives is not None:
        return "|".join(_group(graph, step) for step in graph.members(alternatives))
    inverse = graph.value(path, sh("inversePath"))
    if inverse is not None:
        return f"^{_group(graph, inverse)}"
    return "".join(
        f"{_group(graph, step)}{mark}"
        for name, mark in REPEATED.items()
        for step in graph.values(path, sh(name))
    )


def _group(graph: Triples, path: Term) -> str:
    """A part of a path, in brackets where it has parts of its own."""
    text = _path(graph, path)
    return text if isinstance(path, NamedNode) else f"({text})"


def _steps(graph: Triples, path: Term | None, end: int, inverse: bool = False) -> Iterator[Step]:
    """The steps at one end of the path: 0 is where it begins, -1 where it ends."""
    if isinstance(path, NamedNode):
        yield Step(path, inverse)
    elif isinstance(path, BlankNode):
        for part, turned in _parts(graph, path, end, inverse):
            yield from _steps(graph, part, end, turned)


def _parts(graph: Triples, path: Node, end: int, inverse: bool) -> Iterator[tuple[Term, bool]]:
    steps = graph.members(path)
    if steps:
        # Walked backwards, a sequence ends with its first step.
        yield steps[-1 - end if inverse else end], inverse
    for alternative in graph.members(graph.value(path, sh("alternativePath"))):
        yield alternative, inverse
    for step in graph.values(path, sh("inversePath")):
        yield step, not inverse
    for name in REPEATED:
        yield from ((step, inverse) for step in graph.values(path, sh(name)))


def _named(shapes: Triples, shape: Term | None) -> Term | None:
    """The shape or, where it has no IRI, the nearest around it that has one."""
    seen: set[Term] = set()
    while isinstance(shape, BlankNode) and shape not in seen:
        seen.add(shape)
        around = sorted((triple.subject for triple in shapes.match(None, None, shape)), key=str)
        shape = as_node(around[0]) if around else None
    return None if isinstance(shape, BlankNode) else shape
