"""The complete report as JSON, with the names that the Python API has."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tipgraph.validate.report import SEVERITIES, Diagnostic, Finding, ValidationReport

PLACE = ("file", "line", "column", "end_column")


def render(report: ValidationReport) -> str:
    """One JSON object. Terms are full IRIs."""
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
        "errors": _entries(report.errors),
        "warnings": _entries(report.warnings),
        "findings": _entries(report.findings),
        "known_findings": _entries(report.known_findings),
        "notes": report.notes,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _entries(entries: Sequence[Finding | Diagnostic]) -> list[dict[str, Any]]:
    return [_flat(asdict(each)) for each in entries]


def _flat(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a finding or a diagnostic, with those of its location ahead."""
    location = fields.pop("location") or {}
    for name in ("is_warning", "triples"):
        fields.pop(name, None)
    if "details" in fields:
        fields["details"] = [_flat(each) for each in fields["details"]]
    return {name: location.get(name) or None for name in PLACE} | fields
