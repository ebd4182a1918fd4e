"""Find the search terms on which some editions have no statement."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pyoxigraph import NamedNode

from tipgraph.entities.absence import stating
from tipgraph.entities.editions import COMPLETE, editions
from tipgraph.namespaces import TOTAL
from tipgraph.rdf.sparql import terms as values
from tipgraph.search.index import FIGURE, read_displayed
from tipgraph.search.terms import (
    Term,
    content_terms,
    matching_names,
    rest,
    rows_matching,
    statements_in,
    years,
)
from tipgraph.store.engine import Engine

TOPIC, INDICATOR, PART, STATEMENT = "topic", "indicator", "part", "statement"
# The most words of a search that are tried as the name of a topic.
LONGEST_TOPIC = 5
IS_FIGURE = "SELECT 1 FROM thing WHERE id = ? AND form = ?"


@dataclass(frozen=True)
class Gap:
    """A topic, an indicator or an axis that was searched for, and editions without a statement.

    `not_stated` are the labels of those that were read in full, `not_extracted` counts the others.
    `stated` counts those of the editions that were searched which have a statement.
    """

    iri: str
    label: str
    command: str
    stated: int
    not_stated: tuple[str, ...]
    not_extracted: int


@dataclass(frozen=True)
class _Code:
    iri: str
    kind: str
    label: str
    command: str


def gaps(
    engine: Engine,
    index: sqlite3.Connection,
    named: Iterable[int],
    among: Collection[str] | None,
) -> Iterator[Gap]:
    """The topics and indicators among the rows on which some of the editions have no statement.

    Of a document little was read, so that nothing is missing from it.
    """
    codes = _codes(index, named)
    yield from _gaps(engine, codes, _labels(engine, among) if codes else {})


def _labels(engine: Engine, among: Collection[str] | None) -> dict[str, str]:
    """Return all editions, or those among the IRIs, with the labels of those read in full."""
    limit = "" if among is None else f"VALUES ?edition {{ {values(among)} }}"
    rows = engine.select(
        f"SELECT ?edition ?label {{ {limit} ?edition a tip:Edition"
        f" OPTIONAL {{ ?edition tip:coverage {NamedNode(COMPLETE)} ; rdfs:label ?label }} }}"
    )
    return {str(row["edition"]): str(row["label"] or "") for row in rows}


def gaps_of_countries(
    engine: Engine,
    index: sqlite3.Connection,
    terms: Sequence[Term],
    countries: Mapping[Term, str],
    among: Collection[str] | None,
) -> Iterator[Gap]:
    """Return the other terms on which editions on the countries have no statement.

    These, or one of them, name a topic or an indicator, or some that follow each other a topic, or
    one names the parts of a breakdown of what the others name. Years select the editions of the
    year, and of the next, which report on it.
    """
    if not countries:
        return
    asked, areas = years(terms), dict.fromkeys(countries.values())
    on_areas = {iri: each for area in areas for iri, each in editions(engine, area=area).items()}
    chosen = {
        iri: each
        for iri, each in on_areas.items()
        if (among is None or iri in among) and (not asked or asked & {each.year, each.year - 1})
    }
    others = content_terms([each for each in rest(terms, countries) if not years([each])])
    if not others or not chosen:
        return
    stated = statements_in(index, chosen)
    labels = {iri: each.label if each.is_complete else "" for iri, each in chosen.items()}
    yield from _gaps(engine, _named(index, others), labels)
    for first, after in combinations(range(len(others) + 1), 2):
        if 1 < after - first <= LONGEST_TOPIC:
            yield from _gaps(engine, _named(index, others[first:after], [TOPIC]), labels)
    for term in others:
        yield from _gaps(engine, _named(index, [term]), labels)
        counted = [each for each in others if each is not term]
        having = _matching(index, counted) & stated
        if _has_figure(index, having):
            yield from _breakdowns(engine, index, term, stated, labels)
        elif counted and not having:
            yield from _gaps(engine, _named(index, counted), labels)


def _has_figure(index: sqlite3.Connection, rows: Iterable[int]) -> bool:
    return any(index.execute(IS_FIGURE, (row, FIGURE)).fetchone() for row in rows)


def _named(
    index: sqlite3.Connection, terms: Sequence[Term], kinds: Sequence[str] = (TOPIC, INDICATOR)
) -> list[_Code]:
    """The topics and indicators with the terms as a whole name."""
    return _codes(index, matching_names(index, terms, kinds).whole)


def _matching(index: sqlite3.Connection, terms: Sequence[Term]) -> set[int]:
    """The rows with all of the terms in any of their texts."""
    return rows_matching(index, " AND ".join(each.expression for each in terms)) if terms else set()


def _codes(index: sqlite3.Connection, named: Iterable[int]) -> list[_Code]:
    """The topics and the indicators among the rows."""
    select = "SELECT iri, kind, shown FROM thing WHERE id = ? AND kind IN (?, ?)"
    rows = (row for n in sorted(named) for row in index.execute(select, (n, TOPIC, INDICATOR)))
    shown = ((iri, kind, read_displayed(text)) for iri, kind, text in rows)
    return [_Code(iri, kind, each.label, each.command) for iri, kind, each in shown]


def _gaps(engine: Engine, codes: Sequence[_Code], among: Mapping[str, str]) -> Iterator[Gap]:
    """Yield the codes on which some editions have no statement.

    `among` has the labels of those read in full, and an empty one for each other edition.

    A topic counts where an edition that was read in full has none; an indicator, which may be of
    one country, where no edition has one.
    """
    known = stating(engine, [each.iri for each in codes]) if codes else {}
    for code in codes:
        stated = known[code.iri] & among.keys()
        gap = _gap(code, stated, among)
        if gap and (not stated or (gap.not_stated and code.kind == TOPIC)):
            yield gap


def _gap(code: _Code, stated: Collection[str], among: Mapping[str, str]) -> Gap | None:
    """Return the editions without a statement on the code; None if each has one."""
    without = [label for iri, label in among.items() if iri not in stated]
    complete = tuple(sorted(filter(None, without)))
    if not without:
        return None
    partial = len(without) - len(complete)
    return Gap(code.iri, code.label, code.command, len(stated), complete, partial)


def _breakdowns(
    engine: Engine,
    index: sqlite3.Connection,
    term: Term,
    stated: Collection[int],
    among: Mapping[str, str],
) -> Iterator[Gap]:
    """The axis of the parts that the term names, where no edition has a figure on such an axis.

    Nothing where a figure of the editions has the term in any of its texts.
    """
    names = matching_names(index, [term], (PART,))
    if not names.whole:
        return
    if _has_figure(index, rows_matching(index, term.expression) & {*stated}):
        return
    # The most figures first.
    axes = engine.select(
        f"SELECT ?axis {{ VALUES ?part {{ {values(_iris(index, names.whole))} }}"
        f" ?figure tip:part ?part ; tip:axis ?axis FILTER(?axis != <{TOTAL}>) }}"
        " GROUP BY ?axis ORDER BY DESC(COUNT(?figure)) ?axis LIMIT 1"
    )
    figures = engine.select(
        "SELECT ?figure ?edition {"
        " { SELECT DISTINCT ?axis {"
        f" VALUES ?part {{ {values(_iris(index, names.parts))} }}"
        f" ?any tip:part ?part ; tip:axis ?axis FILTER(?axis != <{TOTAL}>) }} }}"
        f" VALUES ?edition {{ {values(among)} }}"
        " ?figure a tip:Figure ; tip:axis ?axis ; tip:edition ?edition }"
    )
    if len(axes) and not len(figures):
        select = "SELECT iri, kind, shown FROM thing WHERE iri = ?"
        for iri, kind, text in index.execute(select, (str(axes[0]["axis"]),)):
            shown = read_displayed(text)
            axis = _Code(iri, kind, f"breakdown {shown.label} ({term.text})", shown.command)
            yield from filter(None, [_gap(axis, (), among)])


def _iris(index: sqlite3.Connection, numbers: Iterable[int]) -> list[str]:
    select = "SELECT iri FROM thing WHERE id = ?"
    return [iri for number in sorted(numbers) for (iri,) in index.execute(select, (number,))]
