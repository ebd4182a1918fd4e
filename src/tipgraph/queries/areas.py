"""The countries for which each stored query has rows, computed from the graph."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from pyoxigraph import NamedNode

from tipgraph.entities import labels
from tipgraph.entities.editions import editions
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import AREA, EDITION, StoredQuery
from tipgraph.rdf import sparql
from tipgraph.rdf.binding import bind
from tipgraph.store.engine import Engine
from tipgraph.text import join

# The name of the file in a wheel and in the cache.
FILE = "query-areas.json"
# The most countries that are named, the most queries that are offered instead, and the least number
# of columns in common with one.
NAMED, OFFERED, LEAST = 5, 3, 3
# The query that has all statements on a country.
GENERAL = "statements"
# Returns the countries of a query, or the one of these that is named, as `areas` does.
AreasOf = Callable[..., Sequence[str] | None]
# Columns that say nothing about the subject of a query.
COMMON = {AREA, EDITION, "statement", "speaker", "reporter", "place", "caveat", "kind", "note"}


def areas(engine: Engine, query: StoredQuery, area: str = "") -> list[str] | None:
    """Return the countries for which a query has rows in some edition, as sorted IRIs.

    With `area`, only this one is looked at. None for a query that no country limits, or whose rows
    are made of several countries.
    """
    takes_area = any(each.name == AREA for each in query.params)
    text = bind(query.text, [((AREA,), [(NamedNode(area),)])] if area else [])
    select = sparql.values_of(text, AREA) if takes_area and query.form == "SELECT" else None
    if select is None:
        return None
    return sorted({str(each) for each in engine.select(select).column(AREA) if each is not None})


def make_index(engine: Engine, queries: Mapping[str, StoredQuery]) -> bytes:
    """Return the countries of all queries as JSON."""
    return json.dumps({name: areas(engine, query) for name, query in queries.items()}).encode()


def in_words(engine: Engine, found: Sequence[str]) -> str:
    """Return the countries as text: all of them, a few by name, or their number and codes."""
    every = {each.area for each in editions(engine).values()}
    if every.issubset(found) and found[1:]:
        return f"all {len(found)} countries"
    if not found:
        return "no country"
    known = labels(engine, found)
    if len(found) == 1:
        return f"{known.get(found[0], last_part(found[0]))} alone"
    if len(found) <= NAMED:
        return join(known.get(each, last_part(each)) for each in found)
    return f"{len(found)} countries: {', '.join(map(last_part, found))}"


def instead(
    query: StoredQuery, queries: Mapping[str, StoredQuery], area: str, areas_of: AreasOf
) -> list[StoredQuery]:
    """Return the queries nearest to one without rows for a country that have some, nearest first.

    Near are queries of the same theme, and those with several of its columns beside common ones.
    Without any, it is the query of all statements.
    """

    def likeness(other: StoredQuery) -> int:
        columns = (query.columns.keys() & other.columns.keys()) - COMMON
        return len(columns) + LEAST * len({*query.tags} & {*other.tags})

    def answers(other: StoredQuery) -> bool:
        return area in (areas_of(other, area) or ())

    others = (each for each in queries.values() if not any(p.required for p in each.params))
    near = sorted(others, key=lambda other: (-likeness(other), other.name))
    found = [*islice((e for e in near if likeness(e) >= LEAST and answers(e)), OFFERED)]
    return found or [each for each in near if each.name == GENERAL and answers(each)]
