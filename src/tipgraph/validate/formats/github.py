"""GitHub workflow commands, which GitHub shows as annotations beside the lines of a change."""

from tipgraph.validate.formats import (
    Entry,
    diagnostics,
    findings,
    in_repository,
    more,
    most_severe,
    notes,
)
from tipgraph.validate.report import Location, ValidationReport

LEVELS = ("error", "warning", "notice")

DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(report: ValidationReport, limit: int | None) -> str:
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
