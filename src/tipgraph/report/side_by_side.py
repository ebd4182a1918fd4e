"""Two countries, or two editions on one, beside each other, with what is not comparable."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tipgraph.editions.compare import compare
from tipgraph.editions.compare.render import document
from tipgraph.lookup import entities
from tipgraph.namespaces import last_part
from tipgraph.render.answer_document import by_heading, table
from tipgraph.render.document import Section, Table
from tipgraph.report.subject import Subject
from tipgraph.store.rows import Rows
from tipgraph.text import join

QUERY = "compare-countries"
# The heading of a table comes first.
COLUMNS = (
    *("table", "area", "period", "qualifier", "value", "unit", "indicator", "counted_by"),
    *("not_comparable_with", "breaks", "caveat", "speaker", "edition", "sentence"),
)
NO_RANK = (
    "Only cells of one table may be compared, and only as its columns allow. The tables are by"
    " country and year, never by value: a count shows what a state found, not how much there is."
)


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
    """A section with a table for each thing that several of the countries count."""
    first = subjects[0]
    by_area = {area: _stages(next(e for e in subjects if e.edition.area == area)) for area in areas}
    known = entities.labels(
        first.engine, {*areas, *(s for those in by_area.values() for s in those)}
    )
    everywhere = set.intersection(*map(set, by_area.values()))
    found: list[Table] = []
    for stage in (each for each in by_area[areas[0]] if each in everywhere):
        rows = first.rows_of(QUERY, stage=last_part(stage))
        found += _tables(first, rows, [known[area] for area in areas])
    alone = {
        area: [known[each] for each in those if each not in everywhere]
        for area, those in by_area.items()
    }
    apart = (f"{known[area]}: {join(those)}." for area, those in alone.items() if those)
    yield Section("The countries side by side", paragraphs=(NO_RANK,), tables=tuple(found))
    yield Section("What only one of the countries counts", paragraphs=tuple(apart))


def _stages(subject: Subject) -> list[str]:
    """The stages that the country's figures count, of all its editions."""
    rows = subject.rows_of("figures", area=last_part(subject.edition.area))
    return [str(each) for each in dict.fromkeys(rows.column("stage")) if each]


def _tables(subject: Subject, rows: Rows, names: Sequence[str]) -> Iterator[Table]:
    """The tables in which each of the countries has a row, with their rows alone."""
    described = subject.queries[QUERY].columns
    meanings = {name: described[name] for name in COLUMNS}
    place = COLUMNS.index("area") - 1
    for found in by_heading(table(subject.engine, rows.only(COLUMNS), "", meanings), "table"):
        kept = tuple(row for row in found.rows if row[place].text in names)
        if {row[place].text for row in kept} == set(names):
            yield replace(found, rows=kept)
