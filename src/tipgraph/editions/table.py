"""Tables that authors write: their rows, the names in them resolved, and the errors."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from tipgraph.editions.missing_terms import ACTOR, FILES, MissingTerm
from tipgraph.entities import slug
from tipgraph.errors import InputError
from tipgraph.figure_table import COLUMNS, TABLE
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine
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
    errors = [*_column_errors(names, needed, known), *_length_errors(names, body)]
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


def _text_errors(rows: Iterable[TableRow]) -> Iterator[CellError]:
    for row in rows:
        for name, cell in row.cells.items():
            for character in CONTROL_CHARACTER.findall(cell)[:1]:
                message = f"the cell has a control character (U+{ord(character):04X}); delete it"
                yield CellError(row.line, name, message)


# A name is an alternative label only if nothing has it as one of the others.
NAMES = "rdfs:label|skos:prefLabel|skos:notation|tip:localName"
OTHER_NAMES = "skos:altLabel"
MAX_LISTED = 8
# The file in which a missing entity of a kind is described.
FILE_OF_KIND = FILES | {
    ACTOR: "data/actors/<country>.ttl or a file of the folder",
    "document": "a folder that 'tipgraph new' makes",
}


class NameNotResolved(Exception):
    """A name that is unknown or ambiguous; the message names the remedy."""


class UnknownName(NameNotResolved):
    """A name that nothing has."""


class NameIndex:
    """The entities of one kind by their labels, local names and IRIs."""

    def __init__(self, engine: Engine, kind: str, pattern: str) -> None:
        """`kind` is a noun for messages; `pattern` matches `?entity` in SPARQL."""
        self._kind = kind
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_other_name: dict[str, set[str]] = defaultdict(set)
        self._by_last_part: dict[str, set[str]] = defaultdict(set)
        self._names: list[str] = []
        for path, index in ((NAMES, self._by_name), (OTHER_NAMES, self._by_other_name)):
            rows = engine.select(
                f"SELECT DISTINCT ?entity ?name {{ {pattern} ?entity {path} ?name }}"
            )
            for entity, name in (map(str, row.values()) for row in rows):
                index[name.casefold()].add(entity)
                self._by_last_part[last_part(entity).casefold()].add(entity)
                self._names += [name, last_part(entity)]

    def __contains__(self, name: str) -> bool:
        return bool(self._find(name))

    def iri(self, name: str) -> str:
        """The IRI of the one entity with this name, in any case, or with this last part.

        Raises NameNotResolved.
        """
        found = self._find(name)
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise NameNotResolved(f"{name!r} is ambiguous: {some_of(map(slug, sorted(found)))}")
        similar = nearest(name, self._names)
        hint = did_you_mean(similar[:1]) if similar else f"known: {self._all()}"
        if self._kind in FILE_OF_KIND:
            otherwise = " Otherwise" if similar else "; or"
            hint += f"{otherwise} describe it in {FILE_OF_KIND[self._kind]}"
        raise UnknownName(f"unknown {self._kind} {name!r}; {hint}")

    def _find(self, name: str) -> set[str]:
        indexes = self._by_name, self._by_other_name, self._by_last_part
        return next((each[name.casefold()] for each in indexes if name.casefold() in each), set())

    def _all(self) -> str:
        entities = sorted(set().union(*self._by_last_part.values()))
        return some_of(map(last_part, entities)) or "none"


class Actors:
    """The actors that a source on a country may name: those of the country, then those of none."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        others = "?entity a tip:Actor FILTER NOT EXISTS { ?entity dcterms:spatial ?any }"
        self._others = NameIndex(engine, "actor", others)
        self._by_country: dict[str, NameIndex] = {}

    def iri(self, name: str, country: str) -> str:
        """The actor that a source on a country means by this name. Raises NameNotResolved."""
        if country not in self._by_country:
            own = f"?entity a tip:Actor ; dcterms:spatial {NamedNode(country)} ."
            self._by_country[country] = NameIndex(self._engine, "actor", own)
        own_names = self._by_country[country]
        is_other = name in self._others and name not in own_names
        return (self._others if is_other else own_names).iri(name)


def some_of(names: Iterable[str]) -> str:
    """The names, separated by commas: the first eight, and an ellipsis where there are more."""
    known = list(names)
    return ", ".join(known[:MAX_LISTED]) + (", …" if known[MAX_LISTED:] else "")
