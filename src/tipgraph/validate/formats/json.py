"""The report for programs: all that it holds, under the names that the API has."""

from typing import Any

from tipgraph.render import results
from tipgraph.validate.formats.selection import gravest
from tipgraph.validate.report import SEVERITIES, Fault, Finding, Place, Report


def render(report: Report, most: int | None) -> str:
    """One JSON object. Terms are whole IRIs; `more` is the number of findings left out."""
    shown, left = gravest(report.findings, most)
    return results.dumps(
        {
            "conforms": report.conforms,
            "fails": report.fails,
            "fail_on": report.fail_on,
            "counts": {**dict.fromkeys(SEVERITIES, 0), **report.counts},
            "focus_nodes": report.focus_nodes,
            "files": report.files,
            "shapes": dict(report.shapes),
            "idle_shapes": report.idle,
            "faults": [_fault(each) for each in report.faults],
            "findings": [_finding(each) for each in shown],
            "more": len(left),
            "known": [_finding(each) for each in report.known],
            "notes": report.notes,
        }
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        **_place(finding.place),
        "severity": finding.severity,
        "message": finding.message,
        "hint": finding.hint,
        "focus": finding.focus,
        "path": finding.path,
        "value": finding.value,
        "shape": finding.shape,
        "component": finding.component,
        "graph": finding.graph,
        "fingerprint": finding.fingerprint,
        "details": [_finding(each) for each in finding.details],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        **_place(fault.place),
        "kind": fault.kind,
        "message": fault.message,
        "hint": fault.hint,
    }


def _place(place: Place | None) -> dict[str, Any]:
    known = place or Place("")
    return {
        "file": known.file or None,
        "line": known.line or None,
        "column": known.column or None,
        "end": known.end or None,
    }
