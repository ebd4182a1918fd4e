"""Tables that authors write: their rows, the names in them resolved, and those that are missing."""

import csv
import io
import re
from calendar import month_name, monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from tipgraph.editions.turtle import PropertyValues, TurtleWriter, english, extend, plain
from tipgraph.entities import label, slug
from tipgraph.errors import InputError
from tipgraph.figure_table import COLUMNS, TABLE
from tipgraph.namespaces import CODE, ID, PERSONS, PREFIXES, last_part
from tipgraph.store.engine import Engine
from tipgraph.text import did_you_mean, join, nearest, slugify
from tipgraph.texts import read

# The file of an edition with its figures.
TURTLE_FILE = "figures.ttl"
DELIMITERS = ",\t;"
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


# ── Names that the graph does not have ──────────────────────────────────────────────────────────


@dataclass(frozen=True, order=True)
class MissingTerm:
    """A name of a table that the graph does not have.

    `context` is the unit of an indicator, the axis of a part or the country of an actor, as an IRI;
    empty if it is not known.
    """

    kind: str
    name: str
    context: str = ""


INDICATOR, PART, AXIS, ACTOR = "indicator", "part", "axis", "actor"
PERIOD, UNIT, QUALIFIER = "period", "unit", "qualifier"
# The file of a checkout in which a kind is described; actors have one for each country.
FILES = {
    INDICATOR: "ontology/indicators.ttl", PART: "ontology/parts.ttl", AXIS: "ontology/parts.ttl",
    PERIOD: "data/periods.ttl", UNIT: "ontology/codes.ttl", QUALIFIER: "ontology/codes.ttl",
}  # fmt: skip
# The list of the codes of a kind, what a code means, and what to decide on it.
CODES = {
    INDICATOR: (
        "indicators",
        "What sources count as “{}”.",
        "add tip:topic, the facets that the wording shows surely, and tip:perUnit for an amount"
        " that each of several gets",
    ),
    PART: ("parts", "What sources call “{}”.", "add skos:broader if it is within another part"),
    AXIS: ("axes", "Parts that differ {}.", "add skos:broader if it is within another axis"),
    UNIT: ("units", "What sources count in {}.", ""),
    QUALIFIER: (
        "number-qualifiers",
        "Sources write “{}” before the number.",
        "define on which side of the number the true one may be",
    ),
}
MISSING_TERMS = (
    "# Names of a table that the graph does not have. Decide on each TODO, and add the facets that"
    " a wording shows.\n"
)
# In the place of a class. It is none, so that the name stays unknown until somebody has decided.
UNDECIDED = "tip:TODO"
# The number of classes that are named instead.
USUAL = 5
SPAN = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(?:to-)?(\d{4})(?:-(\d\d))?)?")
MONTHS = set(range(1, 13))
CURRENCY = re.compile(r"[A-Z]{3}")
# The node of a missing term: its IRI, class and properties, and what a person must decide.
Node = tuple[str, str, list[PropertyValues], str]


def describe_missing(engine: Engine, missing: Iterable[MissingTerm], before: str = "") -> str:
    """A Turtle file with a node for each name, with what it shows, after what a person must decide.

    They are grouped by the file that they belong to. `before` is what the file has; it stays, and
    the nodes follow.
    """
    writer = TurtleWriter({})
    makers = {ACTOR: _actor, PERIOD: _period}
    texts: dict[str, list[str]] = {}
    # Of a name in several cells, the one with a context is the last.
    for term in {(each.kind, each.name): each for each in sorted(missing)}.values():
        iri, kind, properties, open_point = makers.get(term.kind, _code)(engine, writer, term)
        todo = f"# TODO: {open_point}.\n" if open_point else ""
        file = FILES.get(term.kind) or f"data/actors/{_country(engine, term)}.ttl"
        texts.setdefault(file, []).append(todo + writer.node(iri, kind, properties))
    nodes = (f"# For {file}\n\n" + "\n".join(found) for file, found in sorted(texts.items()))
    return extend(before or MISSING_TERMS, "\n".join(nodes), {})


def is_period(name: str) -> bool:
    """Return whether a name has the bounds of its period, such as `2020-04-to-2021-03`."""
    return _bounds(name) is not None


def unit_iri(name: str) -> str:
    """The IRI that a unit or currency which the graph does not have gets."""
    return PREFIXES["currency"] + name if CURRENCY.fullmatch(name) else CODE + slugify(name)


def _code(engine: Engine, writer: TurtleWriter, term: MissingTerm) -> Node:
    """A code with its list, its label and its definition, and what the table shows."""
    scheme, definition, open_point = CODES[term.kind]
    iri = unit_iri(term.name) if term.kind == UNIT else CODE + slugify(term.name)
    properties: list[PropertyValues] = [
        ("skos:prefLabel", [english(term.name)]),
        ("skos:definition", [english(definition.format(term.name))]),
    ]
    if iri.startswith(PREFIXES["currency"]):
        scheme = "currencies"
        properties.append(("skos:notation", [plain(term.name)]))
    else:
        iri = _free(engine, iri)
    if term.kind == PART and term.context:
        properties.append(("tip:axis", [writer.name(term.context)]))
    elif term.kind == PART:
        open_point = f"add tip:axis, of the list code:axes; {open_point}"
    if term.kind == INDICATOR and term.context.startswith(PREFIXES["currency"]):
        properties.append(("tip:countedUnit", ["code:units-money"]))
    if term.kind == INDICATOR and term.context == PERSONS:
        properties.append(("tip:countedUnit", ["code:units-persons"]))
    return iri, "skos:Concept", [("skos:inScheme", [f"code:{scheme}"]), *properties], open_point


def _actor(engine: Engine, writer: TurtleWriter, term: MissingTerm) -> Node:
    """An actor of the class that one of the same name has elsewhere, or of none yet."""
    properties: list[PropertyValues] = [
        ("tip:localName", [plain(term.name)]),
        ("dcterms:spatial", [writer.name(term.context)]),
    ]
    rows = engine.select(
        f"SELECT ?kind {{ ?thing tip:localName {Literal(term.name)} ; a ?kind"
        " { ?kind a tip:Kind } } ORDER BY ?kind LIMIT 1"
    )
    kind = next((writer.name(str(each)) for each in rows.column("kind")), UNDECIDED)
    open_point = ""
    if kind == UNDECIDED:
        usual = join([writer.name(each) for each in _usual_classes(engine)], "or")
        open_point = f"write a class in the place of TODO, such as {usual}"
    words = slugify(re.sub(r"^(an?|the) ", "", term.name))
    return _free(engine, f"{ID}{_country(engine, term)}-{words}"), kind, properties, open_point


def _usual_classes(engine: Engine) -> list[str]:
    """The classes that most actors of countries have."""
    rows = engine.select(
        "SELECT ?kind (COUNT(?actor) AS ?number) {"
        " ?actor tip:localName ?name ; a ?kind . ?kind a tip:Kind }"
        f" GROUP BY ?kind ORDER BY DESC(?number) ?kind LIMIT {USUAL}"
    )
    return [str(each) for each in rows.column("kind")]


def _period(engine: Engine, writer: TurtleWriter, term: MissingTerm) -> Node:
    bounds = _bounds(term.name)
    assert bounds is not None
    first, last = bounds
    end = f"{last[0]}-{last[1]:02}-{monthrange(*last)[1]}"
    properties: list[PropertyValues] = [
        ("rdfs:label", [plain(_period_label(first, last))]),
        ("tip:start", [f'"{first[0]}-{first[1]:02}-01T00:00:00Z"^^xsd:dateTime']),
        ("tip:end", [f'"{end}T23:59:59Z"^^xsd:dateTime']),
    ]
    return f"{ID}period/{term.name}", "tip:Period", properties, ""


def _country(engine: Engine, term: MissingTerm) -> str:
    return slugify(label(engine, term.context))


def _free(engine: Engine, iri: str) -> str:
    """The IRI, or the same with a suffix if something else has it."""
    exists = engine.ask(f"ASK {{ {NamedNode(iri)} ?property ?value }}")
    return _free(engine, f"{iri}-2") if exists else iri


def _bounds(name: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The first and the last month of a period, each with its year; None for another name."""
    found = SPAN.fullmatch(name)
    if found is None:
        return None
    year, month, last_year, last_month = found.groups()
    if last_year and bool(month) is not bool(last_month):
        return None
    first = int(year), int(month or 1)
    last = int(last_year or year), int((last_month if last_year else month) or 12)
    is_valid = {first[0] // 100, last[0] // 100} <= {19, 20} and {first[1], last[1]} <= MONTHS
    return (first, last) if is_valid and first <= last else None


def _period_label(first: tuple[int, int], last: tuple[int, int]) -> str:
    (year, month), (last_year, last_month) = first, last
    if (month, last_month) == (1, 12):
        return str(year) if year == last_year else f"{year}\u2013{last_year}"
    if first == last:
        return f"{month_name[month]} {year}"
    begin = month_name[month] if year == last_year else f"{month_name[month]} {year}"
    return f"{begin} to {month_name[last_month]} {last_year}"


# ── Rows ────────────────────────────────────────────────────────────────────────────────────────


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


# ── Names ───────────────────────────────────────────────────────────────────────────────────────

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
