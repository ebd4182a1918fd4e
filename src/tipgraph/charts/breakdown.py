"""A breakdown: the parts of one figure, with their shares and the caveats of each."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from tipgraph.charts.table import (
    NO_RANK,
    CitedEdition,
    Footnotes,
    QueryRows,
    Row,
    by_statement,
    caveats,
    citations,
    number,
)
from tipgraph.errors import UsageError
from tipgraph.namespaces import CODE, last_part
from tipgraph.rdf.terms import Value
from tipgraph.text import capitalise, join

INCOMPLETE = CODE + "incomplete"
OVERLAPPING = CODE + "overlapping"
CONTRADICTORY = CODE + "contradictory"
CONTRADICTION = "Parts add up to more than the total, and the source does not explain it."
# A part has the notes of its total too; the rule `caveats` begins them so.
OF_TOTAL = "Of the whole: "


@dataclass(frozen=True)
class BreakdownPart:
    """A part of the total."""

    name: str
    value: Value
    percent: Value
    notes: tuple[str, ...]

    @property
    def figure(self) -> str:
        return f"{number(self.value)} ({number(self.percent)}%)"


@dataclass(frozen=True)
class Breakdown:
    """The content of a breakdown chart; `rest` is the share of the total without a part."""

    title: str
    total: str
    total_notes: tuple[str, ...]
    parts: tuple[BreakdownPart, ...]
    rest: BreakdownPart | None
    overlap: str
    citation: CitedEdition
    footnotes: Footnotes


def breakdown(table: QueryRows) -> Breakdown:
    """The breakdown in the rows of the query `shares`.

    Raises UsageError when there is no row, or rows of more than one total or axis.
    """
    # A figure for a shorter period within a longer one has a share too, but is not a part.
    table = table.where(lambda row: row["completeness"] is not None)
    if not table.rows:
        raise UsageError(f"no figure to draw; no row has a part; see '{table.command}'")
    if len(table.values("area")) > 1:
        areas = join([table.label(each) for each in table.values("area")])
        raise UsageError(
            f"one chart of {areas} would rank countries: {NO_RANK}; choose one country, such as"
            f" -p area={last_part(table.values('area')[0])}"
        )
    subject = {
        name: table.only(name) for name in ("indicator", "area", "edition", "period", "axis")
    }
    citation = citations(table)[subject["edition"]]
    statements = set(table.values("statement"))
    outer = table.where(lambda row: row["whole"] not in statements)
    whole, total = outer.only("whole"), outer.rows[0]["total"]
    total_notes = tuple(_caveats_of(whole, subject["edition"], table))
    parts = tuple(
        _with_shared_notes(part, total_notes)
        for part in _parts(table, outer.rows, citation.edition.publisher_label)
    )
    completeness = set(outer.values("completeness"))
    return Breakdown(
        title=_title(table, subject),
        total=_total(number(total), table.label(whole)),
        total_notes=total_notes,
        parts=parts,
        rest=_rest(parts, total, citation) if completeness == {INCOMPLETE} else None,
        overlap=_excess(completeness, parts, total, citation),
        citation=citation,
        footnotes=Footnotes((*total_notes, *(note for part in parts for note in part.notes))),
    )


def _parts(table: QueryRows, rows: Iterable[Row], publisher: str) -> Iterator[BreakdownPart]:
    """The parts in these rows; the parts of a part become notes on it."""
    for group in by_statement(rows):
        row, speakers = group[0], [table.label(each["speaker"]) for each in group]
        notes = [] if set(speakers) == {publisher} else [f"According to {join(speakers)}"]
        inner = [each for each in table.rows if each["whole"] == row["statement"]]
        for part in _parts(table, inner, publisher):
            notes += [f"Of these, {part.name}: {part.figure}", *part.notes]
        name = str(row["part_wording"] or table.label(row["part"]))
        yield BreakdownPart(name, row["value"], row["percent"], (*notes, *caveats(group)))


def _caveats_of(statement: str, edition: str, table: QueryRows) -> list[str]:
    """The caveats of the total, which is not a row of the query `shares`."""
    figures = table.of_query("figures", {"edition": edition})
    return caveats(row for row in figures.rows if row["statement"] == statement)


def _with_shared_notes(part: BreakdownPart, total_notes: Iterable[str]) -> BreakdownPart:
    """The part, with the notes of the total worded as they are there: one footnote for both."""
    shared = {OF_TOTAL + note: note for note in total_notes}
    return replace(part, notes=tuple(shared.get(note, note) for note in part.notes))


def _total(total: str, label: str) -> str:
    return f"Total: {label}" if total in label else f"Total: {total} ({label})"


def _excess(
    completeness: Container[Value],
    parts: Iterable[BreakdownPart],
    total: Value,
    citation: CitedEdition,
) -> str:
    """A sentence on parts that do not add up to the total, if there are such."""
    if OVERLAPPING in completeness:
        return _overlap(parts, total, citation)
    return CONTRADICTION if CONTRADICTORY in completeness else ""


def _overlap(parts: Iterable[BreakdownPart], total: Value, citation: CitedEdition) -> str:
    """A sentence on overlapping parts; they do not show how large the rest is."""
    if _difference(parts, total) >= 0:
        rest = "is not stated" if citation.edition.is_complete else "was not found in what was read"
        return f"Parts share members, and do not cover the total; the rest {rest}."
    return "Parts overlap; they do not add up to the total."


def _rest(
    parts: Iterable[BreakdownPart], total: Value, citation: CitedEdition
) -> BreakdownPart | None:
    """The share of the total that no part covers."""
    rest = _difference(parts, total)
    if rest <= 0:
        return None
    is_complete = citation.edition.is_complete
    name = "rest, not stated" if is_complete else "rest, not found in what was read"
    return BreakdownPart(name, rest, round(100 * rest / Decimal(str(total)), 1), ())


def _difference(parts: Iterable[BreakdownPart], total: Value) -> Decimal:
    """The total minus the parts; values may be int, float or Decimal."""
    return Decimal(str(total)) - sum(Decimal(str(part.value)) for part in parts)


def _title(table: QueryRows, subject: dict[str, str]) -> str:
    indicator, area, period = (table.label(subject[n]) for n in ("indicator", "area", "period"))
    axis = f" {table.label(subject['axis'])}" if subject["axis"] else ""
    return capitalise(f"{indicator}{axis}, {area}, {period}")
