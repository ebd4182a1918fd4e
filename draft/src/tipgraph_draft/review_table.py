"""`review.csv`, in which a person decides on each row of a draft: read, written and merged.

A spreadsheet program may have edited it: byte order mark, line ends, separators and the order of
the columns are then others. What cannot be read for sure is an error with line and column, and
nothing is guessed. After another draft, no decision is lost.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from os import makedirs
from os.path import dirname

from tipgraph.editions.table import CellError, TableError, TableRow, read_rows
from tipgraph.files import write_atomic
from tipgraph.render.results import csv as as_csv
from tipgraph_draft.candidate import (
    CHOICES,
    COLUMNS,
    ID_LENGTH,
    PERSON,
    Candidate,
    drafted_axis,
)
from tipgraph_draft.tokens import MAX_QUOTED_WORDS

# The columns that a person decides on, and a change by the machine would change.
CONTENT = (
    *("kind", "sentence", "start", "end", "quote", "indicator", "stage", "period", "period_from"),
    *("part", "axis", "value", "unit", "counted_by", "recipient", "qualifier", "converted"),
    *("prior", "speaker", "act"),
)
# The same, and columns that the machine fills from the graph.
EDITABLE = (*CONTENT, "indicator_code", "compared_with")

IDENTIFIER = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
# A month such as 2020-06 as a spreadsheet changes it.
CHANGED_PERIOD = re.compile(
    r"[A-Za-zÀ-ÿ]{3,9}\.?[- ]\d{2,4}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d\d-\d\d \d\d:\d\d.*"
)
# Cells that a spreadsheet would compute, also behind the apostrophe that keeps it from that.
FORMULA = re.compile(r"'*[=+\-@]")
COLUMN_OF_ERROR = re.compile(r"column (\w+): (.*)", re.DOTALL)


def read_review(file: str) -> list[tuple[int, Candidate]]:
    """The rows of the table in its order, each with the number of its first line.

    Raises InputError when the file cannot be read, and TableError, with line and column, for all
    broken edits.
    """
    table = [
        TableRow(row.line, {name: _unguarded(cell) for name, cell in row.cells.items()})
        for row in read_rows(file, COLUMNS, COLUMNS)
    ]
    found, errors = _candidates(table)
    if errors:
        raise TableError(file, errors)
    return found


def write_review(file: str, rows: Iterable[Candidate]) -> None:
    """Write the table in one step. Raises OSError when it cannot be written."""
    makedirs(dirname(file) or ".", exist_ok=True)
    cells = ([_guarded(cell) for cell in row.as_row().values()] for row in rows)
    write_atomic(file, as_csv(COLUMNS, list(cells)).encode())


def check_cell(column: str, text: str) -> str:
    """The text of a cell as the table stores it. Raises ValueError, which says what is wrong."""
    if column in CHOICES:
        text = text.casefold()
    if column == "period" and CHANGED_PERIOD.fullmatch(text):
        raise ValueError(
            f"{text!r} is a date that a spreadsheet wrote; write a year, or a month as 2020-06"
        )
    if column == "axis":
        return drafted_axis(text)
    if column == "quote" and len(text.split()) > MAX_QUOTED_WORDS:
        raise ValueError(f"the quote has more than {MAX_QUOTED_WORDS} words")
    if column == "value" and re.fullmatch(r"\d+\.0+", text):
        return text.partition(".")[0]
    return text


def changed_cells(row: Candidate, machine: Candidate) -> dict[str, str]:
    """The cells of the machine where the row has others."""
    ours, theirs = row.as_row(), machine.as_row()
    return {name: theirs[name] for name in EDITABLE if ours[name] != theirs[name]}


def _guarded(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    cell = cell.strip(" \t")
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _candidates(
    table: Iterable[TableRow],
) -> tuple[list[tuple[int, Candidate]], list[CellError]]:
    found: list[tuple[int, Candidate]] = []
    errors: list[CellError] = []
    lines: dict[str, int] = {}
    for row in table:
        cells: dict[str, str] = {}
        problems = []
        if not IDENTIFIER.fullmatch(row["id"]):
            message = f"{row['id']!r} is no id; restore it from a copy of the table"
            problems.append(CellError(row.line, "id", message))
        elif row["id"] in lines:
            message = f"line {lines[row['id']]} has the same id; remove one of them"
            problems.append(CellError(row.line, "id", message))
        lines.setdefault(row["id"], row.line)
        for name in COLUMNS:
            try:
                cells[name] = check_cell(name, row[name])
            except ValueError as error:
                problems.append(CellError(row.line, name, str(error)))
        if not problems:
            try:
                found.append((row.line, Candidate.from_dict(cells)))
            except ValueError as error:
                problems.append(_cell_error(row.line, str(error)))
        errors += problems
    return found, errors


def _cell_error(line: int, message: str) -> CellError:
    found = COLUMN_OF_ERROR.fullmatch(message)
    if found is None:
        return CellError(line, "", message)
    return CellError(line, found[1], found[2])


def merge_review(
    reviewed: Iterable[Candidate],
    candidates: Iterable[Candidate],
    before: Iterable[Candidate] = (),
) -> list[Candidate]:
    """The rows of the review after a new draft, in the order of the text.

    `before` are the candidates of the last draft, which show what a person changed. A row that a
    person decided on still states the same, and others keep the cells that a person changed. Rows
    that nobody touched follow the machine.
    """
    last = {each.id: each for each in before}
    touched = {row.id: row for row in reviewed if _is_touched(row, last.get(row.id, row))}
    rows = []
    for candidate in candidates:
        row = touched.pop(candidate.id, None)
        rows.append(_merged(row, last.get(row.id), candidate) if row else candidate)
    return sorted([*rows, *touched.values()], key=lambda each: (each.start, each.end))


def _is_touched(row: Candidate, machine: Candidate) -> bool:
    """Return whether a person decided on the row, changed it, or added it."""
    is_changed = row.note or row.reviewer or changed_cells(row, machine)
    return row.status != "open" or row.reader == PERSON or bool(is_changed)


def _merged(row: Candidate, machine: Candidate | None, candidate: Candidate) -> Candidate:
    """A row with what the machine reads at its place now; `machine` is what it read before."""
    own = changed_cells(row, machine) if machine else ()
    stated = CONTENT if row.status != "open" or machine is None else ()
    kept = {*stated, *own, "status", "reviewer", "reviewed_on", "note"}
    return replace(candidate, **{name: getattr(row, name) for name in kept})
