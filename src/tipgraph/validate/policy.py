"""The policy of a repository: checks of shapes that it ignores, and a baseline of known findings.

The checks are in its `pyproject.toml`:

[tool.tipgraph.validate]
ignore = ["missing-import"]

A baseline is recorded once, so that only new findings fail afterwards.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from os.path import abspath, exists, isfile, join
from pathlib import Path
from typing import Any

from tipgraph.errors import InputError
from tipgraph.files import read_text, read_toml, write_atomic
from tipgraph.text import did_you_mean, nearest
from tipgraph.validate.report import CHECKS, Finding, ValidationReport

FILE = "pyproject.toml"
TABLE = "tool.tipgraph.validate"
# The only setting.
IGNORE = "ignore"
# A repository ends where its version control begins.
ROOT_MARKS = (".git", ".hg", ".svn")
# The version of the file of a baseline.
VERSION = 1
# For readers of the file; the program compares fingerprint and severity only.
FIELDS = ("severity", "focus_node", "path", "value", "message", "shape", "graph")


def unknown_check(names: Iterable[str]) -> str:
    """Return the error on the first name that no check has; empty if all are known."""
    for name in names:
        if name not in CHECKS:
            hint = did_you_mean(nearest(name, CHECKS, most=1))
            return f"unknown check {name!r}; {hint or 'the checks are ' + ', '.join(CHECKS)}"
    return ""


def ignored_checks(folder: str = ".") -> tuple[str, ...]:
    """The checks of the shapes that the repository which contains the folder ignores.

    The nearest `pyproject.toml` counts, in the folder or above it up to the repository's root.
    Raises InputError, with the file, for TOML that cannot be read and for an unknown setting.
    """
    file = settings_file(folder)
    if not file:
        return ()
    table: Any = read_toml(file)
    for name in TABLE.split("."):
        table = table.get(name, {}) if isinstance(table, Mapping) else {}
    return _ignored(file, table)


def settings_file(folder: str = ".") -> str:
    """Return the file with the settings of the repository that contains the folder, or ''."""
    start = Path(abspath(folder))
    for each in (start, *start.parents):
        # Unlike methods of Path, these raise no error for a folder that may not be read.
        if isfile(file := join(each, FILE)):
            return file
        if any(exists(join(each, mark)) for mark in ROOT_MARKS):
            break
    return ""


def _ignored(file: str, table: Any) -> tuple[str, ...]:
    if not isinstance(table, Mapping):
        raise InputError(f"{file}: write [{TABLE}] and its settings below it")
    for name in table:
        if name != IGNORE:
            hint = did_you_mean(nearest(name, [IGNORE], most=1)) or f"known: {IGNORE}"
            raise InputError(f"{file}: unknown setting {name!r} in [{TABLE}]; {hint}")
    ignore = table.get(IGNORE, [])
    if not (isinstance(ignore, list) and all(isinstance(each, str) for each in ignore)):
        raise InputError(f"{file}: {IGNORE} in [{TABLE}] must be a list of names of checks")
    error = unknown_check(ignore)
    if error:
        raise InputError(f"{file}: {error}")
    return tuple(ignore)


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
    text = read_text(path)
    try:
        content = json.loads(text)
        if content["tipgraph_baseline"] == VERSION:
            return Counter((each["fingerprint"], each["severity"]) for each in content["findings"])
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise InputError(f"{path}: not a baseline; delete it and run again to record one")
