"""Query the graph about many IRIs at once."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Protocol, TypeVar

from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine, Remembering
from tipgraph.store.rows import Rows

T = TypeVar("T")
# The IRIs of one query: from more than a thousand, an engine no longer begins with them, but with
# all that there are.
AT_ONCE = 500


class Query(Protocol):
    """Makes a query about IRIs, which it has as SPARQL lists them; without any, about all."""

    def __call__(self, iris: str = "", /) -> str: ...


def by_subject(
    engine: Engine, iris: Iterable[str], query: Query, read: Callable[[Rows], dict[str, T]]
) -> dict[str, T]:
    """Return the result of `read` for the rows on each IRI that has any, in the given order.

    An engine that shares rows runs one query on all things, because many pages need a few each.
    """
    wanted = list(dict.fromkeys(iris))
    if isinstance(engine, Remembering) and engine.shares:
        found = _kept(read, engine.select(query())) if wanted else {}
    else:
        found = {}
        for first in range(0, len(wanted), AT_ONCE):
            found |= read(engine.select(query(terms(wanted[first : first + AT_ONCE]))))
    return {iri: found[iri] for iri in wanted if iri in found}


# Results by rows, for the latest few graphs.
@lru_cache(maxsize=8)
def _kept(read: Callable[[Rows], dict[str, T]], rows: Rows) -> dict[str, T]:
    return read(rows)


def values(variable: str, iris: str) -> str:
    """The part of such a query that limits a variable to the IRIs; without any, nothing does."""
    return f"VALUES ?{variable} {{ {iris} }}" if iris else ""
