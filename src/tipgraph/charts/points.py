"""The points of a series: a figure each, with its period and the source that has it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tipgraph import entities
from tipgraph.charts.format import figure
from tipgraph.charts.table import CitedEdition, QueryRows, Row, by_statement
from tipgraph.entities.editions import documents
from tipgraph.errors import UsageError
from tipgraph.namespaces import TOTAL, last_part
from tipgraph.queries.other_publishers import figures_of
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value
from tipgraph.store.engine import Engine
from tipgraph.store.rows import grouped
from tipgraph.text import join

# A day in years. Consecutive periods have at most this between them.
DAY = 1 / 365


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


# A longer period has no place among years.
LONGEST = 1.01
# The columns of actors.
PARTIES = ("counter", "speaker", "publisher")
UNSTATED, LONG = "the year is not stated", "its period is longer than a year"


def beside(table: QueryRows, subject: Mapping[str, str]) -> tuple[list[Point], list[str]]:
    """The figures on the notions of a series, and sentences on those that are not drawn.

    They are totals in the unit of the series. There are none where the series is of a part, or of
    some editions that somebody chose.
    """
    if subject["part"] != TOTAL or table.is_of_chosen_editions:
        return [], []
    rows = _rows(table, subject)
    cited = _citations(table, rows, table.label(subject["area"]))
    spans = periods(table.engine, {str(row["period"]) for row in rows if row["period"]})
    points, omitted = [], []
    for group in by_statement(rows):
        row = group[0]
        citation, period = cited[str(row["document"])], spans.get(str(row["period"]))
        if period is not None and period.end - period.start < LONGEST:
            points.append(_point(group, citation, period))
            continue
        reason = UNSTATED if period is None else LONG
        time = f", {period.label}" if period else ""
        text = figure(row["value"], False, str(row["qualifier"] or ""))
        omitted.append((reason, f"{text} ({citation.name}{time})"))
    return points, [*_remark(points), *(_not_drawn(*each) for each in grouped(omitted).items())]


def _remark(points: Sequence[Point]) -> Iterator[str]:
    publishers = list(dict.fromkeys(each.citation.edition.publisher_label for each in points))
    if publishers:
        yield (
            f"Beside the editions stand figures of {join(publishers)}, with another marker for each"
            " publisher; no line joins them."
        )


def _not_drawn(reason: str, figures: Sequence[str]) -> str:
    return f"Not drawn, since {reason}: {'; '.join(figures)}."


def _rows(table: QueryRows, subject: Mapping[str, str]) -> list[Row]:
    indicators = [*table.values("indicator"), *table.values("reported_indicator")]
    found = table.engine.select(
        "SELECT DISTINCT ?statement ?document ?period ?value ?words ?qualifier ?page"
        " ?counter ?speaker ?publisher"
        f" {{ {figures_of([subject['area']], indicators)} BIND(?figure AS ?statement)"
        f" ?figure sdmx-attribute:unitMeasure <{subject['unit']}> ; sdmx-measure:obsValue ?value ;"
        " tip:countedWords ?words ; tip:readOn/dcat:landingPage ?page ; tip:speaker ?speaker"
        " OPTIONAL { ?figure sdmx-dimension:refPeriod ?period }"
        " OPTIONAL { ?figure tip:qualifiedBy ?qualifier }"
        " OPTIONAL { ?figure tip:countedBy ?counter }"
        " FILTER NOT EXISTS { ?figure tip:countedPart ?part } }"
        " ORDER BY ?document ?period ?statement ?speaker"
    )
    iris = {str(row[name]) for row in found for name in PARTIES}
    known = entities.labels(table.engine, iris - {"None"})
    return [
        {
            name: known.get(str(each), each) if name in PARTIES else each
            for name, each in row.items()
        }
        for row in found
    ]


def _citations(table: QueryRows, rows: list[Row], area: str) -> dict[str, CitedEdition]:
    """The documents of the rows by IRI, each with its publisher, and without the country."""
    pages = {str(row["document"]): str(row["page"]) for row in rows}
    found = {}
    for iri, document in (documents(table.engine) if rows else {}).items():
        if iri in pages:
            by, name = document.publisher_label, document.label.removesuffix(f", {area}")
            is_named = by.removesuffix(f" of {area}") in name
            cited = replace(document, page=pages[iri])
            name = name if is_named else f"{by}: {name}"
            found[iri] = CitedEdition(cited, name, (), is_document=True)
    return found


def _point(group: list[Row], citation: CitedEdition, period: Period) -> Point:
    row = group[0]
    counter = str(row["counter"] or "")
    return Point(
        period=period,
        value=row["value"],
        approximate=False,
        citation=citation,
        wording=str(row["words"]),
        notes=tuple(_notes(group, counter)),
        counter=counter,
        qualifier=str(row["qualifier"] or ""),
    )


def _notes(group: list[Row], counter: str) -> Iterator[str]:
    """Notes on who counted and who says so, where it is not the publisher."""
    publisher = str(group[0]["publisher"])
    speakers = list(dict.fromkeys(str(row["speaker"]) for row in group))
    if counter and counter != publisher:
        yield f"Counted by {counter}"
    if speakers not in ([publisher], [counter]):
        yield f"According to {join(speakers)}"
