"""A series: the figures that editions report for one indicator, period by period."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, pairwise
from math import ceil, floor

from tipgraph.charts.table import (
    NO_RANK,
    CitedEdition,
    Footnotes,
    QueryRows,
    Row,
    by_statement,
    caveats,
    citations,
    figure,
    join_editions,
)
from tipgraph.entities.editions import editions
from tipgraph.entities.passages import passages
from tipgraph.errors import UsageError
from tipgraph.namespaces import PERCENT, TOTAL, last_part
from tipgraph.queries.other_publishers import figures_of
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value
from tipgraph.render.document import separate
from tipgraph.store.engine import Engine, grouped, matching
from tipgraph.text import capitalise, join

PANELS = (
    "Each country has a panel and an axis of its own, in alphabetical order:"
    f" {NO_RANK}, so they do not rank countries."
)
# The word for which the chart has a sign.
APPROXIMATELY = "approximately"
# In a caveat on an inferred period, the edition follows, which the legend names.
UNSTATED_IN = " (not stated in "
# Columns that become a note where figures of one wording differ in them.
COUNTED = {"population": "Counted:", "counted_by": "Counted by"}
# A day in years. Consecutive periods have at most this between them.
DAY = 1 / 365
# A longer period has no place among years.
LONGEST = 1.01
# The stored query with the figures of other publishers.
SOURCES = "compare-sources"
# The reasons why a figure is not drawn.
UNSTATED, LONG = "the year is not stated", "its period is longer than a year"
NO_COUNT = "a percentage is no count"


@dataclass(frozen=True)
class Period:
    """A time in decimal years: 2020 starts at 2020.0 and ends at 2021.0."""

    label: str
    start: float
    end: float

    @property
    def middle(self) -> float:
        """Its place on an axis where a year's number is the middle of the year."""
        return (self.start + self.end) / 2 - 0.5

    @property
    def sort_key(self) -> tuple[float, float]:
        """By place, and at one place the shorter first."""
        return self.middle, self.end - self.start

    @property
    def span(self) -> tuple[float, float]:
        """Start and end on that axis."""
        return self.start - 0.5, self.end - 0.5

    @property
    def is_year(self) -> bool:
        return self.label == str(round(self.start)) and abs(self.end - self.start - 1) < DAY

    def precedes(self, other: "Period") -> bool:
        """Return whether the other is as long and follows immediately."""
        lengths = self.end - self.start, other.end - other.start
        return abs(self.end - other.start) < DAY and abs(lengths[0] - lengths[1]) < 2 * DAY


@dataclass(frozen=True)
class Point:
    """A figure of a source; `wording` is its indicator or part where another was asked for.

    `qualifier` is the source's word that makes the value less than exact, such as `at least`.
    """

    period: Period
    value: Value
    approximate: bool
    citation: CitedEdition
    wording: str
    notes: tuple[str, ...]
    counter: str = ""
    qualifier: str = ""

    @property
    def is_exact(self) -> bool:
        return not (self.approximate or self.qualifier)

    @property
    def is_beside(self) -> bool:
        """Return whether it is of a document beside the editions."""
        return self.citation.is_document

    @property
    def key(self) -> str:
        """Its entry in the legend."""
        name = self.citation.name
        return f"{name}, worded “{self.wording}”" if self.wording else name


def periods(engine: Engine, iris: Iterable[str]) -> dict[str, Period]:
    """The periods by IRI. Raises UsageError for one without a label, a start or an end."""
    wanted = list(iris)
    rows = engine.select(
        f"SELECT ?period ?label ?start ?end {{ VALUES ?period {{ {terms(wanted)} }}"
        " ?period rdfs:label ?label ; tip:start ?start ; tip:end ?end }"
    )
    found = {
        str(row["period"]): Period(
            str(row["label"]), _decimal_year(row["start"]), _decimal_year(row["end"])
        )
        for row in rows
    }
    for iri in wanted:
        if iri not in found:
            raise UsageError(
                f"cannot draw the period {last_part(iri)}; give it rdfs:label, tip:start and"
                " tip:end"
            )
    return found


def _decimal_year(moment: object) -> float:
    """An ISO 8601 date and time in years."""
    at = datetime.fromisoformat(str(moment))
    year = datetime(at.year, 1, 1, tzinfo=at.tzinfo)
    following = datetime(at.year + 1, 1, 1, tzinfo=at.tzinfo)
    return at.year + (at - year) / (following - year)


@dataclass(frozen=True)
class Break:
    """A change of wording: the first period and the first edition with the later wording.

    `link` is the label of the link of wording, which is also a caveat of the figures.
    """

    text: str
    link: str
    period: Period
    citation: CitedEdition


@dataclass(frozen=True)
class Series:
    """The content of a series chart.

    `gaps` are sentences on figures that are not drawn, and on editions without a figure.
    """

    title: str
    indicator: str
    area: str
    unit: str
    points: tuple[Point, ...]
    breaks: tuple[Break, ...]
    gaps: tuple[str, ...]
    citations: tuple[CitedEdition, ...]
    footnotes: Footnotes


def series(table: QueryRows, totals: QueryRows | None = None) -> Series:
    """The series in the rows of the query `series`.

    For a series of parts, `totals` has the rows of the totals: where their wording changes, that of
    the parts does. Raises UsageError when no row has a figure, and when the figures are of more
    than one indicator, area, part or unit.
    """
    stated = [row for row in table.rows if row["value"] is not None]
    if not stated:
        raise UsageError(_no_figure(table))
    omitted = dict(_omitted(table, stated))
    hidden = {row["statement"] for rows in omitted.values() for row in rows}
    table = table.where(lambda row: row["value"] is None or row["statement"] not in hidden)
    figures = [row for row in stated if row["statement"] not in hidden]
    if not figures:
        reasons = join(list(omitted))
        raise UsageError(f"no figure to draw; {reasons}; see '{table.command}'")
    columns = ("indicator", "area", "part", "unit", "per_unit")
    subject = {name: table.only(name) for name in columns}
    named = citations(table.with_rows([*table.rows, *chain(*omitted.values())]))
    cited, spans = named, periods(table.engine, table.values("period"))
    points = sorted(_points(table, figures, cited, spans), key=_sort_key)
    own = list(_breaks(table, cited, spans))
    breaks = (*own, *_breaks_of_totals(totals, own, points))
    points = list(_without_notes(points, {each.link for each in breaks}))
    others, not_drawn = beside(table, subject)
    shown = sorted([*points, *others], key=_sort_key)
    in_points = {point.citation for point in points}
    beside_them = dict.fromkeys(point.citation for point in others)
    return Series(
        title=_title(table, subject, points),
        indicator=table.label(subject["indicator"]),
        area=table.label(subject["area"]),
        unit=", ".join(table.label(subject[n]) for n in ("unit", "per_unit") if subject[n]),
        points=tuple(shown),
        breaks=breaks,
        gaps=(*_not_drawn(table, omitted, cited), *not_drawn, *_gaps(table.rows, cited)),
        citations=(*(each for each in cited.values() if each in in_points), *beside_them),
        footnotes=Footnotes((note for point in shown for note in point.notes), newest_last=True),
    )


def panels(table: QueryRows, totals: QueryRows | None = None) -> list[Series]:
    """A series for each country that has figures of a known year, in alphabetical order.

    Raises UsageError as `series` does.
    """
    areas = table.where(lambda row: row["value"] is not None).values("area")
    if len(areas) < 2:
        return [series(table.of_area(areas[0]) if areas else table, totals)]
    found: list[Series] = []
    errors: dict[str, UsageError] = {}
    for area in sorted(areas, key=table.label):
        try:
            found.append(series(table.of_area(area), totals and totals.of_area(area)))
        except UsageError as problem:
            errors[table.label(area)] = problem
    if errors and not found:
        raise next(iter(errors.values()))
    without = tuple(
        f"No panel for {area}: {str(error).partition(';')[2].partition(';')[0].strip()}."
        for area, error in errors.items()
    )
    return [*found[:-1], replace(found[-1], gaps=(*found[-1].gaps, *without))]


def _omitted(table: QueryRows, rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The rows that have no place in the chart, by the reason."""
    unstated = set(
        table.engine.select("SELECT ?period { ?period a tip:UnstatedPeriod }").column("period")
    )
    without_year = [row for row in rows if row["period"] in unstated]
    if without_year:
        yield UNSTATED, without_year
    percentages = [row for row in rows if str(row["unit"]) == PERCENT]
    if percentages and len(percentages) < len(rows):
        yield NO_COUNT, [row for row in percentages if row["period"] not in unstated]


def _not_drawn(
    table: QueryRows, omitted: Mapping[str, list[Row]], cited: Mapping[str, CitedEdition]
) -> Iterator[str]:
    """A sentence for each reason, with the figures that are not drawn."""
    qualifiers = _qualifiers(table.engine, chain(*omitted.values()))
    for reason, rows in omitted.items():
        texts = []
        for row, *_ in by_statement(rows):
            qualifier = qualifiers.get(row["statement"], "")
            text = figure(row["value"], bool(row["approximate"]), qualifier)
            texts.append(f"{text} ({cited[str(row['edition'])].name})")
        if texts:
            yield _reason(reason, texts)


def _reason(reason: str, figures: Sequence[str]) -> str:
    return f"Not drawn, since {reason}: {'; '.join(figures)}."


def _qualifiers(engine: Engine, rows: Iterable[Row]) -> dict[Value, str]:
    """The words that qualify the numbers of these rows, by statement."""
    wanted = terms(dict.fromkeys(str(row["statement"]) for row in rows))
    found = engine.select(
        f"SELECT DISTINCT ?figure ?word {{ VALUES ?figure {{ {wanted} }}"
        " { ?figure tip:numberQualifier/skos:prefLabel ?word } UNION"
        " { ?figure tip:amount ?amount . ?amount tip:converted false ;"
        "   tip:numberQualifier/skos:prefLabel ?word } }"
    )
    words = {row["figure"]: str(row["word"]) for row in found}
    return {each: word for each, word in words.items() if word != APPROXIMATELY}


def _points(
    table: QueryRows, rows: Sequence[Row], cited: dict[str, CitedEdition], spans: dict[str, Period]
) -> Iterator[Point]:
    qualifiers = _qualifiers(table.engine, rows)
    mixed = [column for column in COUNTED if _is_mixed(rows, column)]
    for group in by_statement(rows):
        row, citation = group[0], cited[str(group[0]["edition"])]
        speakers = [table.label(each["speaker"]) for each in group]
        notes = [f"{COUNTED[column]} {table.label(row[column])}" for column in mixed if row[column]]
        if row["part_wording"]:
            notes.append(f"Worded “{row['part_wording']}” ({citation.name})")
        if set(speakers) != {citation.edition.publisher_label}:
            notes.append(f"According to {join(speakers)}")
        yield Point(
            period=spans[str(row["period"])],
            value=row["value"],
            approximate=bool(row["approximate"]),
            citation=citation,
            wording=_wording(table, row),
            notes=(*notes, *(each.partition(UNSTATED_IN)[0] for each in caveats(group))),
            counter=table.label(row["counted_by"]) if row["counted_by"] else "",
            qualifier=qualifiers.get(row["statement"], ""),
        )


def _without_notes(points: Iterable[Point], shown: Collection[str]) -> Iterator[Point]:
    """The points without the notes that the chart shows already."""
    for point in points:
        yield replace(point, notes=tuple(note for note in point.notes if note not in shown))


def _wording(table: QueryRows, row: Row) -> str:
    """The indicator and the part that a row reports, where others were asked for.

    An indicator that says the same as the notion that was asked for is no other.
    """
    pairs = (("reported_indicator", "indicator"), ("reported_part", "part"))
    differing = [own for own, asked in pairs if row.get(own, row[asked]) != row[asked]]
    if row.get("match") == "same" and "reported_indicator" in differing:
        differing.remove("reported_indicator")
    return ", ".join(table.label(row[own]) for own in differing)


def _is_mixed(rows: Iterable[Row], column: str) -> bool:
    """Return whether figures of one wording differ in a column."""
    pairs = {(row["reported_indicator"], row[column]) for row in rows}
    return len(pairs) > len({indicator for indicator, _ in pairs})


def _sort_key(point: Point) -> tuple[float, float, bool, int, str]:
    return *point.period.sort_key, point.is_beside, point.citation.year, point.key


def _breaks(
    table: QueryRows, cited: dict[str, CitedEdition], spans: dict[str, Period]
) -> Iterator[Break]:
    """A break for each text, where the later of its two wordings comes first."""
    by_breaks = grouped(
        (frozenset(_break_texts(row)), row)
        for row in table.rows
        if row["reported_indicator"] is not None
    )
    for text in dict.fromkeys(text for row in table.rows for text in _break_texts(row)):
        # The rows on the other side of a break differ from these in this break alone.
        sides = [(texts - {text}, texts) for texts in by_breaks if text in texts]
        one = [row for without, _ in sides for row in by_breaks.get(without, [])]
        other = [row for _, texts in sides for row in by_breaks[texts]]
        later = _later(one, other, cited)
        yield Break(
            text.removeprefix(f"{table.label(table.only('area'))}: "),
            text,
            min((spans[str(row["period"])] for row in later), key=lambda each: each.sort_key),
            min((cited[str(row["edition"])] for row in later), key=lambda each: each.year),
        )


def _later(
    one: Sequence[Row], other: Sequence[Row], cited: Mapping[str, CitedEdition]
) -> Sequence[Row]:
    """The rows of the edition with which the later of two wordings replaces the earlier one.

    It is the last that has one of them where the edition before has the other alone; without such
    an edition, the rows of the wording that comes later.
    """
    sides = [
        grouped((cited[str(row["edition"])].year, row) for row in rows) for rows in (one, other)
    ]
    years = sorted({*sides[0], *sides[1]})
    for before, year in reversed(list(pairwise(years))):
        for old, new in (sides, sides[::-1]):
            if before in old and before not in new and year in new:
                return new[year]
    first, second = sides
    return one if min(first, default=0) > min(second, default=0) else other


def _break_texts(row: Row) -> list[str]:
    """Return the reasons why a figure does not continue others: indicator, part, or both."""
    return separate(str(row["series_break"] or ""))


def _breaks_of_totals(
    totals: QueryRows | None, own: Sequence[Break], points: Sequence[Point]
) -> Iterator[Break]:
    """The breaks of the totals between the first and the last point, except the points' own."""
    if totals is None:
        return
    first, last = points[0].period.sort_key, points[-1].period.sort_key
    cited, spans = citations(totals), periods(totals.engine, totals.values("period"))
    for each in _breaks(totals, cited, spans):
        if each not in own and first <= each.period.sort_key <= last:
            yield replace(each, text=f"of the total, {each.text}")


def _gaps(rows: Iterable[Row], cited: dict[str, CitedEdition]) -> Iterator[str]:
    """The editions without a figure, by the reason that the rows give."""
    names = grouped(
        (str(row["availability"]), cited[str(row["edition"])].name)
        for row in rows
        if row["value"] is None and row["availability"]
    )
    for reason, those in names.items():
        yield f"{capitalise(reason)}: {join_editions(list(dict.fromkeys(those)))}."


def _title(table: QueryRows, subject: dict[str, str], points: Sequence[Point]) -> str:
    indicator, area = table.label(subject["indicator"]), table.label(subject["area"])
    if subject["part"] in (TOTAL, subject["per_unit"]):
        return capitalise(f"{indicator}, {area}, {_years(points)}")
    return capitalise(f"{indicator}: {table.label(subject['part'])}, {area}, {_years(points)}")


def _years(points: Sequence[Point]) -> str:
    periods = {point.period for point in points}
    if len(periods) == 1:
        return points[0].period.label
    first, last = min(each.start for each in periods), max(each.end for each in periods)
    return f"{floor(first)} to {ceil(last - DAY) - 1}"


def _no_figure(table: QueryRows) -> str:
    reasons = join(table.values("availability"))
    why = f"the editions have none ({reasons})" if reasons else "no row has one"
    return f"no figure to draw; {why}; see '{table.command}'"


def beside(table: QueryRows, subject: Mapping[str, str]) -> tuple[list[Point], list[str]]:
    """The figures on the notions of a series, and sentences on those that are not drawn.

    They are totals in the unit of the series. There are none where the series is of a part, or of
    some editions that somebody chose.
    """
    if subject["part"] != TOTAL or table.is_of_chosen_editions:
        return [], []
    found = _of_others(table, subject)
    cited = _documents(found, table.label(subject["area"]))
    spans = periods(found.engine, found.values("period"))
    points, omitted = [], []
    for group in by_statement(found.rows):
        row = group[0]
        citation, period = cited[str(row["publication"])], spans.get(str(row["period"]))
        qualifier = str(row["qualifier"] or "")
        if period is None or period.end - period.start >= LONGEST:
            reason = UNSTATED if period is None else LONG
            time = f", {period.label}" if period else ""
            text = figure(row["value"], False, qualifier)
            omitted.append((reason, f"{text} ({citation.name}{time})"))
            continue
        counter = found.label(row["counted_by"]) if row["counted_by"] else ""
        notes = tuple(_notes_beside(found, group, counter))
        words = str(row["counts"])
        points.append(
            Point(period, row["value"], False, citation, words, notes, counter, qualifier)
        )
    return points, [*_remark(points), *(_reason(*each) for each in grouped(omitted).items())]


def _remark(points: Sequence[Point]) -> Iterator[str]:
    publishers = list(dict.fromkeys(each.citation.edition.publisher_label for each in points))
    if publishers:
        yield (
            f"Beside the editions stand figures of {join(publishers)}, with another marker for each"
            " publisher; no line joins them."
        )


def _of_others(table: QueryRows, subject: Mapping[str, str]) -> QueryRows:
    """The figures of documents on the notions of a series, in the order of documents."""
    indicators = [*table.values("indicator"), *table.values("reported_indicator")]
    near = figures_of([subject["area"]], indicators)
    wanted = {*matching(table.engine, f"{near} BIND(?figure AS ?thing)")}
    if not wanted:
        return table.with_rows(())
    found = table.of_query(SOURCES, {"area": subject["area"], "unit": subject["unit"]})
    rows = (row for row in found.rows if row["statement"] in wanted and row["of"] is None)
    order = ("publication", "period", "statement", "speaker")
    return found.with_rows(sorted(rows, key=lambda row: [str(row[name] or "") for name in order]))


def _documents(found: QueryRows, area: str) -> dict[str, CitedEdition]:
    """The documents of the rows by IRI, each with its publisher, and without the country."""
    places = passages(found.engine, found.values("place")).values()
    pages = {each.edition: each.page for each in places}
    cited = {}
    for iri, document in editions(found.engine, pages, kinds=()).items():
        by, name = document.publisher_label, document.label.removesuffix(f", {area}")
        is_named = by.removesuffix(f" of {area}") in name
        name = name if is_named else f"{by}: {name}"
        cited[iri] = CitedEdition(replace(document, page=pages[iri]), name, (), is_document=True)
    return cited


def _notes_beside(found: QueryRows, group: list[Row], counter: str) -> Iterator[str]:
    """Notes on who counted and who says so, where it is not the publisher."""
    publisher = found.label(group[0]["publisher"])
    speakers = list(dict.fromkeys(found.label(row["speaker"]) for row in group))
    if counter and counter != publisher:
        yield f"Counted by {counter}"
    if speakers not in ([publisher], [counter]):
        yield f"According to {join(speakers)}"
