"""Two countries, or two editions on one, beside each other, with what is not comparable."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tipgraph import entities
from tipgraph.editions.compare import compare
from tipgraph.editions.compare.render import document
from tipgraph.entities.row_labels import Labels
from tipgraph.namespaces import CODE, last_part
from tipgraph.render.answer_document import table
from tipgraph.render.document import Section, Table
from tipgraph.report.subject import Subject
from tipgraph.store.rows import Rows
from tipgraph.text import join

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
    known = Labels(entities.labels(first.engine, codes))
    shared: set[str] = set()
    tables = []
    for stage in dict.fromkeys(stage for those in stages.values() for stage in those):
        rows = _by_period(first.rows_of(QUERY, stage=last_part(stage)).where("area", areas))
        counted = set(map(str, rows.column("counted_stage")))
        if len(set(rows.column("area"))) > 1 and not counted <= shared:
            tables.append(_table(first, rows, f"Persons counted as {known[stage]}"))
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


def _table(subject: Subject, rows: Rows, title: str) -> Table:
    described = subject.queries[QUERY].columns
    meanings = {name: described[name] for name in COLUMNS}
    return table(subject.engine, rows.only(COLUMNS), title, meanings)
