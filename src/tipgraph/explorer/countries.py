"""Countries by years: the rows of the stored query `compare-countries`, as a reader compares them.

A table has what the cells of one combination of facets count. In it, the figures of one wording
stand together, and a row has those of one country and one counter: only within a row or a column of
one wording may figures be compared, and their notes exclude some of these.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from tipgraph.errors import UsageError
from tipgraph.explorer import questions
from tipgraph.explorer.fields import fields
from tipgraph.explorer.http import Content, PageRequest
from tipgraph.explorer.site import Site
from tipgraph.namespaces import PERSONS
from tipgraph.queries.catalogue import command
from tipgraph.rdf.terms import Value
from tipgraph.render.document import Cell, separate
from tipgraph.store.engine import grouped
from tipgraph.text import capitalise, with_commas

QUERY = "compare-countries"
ADDRESS = "/-/countries"
STAGE = "stage"
TITLE = "Compare countries"
# The column of figures whose period is no calendar year.
OTHER = "Other periods"
# The end of a note on a period that an edition does not state.
UNSTATED = r" \(not stated in [^()]*\)$"
# The columns of things with labels.
NAMED = ("area", "period", "qualifier", "unit", "indicator", "counted_by", "speaker")
Row = dict[str, Value]


class Note(NamedTuple):
    """A note on a figure; `excludes` is true if it limits comparisons."""

    text: str
    excludes: bool


class Figure(NamedTuple):
    """A figure: its number for people, the statements of it by edition, and its notes by number.

    `period` is empty for a calendar year, which the column names.
    """

    shown: str
    period: str
    statements: Sequence[Cell]
    notes: Sequence[tuple[int, Note]]


class Line(NamedTuple):
    """The figures of a country that one body counted, for each column."""

    country: Cell
    counter: Cell
    cells: Sequence[Sequence[Figure]]


class Wording(NamedTuple):
    """The lines of one wording of what is counted."""

    name: Cell
    lines: Sequence[Line]


class Grid(NamedTuple):
    """A table: what its cells count, and its columns.

    `left_out` has figures that are in no cell, each with the reason.
    """

    title: str
    columns: Sequence[str]
    wordings: Sequence[Wording]
    left_out: Sequence[tuple[Cell, str]]


def countries(site: Site, request: PageRequest) -> Content:
    """The form of the comparison with its answer, by default on identified victims."""
    query = site.graph.queries[QUERY]
    given = {name: value for name, value in request.parameters.items() if value.strip()}
    comparison = Comparison(site)
    grids: list[Grid] = []
    problem, reasons = "", []
    sources: tuple[Cell, ...] = ()
    try:
        answer = site.graph.rows(QUERY, **given)
        grids = comparison.grids(list(answer))
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
        notes=comparison.notes,
        unranked=query.refused.get("rank", ""),
        downloads=questions.downloads(query, given, files) if has_files else {},
        command=line,
        python=questions.python(query, given),
        sources=sources,
    )


def addresses(site: Site) -> Iterator[Sequence[str]]:
    """Return the addresses of the page by default, and of each stage."""
    yield [ADDRESS, *_stages(site)]


def _stages(site: Site) -> dict[str, str]:
    """Return the addresses of the stages that a figure may count, with their labels."""
    parameters = {each.name: each for each in site.graph.queries[QUERY].params}
    stages = site.values(parameters[STAGE].type)
    return {f"{ADDRESS}?{urlencode({STAGE: name})}": label for name, label in stages.items()}


class Comparison:
    """The tables of an answer, and `notes`: those of all their figures, each with its number."""

    def __init__(self, site: Site) -> None:
        self.notes: dict[Note, int] = {}
        self._site = site
        self._labels: Mapping[str, str] = {}
        self._years = {iri: str(each.year) for iri, each in site.editions.items()}
        # They speak where no note says so.
        self._publishers = {each.publisher for each in site.editions.values()}

    def grids(self, rows: Sequence[Row]) -> list[Grid]:
        """The tables of the rows, in their order."""
        iris = (str(row[name]) for row in rows for name in NAMED if row[name])
        self._labels = self._site.labels(dict.fromkeys(iris))
        return [self._grid(each) for each in _grouped(rows, "table")]

    def _grid(self, rows: Sequence[Row]) -> Grid:
        figures = [row for row in rows if row["statement"]]
        found = {self._column(row) for row in figures}
        columns = (*sorted(found - {OTHER}), *({OTHER} & found))

        def order(wording: Sequence[Row]) -> tuple[int, str]:
            """Sort tables that most countries share first; no order depends on values."""
            return -len({row["area"] for row in wording}), self._label(wording[0], "indicator")

        wordings = sorted(_grouped(figures, "indicator", "unit"), key=order)
        return Grid(
            capitalise(str(rows[0]["table"])),
            columns,
            [self._wording(columns, each) for each in wordings],
            [*self._left_out(rows)],
        )

    def _wording(self, columns: Sequence[str], rows: Sequence[Row]) -> Wording:
        def order(line: Sequence[Row]) -> tuple[str, str]:
            return self._label(line[0], "area"), self._label(line[0], "counted_by")

        name, unit = (self._cell(rows[0], each) for each in ("indicator", "unit"))
        text = name.text if unit.iri == PERSONS else f"{name.text} ({unit.text})"
        lines = [
            Line(
                self._cell(each[0], "area"),
                self._cell(each[0], "counted_by"),
                [[*self._figures(each, column)] for column in columns],
            )
            for each in sorted(_grouped(rows, "area", "counted_by"), key=order)
        ]
        return Wording(Cell(text, iri=name.iri), lines)

    def _figures(self, rows: Iterable[Row], column: str) -> Iterator[Figure]:
        """The figures of a line in a column; what several editions state alike is one."""
        inside = [row for row in rows if self._column(row) == column]
        for same in _grouped(inside, "value", "qualifier", "period"):
            newest_first = sorted(same, key=self._year, reverse=True)
            row = newest_first[0]
            own = dict.fromkeys(note for each in newest_first for note in self._notes(each))
            numbered = ((self.notes.setdefault(note, len(self.notes) + 1), note) for note in own)
            yield Figure(
                f"{self._label(row, 'qualifier')} {with_commas(row['value'])}".lstrip(),
                self._label(row, "period") if column == OTHER else "",
                [Cell(self._year(each), iri=str(each["statement"])) for each in newest_first],
                sorted(numbered, key=lambda pair: pair[0]),
            )

    def _notes(self, row: Row) -> Iterator[Note]:
        """Yield limits on the comparison of a figure, breaks of its series, and other notes."""
        for text in separate(str(row["not_comparable_with"] or "")):
            if not text.endswith("see breaks"):
                yield Note(f"may not be compared with {text}", True)
        for text in separate(str(row["breaks"] or "")):
            yield Note(f"may not be compared with the year before: {text}", True)
        if row["part_wording"]:
            yield Note(f"in the words of the source: {row['part_wording']}", False)
        if row["speaker"] not in self._publishers:
            yield Note(f"stated by: {self._label(row, 'speaker')}", False)
        for text in separate(str(row["caveat"] or "")):
            # The edition is under the figure.
            yield Note(re.sub(UNSTATED, "", text), False)

    def _left_out(self, rows: Iterable[Row]) -> Iterator[tuple[Cell, str]]:
        for row in rows:
            if row["left_out"]:
                where = f"{self._year(row)} edition; {self._label(row, 'indicator')}"
                yield self._cell(row, "area"), f"{row['left_out']} ({where})"

    def _column(self, row: Row) -> str:
        """The year of a figure, or the column of the other periods."""
        period = self._label(row, "period")
        return period if len(period) == 4 and period.isdecimal() else OTHER

    def _year(self, row: Row) -> str:
        return self._years[str(row["edition"])]

    def _label(self, row: Row, name: str) -> str:
        return self._cell(row, name).text

    def _cell(self, row: Row, name: str) -> Cell:
        iri = str(row[name] or "")
        return Cell(self._labels.get(iri, ""), iri=iri)


def _grouped(rows: Iterable[Row], *keys: str) -> list[list[Row]]:
    """The rows by their values of some columns, in the order of the first of each."""
    return list(grouped((tuple(row[key] for key in keys), row) for row in rows).values())
