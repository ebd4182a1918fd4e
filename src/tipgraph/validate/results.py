"""The results of an engine, in a graph of the vocabulary of SHACL."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.text import one_line
from tipgraph.validate.paths import PathStep, end_steps, path_to_text
from tipgraph.validate.report import Finding, Location
from tipgraph.validate.triples import (
    SHACL,
    TYPE,
    Node,
    Term,
    Triples,
    as_node,
    reachable,
    sh,
    to_text,
)

# Properties of a result whose values are not part of the result itself.
REFERENCES = {sh("focusNode"), sh("value"), sh("sourceShape"), sh("sourceConstraint")}
DETAIL = sh("detail")
# The end of pySHACL's message on `sh:node`; details are not shown.
SEE_DETAILS = " See details for more information."
# The logical constraint components without a path of their own, each with its parameter.
LOGICAL = {"And": sh("and"), "Or": sh("or"), "Xone": sh("xone"), "Not": sh("not")}


@dataclass(frozen=True)
class ValidationResult:
    """A `sh:ValidationResult` in its report, with the shapes that it comes from."""

    report: Triples
    shapes: Triples
    node: Node
    graph: str = ""

    @cached_property
    def focus_node(self) -> Term | None:
        return self._value("focusNode")

    @cached_property
    def value(self) -> Term | None:
        return self._value("value")

    @cached_property
    def path(self) -> Term | None:
        return self._value("resultPath")

    @cached_property
    def component(self) -> str:
        """The constraint component by its short SHACL name, such as `MinCount`, or its IRI."""
        iri = to_text(self._value("sourceConstraintComponent"))
        return iri.removeprefix(SHACL).removesuffix("ConstraintComponent")

    @cached_property
    def first_steps(self) -> list[PathStep]:
        return end_steps(self.report, self.path, 0)

    @cached_property
    def source_shape(self) -> Term | None:
        return self._value("sourceShape")

    @cached_property
    def inner_shapes(self) -> list[Term]:
        """The shapes within a `sh:and`, `sh:or`, `sh:xone` or `sh:not` of a shape without path."""
        shape = self.source_shape
        if self.path is not None or self.component not in LOGICAL or shape is None:
            return []
        heads = self.shapes.values(as_node(shape), LOGICAL[self.component])
        return [member for head in heads for member in self.shapes.members(head) or [head]]

    @cached_property
    def inner_paths(self) -> list[tuple[NamedNode, list[Term]]]:
        """The properties that the inner shapes are about, each with its `sh:hasValue`."""
        inner = self.inner_shapes
        parts = [part for each in inner for part in self.shapes.values(each, sh("property"))]
        paths = ((self.shapes.value(each, sh("path")), each) for each in inner + parts)
        return [
            (path, self.shapes.values(shape, sh("hasValue")))
            for path, shape in paths
            if isinstance(path, NamedNode)
        ]

    @property
    def _constraint(self) -> list[str]:
        """The query or the parameters' values, by which two constraints of a shape differ."""
        shape, component = self.source_shape, self._value("sourceConstraintComponent")
        if component is not None and ":" in self.component:
            own = self.shapes.values(component, sh("parameter"))
            paths = (path for each in own for path in self.shapes.values(each, sh("path")))
            names = [path for path in paths if isinstance(path, NamedNode)]
        else:
            names = [sh(self.component[:1].lower() + self.component[1:])]
        if self.component.startswith("Qualified"):
            names.append(sh("qualifiedValueShape"))
        parts = [(shape, name) for name in names] + [
            (self._value("sourceConstraint"), sh("select"))
        ]
        values = (each for node, name in parts if node for each in self.shapes.values(node, name))
        return sorted(_text(self.shapes, each) for each in values)

    def finding(
        self,
        location: Location | None,
        terms: tuple[str, ...],
        hint: str = "",
    ) -> Finding:
        """The result as plain data.

        `terms` are focus node and value in a form that other changes of the data leave the same.
        """
        severity = to_text(self._value("resultSeverity"))
        shape = to_text(_named_shape(self.shapes, self.source_shape))
        path = path_to_text(self.report, self.path)
        return Finding(
            severity=severity.removeprefix(SHACL),
            focus_node=to_text(self.focus_node),
            path=path,
            value=to_text(self.value),
            message=self._message(),
            shape=shape,
            component=to_text(self._value("sourceConstraintComponent")),
            graph=self.graph,
            hint=hint,
            location=location,
            fingerprint=_digest(self.graph, shape, self.component, path, *terms, *self._constraint),
            triples=tuple(_description(self.report, self.node)),
        )

    def _value(self, name: str) -> Term | None:
        return self.report.value(self.node, sh(name))

    def _message(self) -> str:
        """The messages in one language: English, none, or the first in sort order."""
        values = self.report.values(self.node, sh("resultMessage"))
        literals = [each for each in values if isinstance(each, Literal)]
        language = min((each.language or "" for each in literals), key=_preference, default="")
        texts = {each.value for each in literals if (each.language or "") == language}
        return one_line(" ".join(sorted(texts))).removesuffix(SEE_DETAILS)


def read_results(report: Triples, shapes: Triples, graph: str = "") -> Iterator[ValidationResult]:
    """The results of the report; those that are only details of others are left out."""
    for head in report.subjects(TYPE, sh("ValidationReport")):
        for node in report.values(head, sh("result")):
            yield ValidationResult(report, shapes, as_node(node), graph)


def _description(report: Triples, node: Node) -> Iterator[Triple]:
    """The node's triples in a fixed order, with those of its paths, and without details."""
    own = (each for each in report.match(node) if each.predicate != DETAIL)
    for triple in sorted(own, key=_order):
        yield triple
        if isinstance(triple.object, BlankNode) and triple.predicate not in REFERENCES:
            yield from _description(report, triple.object)


@lru_cache(1_000)
def _text(shapes: Triples, value: Term) -> str:
    """The value as text; for a blank node a digest of all that is within it, without its labels."""

    def inner(node: Term) -> list[Term]:
        return [triple.object for triple in shapes.match(node) if isinstance(node, BlankNode)]

    within = (each for each in reachable([value], inner) if isinstance(each, BlankNode))
    texts = [
        f"{triple.predicate} {'' if isinstance(triple.object, BlankNode) else triple.object}"
        for node in within
        for triple in shapes.match(node)
    ]
    return _digest(*sorted(texts)) if isinstance(value, BlankNode) else to_text(value)


def _order(triple: Triple) -> tuple[bool, str, str]:
    return triple.predicate != TYPE, triple.predicate.value, str(triple.object)


def _preference(language: str) -> tuple[int, str]:
    return (0 if language.split("-")[0] == "en" else 1 if not language else 2, language)


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def _named_shape(shapes: Triples, shape: Term | None) -> Term | None:
    """The shape or, where it has no IRI, the nearest shape around it that has one."""
    visited: set[Term] = set()
    while isinstance(shape, BlankNode) and shape not in visited:
        visited.add(shape)
        outer = sorted((triple.subject for triple in shapes.match(None, None, shape)), key=str)
        shape = as_node(outer[0]) if outer else None
    return None if isinstance(shape, BlankNode) else shape
