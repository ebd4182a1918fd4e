"""What a validation tells: findings and faults with their places, as plain data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Triple

from tipgraph.validate import names

SEVERITIES = ("Violation", "Warning", "Info")
FAIL_ON = ("violation", "warning", "info", "never")


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: a file as it was given, and in it a stretch of one line.

    Lines and columns count characters from 1; `end` is the column behind the stretch. They are 0
    where the syntax has no lines to speak of. `text` is the line itself, without its end.
    """

    file: str
    line: int = 0
    column: int = 0
    end: int = 0
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Finding:
    """One result of SHACL: a node that a shape finds fault with.

    Terms are IRIs, `_:` labels of blank nodes, or literals in Turtle's notation; `path` is a
    property path of SPARQL 1.1, a lone IRI bare; `severity` is `Violation`, `Warning`, `Info`, or
    the IRI of a severity of one's own. What there is not is empty. `details` are the reasons, where
    the shape refers to others. `shape` is the shape itself or,
    where that has no IRI, the shape around it. `fingerprint` stays the same when lines move.
    """

    severity: str
    focus: str
    path: str
    value: str
    message: str
    shape: str
    component: str
    graph: str = ""
    hint: str = ""
    place: Place | None = None
    fingerprint: str = ""
    details: tuple["Finding", ...] = ()


@dataclass(frozen=True)
class Fault:
    """Something that kept the validation, or a part of it, from being one.

    `kind` is `syntax`, `unreadable`, `endpoint`, or the name of a guard, such as `unknown-term`.
    """

    kind: str
    message: str
    place: Place | None = None
    hint: str = ""

    def __str__(self) -> str:
        """One line: the place, what is wrong, and what may have been meant."""
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.message}{f'; {self.hint}' if self.hint else ''}"


@dataclass(frozen=True)
class Report:
    """The outcome of a validation.

    `findings` are sorted by place and hold each once; those that a baseline knows stand in `known`
    instead. `files` are all that was validated, in order. `shapes` are the shapes with a target,
    each with the number of nodes it looked at (None where only the engine can tell). `focus_nodes`
    counts the nodes that any shape looked at. `prefixes` are those that the files declare, for
    names that people read. `results` are the triples of the W3C report. `fail_on` is the least
    severity that fails, one of FAIL_ON. `notes` are lines that are good to know, and `titles` what
    shapes call themselves (`sh:name`). With `guards_only` nothing was validated, and `files` are
    those of the shapes.
    """

    findings: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()
    files: tuple[str, ...] = ()
    shapes: Mapping[str, int | None] = field(default_factory=dict)
    focus_nodes: int = 0
    prefixes: Mapping[str, str] = field(default_factory=dict)
    results: tuple[Triple, ...] = ()
    fail_on: str = FAIL_ON[0]
    notes: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    guards_only: bool = False

    @property
    def fails(self) -> bool:
        """True when something kept it from being a validation, or a finding is grave enough."""
        return bool(self.faults) or any(map(self.is_failure, self.findings))

    def is_failure(self, finding: Finding) -> bool:
        """Whether the finding is as grave as `fail_on`; a severity of one's own is a violation."""
        return self.fail_on != "never" and rank(finding.severity) <= FAIL_ON.index(self.fail_on)

    @property
    def conforms(self) -> bool:
        """True when all could be looked at and no finding but a known one is a violation."""
        return not self.faults and all(rank(finding.severity) for finding in self.findings)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many findings there are of each severity."""
        return Counter(finding.severity for finding in self.findings)

    @property
    def idle(self) -> list[str]:
        """The shapes that found nothing to look at."""
        return [shape for shape, nodes in self.shapes.items() if nodes == 0]

    def name(self, term: str) -> str:
        """The term, or the path, as people read it: IRIs as prefixed names where one fits."""
        return names.shortened(term, self._known)

    def message(self, finding: Finding) -> str:
        """The finding's message as people read it."""
        return names.readable(finding.message, self._known)

    @cached_property
    def _known(self) -> Mapping[str, str]:
        return names.known(self.prefixes)


def rank(severity: str) -> int:
    """0 for the gravest; a severity of one's own counts as that."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0
