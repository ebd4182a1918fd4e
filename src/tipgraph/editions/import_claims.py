"""Import of a table of what documents state: figures, remarks, recommendations and non-reports."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from pyoxigraph import Literal

from tipgraph.editions.figures import QUOTE, WHOLE_NUMBER, hedges
from tipgraph.editions.names import Actors, NameIndex, NameNotResolved
from tipgraph.editions.quotes import contradictions
from tipgraph.editions.table import CellError, TableError, TableRow, read_table
from tipgraph.editions.turtle import TurtleWriter, english, own_prefix, plain
from tipgraph.entities.editions import documents
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine
from tipgraph.text import join as listed
from tipgraph.text import slugify

# The class of each kind of row, and the columns that a row of it fills beside those of all rows.
KINDS = {
    "figure": ("tip:PublishedFigure", ("counts", "language", "value", "unit")),
    "remark": ("tip:Remark", ("tone",)),
    "recommendation": ("tip:Recommendation", ("strength", "strength_words")),
    "non-report": ("tip:NonReport", ()),
}
# The class of a non-report by nobody whom the page names.
OF_NOBODY = "tip:AbsenceOfReports"
NEEDED = ("document", "page", "kind", "gist", "topic", "quote")
COLUMNS = (
    *NEEDED,
    *("speaker", "tone", "strength", "strength_words", "addressee", "non_reporter"),
    *("counts", "language", "nearest_indicator", "period", "part", "axis", "publisher_group"),
    *("value", "unit", "counted_by", "qualifier", "note"),
)
# Each column of codes, with the property that it gives, and the things that have such a name.
CODES = {
    "topic": (
        "tip:topic",
        "VALUES ?list { code:topics code:wider-topics } ?entity skos:inScheme ?list .",
    ),
    "tone": ("tip:tone", "?entity skos:inScheme code:tones ."),
    "strength": ("tip:urgency", "?entity skos:inScheme code:recommendation-strengths ."),
    "nearest_indicator": ("tip:nearestIndicator", "?entity skos:inScheme code:indicators ."),
    "axis": ("tip:partAxis", "?entity skos:inScheme code:axes ."),
    "publisher_group": ("tip:publisherGroup", "?entity skos:inScheme code:eurostat-groups ."),
    "period": ("sdmx-dimension:refPeriod", "?entity a tip:Period ."),
    "unit": (
        "sdmx-attribute:unitMeasure",
        "VALUES ?list { code:units code:currencies } ?entity skos:inScheme ?list .",
    ),
}
# Each column of actors, with the property that it gives.
ACTORS = {
    "addressee": "tip:addressee",
    "non_reporter": "tip:nonReporter",
    "counted_by": "tip:countedBy",
    "speaker": "tip:speaker",
}
NAMED = ACTORS | {column: name for column, (name, _) in CODES.items()}
# Each column of text, with the property that it gives, and how Turtle writes it.
TEXTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "gist": ("rdfs:label", english),
    "strength_words": ("tip:urgencyWords", plain),
    "part": ("tip:countedPart", english),
    "value": ("sdmx-measure:obsValue", lambda digits: str(int(digits))),
    "qualifier": ("tip:qualifiedBy", plain),
    "quote": ("tip:quote", plain),
    "note": ("skos:scopeNote", english),
}
# The columns that stand on one line of a node, in order.
LINES = (
    ("gist",),
    ("topic", "tone", "strength", "strength_words"),
    ("addressee", "non_reporter"),
    ("counts", "nearest_indicator"),
    ("part", "axis", "publisher_group"),
    ("period", "value", "unit"),
    ("counted_by", "qualifier"),
    ("quote", "page"),
    ("speaker",),
    ("note",),
)
# A language tag: a language, and maybe a script or a region (RFC 5646).
LANGUAGE = "[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
# Between several names in one cell.
SEPARATOR = ";"
TURTLE_FILE = "statements.ttl"
COMMENT = "What the document states, each by its gist in our words. Rules derive the rest."
# The words of a gist that name a statement.
NAMING_WORDS = 8


def import_claims(engine: Engine, file: str) -> dict[str, str]:
    """The statements of a table as Turtle, by the short name of the document.

    The engine's graph has the documents of the table, with their pages. Raises InputError when the
    file cannot be read, and TableError when names are unknown or cells are missing.
    """
    resolver = _Resolver(engine)
    claims: dict[str, list[_Claim]] = defaultdict(list)
    lines: dict[frozenset[tuple[str, str]], int] = {}
    for row in read_table(file, NEEDED, COLUMNS):
        first = lines.setdefault(frozenset(row.cells.items()), row.line)
        if first != row.line:
            resolver.errors.append(CellError(row.line, "", f"the same row as line {first}"))
        claim = resolver.claim(row)
        claims[claim.document].append(claim)
    if resolver.errors:
        raise TableError(file, resolver.errors)
    return {last_part(iri): _turtle(iri, own) for iri, own in claims.items()}


@dataclass(frozen=True)
class _Claim:
    """A row, with the IRIs of the names in it by column."""

    row: TableRow
    document: str
    area: str
    page: str
    iris: dict[str, list[str]]


class _Resolver:
    """Resolves the names of each row, and collects the errors in it."""

    def __init__(self, engine: Engine) -> None:
        self.errors: list[CellError] = []
        self._documents = NameIndex(engine, "document", "?entity a tip:Document .")
        self._areas = {iri: each.area for iri, each in documents(engine).items()}
        self._pages = engine.select(
            "SELECT ?document ?page { ?page a tip:ReadPage ; tip:document ?document }"
        ).grouped()
        self._codes = {
            column: NameIndex(engine, column.replace("_", " "), pattern).iri
            for column, (_, pattern) in CODES.items()
        }
        self._actors = Actors(engine)
        self._hedges = hedges(engine)

    def claim(self, row: TableRow) -> _Claim:
        kind = row["kind"]
        if kind not in KINDS:
            known = listed(KINDS, last="or")
            self._error(row, "kind", f"unknown kind {kind!r}; write {known}")
        _, of_kind = KINDS.get(kind, ("", ()))
        of_words = ("language",) if row["counts"] else ()
        for column in (*NEEDED, *of_kind, *of_words):
            if not row[column]:
                self._error(row, column, f"the cell is empty; a {kind or 'row'} needs it")
        document = self._iri(row, "document", row["document"], self._documents.iri)
        area = self._areas.get(document, "")
        if document and not area:
            self._error(row, "document", "the document has no dcterms:spatial; add its country")
        actors = dict.fromkeys(ACTORS, partial(self._actors.iri, country=area)) if area else {}
        iris = {
            column: [
                self._iri(row, column, name.strip(), iri)
                for name in filter(str.strip, row[column].split(SEPARATOR))
            ]
            for column, iri in (self._codes | actors).items()
        }
        self._check_texts(row, "".join(map(last_part, iris["unit"])))
        return _Claim(row, document, area, self._page(row, document), iris)

    def _check_texts(self, row: TableRow, unit: str) -> None:
        if row["value"] and not re.fullmatch(WHOLE_NUMBER, row["value"]):
            self._error(row, "value", f"{row['value']!r} is no whole number; write digits alone")
        if row["language"] and not re.fullmatch(LANGUAGE, row["language"]):
            message = f"{row['language']!r} is no language; write its tag, such as nl"
            self._error(row, "language", message)
        if row["quote"] and not QUOTE.fullmatch(row["quote"]):
            self._error(row, "quote", "quote at most twelve words of the page")
        cells = row["quote"], row["value"], unit, row["period"]
        missing = () if row["qualifier"] else self._hedges
        is_english = row["language"] in ("", "en")
        for column, problem in contradictions(*cells, missing, is_english=is_english):
            self._error(row, column, problem)

    def _page(self, row: TableRow, document: str) -> str:
        known = {last_part(each): each for each in self._pages.get(document, [])}
        if document and row["page"] not in known:
            hint = f"the document has {listed(known) or 'none'}"
            self._error(row, "page", f"unknown page {row['page']!r}; {hint}")
        return known.get(row["page"], "")

    def _iri(self, row: TableRow, column: str, name: str, iri: Callable[[str], str]) -> str:
        try:
            return iri(name) if name else ""
        except NameNotResolved as error:
            self._error(row, column, str(error))
            return ""

    def _error(self, row: TableRow, column: str, message: str) -> None:
        self.errors.append(CellError(row.line, column, message))


def _turtle(document: str, claims: Sequence[_Claim]) -> str:
    """The file of a document, with its statements in the order of the table."""
    writer = TurtleWriter({own_prefix(document, claims[0].area): f"{document}/"})
    taken: set[str] = set()
    nodes = []
    for claim in claims:
        name = next(each for each in _possible_names(claim) if each not in taken)
        taken.add(name)
        kind, _ = KINDS[claim.row["kind"]]
        if claim.row["kind"] == "non-report" and not claim.row["non_reporter"]:
            kind = OF_NOBODY
        lines = [[*_properties(writer, claim, columns)] for columns in LINES]
        nodes.append(writer.compact(f"{document}/{name}", kind, lines))
    return writer.compact_document(COMMENT, nodes)


def _possible_names(claim: _Claim) -> Iterator[str]:
    """Names for a statement, from the words of its gist, until one is free."""
    words = slugify(claim.row["gist"]).split("-")
    for number in range(NAMING_WORDS, len(words)):
        yield "-".join(words[:number])
    yield "-".join(words)
    for number in range(2, 1000):
        yield "-".join([*words, str(number)])


def _properties(
    writer: TurtleWriter, claim: _Claim, columns: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Each property of these columns that the row has, with its values as Turtle."""
    row = claim.row
    for column in columns:
        if column == "page":
            yield "tip:readOn", writer.name(claim.page)
        elif column == "period" and row["kind"] != "figure" and claim.iris[column]:
            yield "tip:period", " , ".join(map(writer.name, claim.iris[column]))
        elif column in NAMED and claim.iris[column]:
            yield NAMED[column], " , ".join(map(writer.name, claim.iris[column]))
        elif column == "counts" and row[column]:
            yield "tip:countedWords", str(Literal(row[column], language=row["language"]))
        elif column in TEXTS and row[column]:
            name, written = TEXTS[column]
            yield name, written(row[column])
