"""The report as Markdown, for the summary of a workflow's run or a comment on a change."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tipgraph.validate.formats.selection import by_file, gravest
from tipgraph.validate.formats.wording import (
    advice,
    extent,
    headline,
    more,
    notes,
    one_line,
    reasons,
    severity,
    title,
)
from tipgraph.validate.report import Fault, Finding, Report

COLUMNS = ("line", "severity", "message", "shape", "focus")
MARKUP = re.compile(r"[\\`*_\[\]<>|&~$#]")
TICKS = re.compile("`+")


def render(report: Report, most: int | None) -> str:
    """A heading with the verdict, the faults, a table of findings for each file, and notes."""
    shown, left = gravest(report.findings, most)
    blocks = [
        f"## {_text(_capitalised(headline(report)))}",
        *(f"{_text(_capitalised(looked_at))}." for looked_at in [extent(report)] if looked_at),
        *_faults(report.faults),
        *_findings(report, shown),
        more(left),
        *(f"Note: {_text(note)}." for note in notes(report)),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _faults(faults: Sequence[Fault]) -> Iterator[str]:
    if faults:
        yield "### Faults"
        yield "\n".join(f"- {_code(fault.kind)}: {_text(str(fault))}" for fault in faults)


def _findings(report: Report, findings: Iterable[Finding]) -> Iterator[str]:
    for file, found in by_file(report, findings).items():
        rows = [COLUMNS, ["---"] * len(COLUMNS), *(_row(report, finding) for finding in found)]
        yield f"### {_code(file)}"
        yield "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(report: Report, finding: Finding) -> Sequence[str]:
    added = [*reasons(report, finding), *filter(None, [advice(finding.hint)])]
    return (
        str(finding.place.line or "") if finding.place else "",
        _text(severity(report, finding)),
        "<br>".join(map(_text, [report.message(finding), *added])),
        _cell(title(report, finding)),
        _cell(report.name(finding.focus)),
    )


def _cell(term: str) -> str:
    """A term in a table, where a bar ends a cell even within code."""
    return _code(term).replace("|", "\\|")


def _code(text: str) -> str:
    """A code span, within more backticks than the text has in a row."""
    line = one_line(text)
    if not line:
        return ""
    fence = "`" * (max(map(len, TICKS.findall(line)), default=0) + 1)
    pad = " " if "`" in line else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _text(text: str) -> str:
    return MARKUP.sub(r"\\\g<0>", one_line(text))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
