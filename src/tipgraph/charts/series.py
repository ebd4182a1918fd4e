"""A series: the figures that editions give of one measure, period by period."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from tipgraph.charts.format import capital, listed
from tipgraph.charts.format import editions as editions_named
from tipgraph.charts.notes import Notes
from tipgraph.charts.periods import DAY, Period, periods
from tipgraph.charts.sources import Edition, editions
from tipgraph.charts.table import BETWEEN, Row, Table, by_statement, remarks
from tipgraph.errors import UsageError
from tipgraph.namespaces import CODE
from tipgraph.store.rows import Value

TOTAL = CODE + "total"
# What is remarked where it is not the same for all figures of one wording.
COUNTED = {"population": "Counted:", "counted_by": "Counted by"}


@dataclass(frozen=True)
class Point:
    """A figure that an edition gives; `wording` is empty where it measures what is asked."""

    period: Period
    value: Value
    approximate: bool
    edition: Edition
    wording: str
    remarks: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the legend calls it by."""
        name = self.edition.name
        return f"{name}, worded “{self.wording}”" if self.wording else name


@dataclass(frozen=True)
class Break:
    """Where the wording changes: the first period and the first edition of the later one."""

    words: str
    period: Period
    edition: Edition


@dataclass(frozen=True)
class Series:
    """All that a chart of a series tells."""

    title: str
    unit: str
    points: tuple[Point, ...]
    breaks: tuple[Break, ...]
    gaps: tuple[str, ...]
    editions: tuple[Edition, ...]
    notes: Notes


def series(table: Table, whole: Table | None = None) -> Series:
    """What the rows of the query `series` tell.

    Where the wording of a whole changes, that of its parts does: `whole` has its rows. Raises
    UsageError when no row has a figure, and when they are of several measures, areas, parts or
    units.
    """
    figures = [row for row in table.rows if row["value"] is not None]
    if not figures:
        raise UsageError(_nothing(table))
    about = {name: table.only(name) for name in ("indicator", "area", "part", "unit", "per_unit")}
    known, spans = editions(table), periods(table.engine, table.values("period"))
    points = sorted(_points(table, figures, known, spans), key=_place)
    own = list(_breaks(table, known, spans))
    return Series(
        title=_title(table, about, points),
        unit=", ".join(table.called(about[name]) for name in ("unit", "per_unit") if about[name]),
        points=tuple(points),
        breaks=(*own, *_breaks_of(whole, own, points)),
        gaps=tuple(_gaps(table.rows, known)),
        editions=tuple(each for each in known.values() if each in {p.edition for p in points}),
        notes=Notes((remark for point in points for remark in point.remarks), table.command),
    )


def _points(
    table: Table, rows: Sequence[Row], known: dict[str, Edition], spans: dict[str, Period]
) -> Iterator[Point]:
    mixed = {column for column in COUNTED if _is_mixed(rows, column)}
    for said in by_statement(rows):
        row, edition = said[0], known[str(said[0]["edition"])]
        speakers = [table.called(each["speaker"]) for each in said]
        own = [
            f"{COUNTED[column]} {table.called(row[column])}"
            for column in COUNTED
            if column in mixed and row[column]
        ]
        if set(speakers) != {edition.publisher}:
            own.append(f"Said by {listed(speakers)}")
        yield Point(
            period=spans[str(row["period"])],
            value=row["value"],
            approximate=bool(row["approximate"]),
            edition=edition,
            wording=_wording(table, row),
            remarks=(*own, *remarks(said)),
        )


def _wording(table: Table, row: Row) -> str:
    """The indicator and the part that a row measures, where these are not what is asked."""
    pairs = (("reported_indicator", "indicator"), ("reported_part", "part"))
    return ", ".join(table.called(row[own]) for own, asked in pairs if row[own] != row[asked])


def _is_mixed(rows: Iterable[Row], column: str) -> bool:
    """Whether figures of one wording differ in a column."""
    pairs = {(row["reported_indicator"], row[column]) for row in rows}
    return len(pairs) > len({measured for measured, _ in pairs})


def _place(point: Point) -> tuple[float, float, int, str]:
    return *point.period.order, point.edition.year, point.key


def _breaks(table: Table, known: dict[str, Edition], spans: dict[str, Period]) -> Iterator[Break]:
    """A break for each text, where the later of the two wordings comes first."""
    worded: dict[frozenset[str], list[Row]] = {}
    for row in table.rows:
        if row["reported_indicator"] is not None:
            worded.setdefault(frozenset(_texts(row)), []).append(row)
    for words in dict.fromkeys(text for row in table.rows for text in _texts(row)):
        # On the other side of a break is what differs from these rows in this break alone.
        sides = [(texts - {words}, texts) for texts in worded if words in texts]
        one = [row for without, _ in sides for row in worded.get(without, [])]
        other = [row for _, texts in sides for row in worded[texts]]
        first = {
            min(known[str(row["edition"])].year for row in wording): wording
            for wording in (one, other)
            if wording
        }
        later = first[max(first)]
        yield Break(
            words.removeprefix(f"{table.called(table.only('area'))}: "),
            min((spans[str(row["period"])] for row in later), key=lambda each: each.order),
            min((known[str(row["edition"])] for row in later), key=lambda each: each.year),
        )


def _texts(row: Row) -> list[str]:
    """Why a figure does not continue others: because of its indicator, its part, or both."""
    return str(row["series_break"]).split(BETWEEN) if row["series_break"] else []


def _breaks_of(
    whole: Table | None, own: Sequence[Break], points: Sequence[Point]
) -> Iterator[Break]:
    """Those of the whole that lie between the figures, and are not their own."""
    if whole is None:
        return
    first, last = points[0].period.order, points[-1].period.order
    known, spans = editions(whole), periods(whole.engine, whole.values("period"))
    for each in _breaks(whole, known, spans):
        if each not in own and first <= each.period.order <= last:
            yield replace(each, words=f"of the total, {each.words}")


def _gaps(rows: Iterable[Row], known: dict[str, Edition]) -> Iterator[str]:
    """In which editions nothing was found, in the words of the rows."""
    names: dict[str, list[str]] = {}
    for row in rows:
        if row["value"] is None and row["availability"]:
            names.setdefault(str(row["availability"]), []).append(known[str(row["edition"])].name)
    for found, each in names.items():
        yield f"{capital(found)}: {editions_named(list(dict.fromkeys(each)))}."


def _title(table: Table, about: dict[str, str], points: Sequence[Point]) -> str:
    measure, area = table.called(about["indicator"]), table.called(about["area"])
    part = table.called(about["part"])
    if about["part"] in (TOTAL, about["per_unit"]):
        return capital(f"{measure}, {area}, {_years(points)}")
    return capital(f"{measure}: {part}, {area}, {_years(points)}")


def _years(points: Sequence[Point]) -> str:
    spans = {point.period for point in points}
    if len(spans) == 1:
        return points[0].period.label
    first, last = min(each.start for each in spans), max(each.end for each in spans)
    return f"{floor(first)} to {ceil(last - DAY) - 1}"


def _nothing(table: Table) -> str:
    found = listed(str(row["availability"]) for row in table.rows if row["availability"])
    why = f"the editions asked have none ({found})" if found else "no row has one"
    return f"no figure to draw; {why}; see '{table.command}'"
