"""The results of an engine, and the outcome of a validation as plain data with locations."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.validate.paths import PathStep, end_steps, path_to_text
from tipgraph.validate.triples import (
    SHACL,
    TYPE,
    Node,
    Term,
    Triples,
    as_node,
    sh,
    shorten,
    shorten_in_text,
    to_text,
    with_standard_prefixes,
)

SEVERITIES = ("Violation", "Warning", "Info")
FAIL_ON = ("violation", "warning", "info", "never")
# The checks of the shapes, by name. A name can be ignored, and is shown with each message.
CHECKS = {
    "no-shapes": "no shape, or none with a target",
    "no-constraint": "a shape or parameter that constrains nothing",
    "no-focus-nodes": "shapes that select no nodes in the data",
    "unused-shape": "a shape without a target that no other shape refers to",
    "undefined-shape": "a reference to a shape that is not defined",
    "unknown-term": "a term that SHACL or XML Schema does not have",
    "undeclared-class": "a class that the ontology does not declare",
    "undeclared-property": "a property that the ontology does not declare",
    "undeclared-term": "a term in a query that the ontology does not declare",
    "ill-formed-shape": "a violation of SHACL's syntax rules",
    "broken-pattern": "an invalid regular expression",
    "broken-query": "an invalid SPARQL query",
    "undeclared-prefix": "a prefix in a query that nothing declares",
    "missing-import": "an import that no input defines",
    "missing-vocabulary": "an import of a vocabulary that no input defines",
}

# A triple, and the term in it that an issue is about.
Occurrence = tuple[Triple, Term]


@dataclass(frozen=True, order=True)
class Location:
    """A file, as the user named it, and a range of columns in one of its lines.

    Lines and columns count characters from 1; `end_column` is the column after the range. They
    are 0 where only the file is known. `line_text` is the line without its end.
    """

    file: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    line_text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Finding:
    """A SHACL validation result: a focus node does not conform to a shape.

    Terms are IRIs, `_:` labels of blank nodes, or literals in Turtle's notation; `path` is a
    SPARQL 1.1 property path, a single IRI without brackets; `severity` is `Violation`, `Warning`,
    `Info`, or the IRI of a custom severity. Fields without a value are empty. `shape` is the
    shape or, where it has no IRI, the shape around it. `fingerprint` stays the same when lines
    move. `triples` are those of the result in the W3C report, which is the subject of the first.
    """

    severity: str
    focus_node: str
    path: str
    value: str
    message: str
    shape: str
    component: str
    graph: str = ""
    hint: str = ""
    location: Location | None = None
    fingerprint: str = ""
    triples: tuple[Triple, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class Diagnostic:
    """An error that makes a validation incomplete or impossible, or a warning about the shapes.

    `code` is `syntax`, `unreadable`, `endpoint`, `federated-query`, `ambiguous-query`,
    `nested-query`, `unusable-shapes`, or the name of a shape check, such as `unknown-term`.
    `occurrences` are where it shows in the shapes, until a location is found; none where it
    concerns the shapes as a whole. A warning is about what changes no verdict.
    """

    code: str
    message: str
    location: Location | None = None
    hint: str = ""
    is_warning: bool = False
    occurrences: frozenset[Occurrence] = frozenset()

    def __str__(self) -> str:
        """One line: the summary, and the name of a check that can be ignored."""
        return f"{self.summary} [{self.code}]" if self.code in CHECKS else self.summary

    @property
    def summary(self) -> str:
        """Location, message and hint on one line."""
        location = f"{self.location}: " if self.location else ""
        kind = "warning: " if self.is_warning else ""
        return f"{location}{kind}{self.message}{f'; {self.hint}' if self.hint else ''}"


def occurrences(triples: Iterable[Triple], term: Term) -> frozenset[Occurrence]:
    """The term in each of these triples."""
    return frozenset((triple, term) for triple in triples)


def issue(
    code: str,
    message: str,
    triples: Iterable[Triple],
    term: Term,
    hint: str = "",
    is_warning: bool = False,
) -> Diagnostic:
    """Something wrong with a term in triples of the shapes, which has no location yet."""
    return Diagnostic(code, message, None, hint, is_warning, occurrences(triples, term))


@dataclass(frozen=True)
class ValidationReport:
    """The outcome of a validation.

    `findings` are sorted by location; those that a baseline contains are in
    `known_findings` instead. `warnings` are about the shapes, and change no verdict.
    `files` are the validated documents, in order. `shapes` maps each shape with a target to its
    number of focus nodes (None with `shapes_only`); `focus_nodes` is the number of
    validated nodes, those that at least one shape selects. `prefixes` shorten IRIs in messages.
    `fail_on` is the lowest severity that fails, one of FAIL_ON. `notes` are remarks for the user,
    and `shape_names` the `sh:name` of shapes. With `shapes_only` no data was validated, and `files`
    are those of the shapes. `engine` is the name of the engine that ran, and `engine_reason` why
    `auto` did not choose the fast one.
    """

    findings: tuple[Finding, ...] = ()
    known_findings: tuple[Finding, ...] = ()
    errors: tuple[Diagnostic, ...] = ()
    files: tuple[str, ...] = ()
    shapes: Mapping[str, int | None] = field(default_factory=dict)
    focus_nodes: int = 0
    prefixes: Mapping[str, str] = field(default_factory=dict)
    fail_on: str = FAIL_ON[0]
    notes: tuple[str, ...] = ()
    shape_names: Mapping[str, str] = field(default_factory=dict)
    shapes_only: bool = False
    warnings: tuple[Diagnostic, ...] = ()
    engine: str = ""
    engine_reason: str = ""

    @property
    def fails(self) -> bool:
        """Return whether there is an error, or a finding at or above `fail_on`."""
        return bool(self.errors) or any(map(self.is_failure, self.findings))

    def is_failure(self, finding: Finding) -> bool:
        """Return whether the finding is at or above `fail_on`; a custom severity is a violation."""
        limit = FAIL_ON.index(self.fail_on)
        return self.fail_on != "never" and severity_rank(finding.severity) <= limit

    @property
    def conforms(self) -> bool:
        """Return whether there is no error, and no violation except known ones."""
        return not self.errors and all(severity_rank(each.severity) for each in self.findings)

    @cached_property
    def counts(self) -> Counter[str]:
        """The number of findings of each severity."""
        return Counter(finding.severity for finding in self.findings)

    @property
    def shapes_without_focus_nodes(self) -> list[str]:
        """The shapes that select no node."""
        return [shape for shape, nodes in self.shapes.items() if nodes == 0]

    def name(self, term: str) -> str:
        """The term or path with prefixed names for IRIs, where a prefix fits."""
        return shorten(term, self._ordered_prefixes)

    def message(self, finding: Finding) -> str:
        """The finding's message with prefixed names for IRIs, where a prefix fits."""
        return shorten_in_text(finding.message, self._ordered_prefixes)

    @cached_property
    def _ordered_prefixes(self) -> Mapping[str, str]:
        return with_standard_prefixes(self.prefixes)


def severity_rank(severity: str) -> int:
    """The position in SEVERITIES, 0 for the most severe; a custom severity counts as that."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0


# ── Results of an engine ──────────────────────────────────────────────────────────────────────────

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
        """The query or the parameter's values, by which two constraints of a shape differ."""
        # The IRI of another component gives no name of a parameter.
        name = "" if ":" in self.component else self.component[:1].lower() + self.component[1:]
        parts = ((self.source_shape, sh(name)), (self._value("sourceConstraint"), sh("select")))
        values = (each for node, name in parts if node for each in self.shapes.values(node, name))
        return sorted(to_text(each) for each in values if not isinstance(each, BlankNode))

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
        return " ".join(" ".join(sorted(texts)).split()).removesuffix(SEE_DETAILS)


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
