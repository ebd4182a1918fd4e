"""The report for people: each finding with the line of the source that it is about."""

from collections.abc import Iterator

from tipgraph.validate.formats.selection import by_file, gravest, where
from tipgraph.validate.formats.wording import (
    advice,
    more,
    names,
    notes,
    one_line,
    reasons,
    severity,
    verdict,
)
from tipgraph.validate.report import Finding, Place, Report

WIDTH = 120
LEAD = 40
MARGIN = " " * 6

# What a terminal would obey is shown instead: control pictures have the controls' own order.
VISIBLE = {code: 0x2400 + code for code in range(32) if chr(code) != "\t"}
VISIBLE |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


def render(report: Report, most: int | None) -> str:
    """The findings file by file, notes, and a last line with the verdict.

    Faults are counted there and not told: they belong to standard error.
    """
    shown, left = gravest(report.findings, most)
    lines = []
    for findings in by_file(report, shown).values():
        for finding in findings:
            lines += [*_finding(report, finding), ""]
    told = [*filter(None, [more(left)]), *(f"note: {note}" for note in notes(report))]
    lines += [*told, ""] if told else []
    lines.append(verdict(report))
    return "".join(f"{line.translate(VISIBLE)}\n" for line in lines)


def excerpt(place: Place) -> list[str]:
    """The lines that show a place in its source: the line, and marks under the stretch meant.

    There are none where the place has no line, or the line is not known or blank.
    """
    if not place.line or not place.text.strip():
        return []
    text, column = _window(place)
    end = min(column + place.end - place.column, len(text) + 1)
    lead = "".join("\t" if each == "\t" else " " for each in text[: column - 1])
    return [
        f"{MARGIN}|",
        f"{place.line:>{len(MARGIN) - 1}} | {text.translate(VISIBLE)}",
        f"{MARGIN}| {lead}{'^' * max(end - column, 1)}",
    ]


def _finding(report: Report, finding: Finding) -> Iterator[str]:
    place = str(finding.place or where(report, finding))
    yield f"{place}: {severity(report, finding)}: {one_line(report.message(finding))}"
    if finding.place:
        yield from excerpt(finding.place)
    yield f"{MARGIN}= {names(report, finding)}"
    yield from (f"{MARGIN}= {reason}" for reason in reasons(report, finding))
    if finding.hint:
        yield f"{MARGIN}= {one_line(advice(finding.hint))}"


def _window(place: Place) -> tuple[str, int]:
    """The line, or of a long one what stands around the stretch; and the stretch's column in it."""
    text = place.text.rstrip()
    if len(text) <= WIDTH:
        return text, place.column
    start = max(0, place.column - LEAD)
    window = text[start : start + WIDTH]
    before = "…" if start else window[:1]
    after = "…" if start + WIDTH < len(text) else window[-1:]
    return before + window[1:-1] + after, place.column - start
