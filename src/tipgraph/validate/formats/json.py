"""The complete report as JSON, with the names that the Python API has."""

import json
from typing import Any

from tipgraph.validate.formats import most_severe
from tipgraph.validate.report import (
    SEVERITIES,
    Diagnostic,
    Finding,
    Location,
    ValidationReport,
)


def render(report: ValidationReport, limit: int | None) -> str:
    """One JSON object. Terms are full IRIs; `omitted` is the number of findings left out."""
    shown, omitted = most_severe(report.findings, limit)
    content = {
        "conforms": report.conforms,
        "fails": report.fails,
        "fail_on": report.fail_on,
        "counts": {**dict.fromkeys(SEVERITIES, 0), **report.counts},
        "focus_nodes": report.focus_nodes,
        "files": report.files,
        "shapes": dict(report.shapes),
        "shapes_without_focus_nodes": report.shapes_without_focus_nodes,
        "engine": report.engine or None,
        "errors": [_error(each) for each in report.errors],
        "warnings": [_error(each) for each in report.warnings],
        "findings": [_finding(each) for each in shown],
        "omitted": len(omitted),
        "known_findings": [_finding(each) for each in report.known_findings],
        "notes": report.notes,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        **_location(finding.location),
        "severity": finding.severity,
        "message": finding.message,
        "hint": finding.hint,
        "focus_node": finding.focus_node,
        "path": finding.path,
        "value": finding.value,
        "shape": finding.shape,
        "component": finding.component,
        "graph": finding.graph,
        "fingerprint": finding.fingerprint,
        "details": [_finding(each) for each in finding.details],
    }


def _error(error: Diagnostic) -> dict[str, Any]:
    return {
        **_location(error.location),
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
    }


def _location(location: Location | None) -> dict[str, Any]:
    known = location or Location("")
    return {
        "file": known.file or None,
        "line": known.line or None,
        "column": known.column or None,
        "end_column": known.end_column or None,
    }
