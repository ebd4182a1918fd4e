"""The rows of a stored query as a part of those that many callers need.

Some queries take as long for one edition as for all of them. An engine that keeps rows runs these
once, without the parameters that only select among the rows.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from tipgraph.lookup.editions import ALL
from tipgraph.queries.catalogue import AREA, EDITION, StoredQuery
from tipgraph.store.engine import Engine, Remembering
from tipgraph.store.rows import Rows


def rows(
    engine: Engine,
    query: StoredQuery,
    parameters: Mapping[str, object],
    selecting: Collection[str] = (EDITION, AREA),
) -> Rows:
    """The rows of a query over editions, with these parameters.

    Each of the `selecting` parameters that is given is a column whose values it selects. Raises
    UsageError as `StoredQuery.bind`.
    """
    bound = query.bind(engine, parameters)
    if not isinstance(engine, Remembering) or bound.scope is None or bound.scope.is_default:
        return engine.select(bound.text)
    others = {name: value for name, value in parameters.items() if name not in selecting}
    optional = tuple(replace(each, required=False) for each in query.params)
    whole = replace(query, params=optional).bound(engine, {**others, EDITION: ALL})
    found = engine.select(whole)
    if bound.scope.is_bound:
        found = found.where(EDITION, {each.iri for each in bound.scope.editions})
    if bound.scope.area:
        found = found.where(AREA, {bound.scope.area})
    for each in query.params:
        if each.name in parameters and each.name in {*selecting} - {EDITION, AREA}:
            found = found.where(each.name, {each.term(engine, parameters[each.name]).value})
    return found
