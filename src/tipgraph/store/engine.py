"""What answers SPARQL: one small protocol, and the engine in the same process."""

from typing import Protocol

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

from tipgraph.errors import InputError
from tipgraph.namespaces import PREFIXES
from tipgraph.store.rows import Rows


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
    """Answers from a pyoxigraph store in memory."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def select(self, query: str, allow_empty_rows: bool = False) -> Rows:
        solutions = self._answer(query)
        assert isinstance(solutions, QuerySolutions)
        columns = tuple(variable.value for variable in solutions.variables)
        return Rows(columns, tuple(tuple(row) for row in solutions))

    def ask(self, query: str) -> bool:
        return bool(self._answer(query))

    def construct(self, query: str) -> list[Triple]:
        triples = self._answer(query)
        assert isinstance(triples, QueryTriples)
        return list(dict.fromkeys(triples))

    def _answer(self, query: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            return self.store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise InputError(f"query: {' '.join(str(error).split())}") from None
        except (ValueError, RuntimeError) as error:
            # "The custom function <urn:f> is not supported"
            reason = " ".join(str(error).split())
            raise InputError(f"query: {reason[:1].lower()}{reason[1:]}") from None
