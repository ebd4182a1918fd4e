"""The protocol of SPARQL engines, and the engine in the same process."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

from tipgraph.errors import InputError
from tipgraph.namespaces import PREFIXES
from tipgraph.store.rows import Rows

T = TypeVar("T")
Answer = QuerySolutions | QueryBoolean | QueryTriples

# Prefix of the engine's messages on a damaged file.
DAMAGE = "Corruption"


class Engine(Protocol):
    """Answers queries over the union of all named graphs.

    Each method raises InputError when the query is broken.
    """

    def select(self, query: str, allow_empty_rows: bool = False) -> Rows:
        """The rows of a SELECT.

        A store's row without any value is an incomplete response, unless the query may give such
        rows.
        """

    def ask(self, query: str) -> bool:
        """The answer to an ASK."""

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE, each once."""


class Embedded:
    """Answers from a pyoxigraph store in this process."""

    def __init__(self, store: Store, repaired: Callable[[], Store] | None = None) -> None:
        """`repaired` gives the store that replaces this one if its files are damaged."""
        self.store = store
        self._repaired = repaired

    def select(self, query: str, allow_empty_rows: bool = False) -> Rows:
        return self._read(query, _rows)

    def ask(self, query: str) -> bool:
        return self._read(query, bool)

    def construct(self, query: str) -> list[Triple]:
        return self._read(query, _triples)

    def _read(self, query: str, read: Callable[[Answer], T]) -> T:
        try:
            return read(self.store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True))
        except SyntaxError as error:
            reason = " ".join(str(error).split())
        except (ValueError, RuntimeError) as error:
            if self._repaired is not None and str(error).startswith(DAMAGE):
                self.store, self._repaired = self._repaired(), None
                return self._read(query, read)
            # "The custom function <urn:f> is not supported"
            reason = " ".join(str(error).split())
            reason = reason[:1].lower() + reason[1:]
        # Raised here and not above, it does not keep the solutions, which must be freed in the
        # thread that made them.
        raise InputError(f"query: {reason}")


def _rows(solutions: Answer) -> Rows:
    assert isinstance(solutions, QuerySolutions)
    columns = tuple(variable.value for variable in solutions.variables)
    return Rows(columns, tuple(tuple(row) for row in solutions))


def _triples(triples: Answer) -> list[Triple]:
    assert isinstance(triples, QueryTriples)
    return list(dict.fromkeys(triples))
