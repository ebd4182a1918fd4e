"""Which findings are written, and in which groups."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from tipgraph.validate.report import Fault, Finding, Report, rank

NO_FILE = "(no file)"

Item = TypeVar("Item")
Told = TypeVar("Told", Finding, Fault)


def gravest(
    findings: Sequence[Finding], most: int | None
) -> tuple[Sequence[Finding], Sequence[Finding]]:
    """The gravest findings, that many at most, and those left out; both in the order given."""
    return first_by([rank(finding.severity) for finding in findings], findings, most)


def first_by(
    ranks: Sequence[int], items: Sequence[Item], most: int | None
) -> tuple[Sequence[Item], Sequence[Item]]:
    """The items of the lowest rank, that many at most, and the others; both in the order given."""
    if most is None:
        return items, ()
    places = sorted(range(len(items)), key=ranks.__getitem__)
    kept, left = sorted(places[:most]), sorted(places[most:])
    return [items[place] for place in kept], [items[place] for place in left]


def by_file(report: Report, told: Iterable[Told]) -> dict[str, list[Told]]:
    """Findings or faults by where they are, in the order given."""
    groups: dict[str, list[Told]] = {}
    for each in told:
        groups.setdefault(where(report, each), []).append(each)
    return groups


def where(report: Report, told: Finding | Fault) -> str:
    """The file of a finding or a fault; without a place its graph, or words that say so."""
    if told.place:
        return told.place.file
    graph = told.graph if isinstance(told, Finding) else ""
    return report.name(graph) or NO_FILE
