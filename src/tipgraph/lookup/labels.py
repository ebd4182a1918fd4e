"""Rows for people: labels in place of IRIs, sentences and quotes in place of passages."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from pyoxigraph import Literal, NamedNode

from tipgraph.lookup import entities, passages
from tipgraph.namespaces import shorten
from tipgraph.rdf.terms import Term
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows

if TYPE_CHECKING:
    from tipgraph.lookup.highlight import Highlighted

Row = tuple[Term | None, ...]
# Rows of a kind stay of that kind.
R = TypeVar("R", bound=Rows)


class Labels(dict[str, str]):
    """Labels by IRI. A key that has none gives the short form of the IRI."""

    def __missing__(self, iri: str) -> str:
        return shorten(iri)


def names(engine: Engine, rows: Rows) -> Labels:
    """The label of each IRI in the rows; of a passage its sentence."""
    iris = _iris(chain.from_iterable(rows.terms))
    if not iris:
        return Labels()
    return Labels({**entities.labels(engine, iris), **passages.places(engine, iris)})


def cells(engine: Engine, rows: Rows) -> list[list[str]]:
    """The rows as text for a table."""
    known = names(engine, rows)
    return [[text(term, known) for term in row] for row in rows.terms]


def labelled(engine: Engine, rows: R) -> R:
    """The rows with labels in place of IRIs, where there is one."""
    known = names(engine, rows)

    def label(term: Term | None) -> Term | None:
        called = known.get(term.value) if isinstance(term, NamedNode) else None
        return term if called is None else Literal(called)

    return replace(rows, terms=tuple(tuple(map(label, row)) for row in rows.terms))


def quoted(engine: Engine, rows: R) -> R:
    """The rows with two more columns after each one of passages: `…_quote` and `…_link`."""
    found = passages.passages(engine, _iris(chain.from_iterable(rows.terms)))
    for name in rows.columns:
        column = rows.columns.index(name)
        if name in ("sentence", "passage") or any(
            _passage(row[column], found) for row in rows.terms
        ):
            rows = _with_column(rows, f"{name}_link", column, found, lambda each: each.link)
            rows = _with_column(rows, f"{name}_quote", column, found, lambda each: each.exact)
    return rows


def with_text(
    engine: Engine, rows: R, shown: "Callable[[Highlighted], str]" = lambda text: text.text
) -> R:
    """The rows with a column `…_text` after each one of passages whose texts are attached.

    It has the sentence, as `shown` writes it with the phrase of the passage highlighted.
    """
    from tipgraph.lookup import texts
    from tipgraph.lookup.highlight import highlight

    attached = texts.attached(engine)
    if not attached:
        return rows
    known = {key: text for each in attached.values() for key, text in each.sentences.items()}
    found = passages.passages(engine, _iris(chain.from_iterable(rows.terms)))

    def sentence(passage: passages.Passage) -> str | None:
        words = known.get(passage.sentence)
        return None if words is None else shown(highlight(words, [passage]))

    for name in rows.columns:
        column = rows.columns.index(name)
        quoted = (_passage(row[column], found) for row in rows.terms)
        if any(each.sentence in known for each in quoted if each):
            rows = _with_column(rows, f"{name}_text", column, found, sentence)
    return rows


def _with_column(
    rows: R,
    name: str,
    behind: int,
    found: dict[str, passages.Passage],
    content: Callable[[passages.Passage], str | None],
) -> R:
    def extended(row: Row) -> Row:
        passage = _passage(row[behind], found)
        text = content(passage) if passage else None
        cell = None if text is None else Literal(text)
        return (*row[: behind + 1], cell, *row[behind + 1 :])

    columns = (*rows.columns[: behind + 1], name, *rows.columns[behind + 1 :])
    return replace(rows, columns=columns, terms=tuple(map(extended, rows.terms)))


def _passage(term: Term | None, found: dict[str, passages.Passage]) -> passages.Passage | None:
    return found.get(term.value) if isinstance(term, NamedNode) else None


def _iris(terms: Iterable[Term | None]) -> list[str]:
    return list(dict.fromkeys(term.value for term in terms if isinstance(term, NamedNode)))


def text(term: Term | None, known: Labels) -> str:
    """The term as text for people."""
    if term is None:
        return ""
    return known[term.value] if isinstance(term, NamedNode) else term.value
