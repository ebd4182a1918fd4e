"""Query results: rows for people, with labels, quotes, caveats and sources, and the W3C formats.

pyoxigraph serialises only the solutions of a query that it has just run. Rows may come from a
remote store and have labels in place of IRIs, so the formats are written here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from tipgraph import entities
from tipgraph.entities import Labels, passages
from tipgraph.entities.editions import Edition, Scope, editions, pages
from tipgraph.namespaces import PERCENT, PREFIXES, XSD
from tipgraph.queries.catalogue import AREA
from tipgraph.queries.other_publishers import OtherPublishers
from tipgraph.rdf.terms import Term, plain_term, text_of, value
from tipgraph.render.document import Cell, Document, Section, Table, separate
from tipgraph.store.engine import Engine, Rows, iris_of
from tipgraph.text import SEPARATOR, capitalise, spreadsheet
from tipgraph.text import xml as as_xml

if TYPE_CHECKING:
    import pandas

Row = tuple[Term | None, ...]
# Columns that give the place of a statement end so. Others may list passages themselves.
PLACES = ("place", "passage")
# Rows of a kind stay of that kind.
R = TypeVar("R", bound=Rows)


def names(engine: Engine, rows: Rows, editions: bool = True) -> Labels:
    """The label of each IRI in the rows; of a passage its place, as `passages.named` names it."""
    return _known(engine, rows, passages.named(_places(engine, rows), editions))


def _known(engine: Engine, rows: Rows, places: Mapping[str, str]) -> Labels:
    """The label of each IRI in the rows, of a place its name."""
    others = (iri for iri in iris_of(rows) if iri not in places)
    return Labels({**entities.labels(engine, others), **places})


def _places(engine: Engine, rows: Rows) -> dict[str, tuple[str, str]]:
    """The places among the IRIs of the rows, as `passages.editions_of_places` finds them.

    They are in columns that are named for them, and in those whose first IRI is one.
    """

    def iris(column: int) -> Iterator[str]:
        terms = (row[column] for row in rows.terms)
        return (term.value for term in terms if isinstance(term, NamedNode))

    first = [next(iris(column), "") for column in range(len(rows.columns))]
    places = passages.editions_of_places(engine, filter(None, first))
    cited = (
        column
        for column, name in enumerate(rows.columns)
        if name.endswith(PLACES) or first[column] in places
    )
    return passages.editions_of_places(engine, chain.from_iterable(map(iris, cited)))


def cells(
    engine: Engine,
    rows: Rows,
    columns: Sequence[str] = (),
    labels: bool = True,
    several: bool = False,
) -> list[list[str]]:
    """The rows as text under these columns, by default all, with labels or with IRIs.

    Rows that differ in quotes of one place alone are one row, with all of them. If `several`, they
    are a part of an answer that has places in several editions.
    """
    shown = rows.only(columns or rows.columns)
    found = _places(engine, rows)
    known = Labels()
    if labels:
        own = {*iris_of(shown)}
        places = {iri: place for iri, place in found.items() if iri in own}
        known = _known(engine, shown, passages.named(places, several=several))
    positions = [rows.columns.index(name) for name in shown.columns]

    def shown_text(term: Term | None) -> str:
        return text(term, known) if labels else plain_term(term)

    def cell(group: Sequence[Row], position: int) -> str:
        if len(group) == 1:
            return shown_text(group[0][position])
        texts = map(shown_text, dict.fromkeys(row[position] for row in group))
        return SEPARATOR.join(dict.fromkeys(filter(None, texts)))

    return [[cell(group, each) for each in positions] for group in _in_groups(rows, found)]


def grouped(engine: Engine, rows: Rows) -> list[list[Row]]:
    """The rows in groups: those that differ in quotes of one place alone.

    A statement with two quotes of one sentence has two rows.
    """
    return _in_groups(rows, _places(engine, rows))


def _in_groups(rows: Rows, places: Mapping[str, tuple[str, str]]) -> list[list[Row]]:
    apart = {i for i, name in enumerate(rows.columns) if name.endswith(("_quote", "_link"))}
    cited = {i for i, name in enumerate(rows.columns) if name.endswith(PLACES)}
    counts: Counter[Row] = Counter()
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows.terms:
        key = (
            places.get(term.value, term) if i in cited and isinstance(term, NamedNode) else term
            for i, term in enumerate(row)
            if i not in apart
        )
        # Equal rows of a user's own query are as many as the query has.
        groups.setdefault((counts[row], *key), []).append(row)
        counts[row] += 1
    return [*groups.values()]


def labelled(engine: Engine, rows: R) -> R:
    """The rows with labels in place of IRIs, where there is one."""
    known = names(engine, rows)

    def label(term: Term | None) -> Term | None:
        called = known.get(term.value) if isinstance(term, NamedNode) else None
        return term if called is None else Literal(called)

    return replace(rows, terms=tuple(tuple(map(label, row)) for row in rows.terms))


def quoted(engine: Engine, rows: R) -> R:
    """The rows with two more columns after each one of passages: `…_quote` and `…_link`."""
    found = passages.passages(engine, iris_of(rows))

    def quote(term: Term | None) -> tuple[Literal, Literal] | tuple[None, None]:
        passage = found.get(term.value) if isinstance(term, NamedNode) else None
        if passage is None:
            return None, None
        return Literal(passage.exact or passages.NO_QUOTE), Literal(passage.link)

    for name in rows.columns:
        behind = rows.columns.index(name) + 1
        quotes = [quote(row[behind - 1]) for row in rows.terms]
        if name in ("place", "passage") or any(map(any, quotes)):
            added = f"{name}_quote", f"{name}_link"
            columns = (*rows.columns[:behind], *added, *rows.columns[behind:])
            pairs = zip(rows.terms, quotes, strict=True)
            terms = tuple((*row[:behind], *cells, *row[behind:]) for row, cells in pairs)
            rows = replace(rows, columns=columns, terms=terms)
    return rows


def text(term: Term | None, known: Labels) -> str:
    """The term as text for people."""
    if term is None:
        return ""
    return known[term.value] if isinstance(term, NamedNode) else text_of(term)


# ── An answer ─────────────────────────────────────────────────────────────────────────────────────

CAVEAT = "caveat"
# The columns of a number, and those without which it is another number.
VALUE, STATEMENT = "value", "statement"
NUMBERS = (VALUE, "amount")
QUALIFIER, APPROXIMATE, UNIT = "number_qualifier", "approximate", "unit"
NOTHING = Cell("")


@dataclass(frozen=True)
class AnswerContext:
    """The texts that explain rows to a reader.

    `title` is the question that they answer, `summary` and `description` say what they are, and
    `meanings` what the columns contain. `shown` has the columns to show by default, none for all.
    `tables` is the column whose values are tables of their own, if any, `scope` the editions asked,
    and `others` the publishers that have figures on the same.
    """

    engine: Engine
    title: str
    summary: str
    description: str = ""
    meanings: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    tables: str = ""
    scope: Scope | None = None
    others: OtherPublishers | None = None


def editions_line(scope: Scope) -> str:
    """The editions that were asked, and how to ask others if the default left some out."""
    if scope.is_default:
        return f"newest editions: {scope.description} (--edition all for all)"
    return f"editions: {scope.description}"


@dataclass(frozen=True)
class AnswerRows(Rows):
    """The rows of a query with their context."""

    context: AnswerContext = field(repr=False, compare=False, kw_only=True)

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns to show by default, which are all of those that somebody chose.

        Those of a query on several countries have the country of each row too.
        """
        shown, scope = self.context.shown, self.context.scope
        if not (shown and set(shown).issubset(self.columns)):
            return self.columns
        is_on_several = len({each.area for each in scope.editions} if scope else ()) > 1
        named = (AREA,) if is_on_several and AREA in self.columns and AREA not in shown else ()
        return (*named, *shown)

    @property
    def cited_editions(self) -> list[Edition]:
        """The editions in the rows, or those that were asked if no row names one."""
        scope = self.context.scope
        named = {*iris_of(self)}
        asked = list(scope.editions) if scope else []
        known = {each.iri: each for each in asked} or editions(self.context.engine, named)
        return [each for iri, each in known.items() if iri in named] or asked

    @property
    def sources(self) -> tuple[Cell, ...]:
        """The same as cells: publisher, edition, and what was read of it, with its page."""
        return tuple(map(source, self.cited_editions))

    def document(self, columns: Sequence[str] = (), reasons: Iterable[str] = ()) -> Document:
        """The rows as a document: labels and links, caveats below the table, sources.

        `columns` are those to show, by default all, and `reasons` are why there is no row.
        """
        context = self.context
        head = [capitalise(context.description)] if context.description else []
        if context.scope is not None and context.scope.editions:
            head.append(capitalise(f"{editions_line(context.scope)}."))
        if context.others is not None:
            head.append(capitalise(str(context.others)))
        tables = tuple(self._tables(columns or self.columns)) if self else ()
        section = Section("Rows", paragraphs=tuple(reasons), tables=tables)
        return Document(context.title, tuple(head), (section,), sources=self.sources)

    def _tables(self, columns: Sequence[str]) -> Iterable[Table]:
        context = self.context
        whole = table(context.engine, self, context.summary, context.meanings).only(columns)
        return by_heading(whole, context.tables) if context.tables in columns else [whole]

    def frame(self) -> "pandas.DataFrame":
        """The rows as a DataFrame whose `attrs` have title, editions, sources and caveats.

        Raises UsageError when pandas is not installed.
        """
        frame = super().frame()
        cells = self.column(CAVEAT) if CAVEAT in self.columns else ()
        frame.attrs |= {
            "title": self.context.title,
            "editions": [each.slug for each in self.cited_editions],
            "sources": [" ".join(filter(None, (e.label, e.page))) for e in self.cited_editions],
            "caveats": [
                *dict.fromkeys(text for cell in cells if cell for text in separate(str(cell)))
            ],
        }
        return frame

    def _repr_html_(self) -> str:
        from tipgraph.render.page import fragment

        return fragment(self.document(self.shown))


def table(engine: Engine, rows: Rows, title: str, meanings: Mapping[str, str]) -> Table:
    """The rows with labels, links to passages and pages, and numbers."""
    iris, known = iris_of(rows), names(engine, rows)
    cited = passages.passages(engine, iris)
    links = {**pages(engine, iris), **{iri: each.link for iri, each in cited.items()}}

    # Most terms are in many rows.
    @cache
    def cell(term: Term | None) -> Cell:
        content = value(term)
        number = None if isinstance(content, str | bool | None) else content
        if not isinstance(term, NamedNode):
            return Cell(text(term, known), number=number)
        iri = term.value
        # The place of a passage is its sentence.
        about = (cited[iri].sentence if iri in cited else "") or iri
        return Cell(text(term, known), links.get(iri, ""), iri=about)

    def merged(group: Iterable[Row]) -> tuple[Cell, ...]:
        return tuple(map(_merged, zip(*(map(cell, row) for row in group), strict=True)))

    statement = rows.columns.index(STATEMENT) if STATEMENT in rows.columns else None

    def led_to(line: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """The row with its number leading to the statement of it."""
        if statement is None:
            return line
        iri = line[statement].iri
        named = zip(rows.columns, line, strict=True)
        return tuple(replace(e, iri=iri) if column == VALUE else e for column, e in named)

    lines = map(merged, grouped(engine, rows))
    cells = (_qualified(rows.columns, led_to(line)) for line in lines)
    return Table(title, rows.columns, tuple(cells), meanings, CAVEAT)


def _merged(cells: Sequence[Cell]) -> Cell:
    """The cell of rows that differ in quotes alone, with all texts and links."""
    if len(cells) == 1:
        return cells[0]
    texts = dict.fromkeys(each.text for each in cells if each.text)
    links = dict.fromkeys(each.link for each in cells if each.link)
    return replace(cells[0], text=SEPARATOR.join(texts), also=tuple(links)[1:])


def _qualified(columns: Sequence[str], cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The row with its number as the source says it, wherever the rest of the row is."""
    by_column = dict(zip(columns, cells, strict=True))
    stated, about, unit = (by_column.get(each, NOTHING) for each in (QUALIFIER, APPROXIMATE, UNIT))
    qualifier = stated.text or ("approximately" if about.text == "true" else "")
    sign = "%" if unit.iri == PERCENT else ""
    if not qualifier and not sign:
        return cells
    return tuple(
        replace(each, qualifier=qualifier, unit=sign) if column in NUMBERS else each
        for column, each in by_column.items()
    )


def by_heading(whole: Table, column: str) -> Iterator[Table]:
    """A table for each run of rows with one value in a column, which becomes its title."""
    position = whole.columns.index(column)
    columns = (*whole.columns[:position], *whole.columns[position + 1 :])
    meanings = {name: text for name, text in whole.meanings.items() if name != column}
    for heading, group in groupby(whole.rows, key=lambda row: row[position].text):
        cells = tuple((*row[:position], *row[position + 1 :]) for row in group)
        yield replace(whole, title=heading, columns=columns, rows=cells, meanings=meanings)


def source(edition: Edition) -> Cell:
    """The edition with its publisher, what was read of it, and the address of its page."""
    section = f"{edition.section} section, {edition.read}" if edition.section else edition.read
    parts = (edition.publisher_label, edition.label, section)
    text = f"{'. '.join(filter(None, parts))}. ({edition.slug})"
    return Cell(text, edition.page, iri=edition.iri)


# ── Formats ─────────────────────────────────────────────────────────────────────────────────────

Answer = AnswerRows | bool | list[Triple]
AnyRow = Iterable[Term | Triple | None]
# Writes rows under their columns, one by one.
Write = Callable[[Sequence[str], Iterable[AnyRow], TextIO], None]

XML_START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
)
GRAPH_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
}


def csv(columns: Sequence[str], rows: Iterable[Sequence[str]], safe: bool = False) -> str:
    """Comma-separated values (RFC 4180; SPARQL 1.1 Query Results CSV and TSV, section 3).

    `safe` keeps a spreadsheet from computing cells; they are then no longer what the data are.
    """
    import io
    from csv import writer

    text = io.StringIO()
    writer(text).writerows([columns, *(_safe(rows) if safe else rows)])
    return text.getvalue()


def tsv(columns: Sequence[str], rows: Iterable[Sequence[str]], safe: bool = False) -> str:
    """Plain tab-separated values; tabs and line ends in a value become `\\t` and `\\n`.

    `safe` is that of `csv`.
    """
    rows = _safe(rows) if safe else rows
    escapes = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})
    return "".join(
        "\t".join(value.translate(escapes) for value in row) + "\n" for row in [columns, *rows]
    )


def write_json(columns: Sequence[str], rows: Iterable[AnyRow], out: TextIO) -> None:
    """Write SPARQL 1.1 query results in JSON, a line for each row."""
    from json import JSONEncoder

    line = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    out.write(f'{{"head":{{"vars":{line(columns)}}},"results":{{"bindings":[')
    separator = "\n"
    for row in rows:
        cells = zip(columns, row, strict=True)
        binding = {name: _json(term) for name, term in cells if term is not None}
        out.write(f"{separator}{line(binding)}")
        separator = ",\n"
    out.write("\n]}}\n")


def write_xml(columns: Sequence[str], rows: Iterable[AnyRow], out: TextIO) -> None:
    """Write SPARQL query results in XML, a line for each row."""
    head = "".join(f'<variable name="{as_xml(name)}"/>' for name in columns)
    out.write(f"{XML_START}<head>{head}</head>\n<results>\n")
    for row in rows:
        cells = "".join(
            f'<binding name="{as_xml(name)}">{_xml(term)}</binding>'
            for name, term in zip(columns, row, strict=True)
            if term is not None
        )
        out.write(f"<result>{cells}</result>\n")
    out.write("</results>\n</sparql>\n")


def json(rows: Rows) -> str:
    """SPARQL 1.1 query results in JSON."""
    return _written(write_json, rows)


def xml(rows: Rows) -> str:
    """SPARQL query results in XML."""
    return _written(write_xml, rows)


def _written(write: Write, rows: Rows) -> str:
    from io import StringIO

    out = StringIO()
    write(rows.columns, rows.terms, out)
    return out.getvalue()


def plain(rows: Rows) -> list[list[str]]:
    """The terms as text: IRIs and lexical forms, empty where unbound."""
    return [[plain_term(term) for term in row] for row in rows.terms]


def truth(answer: bool, style: str) -> str:
    """The result of an ASK, in `json`, `xml` or as the plain word."""
    word = "true" if answer else "false"
    if style == "json":
        return dumps({"head": {}, "boolean": answer})
    if style == "xml":
        return f"{XML_START}<head/>\n<boolean>{word}</boolean>\n</sparql>\n"
    return f"{word}\n"


def graph(triples: Iterable[Triple], style: str) -> str:
    """Triples in an RDF syntax, sorted, under the prefixes they use."""
    ordered = sorted(triples, key=str)
    text = " ".join(map(str, ordered))
    used = {name: iri for name, iri in PREFIXES.items() if f"<{iri}" in text}
    syntax = GRAPH_FORMATS[style]
    prefixes = used if syntax in (RdfFormat.TURTLE, RdfFormat.TRIG) else None
    content = serialize(ordered, format=syntax, prefixes=prefixes) or b""
    return content.decode().rstrip("\n") + "\n"


def dumps(content: Any) -> str:
    """JSON that people can read."""
    from json import dumps

    return dumps(content, ensure_ascii=False, indent=2) + "\n"


# The formats of texts, and those of terms.
TEXT_FORMATS: dict[str, Callable[[Sequence[str], Iterable[Sequence[str]], bool], str]] = {
    "csv": csv,
    "tsv": tsv,
}
TERM_FORMATS: dict[str, Callable[[Rows], str]] = {"json": json, "xml": xml}
ROW_FORMATS = (*TEXT_FORMATS, *TERM_FORMATS)


def _json(term: Term | Triple) -> Any:
    """The term as SPARQL 1.1 Query Results JSON has it."""
    if isinstance(term, Triple):
        return {"type": "triple", "value": {name: _json(each) for name, each in _parts(term)}}
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    return {"type": "literal", "value": term.value, **_qualifier(term)}


def _xml(term: Term | Triple) -> str:
    """The term as SPARQL Query Results XML has it."""
    if isinstance(term, Triple):
        content = "".join(f"<{name}>{_xml(each)}</{name}>" for name, each in _parts(term))
        return f"<triple>{content}</triple>"
    if isinstance(term, NamedNode):
        return f"<uri>{as_xml(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{as_xml(term.value)}</bnode>"
    qualifier = "".join(f' {key}="{as_xml(v)}"' for key, v in _qualifier(term).items())
    return f"<literal{qualifier}>{as_xml(term.value)}</literal>"


def _parts(triple: Triple) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(triple, name)) for name in ("subject", "predicate", "object"))


def _qualifier(literal: Literal) -> dict[str, str]:
    if literal.language:
        return {"xml:lang": literal.language}
    kind = literal.datatype.value
    return {} if kind == XSD + "string" else {"datatype": kind}


def _safe(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    return ([spreadsheet(cell) for cell in row] for row in rows)
