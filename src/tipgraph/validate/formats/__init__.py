"""Report formats, and the words that they share."""

import os
from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from importlib import import_module
from os.path import abspath, dirname, relpath

from tipgraph.errors import UsageError
from tipgraph.text import join, one_line, plural
from tipgraph.validate.report import (
    SEVERITIES,
    Diagnostic,
    Finding,
    Location,
    ValidationReport,
    severity_rank,
)
from tipgraph.validate.triples import SHACL

# The module of each format, and the function in it.
RENDERERS = {
    "text": ("text", "as_text"),
    "json": ("complete", "as_json"),
    "turtle": ("complete", "as_turtle"),
    "junit": ("junit", "render"),
    "sarif": ("sarif", "as_sarif"),
    "github": ("github", "annotations"),
    "markdown": ("github", "markdown"),
}
FORMATS = tuple(RENDERERS)
# Programs read the others, which have all findings.
FOR_PEOPLE = ("text", "github", "markdown")
NO_FILE = "(no file)"
MAX_WIDTH = 80
MAX_NAMES = 5


@dataclass(frozen=True)
class Entry:
    """An error, a warning or a finding in words.

    `title` is the name of the check, the shape or the constraint. `place` is the file or, without a
    location, the graph. `rank` is that of the severity. Focus node, path, constraint and details
    are those of a finding.
    """

    title: str
    place: str
    location: Location | None
    severity: str
    rank: int
    message: str
    help: str
    focus_node: str = ""
    path: str = ""
    constraint: str = ""
    details: str = ""

    @property
    def remarks(self) -> list[str]:
        """The lines that follow the message."""
        return [each for each in (self.details, self.help) if each]


def render(format: str, report: ValidationReport, limit: int | None = None) -> str:
    """The report in one of FORMATS; text that is not empty ends with one line end.

    `limit` is the maximum number of findings in a format for people, the most severe first. It
    changes neither verdict nor counts. Raises UsageError for an unknown format.
    """
    if format not in FORMATS:
        raise UsageError(f"unknown report format '{format}'; use one of {', '.join(FORMATS)}")
    # Imported on use: an XML library is needed for one format only.
    module, function = RENDERERS[format]
    write = getattr(import_module(f"{__name__}.{module}"), function)
    text: str = write(report, *([limit] if format in FOR_PEOPLE else ()))
    return text


def most_severe(
    findings: Sequence[Finding], limit: int | None
) -> tuple[Sequence[Finding], Sequence[Finding]]:
    """The most severe findings up to the limit, and the others; both in the given order."""
    if limit is None:
        return findings, ()
    by_rank = sorted(range(len(findings)), key=lambda at: severity_rank(findings[at].severity))
    shown, omitted = sorted(by_rank[:limit]), sorted(by_rank[limit:])
    return [findings[at] for at in shown], [findings[at] for at in omitted]


def diagnostics(report: ValidationReport) -> list[Entry]:
    """The errors and warnings in words."""
    return [_of_diagnostic(each) for each in (*report.errors, *report.warnings)]


def findings(report: ValidationReport, found: Iterable[Finding]) -> list[Entry]:
    """These findings of the report in words."""
    return [_of_finding(report, each) for each in found]


def by_place(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries of each file or graph, in the given order."""
    groups: dict[str, list[Entry]] = {}
    for each in entries:
        groups.setdefault(each.place, []).append(each)
    return groups


def _of_diagnostic(each: Diagnostic) -> Entry:
    return Entry(
        title=each.code,
        place=each.location.file if each.location else NO_FILE,
        location=each.location,
        severity="warning" if each.is_warning else "error",
        rank=int(each.is_warning),
        message=each.message,
        help=advice(each.hint),
    )


def _of_finding(report: ValidationReport, each: Finding) -> Entry:
    return Entry(
        title=title(report, each),
        place=each.location.file if each.location else report.name(each.graph) or NO_FILE,
        location=each.location,
        severity=_severity(report, each.severity),
        rank=severity_rank(each.severity),
        message=report.message(each),
        help=advice(each.hint),
        focus_node=report.name(each.focus_node),
        path=report.name(each.path),
        constraint=report.name(each.component or each.shape),
        details=_details(report, each),
    )


def verdict(report: ValidationReport) -> str:
    """One line: whether the data conforms, the numbers of findings, and what was checked."""
    scope = coverage(report)
    return f"{headline(report)} ({scope})" if scope else headline(report)


def headline(report: ValidationReport) -> str:
    """Return the conclusion: conformance, and the numbers of errors and findings."""
    counts = ", ".join(_counts(report))
    return f"{_outcome(report)}: {counts}" if counts else _outcome(report)


def coverage(report: ValidationReport) -> str:
    """Return the extent of the checks, and the effect of `fail_on` if conformance does not decide.

    Empty where an error prevented any check.
    """
    checked = ", ".join(_checked(report))
    if report.fails != report.conforms:
        return checked
    return f"{checked}; {'fails' if report.fails else 'passes'} with --fail-on {report.fail_on}"


def notes(report: ValidationReport) -> list[str]:
    """Remarks on shapes without focus nodes and on known findings, after the report's own."""
    lines = list(report.notes)
    unused = report.shapes_without_focus_nodes
    if unused:
        verb = "has" if len(unused) == 1 else "have"
        lines.append(
            f"{plural(len(unused), 'shape')} {verb} no focus nodes: {_names(report, unused)}"
        )
    if report.known_findings:
        known = plural(len(report.known_findings), "known finding")
        lines.append(f"the baseline contains {known}")
    return lines


def more(omitted: Sized) -> str:
    """Return the number of omitted findings in words; empty if there is none."""
    return f"… and {plural(len(omitted), 'more finding')}" if omitted else ""


def title(report: ValidationReport, finding: Finding) -> str:
    """The name of the shape; where it has none, of the constraint component."""
    return report.name(finding.shape or finding.component)


def _details(report: ValidationReport, finding: Finding) -> str:
    """Constraint, graph, path, focus node and value on one line, where there are such."""
    terms = {
        "constraint": _short_component(finding.component) if finding.shape else "",
        "graph": finding.graph,
        "path": finding.path,
        "focus node": finding.focus_node,
        "value": finding.value,
    }
    return ", ".join(
        f"{label} {_brief(report.name(term))}" for label, term in terms.items() if term
    )


def advice(hint: str) -> str:
    """The hint, labelled as help; empty when there is none."""
    return f"help: {hint}" if hint else ""


def in_repository(file: str) -> str:
    """The file's path from the root of the repository.

    GITHUB_WORKSPACE is the root; without it the working directory.
    """
    root, path = os.environ.get("GITHUB_WORKSPACE") or os.getcwd(), abspath(file)
    return relpath(path, root) if path.startswith(root + os.sep) else file


def _short_component(component: str) -> str:
    """A SHACL component by its short name, such as `MinCount`; another by its IRI."""
    short = component.removeprefix(SHACL).removesuffix("ConstraintComponent")
    return short if component.startswith(SHACL) else component


def _outcome(report: ValidationReport) -> str:
    if report.shapes_only:
        return "the shapes are not usable" if report.errors else "the shapes are usable"
    if report.errors:
        return "not completely validated" if report.shapes else "not validated"
    return "conforms" if report.conforms else "does not conform"


def _checked(report: ValidationReport) -> Iterator[str]:
    if report.errors and not report.shapes:
        return
    yield plural(len(report.shapes), "shape")
    if not report.shapes_only:
        yield plural(report.focus_nodes, "node")
    if report.files:
        # The folder shows whether the shapes of an installation were checked, or one's own.
        folders = [in_repository(dirname(abspath(file))) for file in report.files]
        where = f" in {join(folders)}" if report.shapes_only else ""
        yield plural(len(report.files), "file") + where


def _counts(report: ValidationReport) -> Iterator[str]:
    if report.errors:
        yield plural(len(report.errors), "error")
    for each in sorted(report.counts, key=_severity_order):
        name = _severity(report, each)
        number = report.counts[each]
        yield plural(number, name) if each in SEVERITIES else f"{number} {name}"


def _severity_order(each: str) -> tuple[int, bool, str]:
    return severity_rank(each), each not in SEVERITIES, each


def _severity(report: ValidationReport, each: str) -> str:
    return each.lower() if each in SEVERITIES else report.name(each)


def _names(report: ValidationReport, shapes: Sequence[str]) -> str:
    names = [report.name(shape) for shape in shapes]
    if len(names) > MAX_NAMES:
        names[MAX_NAMES:] = [f"… and {len(names) - MAX_NAMES} more"]
    return ", ".join(names)


def _brief(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= MAX_WIDTH else line[: MAX_WIDTH - 1] + "…"
