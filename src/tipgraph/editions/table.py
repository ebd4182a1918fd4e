"""The table of figures in an edition's folder: its rows as text, and the errors in them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tipgraph.editions.missing_terms import MissingTerm
from tipgraph.errors import InputError
from tipgraph.figure_table import COLUMNS, TABLE
from tipgraph.files import read_text
from tipgraph.text import did_you_mean, nearest

# The file of an edition with its figures.
TURTLE_FILE = "figures.ttl"
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
    """The rows of a table in CSV (RFC 4180), or in TSV if its first line has tabs.

    It has the columns `needed`, and others of those `known`. Raises InputError when the file cannot
    be read, and TableError for a missing, duplicate or unknown column and for a row with too many
    or too few cells.
    """
    text = read_text(file).removeprefix("\ufeff")
    dialect = "excel-tab" if "\t" in text.partition("\n")[0] else "excel"
    rows = list(numbered_rows(file, text, dialect))
    if not rows:
        message = f"the table is empty; begin with {','.join(needed)}"
        raise TableError(file, [CellError(1, "", message)])
    (_, header), *body = rows
    if len(header) == 1 and ";" in header[0]:
        message = "cells are separated by semicolons; save the table with commas or tabs"
        raise TableError(file, [CellError(1, "", message)])
    if not body:
        raise TableError(file, [CellError(1, "", "there is no row below the header")])
    errors = [
        *_column_errors(header, needed, known),
        *_length_errors(header, body),
        *_text_errors(header, body),
    ]
    if errors:
        raise TableError(file, errors)
    names = [name.strip() for name in header]
    return [
        TableRow(number, dict(zip(names, map(str.strip, row), strict=True))) for number, row in body
    ]


def numbered_rows(
    file: str, text: str, dialect: str | type[csv.Dialect]
) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of its first line.

    Raises TableError where the text is not CSV.
    """
    reader = csv.reader(io.StringIO(text, newline=""), dialect, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(file, [CellError(line, "", f"this is not CSV ({error})")]) from None


def _column_errors(
    header: list[str], needed: Sequence[str], known: Sequence[str]
) -> Iterator[CellError]:
    names = [name.strip() for name in header]
    for name in needed:
        if name not in names:
            yield CellError(1, name, "the column is missing")
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield CellError(1, name, "the column is there twice")
        if name not in known:
            similar = nearest(name, known)
            hint = (
                f"{did_you_mean(similar[:1])} Otherwise remove it"
                if similar
                else f"a table has {', '.join(needed)}"
            )
            yield CellError(1, name or "(without a name)", f"unknown column; {hint}")


def _length_errors(header: list[str], body: Iterable[tuple[int, list[str]]]) -> Iterator[CellError]:
    for number, row in body:
        if len(row) != len(header):
            message = f"the row has {len(row)} cells, but the header has {len(header)}"
            yield CellError(number, "", message)


def _text_errors(header: list[str], body: Iterable[tuple[int, list[str]]]) -> Iterator[CellError]:
    for number, row in body:
        for name, cell in zip(header, row, strict=False):
            for character in CONTROL_CHARACTER.findall(cell)[:1]:
                message = f"the cell has a control character (U+{ord(character):04X}); delete it"
                yield CellError(number, name.strip(), message)
