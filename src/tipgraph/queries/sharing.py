"""The rows of a stored query as a part of those that many callers need.

An engine that shares rows runs some queries once, without the parameters that only select among the
rows.
"""

from collections.abc import Collection
from dataclasses import replace

from tipgraph.entities.editions import ALL
from tipgraph.queries.catalogue import AREA, EDITION, BoundQuery
from tipgraph.store.engine import Engine, Remembering
from tipgraph.store.rows import Rows

# Queries that take hardly longer for all editions than for one, and have the same rows there.
SHARED = {
    *("changes", "claims", "connections", "criticism", "figures", "funding", "revisions"),
    "unmentioned-topics",
}


def answer(engine: Engine, bound: BoundQuery) -> Rows:
    """The rows of a SELECT, as a part of those of all editions where that is faster.

    Raises InputError as the engine does.
    """
    if bound.query.name in SHARED:
        return rows(engine, bound)
    # A row without any value is valid SPARQL, but none that a key identifies.
    return engine.select(bound.text, allow_empty_rows=not bound.query.key)


def rows(engine: Engine, bound: BoundQuery, selecting: Collection[str] = (EDITION, AREA)) -> Rows:
    """The rows of a query over editions.

    Each of the `selecting` parameters that is given is a column whose values it selects.
    """
    query, parameters = bound.query, bound.parameters
    if not isinstance(engine, Remembering) or not engine.shares or bound.scope is None:
        return engine.select(bound.text)
    others = {name: value for name, value in parameters.items() if name not in selecting}
    optional = tuple(replace(each, required=False) for each in query.params)
    whole = replace(query, params=optional).bound(engine, {**others, EDITION: ALL})
    found = engine.select(whole)
    if bound.scope.is_bound:
        found = found.where(EDITION, {each.iri for each in bound.scope.editions})
    if bound.scope.areas:
        found = found.where(AREA, set(bound.scope.areas))
    for each in query.params:
        if each.name in parameters and each.name in {*selecting} - {EDITION, AREA}:
            found = found.where(each.name, {each.term(engine, parameters[each.name]).value})
    return found
