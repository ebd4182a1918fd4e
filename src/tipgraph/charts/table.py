"""The rows of a stored query, with what people call the things in them."""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from itertools import chain

from pyoxigraph import NamedNode

from tipgraph.errors import UsageError
from tipgraph.graph import Graph
from tipgraph.lookup import entities
from tipgraph.namespaces import last_part
from tipgraph.store.rows import Value

Row = Mapping[str, Value]

# Stands between the remarks of a cell.
BETWEEN = " | "


class Table:
    """The rows, which have IRIs for things."""

    def __init__(self, graph: Graph, query: str, parameters: Mapping[str, object]) -> None:
        """Ask the stored query. Raises UsageError as `Graph.query` does."""
        found = graph.rows(query, **parameters)
        iris = {term.value for term in chain(*found.terms) if isinstance(term, NamedNode)}
        self.engine = graph.engine
        self.rows: list[Row] = list(found)
        self.command = _command(query, parameters)
        self._labels = entities.labels(graph.engine, iris)
        self._free = [
            each.name for each in graph.queries[query].params if each.name not in parameters
        ]

    def where(self, fits: Callable[[Row], bool]) -> "Table":
        """The same with these rows alone."""
        table = copy(self)
        table.rows = list(filter(fits, self.rows))
        return table

    def only(self, column: str) -> str:
        """The one thing that a column has in all its rows, or an empty text where it has none.

        Raises UsageError, with the parameter to set, when there are several.
        """
        values = self.values(column)
        if len(values) > 1:
            called = ", ".join(map(self.called, values))
            raise UsageError(f"more than one {column}: {called}; {self._hint(column, values[0])}")
        return values[0] if values else ""

    def values(self, column: str) -> list[str]:
        """What stands in a column, each once, in the order of the rows."""
        texts = [str(row[column]) for row in self.rows if row.get(column) is not None]
        return list(dict.fromkeys(texts))

    def called(self, thing: object) -> str:
        """What people call a thing."""
        return self._labels.get(str(thing), last_part(str(thing)))

    def _hint(self, column: str, value: str) -> str:
        if column in self._free:
            return f"choose one, such as -p {column}={last_part(value)}"
        return f"narrow it down with {' or '.join(f'-p {name}=…' for name in self._free)}"


def by_statement(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows of each statement: several where several say it, or several passages."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["statement"], []).append(row)
    yield from groups.values()


def remarks(rows: Iterable[Row]) -> list[str]:
    """What bears on a figure, remark by remark."""
    cells = [str(row["caveat"]) for row in rows if row["caveat"]]
    return list(dict.fromkeys(" ".join(each.split()) for c in cells for each in c.split(BETWEEN)))


def _command(query: str, parameters: Mapping[str, object]) -> str:
    given = [f"-p {shlex.quote(f'{name}={value}')}" for name, value in parameters.items()]
    return " ".join(["tipgraph", "query", query, *given])
