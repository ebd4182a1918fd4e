"""A table of figures as people keep it, read cell by cell, with the line of each row."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tipgraph.errors import InputError
from tipgraph.export.figures import COLUMNS, TABLE
from tipgraph.lookup.entities import nearest
from tipgraph.rdf.front_matter import read_text

# What the table in an edition's folder is called, and the Turtle that is made from it.
TABLE_FILE = "figures.csv"
MADE_FILE = "figures.ttl"
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What a table may tell beside its ten columns; it has them when it was exported.
MORE = ("approximate", "converted", "recipient", "speaker", "speech_act", "sentence", "quote")


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in a cell, or in a line as a whole, and what to do."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.message}"


class TableError(InputError):
    """A table with faults, all of which are told."""

    def __init__(self, file: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("; ".join(f"{file}: {fault}" for fault in self.faults))


@dataclass(frozen=True)
class Line:
    """A row, by its line in the file, and its cells by their columns."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def is_begun(file: str) -> bool:
    """Whether there is anything below the first line. Raises as `read` does."""
    _, _, body = read_text(file).strip().partition("\n")
    return bool(body)


def read(file: str) -> list[Line]:
    """The rows of a table in CSV (RFC 4180), or in TSV where its first line has tabs.

    Raises InputError when the file cannot be read, TableError for a column that is missing, given
    twice or unknown, and for a row that has more cells than there are columns, or fewer.
    """
    text = read_text(file).removeprefix("\ufeff")
    dialect = "excel-tab" if "\t" in text.partition("\n")[0] else "excel"
    rows = list(_numbered(file, text, dialect))
    if not rows:
        raise TableError(file, [Fault(1, "", f"it is empty; begin with {','.join(TABLE)}")])
    (_, head), *body = rows
    if len(head) == 1 and ";" in head[0]:
        told = "its cells are parted by semicolons; save it with commas, or with tabs"
        raise TableError(file, [Fault(1, "", told)])
    if not body:
        raise TableError(file, [Fault(1, "", "there is no figure below it")])
    faults = [*_of_head(head), *_of_width(head, body), *_of_text(head, body)]
    if faults:
        raise TableError(file, faults)
    return [Line(number, _cells(head, row)) for number, row in body]


def _numbered(file: str, text: str, dialect: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the line it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), dialect, strict=True)
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise TableError(file, [Fault(begins, "", f"it is no CSV ({error})")]) from None


def _cells(head: list[str], row: list[str]) -> dict[str, str]:
    return {name.strip(): cell.strip() for name, cell in zip(head, row, strict=True)}


def _of_head(head: list[str]) -> Iterator[Fault]:
    names = [name.strip() for name in head]
    for name in TABLE:
        if name not in names:
            yield Fault(1, name, "it is missing")
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield Fault(1, name, "it is there twice")
        if name not in COLUMNS:
            near = nearest(name, COLUMNS)
            hint = f"did you mean {near[0]}?" if near else f"a table has {', '.join(TABLE)}"
            hint += " Otherwise leave it out" if near else ""
            yield Fault(1, name or "(without a name)", f"no column is called so; {hint}")


def _of_width(head: list[str], body: Iterable[tuple[int, list[str]]]) -> Iterator[Fault]:
    for number, row in body:
        if len(row) != len(head):
            yield Fault(number, "", f"it has {len(row)} cells, and the first line {len(head)}")


def _of_text(head: list[str], body: Iterable[tuple[int, list[str]]]) -> Iterator[Fault]:
    for number, row in body:
        for name, cell in zip(head, row, strict=False):
            for character in NO_TEXT.findall(cell)[:1]:
                told = f"it has a character that is no text (U+{ord(character):04X}); delete it"
                yield Fault(number, name.strip(), told)
