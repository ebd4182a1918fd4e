"""Countries by years: the rows of the stored query `compare-countries`, as a reader compares them.

A table has what the cells of one combination of facets count. In it, the figures of one wording
stand together, and a row has those of one country and one counter: only within a row or a column of
one wording may figures be compared, and their notes exclude some of these.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlencode

from tipgraph.errors import UsageError
from tipgraph.explorer import questions
from tipgraph.explorer.fields import fields
from tipgraph.explorer.http import Content, PageRequest
from tipgraph.explorer.site import Site
from tipgraph.namespaces import PERSONS, last_part
from tipgraph.queries.catalogue import command
from tipgraph.rdf.terms import Value
from tipgraph.render.document import Cell, separate
from tipgraph.render.results import AnswerRows
from tipgraph.store.rows import grouped
from tipgraph.text import capitalise, with_commas

QUERY = "compare-countries"
ADDRESS = "/-/countries"
STAGE, COUNTED_STAGE = "stage", "counted_stage"
TITLE = "Compare countries"
# The column of figures whose period is no calendar year.
OTHER = "Other periods"
# The end of a note on a period that an edition does not state.
UNSTATED = r" \(not stated in [^()]*\)$"
Row = dict[str, Value]


@dataclass(frozen=True)
class Note:
    """A note on a figure; `excludes` is true if it limits comparisons."""

    text: str
    excludes: bool


@dataclass(frozen=True)
class Figure:
    """A figure: its number for people, the statements of it by edition, and its notes by number.

    `period` is empty for a calendar year, which the column names.
    """

    shown: str
    period: str
    statements: tuple[Cell, ...]
    notes: tuple[tuple[int, Note], ...]


@dataclass(frozen=True)
class Line:
    """The figures of a country that one body counted, for each column."""

    country: Cell
    counter: Cell
    cells: tuple[tuple[Figure, ...], ...]


@dataclass(frozen=True)
class Wording:
    """The lines of one wording of what is counted."""

    name: Cell
    lines: tuple[Line, ...]


@dataclass
class Grid:
    """A table: what its cells count, and its columns.

    `left_out` has figures that are in no cell, each with the reason.
    """

    title: str
    columns: tuple[str, ...]
    wordings: tuple[Wording, ...] = ()
    left_out: tuple[tuple[Cell, str], ...] = ()


def countries(site: Site, request: PageRequest) -> Content:
    """The form of the comparison with its answer, by default on identified victims."""
    query = site.graph.queries[QUERY]
    given = {name: value for name, value in request.parameters.items() if value.strip()}
    grids: list[Grid] = []
    # The notes of all tables, each with its number.
    notes: dict[Note, int] = {}
    problem, reasons = "", []
    sources: tuple[Cell, ...] = ()
    try:
        answer = _of_stage(site, given[STAGE]) if site.is_static and given else _rows(site, given)
        grids = list(_grids(site, answer, notes))
        reasons = questions.reasons(site, query, given, answer)
        sources = answer.sources
    except UsageError as error:
        problem = str(error)
    line = command(QUERY, given)
    # The files have the answer without parameters alone.
    has_files = not problem and not (site.is_static and given)
    files = questions.files_in_site(query) if site.is_static else questions.ROW_FILES
    return site.page(
        "countries.html",
        TITLE,
        400 if problem else 200,
        subject=f"{ADDRESS}?{urlencode(given)}" if given else ADDRESS,
        cited=site.cited(query.question, line, sources),
        fields=() if site.is_static else fields(site, query, given),
        divisions={"Stages": _stages(site)} if site.is_static else {},
        problem=problem,
        reasons=reasons,
        grids=grids,
        notes=notes,
        unranked=query.refused.get("rank", ""),
        downloads=questions.downloads(query, given, files) if has_files else {},
        command=line,
        python=questions.python(query, given),
        sources=sources,
    )


def _rows(site: Site, given: Mapping[str, object]) -> AnswerRows:
    answer = site.graph.answer(site.graph.queries[QUERY].bind(site.engine, given))
    assert isinstance(answer, AnswerRows)
    return answer


def _of_stage(site: Site, name: str) -> AnswerRows:
    """Return the answer on a stage in the files, from that on all of them."""
    whole, joined = _of_all_stages(site)
    return whole.where(COUNTED_STAGE, joined[name])


# Each stage apart takes three times as long as all of them.
@lru_cache(maxsize=1)
def _of_all_stages(site: Site) -> tuple[AnswerRows, Mapping[str, Collection[str]]]:
    """Return the answer on all stages, and by its name each stage with those that include it."""
    rows = site.engine.select(
        "SELECT ?stage ?counted"
        " { ?counted skos:inScheme code:counted-stages ; skos:related? ?stage }"
    )
    joined = {last_part(stage): counted for stage, counted in rows.grouped().items()}
    return _rows(site, {STAGE: None}), joined


def addresses(site: Site) -> Iterator[Sequence[str]]:
    """Return the addresses of the page by default, and of each stage."""
    yield [ADDRESS, *_stages(site)]


def _stages(site: Site) -> dict[str, str]:
    """Return the addresses of the stages that a figure may count, with their labels."""
    parameters = {each.name: each for each in site.graph.queries[QUERY].params}
    stages = site.values(parameters[STAGE].type)
    return {f"{ADDRESS}?{STAGE}={name}": label for name, label in stages.items()}


def _grids(site: Site, answer: AnswerRows, notes: dict[Note, int]) -> Iterator[Grid]:
    """The tables of the answer, in its order; the notes of their figures are added."""
    rows = list(answer)
    iris = (
        str(row[name])
        for row in rows
        for name in ("area", "period", "qualifier", "unit", "indicator", "counted_by", "speaker")
        if row[name]
    )
    labels = site.labels(dict.fromkeys(iris))
    years = {iri: str(each.year) for iri, each in site.editions.items()}
    publishers = {each.publisher for each in site.editions.values()}
    for title, group in groupby(rows, key=lambda row: str(row["table"])):
        yield _grid(title, list(group), _Names(labels, years, publishers), notes)


@dataclass(frozen=True)
class _Names:
    """Labels of things, years of editions, and the publishers, who speak where no note says so."""

    labels: dict[str, str]
    years: dict[str, str]
    publishers: set[str]

    def cell(self, row: Row, name: str) -> Cell:
        iri = str(row[name] or "")
        return Cell(self.labels.get(iri, ""), iri=iri)


def _grid(title: str, rows: Sequence[Row], names: _Names, notes: dict[Note, int]) -> Grid:
    figures = [row for row in rows if row["statement"]]
    found = {_column(row, names) for row in figures}
    columns = (*sorted(found - {OTHER}), *({OTHER} & found))
    grid = Grid(capitalise(title), columns)

    def order(wording: Sequence[Row]) -> tuple[int, str]:
        """Sort tables that most countries share first; no order depends on values."""
        return -len({row["area"] for row in wording}), names.cell(wording[0], "indicator").text

    wordings = sorted(_grouped(figures, "indicator", "unit"), key=order)
    grid.wordings = tuple(_wording(grid, each, names, notes) for each in wordings)
    grid.left_out = tuple(_left_out(rows, names))
    return grid


def _wording(grid: Grid, rows: Sequence[Row], names: _Names, notes: dict[Note, int]) -> Wording:
    def order(line: Sequence[Row]) -> tuple[str, str]:
        return names.cell(line[0], "area").text, names.cell(line[0], "counted_by").text

    name, unit = (names.cell(rows[0], each) for each in ("indicator", "unit"))
    text = name.text if unit.iri == PERSONS else f"{name.text} ({unit.text})"
    lines = sorted(_grouped(rows, "area", "counted_by"), key=order)
    return Wording(
        Cell(text, iri=name.iri), tuple(_line(grid, each, names, notes) for each in lines)
    )


def _line(grid: Grid, rows: Sequence[Row], names: _Names, notes: dict[Note, int]) -> Line:
    cells = (tuple(_figures(rows, column, names, notes)) for column in grid.columns)
    return Line(names.cell(rows[0], "area"), names.cell(rows[0], "counted_by"), tuple(cells))


def _figures(
    rows: Iterable[Row], column: str, names: _Names, notes: dict[Note, int]
) -> Iterator[Figure]:
    """The figures of a line in a column; what several editions state alike is one."""
    inside = [row for row in rows if _column(row, names) == column]
    for same in _grouped(inside, "value", "qualifier", "period"):
        newest_first = sorted(same, key=lambda row: names.years[str(row["edition"])], reverse=True)
        row = newest_first[0]
        own = dict.fromkeys(note for each in newest_first for note in _notes(each, names))
        numbered = ((notes.setdefault(note, len(notes) + 1), note) for note in own)
        qualifier = names.cell(row, "qualifier").text
        yield Figure(
            f"{qualifier} {with_commas(row['value'])}".lstrip(),
            names.cell(row, "period").text if column == OTHER else "",
            tuple(
                Cell(names.years[str(each["edition"])], iri=str(each["statement"]))
                for each in newest_first
            ),
            tuple(sorted(numbered, key=lambda pair: pair[0])),
        )


def _notes(row: Row, names: _Names) -> Iterator[Note]:
    """Yield limits on the comparison of a figure, breaks of its series, and other notes."""
    for text in separate(str(row["not_comparable_with"] or "")):
        if not text.endswith("see breaks"):
            yield Note(f"may not be compared with {text}", True)
    for text in separate(str(row["breaks"] or "")):
        note = f"may not be compared with the year before: {text}"
        yield Note(note, True)
    if row["part_wording"]:
        yield Note(f"in the words of the source: {row['part_wording']}", False)
    if row["speaker"] not in names.publishers:
        speaker = names.cell(row, "speaker").text
        yield Note(f"stated by: {speaker}", False)
    for text in separate(str(row["caveat"] or "")):
        # The edition is under the figure.
        yield Note(re.sub(UNSTATED, "", text), False)


def _left_out(rows: Iterable[Row], names: _Names) -> Iterator[tuple[Cell, str]]:
    for row in rows:
        if row["left_out"]:
            edition = names.years[str(row["edition"])]
            wording = names.cell(row, "indicator").text
            reason = f"{row['left_out']} ({edition} edition; {wording})"
            yield names.cell(row, "area"), reason


def _column(row: Row, names: _Names) -> str:
    """The year of a figure, or the column of the other periods."""
    period = names.cell(row, "period").text
    is_year = len(period) == 4 and period.isdecimal()
    return period if is_year else OTHER


def _grouped(rows: Iterable[Row], *keys: str) -> list[list[Row]]:
    """The rows by their values of some columns, in the order of the first of each."""
    return list(grouped((tuple(row[key] for key in keys), row) for row in rows).values())
