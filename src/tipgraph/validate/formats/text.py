"""The report as text, with the lines of the source."""

from collections.abc import Iterator

from tipgraph.safe_text import BIDI, no_workflow_command
from tipgraph.text import one_line
from tipgraph.validate.formats import Entry, by_place, findings, more, most_severe, notes, verdict
from tipgraph.validate.report import Location, ValidationReport

MAX_WIDTH = 120
# Characters of a long line that are shown before the range.
CONTEXT = 40
MARGIN = " " * 6

# Control characters, which a terminal would obey, become symbols of one character, so that carets
# stand below their range. Unicode's control pictures are in the order of the controls.
VISIBLE = {code: 0x2400 + code for code in range(32) if chr(code) != "\t"}
VISIBLE |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
VISIBLE |= dict.fromkeys(map(ord, BIDI), 0xFFFD)


def as_text(report: ValidationReport, limit: int | None) -> str:
    """The findings by file, notes, and a last line with the verdict.

    Errors are only counted: the command writes them, and warnings, to standard error.
    """
    shown, omitted = most_severe(report.findings, limit)
    lines = []
    for members in by_place(findings(report, shown)).values():
        for entry in members:
            lines += [*_finding(entry), ""]
    remarks = [*filter(None, [more(omitted)]), *(f"note: {note}" for note in notes(report))]
    lines += [*remarks, ""] if remarks else []
    lines.append(verdict(report))
    # A file may have any name, and begins a line.
    return "".join(f"{no_workflow_command(line.translate(VISIBLE))}\n" for line in lines)


def excerpt(location: Location) -> list[str]:
    """The source line and carets under the range.

    Empty where the location has no line, or the line is unknown or blank.
    """
    if not location.line or not location.line_text.strip():
        return []
    text, column = _window(location)
    end = min(column + location.end_column - location.column, len(text) + 1)
    indent = "".join("\t" if each == "\t" else " " for each in text[: column - 1])
    return [
        f"{MARGIN}|",
        f"{location.line:>{len(MARGIN) - 1}} | {text.translate(VISIBLE)}",
        f"{MARGIN}| {indent}{'^' * max(end - column, 1)}",
    ]


def _finding(entry: Entry) -> Iterator[str]:
    yield f"{entry.location or entry.place}: {entry.severity}: {one_line(entry.message)}"
    if entry.location:
        yield from excerpt(entry.location)
    label = "constraint" if entry.title == entry.constraint else "shape"
    about = ", ".join(filter(None, [f"{label} {entry.title}", entry.details]))
    lines = filter(None, [about, entry.help])
    yield from (f"{MARGIN}= {one_line(each)}" for each in lines)


def _window(location: Location) -> tuple[str, int]:
    """The line, or the part of a long one around the range; and the range's column in it."""
    text = location.line_text.rstrip()
    if len(text) <= MAX_WIDTH:
        return text, location.column
    start = max(0, location.column - CONTEXT)
    window = text[start : start + MAX_WIDTH]
    before = "…" if start else window[:1]
    after = "…" if start + MAX_WIDTH < len(text) else window[-1:]
    return before + window[1:-1] + after, location.column - start
