"""The engine in the same process: a pyoxigraph store whose graphs are read as one."""

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

from tipgraph.errors import InputError
from tipgraph.namespaces import PREFIXES
from tipgraph.store.rows import Rows


class Embedded:
    """Answers from a store in memory."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def select(self, query: str) -> Rows:
        found = self._answer(query)
        assert isinstance(found, QuerySolutions)
        columns = tuple(variable.value for variable in found.variables)
        return Rows(columns, tuple(tuple(row) for row in found))

    def ask(self, query: str) -> bool:
        return bool(self._answer(query))

    def construct(self, query: str) -> list[Triple]:
        found = self._answer(query)
        assert isinstance(found, QueryTriples)
        return list(dict.fromkeys(found))

    def _answer(self, query: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            return self.store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise InputError(f"query: {' '.join(str(error).split())}") from None
