"""GitHub workflow commands, which GitHub shows as annotations beside the lines of a change."""

from tipgraph.validate.formats import (
    advice,
    details,
    in_repository,
    more,
    most_severe,
    notes,
    reasons,
    title,
)
from tipgraph.validate.report import (
    Diagnostic,
    Finding,
    Location,
    ValidationReport,
    severity_rank,
)

LEVELS = ("error", "warning", "notice")

DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(report: ValidationReport, limit: int | None) -> str:
    """A command for each error, warning and finding, the most severe first.

    GitHub shows ten per level.
    """
    shown, omitted = most_severe(report.findings, limit)
    ordered = sorted(shown, key=lambda each: severity_rank(each.severity))
    commands = [
        *(_error("error", error) for error in report.errors),
        *(_error("warning", warning) for warning in report.warnings),
        *(_finding(report, finding) for finding in ordered),
    ]
    for note in filter(None, [more(omitted), *notes(report)]):
        commands.append(_command("notice", "tipgraph", None, note))
    return "".join(f"{command}\n" for command in commands)


def _error(level: str, error: Diagnostic) -> str:
    return _command(level, error.code, error.location, error.message, advice(error.hint))


def _finding(report: ValidationReport, finding: Finding) -> str:
    return _command(
        LEVELS[severity_rank(finding.severity)],
        title(report, finding),
        finding.location,
        report.message(finding),
        details(report, finding),
        *reasons(report, finding),
        advice(finding.hint),
    )


def _command(level: str, title: str, location: Location | None, *lines: str) -> str:
    values = {**_location(location), "title": title}
    properties = ",".join(f"{key}={value.translate(PROPERTY)}" for key, value in values.items())
    message = "\n".join(filter(None, lines))
    return f"::{level} {properties}::{message.translate(DATA)}"


def _location(location: Location | None) -> dict[str, str]:
    if location is None:
        return {}
    file = {"file": in_repository(location.file)}
    if not location.line:
        return file
    columns = {"col": str(location.column), "endColumn": str(location.end_column)}
    return {**file, "line": str(location.line), **columns}
