"""The report for GitHub: annotations of files, and a summary in Markdown."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tipgraph.text import capitalise, one_line
from tipgraph.validate.formats import (
    Entry,
    by_place,
    coverage,
    diagnostics,
    findings,
    headline,
    in_repository,
    more,
    most_severe,
    notes,
)
from tipgraph.validate.report import Diagnostic, Finding, Location, ValidationReport

LEVELS = ("error", "warning", "notice")
DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = DATA | str.maketrans({":": "%3A", ",": "%2C"})


def annotations(report: ValidationReport, limit: int | None) -> str:
    """A command for each error, warning and finding, the most severe first.

    GitHub shows ten per level.
    """
    shown, omitted = most_severe(report.findings, limit)
    ordered = sorted(findings(report, shown), key=lambda each: each.rank)
    commands = [_of_entry(each) for each in (*diagnostics(report), *ordered)]
    remarks = filter(None, [more(omitted), *notes(report)])
    commands += [_command("notice", {"title": "tipgraph"}, note) for note in remarks]
    return "".join(f"{command}\n" for command in commands)


def _of_entry(entry: Entry) -> str:
    properties = {**_location(entry.location), "title": entry.title}
    return _command(
        LEVELS[entry.rank], properties, "\n".join(filter(None, [entry.message, *entry.remarks]))
    )


def _command(level: str, properties: dict[str, str], message: str) -> str:
    pairs = ",".join(f"{key}={value.translate(PROPERTY)}" for key, value in properties.items())
    return f"::{level} {pairs}::{message.translate(DATA)}"


def _location(location: Location | None) -> dict[str, str]:
    if location is None:
        return {}
    file = {"file": in_repository(location.file)}
    if not location.line:
        return file
    columns = {"col": str(location.column), "endColumn": str(location.end_column)}
    return {**file, "line": str(location.line), **columns}


COLUMNS = ("line", "severity", "message", "shape", "focus node")
MARKUP = re.compile(r"[\\`*_\[\]<>|&~$#]")
BACKTICKS = re.compile("`+")


def markdown(report: ValidationReport, limit: int | None) -> str:
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
    lines = [entry.message, *([entry.help] if entry.help else [])]
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
