"""Query results for people: rows with labels, quotes, caveats and sources."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, groupby
from typing import TYPE_CHECKING, TypeVar

from pyoxigraph import Literal, NamedNode, Triple

from tipgraph import entities
from tipgraph.entities import Labels, passages
from tipgraph.entities.editions import Edition, Scope, editions, pages
from tipgraph.namespaces import PERCENT
from tipgraph.queries.catalogue import AREA
from tipgraph.queries.other_publishers import OtherPublishers
from tipgraph.rdf.terms import Term, plain_term, text_of, value
from tipgraph.render.document import Cell, Document, Section, Table, separate
from tipgraph.store.engine import Engine, Rows, iris_of
from tipgraph.text import SEPARATOR, capitalise

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


Answer = AnswerRows | bool | list[Triple]


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
