"""A baseline of known findings: recorded once, so that only new ones fail afterwards."""

import json
from collections import Counter
from dataclasses import replace

from tipgraph.errors import InputError
from tipgraph.files import write_atomic
from tipgraph.validate.report import Finding, ValidationReport

VERSION = 1
# For readers of the file; the program compares fingerprint and severity only.
FIELDS = ("severity", "focus_node", "path", "value", "message", "shape", "graph")


def apply_baseline(report: ValidationReport, path: str) -> tuple[ValidationReport, int]:
    """The report with recorded findings set apart, and the number that no longer occur.

    Of findings with the same fingerprint, as many are known as are recorded; a finding with
    another severity is new. Raises InputError when the file is not a baseline.
    """
    left = _recorded(path)
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in report.findings:
        key = finding.fingerprint, finding.severity
        is_known = left[key] > 0
        left[key] -= is_known
        (known if is_known else new).append(finding)
    return replace(report, findings=tuple(new), known_findings=tuple(known)), left.total()


def record_baseline(report: ValidationReport, path: str) -> None:
    """Write the report's findings to the file, atomically."""
    findings = [
        {"fingerprint": each.fingerprint} | {name: getattr(each, name) for name in FIELDS}
        for each in report.findings
    ]
    findings.sort(key=lambda each: [each[name] for name in ("shape", "focus_node", "fingerprint")])
    content = {"tipgraph_baseline": VERSION, "findings": findings}
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    write_atomic(path, text.encode())


def _recorded(path: str) -> Counter[tuple[str, str]]:
    try:
        with open(path, encoding="utf-8") as opened:
            content = json.load(opened)
        if content["tipgraph_baseline"] == VERSION:
            return Counter((each["fingerprint"], each["severity"]) for each in content["findings"])
    except (ValueError, KeyError, TypeError):
        pass
    raise InputError(f"{path}: not a baseline; delete it and run again to record one")
