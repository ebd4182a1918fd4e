"""What a validation finds, read from the W3C report that the engine gives."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from rdflib import RDF, SH, BNode, Graph
from rdflib.collection import Collection
from rdflib.term import Node

from tipgraph.vocabulary import last_part, shorten

SEVERITIES = ("Violation", "Warning", "Info")
REPEATED = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


@dataclass(frozen=True, order=True)
class Finding:
    """One result: a node that a shape finds fault with. Names are prefixed where that fits."""

    severity: str
    focus: str
    path: str
    value: str
    message: str
    shape: str
    component: str


@dataclass(frozen=True)
class Report:
    """The outcome: how many shapes looked at how many nodes of the data, and what they found."""

    shapes: int
    focus_nodes: int
    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """True when nothing found is a violation; warnings and remarks do not count."""
        return all(finding.severity != "Violation" for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        return {"conforms": self.conforms, **asdict(self)}


def findings(report: Graph, nodes: set[Node]) -> tuple[Finding, ...]:
    """The results about these nodes, the gravest first, each once.

    A shape that looks at a whole graph from one place names the node at fault as the value.
    """
    found = {
        _finding(report, result)
        for result in report.objects(None, SH.result)
        if {report.value(result, SH.focusNode), report.value(result, SH.value)} & nodes
    }
    return tuple(sorted(found, key=lambda each: (_rank(each.severity), each)))


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _finding(report: Graph, result: Node) -> Finding:
    messages = sorted(map(str, report.objects(result, SH.resultMessage)))
    return Finding(
        severity=last_part(str(report.value(result, SH.resultSeverity))),
        focus=_name(report.value(result, SH.focusNode)),
        path=_path(report, report.value(result, SH.resultPath)),
        value=_name(report.value(result, SH.value)),
        message=" ".join(" ".join(messages).split()),
        shape=_name(report.value(result, SH.sourceShape)),
        component=_name(report.value(result, SH.sourceConstraintComponent)),
    )


def _name(node: Node | None) -> str:
    if node is None or isinstance(node, BNode):
        return ""
    return shorten(str(node))


def _path(report: Graph, path: Node | None) -> str:
    if path is None or not isinstance(path, BNode):
        return _name(path)
    if (path, RDF.first, None) in report:
        return "/".join(_steps(report, path))
    alternatives = report.value(path, SH.alternativePath)
    if alternatives is not None:
        return f"({'|'.join(_steps(report, alternatives))})"
    inverse = report.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{_path(report, inverse)}"
    return "".join(
        f"{_path(report, step)}{mark}"
        for term, mark in REPEATED.items()
        for step in report.objects(path, term)
    )


def _steps(report: Graph, head: Node) -> Iterator[str]:
    return (_path(report, step) for step in Collection(report, head))
