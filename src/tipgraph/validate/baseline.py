"""Findings that are known: recorded once, so that only new ones fail from then on."""

import json
from collections import Counter
from dataclasses import replace

from tipgraph.atomic import write_whole
from tipgraph.errors import InputError
from tipgraph.render import results
from tipgraph.validate.report import Finding, Report

VERSION = 1
# What tells a person which finding it is; the fingerprint alone tells the program.
TOLD = ("severity", "focus", "path", "value", "message", "shape", "graph")


def without_known(report: Report, path: str) -> tuple[Report, int]:
    """The report with the findings that the file records set aside, and how many it records more.

    Of findings that nothing tells apart as many are known as are recorded; one that has become
    graver, or milder, is new. Raises InputError when the file is no baseline.
    """
    left = _recorded(path)
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in report.findings:
        key = finding.fingerprint, finding.severity
        is_known = left[key] > 0
        left[key] -= is_known
        (known if is_known else new).append(finding)
    return replace(report, findings=tuple(new), known=tuple(known)), left.total()


def record(report: Report, path: str) -> None:
    """Write the report's findings to the file, whole or not at all."""
    found = [
        {"fingerprint": each.fingerprint} | {name: getattr(each, name) for name in TOLD}
        for each in report.findings
    ]
    found.sort(key=lambda each: [each[name] for name in ("shape", "focus", "fingerprint")])
    text = results.dumps({"tipgraph-baseline": VERSION, "findings": found})
    write_whole(path, text.encode())


def _recorded(path: str) -> Counter[tuple[str, str]]:
    try:
        with open(path, encoding="utf-8") as opened:
            content = json.load(opened)
        if content["tipgraph-baseline"] == VERSION:
            return Counter((each["fingerprint"], each["severity"]) for each in content["findings"])
    except (ValueError, KeyError, TypeError):
        pass
    raise InputError(f"{path}: is no baseline of findings; delete it and run again to record one")
