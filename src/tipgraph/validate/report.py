"""The outcome of a validation as plain data, with locations."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Triple

from tipgraph.validate.triples import Term, shorten, shorten_in_text, with_standard_prefixes

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
