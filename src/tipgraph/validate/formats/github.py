"""Workflow commands, which GitHub shows as annotations beside the lines of a change."""

from tipgraph.validate.formats.selection import gravest
from tipgraph.validate.formats.wording import (
    advice,
    details,
    in_repository,
    more,
    notes,
    reasons,
    title,
)
from tipgraph.validate.report import Fault, Finding, Place, Report, rank

LEVELS = ("error", "warning", "notice")

DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(report: Report, most: int | None) -> str:
    """A line for each fault and finding, errors first, as GitHub shows only ten of each level."""
    shown, left = gravest(report.findings, most)
    commands = [
        *(_fault(fault) for fault in report.faults),
        *(_finding(report, each) for each in sorted(shown, key=lambda each: rank(each.severity))),
    ]
    for told in filter(None, [more(left), *notes(report)]):
        commands.append(_command("notice", "tipgraph", None, told))
    return "".join(f"{command}\n" for command in commands)


def _fault(fault: Fault) -> str:
    return _command("error", fault.kind, fault.place, fault.message, advice(fault.hint))


def _finding(report: Report, finding: Finding) -> str:
    return _command(
        LEVELS[rank(finding.severity)],
        title(report, finding),
        finding.place,
        report.message(finding),
        details(report, finding),
        *reasons(report, finding),
        advice(finding.hint),
    )


def _command(level: str, title: str, place: Place | None, *lines: str) -> str:
    told = {**_place(place), "title": title}
    properties = ",".join(f"{key}={value.translate(PROPERTY)}" for key, value in told.items())
    message = "\n".join(filter(None, lines))
    return f"::{level} {properties}::{message.translate(DATA)}"


def _place(place: Place | None) -> dict[str, str]:
    if place is None:
        return {}
    if not place.line:
        return {"file": in_repository(place.file)}
    columns = {"col": str(place.column), "endColumn": str(place.end)}
    return {"file": in_repository(place.file), "line": str(place.line), **columns}
