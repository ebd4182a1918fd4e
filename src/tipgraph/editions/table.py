"""Tables that authors write: their rows and cells, and the errors in them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tipgraph.editions.missing import MissingTerm
from tipgraph.errors import InputError
from tipgraph.figure_table import COLUMNS, TABLE
from tipgraph.text import did_you_mean, nearest
from tipgraph.texts import read

# The file of an edition with its figures.
TURTLE_FILE = "figures.ttl"
DELIMITERS = ",\t;"
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, order=True)
class CellError:
    """An error in a cell, or in a whole line if `column` is empty; lines count from 1."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.message}"


class TableError(InputError):
    """A table with errors, sorted by line and column."""

    def __init__(
        self, file: str, errors: Iterable[CellError], missing: Iterable[MissingTerm] = ()
    ) -> None:
        """`missing` are the names that the graph does not have, for `describe_missing`."""
        self.errors = tuple(sorted(set(errors)))
        self.missing = tuple(sorted(set(missing)))
        self._lines = tuple(f"{file}: {error}" for error in self.errors)
        super().__init__("; ".join(self._lines))

    @property
    def lines(self) -> tuple[str, ...]:
        return self._lines


@dataclass(frozen=True)
class TableRow:
    """A row with the number of its first line, and its cells by column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell's text; empty for a column that the table does not have."""
        return self.cells.get(column, "")


def read_table(
    file: str, needed: Sequence[str] = TABLE, known: Sequence[str] = COLUMNS
) -> list[TableRow]:
    """The rows of a table as `read_rows`, without spaces around the cells; there is at least one.

    Raises InputError and TableError as `read_rows`, and TableError for a control character.
    """
    rows = [
        TableRow(
            row.line, {name: cell.strip().replace("\r\n", "\n") for name, cell in row.cells.items()}
        )
        for row in read_rows(file, needed, known)
    ]
    if not rows:
        raise TableError(file, [CellError(1, "", "there is no row below the header")])
    if errors := list(_text_errors(rows)):
        raise TableError(file, errors)
    return rows


def read_rows(file: str, needed: Sequence[str], known: Sequence[str]) -> list[TableRow]:
    """The rows of a table as a spreadsheet writes it: with commas, semicolons or tabs.

    It has the columns `needed`, and others of those `known`; empty columns are left out. Raises
    InputError when the file cannot be read, and TableError for a missing, duplicate or unknown
    column and for a row with more cells.
    """
    text = read(file).decode().removeprefix("\ufeff")
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    rows = list(_numbered_rows(file, text, delimiter))
    if not rows:
        message = f"the table is empty; begin with {delimiter.join(needed)}"
        raise TableError(file, [CellError(1, "", message)])
    (_, header), *body = rows
    names = [name.strip().casefold() for name in header]
    errors = [
        *_column_errors(names, needed, known),
        *_length_errors(names, body),
        *_joined_rows(body, delimiter),
    ]
    if errors:
        raise TableError(file, errors)
    return [
        TableRow(line, {name: cell for name, cell in zip(names, row, strict=False) if name})
        for line, row in body
    ]


def _numbered_rows(file: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of its first line.

    Raises TableError where the text is not CSV.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(file, [CellError(line, "", f"this is not CSV ({error})")]) from None


def _column_errors(
    names: list[str], needed: Sequence[str], known: Sequence[str]
) -> Iterator[CellError]:
    for name in needed:
        if name not in names:
            yield CellError(1, name, "the column is missing")
    for name in dict.fromkeys(filter(None, names)):
        if names.count(name) > 1:
            yield CellError(1, name, "the column is there twice")
        if name not in known:
            similar = nearest(name, known)
            hint = (
                f"{did_you_mean(similar[:1])} Otherwise remove it"
                if similar
                else f"a table has {', '.join(needed)}"
            )
            yield CellError(1, name, f"unknown column; {hint}")


def _length_errors(names: list[str], body: Iterable[tuple[int, list[str]]]) -> Iterator[CellError]:
    """Cells without a column; empty ones, which a spreadsheet adds or drops, are none."""
    width = max((at for at, name in enumerate(names, 1) if name), default=0)
    for number, row in body:
        beside = [cell for name, cell in zip(names, row, strict=False) if not name]
        if any(each.strip() for each in (*beside, *row[len(names) :])):
            message = f"the row has {len(row)} cells, but the header has {width}"
            yield CellError(number, "", message)


def _joined_rows(body: Iterable[tuple[int, list[str]]], delimiter: str) -> Iterator[CellError]:
    """Cells that contain the next row, up to their own column: a quotation mark is left open."""
    for number, row in body:
        for place, cell in enumerate(row):
            if any(line.count(delimiter) >= max(place, 1) for line in cell.splitlines()[1:]):
                message = 'a cell goes on in the next row; write "" for each quotation mark in it'
                yield CellError(number, "", message)


def _text_errors(rows: Iterable[TableRow]) -> Iterator[CellError]:
    for row in rows:
        for name, cell in row.cells.items():
            for character in CONTROL_CHARACTER.findall(cell)[:1]:
                message = f"the cell has a control character (U+{ord(character):04X}); delete it"
                yield CellError(row.line, name, message)
