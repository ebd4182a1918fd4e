"""What several formats say in the same words."""

import os
from collections.abc import Iterator, Sized
from os.path import abspath, relpath

from tipgraph.validate.report import SEVERITIES, Finding, Report, rank
from tipgraph.validate.triples import SHACL

WIDTH = 80
NAMED = 5


def verdict(report: Report) -> str:
    """One line: whether the data conforms, what was found, and what was looked at."""
    looked_at = extent(report)
    return f"{headline(report)} ({looked_at})" if looked_at else headline(report)


def headline(report: Report) -> str:
    """Whether the data conforms, and how much of what kind was found."""
    found = ", ".join(_counts(report))
    return f"{_outcome(report)}: {found}" if found else _outcome(report)


def extent(report: Report) -> str:
    """What was looked at, and the outcome where that is not the same as whether it conforms.

    Nothing where a fault kept everything from being looked at.
    """
    looked_at = ", ".join(_extent(report))
    if report.fails != report.conforms:
        return looked_at
    return (
        f"{looked_at}; with --fail-on {report.fail_on} it {'fails' if report.fails else 'passes'}"
    )


def notes(report: Report) -> list[str]:
    """What is worth knowing beside the findings: shapes without work, and what is known."""
    told = list(report.notes)
    if report.idle:
        shapes = numbered(len(report.idle), "shape")
        told.append(f"{shapes} found nothing to check: {_idle(report)}")
    if report.known:
        told.append(f"the baseline knows {numbered(len(report.known), 'more finding')}")
    return told


def more(left: Sized) -> str:
    """How many findings are left out; nothing when none is."""
    return f"… and {numbered(len(left), 'more finding')}" if left else ""


def title(report: Report, finding: Finding) -> str:
    """The name of the shape or, where it has none, of the kind of constraint."""
    return report.name(finding.shape or finding.component)


def names(report: Report, finding: Finding) -> str:
    """The shape or, where it has no name, the kind of constraint; and the details."""
    label = "shape" if finding.shape else "constraint"
    return ", ".join(filter(None, [f"{label} {title(report, finding)}", details(report, finding)]))


def details(report: Report, finding: Finding) -> str:
    """Constraint, path, focus, value and graph on one line, as far as there are such."""
    told = {
        "constraint": _kind(finding.component) if finding.shape else "",
        "graph": finding.graph,
        "path": finding.path,
        "focus": finding.focus,
        "value": finding.value,
    }
    return ", ".join(f"{label} {_brief(report.name(term))}" for label, term in told.items() if term)


def reasons(report: Report, finding: Finding) -> Iterator[str]:
    """Why a value does not conform to the shape that it is held against, each with its place."""
    for detail in finding.details:
        place = f"{detail.place}: " if detail.place else ""
        yield f"because {place}{one_line(report.message(detail))}"
        yield from reasons(report, detail)


def severity(report: Report, finding: Finding) -> str:
    """The severity as a word, or the name of one's own."""
    return _severity(report, finding.severity)


def advice(hint: str) -> str:
    """The hint as such; nothing when there is none."""
    return f"help: {hint}" if hint else ""


def in_repository(file: str) -> str:
    """The file as those who review a repository know it: by its path from the root.

    GitHub tells the root; without it that is the folder that the command runs in.
    """
    root, path = os.environ.get("GITHUB_WORKSPACE") or os.getcwd(), abspath(file)
    return relpath(path, root) if path.startswith(root + os.sep) else file


def numbered(number: int, word: str) -> str:
    """The number with the word for as many."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def one_line(text: str) -> str:
    """The text with single blanks for whatever blanks and line ends it has."""
    return " ".join(text.split())


def _kind(component: str) -> str:
    """A component of SHACL by its short name, such as `MinCount`; another by its IRI."""
    short = component.removeprefix(SHACL).removesuffix("ConstraintComponent")
    return short if component.startswith(SHACL) else component


def _outcome(report: Report) -> str:
    if report.guards_only:
        return "the shapes cannot be used" if report.faults else "the shapes can be used"
    if report.faults:
        return "not all of it validated" if report.shapes else "not validated"
    return "conforms" if report.conforms else "does not conform"


def _extent(report: Report) -> Iterator[str]:
    if report.faults and not report.shapes:
        return
    yield numbered(len(report.shapes), "shape")
    if not report.guards_only:
        # What a query selects is not counted.
        least = "at least " if None in report.shapes.values() else ""
        yield least + numbered(report.focus_nodes, "node")
    if report.files:
        yield numbered(len(report.files), "file")


def _counts(report: Report) -> Iterator[str]:
    if report.faults:
        yield numbered(len(report.faults), "fault")
    for each in sorted(report.counts, key=lambda each: (rank(each), each not in SEVERITIES, each)):
        name = _severity(report, each)
        number = report.counts[each]
        yield numbered(number, name) if each in SEVERITIES else f"{number} {name}"


def _severity(report: Report, each: str) -> str:
    return each.lower() if each in SEVERITIES else report.name(each)


def _idle(report: Report) -> str:
    names = [report.name(shape) for shape in report.idle]
    if len(names) > NAMED:
        names[NAMED:] = [f"… and {len(names) - NAMED} more"]
    return ", ".join(names)


def _brief(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
