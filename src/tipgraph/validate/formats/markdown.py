"""The report as Markdown, for the summary of a workflow run or a comment on a change."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tipgraph.text import capitalise
from tipgraph.validate.formats import (
    Entry,
    by_place,
    coverage,
    findings,
    headline,
    more,
    most_severe,
    notes,
    one_line,
)
from tipgraph.validate.report import Diagnostic, Finding, ValidationReport

COLUMNS = ("line", "severity", "message", "shape", "focus node")
MARKUP = re.compile(r"[\\`*_\[\]<>|&~$#]")
BACKTICKS = re.compile("`+")


def render(report: ValidationReport, limit: int | None) -> str:
    """A heading with the verdict, errors, warnings, a table of findings for each file, notes."""
    shown, omitted = most_severe(report.findings, limit)
    checked = coverage(report)
    blocks = [
        f"## {_text(capitalise(headline(report)))}",
        f"{_text(capitalise(checked))}." if checked else "",
        *_diagnostics("Errors", report.errors),
        *_diagnostics("Warnings", report.warnings),
        *_tables(report, shown),
        more(omitted),
        *(f"Note: {_text(note)}." for note in notes(report)),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _diagnostics(heading: str, entries: Sequence[Diagnostic]) -> Iterator[str]:
    if entries:
        yield f"### {heading}"
        yield "\n".join(f"- {_code(each.code)}: {_text(each.summary)}" for each in entries)


def _tables(report: ValidationReport, shown: Iterable[Finding]) -> Iterator[str]:
    for file, members in by_place(findings(report, shown)).items():
        rows = [COLUMNS, ["---"] * len(COLUMNS), *map(_row, members)]
        yield f"### {_code(file)}"
        yield "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(entry: Entry) -> Sequence[str]:
    lines = [entry.message, *entry.reasons, *([entry.help] if entry.help else [])]
    return (
        str(entry.location.line or "") if entry.location else "",
        _text(entry.severity),
        "<br>".join(map(_text, lines)),
        _cell(entry.title),
        _cell(entry.focus_node),
    )


def _cell(term: str) -> str:
    """A code span in a table, where a bar ends the cell even within code."""
    return _code(term).replace("|", "\\|")


def _code(text: str) -> str:
    """A code span, delimited by more backticks than the text has in a row."""
    line = one_line(text)
    if not line:
        return ""
    fence = "`" * (max(map(len, BACKTICKS.findall(line)), default=0) + 1)
    pad = " " if "`" in line else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _text(text: str) -> str:
    return MARKUP.sub(r"\\\g<0>", one_line(text))
