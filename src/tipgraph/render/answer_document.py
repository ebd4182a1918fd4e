"""The rows of a query as a document: with labels, links, caveats and sources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby

from pyoxigraph import NamedNode

from tipgraph.entities import passages, row_labels
from tipgraph.entities.editions import Edition, editions, pages
from tipgraph.namespaces import PERCENT
from tipgraph.rdf.terms import Term, value
from tipgraph.render.context import AnswerContext, editions_line
from tipgraph.render.document import Cell, Document, Section, Table, separate
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows
from tipgraph.text import SEPARATOR, capitalise

CAVEAT = "caveat"
# The columns of a number, and those without which it is another number.
VALUE, STATEMENT = "value", "statement"
NUMBERS = (VALUE, "amount")
QUALIFIER, APPROXIMATE, UNIT = "number_qualifier", "approximate", "unit"
NOTHING = Cell("")


def document(
    rows: Rows,
    context: AnswerContext,
    reasons: Iterable[str] = (),
    columns: Sequence[str] = (),
) -> Document:
    """The rows as a document, with caveats below the table.

    `reasons` are why there is no row, `columns` those to show, by default all.
    """
    head = [capitalise(context.description)] if context.description else []
    if context.scope is not None and context.scope.editions:
        head.append(capitalise(f"{editions_line(context.scope)}."))
    if context.others is not None:
        head.append(capitalise(str(context.others)))
    return Document(
        context.title,
        tuple(head),
        (
            Section(
                "Rows", paragraphs=tuple(reasons), tables=tuple(_tables(rows, context, columns))
            ),
        ),
        sources=tuple(map(source, cited_editions(rows, context))),
    )


def table(engine: Engine, rows: Rows, title: str, meanings: Mapping[str, str]) -> Table:
    """The rows with labels, links to passages and pages, and numbers."""
    iris = {term.value for row in rows.terms for term in row if isinstance(term, NamedNode)}
    names = row_labels.names(engine, rows)
    quoted = passages.passages(engine, iris) if iris else {}
    links = {**pages(engine, iris), **{iri: each.link for iri, each in quoted.items()}}

    # Most terms are in many rows.
    @cache
    def cell(term: Term | None) -> Cell:
        content = value(term)
        number = None if isinstance(content, str | bool | None) else content
        if not isinstance(term, NamedNode):
            return Cell(row_labels.text(term, names), number=number)
        iri = term.value
        # The place of a passage is its sentence.
        about = (quoted[iri].sentence if iri in quoted else "") or iri
        return Cell(row_labels.text(term, names), links.get(iri, ""), iri=about)

    def merged(group: Iterable[row_labels.Row]) -> tuple[Cell, ...]:
        return tuple(map(_merged, zip(*(map(cell, row) for row in group), strict=True)))

    statement = rows.columns.index(STATEMENT) if STATEMENT in rows.columns else None

    def led_to(line: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """The row with its number leading to the statement of it."""
        if statement is None:
            return line
        iri = line[statement].iri
        named = zip(rows.columns, line, strict=True)
        return tuple(replace(e, iri=iri) if column == VALUE else e for column, e in named)

    lines = map(merged, row_labels.grouped(engine, rows))
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


def _tables(rows: Rows, context: AnswerContext, columns: Sequence[str]) -> Iterable[Table]:
    if not rows:
        return ()
    whole = table(context.engine, rows, context.summary, context.meanings)
    if columns:
        whole = whole.only(columns)
    return by_heading(whole, context.tables) if context.tables in whole.columns else [whole]


def caveats(rows: Rows) -> dict[str, None]:
    """The distinct caveats of the rows, in their order."""
    if CAVEAT not in rows.columns:
        return {}
    cells = (str(cell) for cell in rows.column(CAVEAT) if cell)
    return dict.fromkeys(text for cell in cells for text in separate(cell))


def cited_editions(rows: Rows, context: AnswerContext) -> list[Edition]:
    """The editions in the rows, or those that were asked if no row names one."""
    named = {term.value for row in rows.terms for term in row if isinstance(term, NamedNode)}
    asked = list(context.scope.editions) if context.scope else []
    known = {each.iri: each for each in asked} or editions(context.engine, named)
    found = [each for iri, each in known.items() if iri in named]
    return found or asked


def source(edition: Edition) -> Cell:
    """The edition with its publisher, what was read of it, and the address of its page."""
    section = f"{edition.section} section, {edition.read}" if edition.section else edition.read
    parts = (edition.publisher_label, edition.label, section)
    text = f"{'. '.join(filter(None, parts))}. ({edition.slug})"
    return Cell(text, edition.page, iri=edition.iri)
