"""The figures of an edition in a report, as tables.

Two countries, or two editions on one, stand beside each other with what is not comparable.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tipgraph import entities
from tipgraph.charts import chart
from tipgraph.diff import compare
from tipgraph.diff.document import document
from tipgraph.errors import UsageError
from tipgraph.namespaces import CODE, TOTAL, last_part
from tipgraph.rdf.terms import Term, value
from tipgraph.render.document import Cell, Picture, Section, Table
from tipgraph.render.results import table
from tipgraph.report.subject import Subject
from tipgraph.store.engine import Rows
from tipgraph.text import join

FIGURES = (
    *("indicator", "period", "part", "number_qualifier", "value", "unit", "converted"),
    *("caveat", "counted_by", "speaker", "place"),
)
CHANGES = (
    *("indicator", "part", "from", "earlier", "to", "later", "unit", "difference", "percent"),
    *("not_computed", "worded_differently", "caveat", "counted_by", "speaker", "edition", "place"),
)
# The columns of a change that several editions repeat.
CHANGE = ("indicator", "part", "from", "earlier", "to", "later", "unit", "counted_by")
REVISIONS = (
    *("period", "part", "earlier_edition", "earlier_indicator", "earlier_value", "edition"),
    *("indicator", "value", "unit", "reason", "earlier_caveat", "caveat", "note"),
    *("coverage_note", "speaker", "place"),
)
BREAKS = (
    "A line joins figures of one indicator and one counter. Where the source words the two figures"
    " of a change differently, no percentage is computed."
)
NO_FIGURES = "The graph has no figure of this edition."
NO_CHANGES = "No figure can be compared with one of another period."
REVISED = (
    "A later edition gives another number, or other words, for a period of an earlier one. Which of"
    " the two is right is not stated; both stand. Where the reason names the population or the"
    " counter, they count different things."
)
# The notion whose chart a report has, where a country counts it.
HEADLINE = "victims-identified"
QUERY = "compare-countries"
COLUMNS = (
    *("period", "area", "table", "indicator", "qualifier", "value", "unit", "counted_by"),
    *("not_comparable_with", "breaks", "left_out", "caveat", "speaker", "edition", "place"),
)
# Figures of no stage have nothing in common.
OTHER = CODE + "counted-other"
NO_RANK = (
    "Rows may be compared only where they count the same (column table), and only as the column"
    " not comparable with allows. They are in the order of the years, never of the values: a count"
    " shows what a state found, not how much there is."
)
NOTHING_IN_COMMON = "The countries count nothing in common, so that none of their figures compare."


def figures(subject: Subject) -> Section:
    """All figures of the edition, each with speaker, sentence and caveats."""
    rows = subject.rows("figures")
    if not rows:
        return Section("Figures", paragraphs=(NO_FIGURES,))
    title = f"Figures of {subject.edition.label}"
    return Section("Figures", tables=(_table(subject, "figures", rows, FIGURES, title),))


def trends(subject: Subject, is_of_edition: bool) -> Iterator[Section]:
    """The changes between periods, and revisions.

    They are those that the edition itself allows if `is_of_edition`, else those of all editions on
    the country.
    """
    bound = within(subject, is_of_edition)
    known = subject.rows_of("figures", **bound)
    indicators = set(known.column("indicator"))
    editions = subject.edition.label if is_of_edition else f"all editions on {subject.country}"
    changes = subject.rows_of("changes", **bound).where("indicator", indicators)
    if changes:
        title = f"Changes from one period to another, {editions}"
        grid = _table(subject, "changes", _once(changes), CHANGES, title)
        yield Section(
            "Trends",
            paragraphs=(f"The figures are those of {editions} in the graph. {BREAKS}",),
            tables=(_without_percentages(grid),),
        )
    else:
        yield Section("Trends", paragraphs=(NO_CHANGES,))
    revisions = subject.rows_of("revisions", **bound).where("indicator", indicators)
    if revisions:
        title = f"Figures that a later edition gives otherwise, {editions}"
        grid = _table(subject, "revisions", revisions, REVISIONS, title)
        yield Section("Different figures for one period", paragraphs=(REVISED,), tables=(grid,))


def _once(changes: Rows) -> Rows:
    """The changes, totals first, each from the newest of the editions that give both figures."""
    key = [changes.columns.index(name) for name in CHANGE]
    part, edition = map(changes.columns.index, ("part", "edition"))
    kept: dict[tuple[Term | None, ...], dict[Term | None, list[tuple[Term | None, ...]]]] = {}
    for row in sorted(changes.terms, key=lambda row: str(value(row[part])) != TOTAL):
        by_edition = kept.setdefault(tuple(row[each] for each in key), {})
        by_edition.setdefault(row[edition], []).append(row)
    # The newest edition comes first.
    rows = (row for each in kept.values() for row in next(iter(each.values())))
    return replace(changes, terms=tuple(rows))


def _table(subject: Subject, query: str, rows: Rows, columns: Sequence[str], title: str) -> Table:
    described = subject.queries[query].columns
    meanings = {name: described[name] for name in columns}
    return table(subject.engine, rows.only(columns), title, meanings)


def _without_percentages(changes: Table) -> Table:
    """The table without the percentages of changes between figures that are worded differently."""
    percent, worded = map(changes.columns.index, ("percent", "worded_differently"))
    rows = tuple(
        (*row[:percent], Cell(""), *row[percent + 1 :]) if row[worded].text == "true" else row
        for row in changes.rows
    )
    return replace(changes, rows=rows)


def chart_of(
    subject: Subject,
    is_of_edition: bool,
    indicators: Sequence[str],
    pictures: str | None,
    beside: Sequence[str],
    numbers: Mapping[str, int],
) -> tuple[Picture, ...]:
    """A chart of identified victims, else of the first of the indicators that has several periods.

    `pictures` is its format, or None for none. The countries `beside` have panels of their own.
    `numbers` are those of the caveats of the section.
    """
    headline = [] if subject.topic else [HEADLINE]
    for indicator in (*headline, *indicators):
        if pictures is None:
            break
        bound = {**within(subject, is_of_edition), "area": last_part(subject.edition.area)}
        try:
            found = subject.rows_of("series", **bound, indicator=indicator)
            if len(set(found.column("period")) - {None}) > 1:
                areas = {"area": [bound["area"], *beside]} if beside else {}
                parameters = {**bound, **areas, "indicator": last_part(indicator)}
                given = "series", pictures, parameters, numbers
                return (chart(subject.engine, subject.queries, *given),)
        except UsageError:
            # Figures of several kinds, or without a year: the tables have them.
            continue
    return ()


def within(subject: Subject, is_of_edition: bool) -> Mapping[str, str]:
    """Return the parameters of queries on the edition, or on all editions on the country."""
    if is_of_edition:
        return {"edition": subject.edition.slug}
    return {"area": last_part(subject.edition.area)}


def side_by_side(subjects: Sequence[Subject]) -> Iterator[Section]:
    """The comparison of the countries, or of two editions on one; nothing for a single one."""
    areas = list(dict.fromkeys(each.edition.area for each in subjects))
    if len(areas) > 1:
        yield from _countries(subjects, areas)
    elif len(subjects) == 2:
        yield from _editions(*subjects)


def _editions(one: Subject, other: Subject) -> Iterator[Section]:
    found = document(compare(one.engine, one.queries, one.edition.slug, other.edition.slug))
    yield Section("The two editions compared", paragraphs=found.head)
    yield from (replace(each, title=f"Compared: {each.title}") for each in found.filled)


def _countries(subjects: Sequence[Subject], areas: Sequence[str]) -> Iterator[Section]:
    """A table for each stage that several of the countries count, and the stages of one alone."""
    first = subjects[0]
    stages = {area: _stages(first, area) for area in areas}
    codes = {*areas, *(stage for those in stages.values() for stage in those)}
    known = entities.labels(first.engine, codes)
    shared: set[str] = set()
    tables = []
    names = tuple(map(last_part, areas))
    for stage in dict.fromkeys(stage for those in stages.values() for stage in those):
        rows = _by_period(first.rows_of(QUERY, stage=last_part(stage), area=names))
        counted = set(map(str, rows.column("counted_stage")))
        if len(set(rows.column("area"))) > 1 and not counted <= shared:
            tables.append(_table(first, QUERY, rows, COLUMNS, f"Persons counted as {known[stage]}"))
            shared |= counted
    about = NO_RANK if tables else NOTHING_IN_COMMON
    yield Section("The countries side by side", paragraphs=(about,), tables=tuple(tables))
    alone = {area: [known[e] for e in those if e not in shared] for area, those in stages.items()}
    texts = (f"{known[area]}: {join(those)}." for area, those in alone.items() if those)
    yield Section("What is counted, but not set beside the other country", paragraphs=tuple(texts))


def _stages(subject: Subject, area: str) -> list[str]:
    """The stages that the figures of all editions on a country count."""
    rows = subject.rows_of("figures", area=last_part(area))
    return [str(each) for each in dict.fromkeys(rows.column("stage")) if each not in (None, OTHER)]


def _by_period(rows: Rows) -> Rows:
    position = rows.columns.index("period")
    return replace(rows, terms=tuple(sorted(rows.terms, key=lambda row: str(row[position]))))
