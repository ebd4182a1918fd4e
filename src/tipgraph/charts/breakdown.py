"""A breakdown: the parts of one figure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tipgraph.charts.format import capital, listed, number
from tipgraph.charts.notes import Notes
from tipgraph.charts.sources import Edition, editions
from tipgraph.charts.table import Row, Table, by_statement, remarks
from tipgraph.errors import UsageError
from tipgraph.namespaces import CODE
from tipgraph.store.rows import Value

INCOMPLETE = CODE + "incomplete"
OVERLAPPING = CODE + "overlapping"


@dataclass(frozen=True)
class Part:
    """A part of the whole."""

    name: str
    value: Value
    percent: Value
    remarks: tuple[str, ...]

    @property
    def figure(self) -> str:
        return f"{number(self.value)} ({number(self.percent)}%)"


@dataclass(frozen=True)
class Breakdown:
    """All that a chart of a breakdown tells; `rest` is what no part was found for."""

    title: str
    whole: str
    parts: tuple[Part, ...]
    rest: Part | None
    overlap: str
    editions: tuple[Edition, ...]
    notes: Notes


def breakdown(table: Table) -> Breakdown:
    """What the rows of the query `shares` tell.

    Raises UsageError when there is none, and when they are of several wholes or axes.
    """
    # A figure of a shorter period within that of a longer one has a share too, but is no part.
    table = table.where(lambda row: row["completeness"] is not None)
    if not table.rows:
        raise UsageError(f"no figure to draw; no row has a part; see '{table.command}'")
    about = {name: table.only(name) for name in ("indicator", "area", "edition", "period", "axis")}
    edition = editions(table)[about["edition"]]
    statements = set(table.values("statement"))
    upper = table.where(lambda row: row["whole"] not in statements)
    whole, total = upper.only("whole"), upper.rows[0]["total"]
    parts = tuple(_parts(table, upper.rows, edition.publisher))
    completeness = set(upper.values("completeness"))
    return Breakdown(
        title=_title(table, about),
        whole=_whole(number(total), table.called(whole)),
        parts=parts,
        rest=_rest(parts, total, edition) if completeness == {INCOMPLETE} else None,
        overlap=_overlap(parts, total, edition) if OVERLAPPING in completeness else "",
        editions=(edition,),
        notes=Notes((remark for part in parts for remark in part.remarks), table.command),
    )


def _parts(table: Table, rows: Iterable[Row], publisher: str) -> Iterator[Part]:
    """The parts in these rows; what is a part of one of them is a remark on it."""
    for said in by_statement(rows):
        row, speakers = said[0], [table.called(each["speaker"]) for each in said]
        own = [] if set(speakers) == {publisher} else [f"Said by {listed(speakers)}"]
        inner = [each for each in table.rows if each["whole"] == row["statement"]]
        for part in _parts(table, inner, publisher):
            own += [f"Of these, {part.name}: {part.figure}", *part.remarks]
        name = table.called(row["part"])
        yield Part(name, row["value"], row["percent"], (*own, *remarks(said)))


def _whole(total: str, label: str) -> str:
    return f"Total: {label}" if total in label else f"Total: {total} ({label})"


def _overlap(parts: Iterable[Part], total: Value, edition: Edition) -> str:
    """What to say of parts that share members; how large the rest is, they do not tell."""
    if _left(parts, total) >= 0:
        rest = "is not stated" if edition.complete else "was not found in what was read"
        return f"Parts share members, and do not cover the total; the rest {rest}."
    return "Parts overlap; they do not add up to the total."


def _rest(parts: Iterable[Part], total: Value, edition: Edition) -> Part | None:
    """What is left of the total."""
    left = _left(parts, total)
    if left <= 0:
        return None
    name = "rest, not stated" if edition.complete else "rest, not found in what was read"
    return Part(name, left, round(100 * left / Decimal(str(total)), 1), ())


def _left(parts: Iterable[Part], total: Value) -> Decimal:
    """Figures are numbers, of which Python has several kinds."""
    return Decimal(str(total)) - sum(Decimal(str(part.value)) for part in parts)


def _title(table: Table, about: dict[str, str]) -> str:
    measure, area, period = (table.called(about[name]) for name in ("indicator", "area", "period"))
    axis = f" {table.called(about['axis'])}" if about["axis"] else ""
    return capital(f"{measure}{axis}, {area}, {period}")
