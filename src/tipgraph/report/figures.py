"""The figures of an edition as a table, and how they developed, with charts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import compress

from tipgraph.charts import chart
from tipgraph.charts.table import Table as ChartTable
from tipgraph.errors import UsageError
from tipgraph.lookup import entities
from tipgraph.namespaces import last_part
from tipgraph.render.answer_document import table
from tipgraph.render.document import Picture, Section
from tipgraph.report.subject import Subject
from tipgraph.store.rows import Rows

FIGURES = (
    *("period", "indicator", "part", "number_qualifier", "value", "unit", "converted"),
    *("counted_by", "speaker", "sentence", "caveat"),
)
CHANGES = (
    *("indicator", "part", "from", "earlier", "to", "later", "unit", "difference", "percent"),
    *("worded_differently", "basis", "speaker", "edition", "sentence", "caveat"),
)
NO_FIGURES = "The graph has no figure of this edition."
BREAKS = (
    "A line joins figures of one wording and one counter only. Where the wording changes, the"
    " chart shows a break and the table states that the two are worded differently."
)
NO_CHANGES = "No figure can be compared with one of another period."


def figures(subject: Subject) -> Section:
    """All figures of the edition, each with speaker, sentence and caveats."""
    rows = subject.rows("figures").only(FIGURES)
    if not rows:
        return Section("Figures", paragraphs=(NO_FIGURES,))
    meanings = _meanings(subject, "figures", FIGURES)
    title = f"Figures of {subject.edition.label}"
    return Section("Figures", tables=(table(subject.engine, rows, title, meanings),))


def trends(subject: Subject, of_edition: bool, pictures: str | None) -> Section:
    """The changes between periods, and a chart of each indicator that has figures for several.

    They are those that the edition itself allows if `of_edition`, else those of all editions on the
    country. `pictures` is the format of the charts, or None for none.
    """
    area = last_part(subject.edition.area)
    within = {"edition": subject.edition.slug} if of_edition else {"area": area}
    known = subject.rows_of("figures", **within)
    wanted = set(known.column("indicator"))
    changes = subject.rows_of("changes", **within)
    kept = (each in wanted for each in changes.column("indicator"))
    rows = replace(changes, terms=tuple(compress(changes.terms, kept))).only(CHANGES)
    if not rows:
        return Section("Trends", paragraphs=(NO_CHANGES,))
    country = entities.label(subject.engine, subject.edition.area)
    scope = subject.edition.label if of_edition else f"all editions on {country}"
    grid = table(
        subject.engine,
        rows,
        f"Changes from one period to another, {scope}",
        _meanings(subject, "changes", CHANGES),
    )
    return Section(
        "Trends",
        paragraphs=(f"The figures are those of {scope} in the graph. {BREAKS}",),
        pictures=tuple(_charts(subject, _repeated(known), {**within, "area": area}, pictures)),
        tables=(grid,),
    )


def _repeated(figures: Rows) -> list[str]:
    """The indicators that have figures for several periods, the newest edition's first."""
    periods: dict[str, set[object]] = {}
    for row in reversed(list(figures)):
        periods.setdefault(str(row["indicator"]), set()).add(row["period"])
    return [indicator for indicator, those in periods.items() if len(those) > 1]


def _charts(
    subject: Subject, indicators: Iterable[str], within: dict[str, str], pictures: str | None
) -> Iterator[Picture]:
    """A chart for each indicator but those that are in the chart of another one."""
    covered: set[str] = set()
    for indicator in indicators:
        parameters = {**within, "indicator": indicator}
        if pictures is None or indicator in covered:
            continue
        try:
            drawn = chart(subject.engine, subject.queries, "series", pictures, parameters)
        except UsageError:
            # Figures of several kinds, or without a year: the tables have them.
            continue
        series = ChartTable(subject.engine, subject.queries, "series", parameters)
        covered |= set(series.values("reported_indicator"))
        yield Picture(drawn.title, drawn.alt_text, drawn.content, pictures)


def _meanings(subject: Subject, query: str, columns: Iterable[str]) -> dict[str, str]:
    described = subject.queries[query].columns
    return {name: described[name] for name in columns}
