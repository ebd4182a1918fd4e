"""What a search names and some editions have no statement on."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tipgraph.lookup.absence import statements_on
from tipgraph.lookup.editions import Edition, editions
from tipgraph.lookup.search_index import read_shown
from tipgraph.store.engine import Engine

TOPIC, INDICATOR, STATEMENT = "topic", "indicator", "statement"


@dataclass(frozen=True)
class Lack:
    """A topic or an indicator that was searched for, and editions without a statement.

    `not_stated` are the labels of those that were read in full, `not_extracted` counts the others.
    `statements` counts the statements in the editions that were searched.
    """

    iri: str
    label: str
    command: str
    statements: int
    not_stated: tuple[str, ...]
    not_extracted: int


@dataclass(frozen=True)
class _Code:
    iri: str
    kind: str
    label: str
    command: str


def lacks(
    engine: Engine,
    index: sqlite3.Connection,
    named: Iterable[int],
    among: Iterable[str] | None,
) -> Iterator[Lack]:
    """The topics and indicators among the rows on which some of the editions have no statement."""
    codes = _codes(index, named)
    yield from _lacks(engine, codes, editions(engine, among) if codes else {})


def _codes(index: sqlite3.Connection, named: Iterable[int]) -> list[_Code]:
    """The topics and the indicators among the rows."""
    select = "SELECT iri, kind, shown FROM thing WHERE id = ? AND kind IN (?, ?)"
    rows = (row for n in sorted(named) for row in index.execute(select, (n, TOPIC, INDICATOR)))
    shown = ((iri, kind, read_shown(text)) for iri, kind, text in rows)
    return [_Code(iri, kind, each.label, each.command) for iri, kind, each in shown]


def _lacks(engine: Engine, codes: Iterable[_Code], among: Mapping[str, Edition]) -> Iterator[Lack]:
    """Those of the codes on which some editions have no statement.

    A topic counts where an edition that was read in full has none; an indicator, which may be of
    one country, where no edition has one.
    """
    for code in codes:
        stated = [where for _, where in statements_on(engine, code.iri) if where in among]
        lack = _lack(code, stated, among)
        if lack and (not stated or (lack.not_stated and code.kind == TOPIC)):
            yield lack


def _lack(code: _Code, stated: Sequence[str], among: Mapping[str, Edition]) -> Lack | None:
    """What editions lack that are not among those of the statements; None where all have some."""
    without = [each for each in among.values() if each.iri not in stated]
    complete = tuple(each.label for each in without if each.is_complete)
    if not without:
        return None
    return Lack(
        code.iri, code.label, code.command, len(stated), complete, len(without) - len(complete)
    )
