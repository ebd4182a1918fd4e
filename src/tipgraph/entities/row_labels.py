"""Rows for people: labels in place of IRIs, sentences and quotes in place of passages."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from tipgraph import entities
from tipgraph.entities import Labels, passages
from tipgraph.rdf.terms import Term, plain_term, text_of
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows
from tipgraph.text import SEPARATOR

Row = tuple[Term | None, ...]
# Columns that give the place of a statement end so. Others may list passages themselves.
PLACES = ("place", "passage")
# Rows of a kind stay of that kind.
R = TypeVar("R", bound=Rows)


def names(engine: Engine, rows: Rows, editions: bool = True) -> Labels:
    """The label of each IRI in the rows; of a passage its place, as `passages.places` names it."""
    return _known(engine, rows, passages.named(_places(engine, rows), editions))


def _known(engine: Engine, rows: Rows, places: Mapping[str, str]) -> Labels:
    """The label of each IRI in the rows, of a place its name."""
    others = (iri for iri in iris_in(chain.from_iterable(rows.terms)) if iri not in places)
    return Labels({**entities.labels(engine, others), **places})


def _places(engine: Engine, rows: Rows) -> dict[str, tuple[str, str]]:
    """The places among the IRIs of the rows, as `passages.editions_of_places` finds them.

    They are in columns that are named for them, and in those whose first IRI is one.
    """
    columns = {name: iris_in(row[i] for row in rows.terms) for i, name in enumerate(rows.columns)}
    first = passages.editions_of_places(engine, (iris[0] for iris in columns.values() if iris))
    iris = (
        iris
        for name, iris in columns.items()
        if name.endswith(PLACES) or not first.keys().isdisjoint(iris[:1])
    )
    return passages.editions_of_places(engine, chain.from_iterable(iris))


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
        own = {*iris_in(chain.from_iterable(shown.terms))}
        places = {iri: place for iri, place in found.items() if iri in own}
        known = _known(engine, shown, passages.named(places, several=several))
    positions = [rows.columns.index(name) for name in shown.columns]

    def cell(group: Sequence[Row], position: int) -> str:
        terms = dict.fromkeys(row[position] for row in group)
        texts = (text(each, known) if labels else plain_term(each) for each in terms)
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
    found = passages.passages(engine, iris_in(chain.from_iterable(rows.terms)))

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


def iris_in(terms: Iterable[Term | None]) -> list[str]:
    """The distinct IRIs among the terms, in their order."""
    return list(dict.fromkeys(term.value for term in terms if isinstance(term, NamedNode)))


def text(term: Term | None, known: Labels) -> str:
    """The term as text for people."""
    if term is None:
        return ""
    return known[term.value] if isinstance(term, NamedNode) else text_of(term)
