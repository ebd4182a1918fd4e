"""Figures of documents by other publishers, which a chart of a series sets beside its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tipgraph import entities
from tipgraph.charts.format import figure
from tipgraph.charts.points import Period, Point, periods
from tipgraph.charts.table import CitedEdition, QueryRows, Row, by_statement
from tipgraph.entities.editions import documents
from tipgraph.namespaces import TOTAL
from tipgraph.queries.other_publishers import figures_of
from tipgraph.store.rows import grouped
from tipgraph.text import join

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
