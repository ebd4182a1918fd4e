"""Query the graph about many IRIs, some at once."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows

T = TypeVar("T")
# The IRIs of one query: from more than a thousand, an engine no longer begins with them, but with
# all that there are.
AT_ONCE = 500


def by_subject(
    engine: Engine,
    iris: Iterable[str],
    query: Callable[[str], str],
    read: Callable[[Rows], dict[str, T]],
) -> dict[str, T]:
    """Return the result of `read` for the rows on each IRI that has any, in the given order.

    `query` makes the query about IRIs, which it has as SPARQL lists them.
    """
    wanted = list(dict.fromkeys(iris))
    found: dict[str, T] = {}
    for first in range(0, len(wanted), AT_ONCE):
        found |= read(engine.select(query(terms(wanted[first : first + AT_ONCE]))))
    return {iri: found[iri] for iri in wanted if iri in found}
