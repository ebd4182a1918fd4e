"""The protocol of SPARQL engines, the engine in the same process, and the rows of an answer."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain, compress
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

import pyoxigraph
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

from tipgraph.errors import InputError, UsageError
from tipgraph.namespaces import PREFIXES
from tipgraph.rdf import sparql
from tipgraph.rdf.terms import Term, Value, text_of, value
from tipgraph.text import one_line

if TYPE_CHECKING:
    import pandas

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
Answer = QuerySolutions | QueryBoolean | QueryTriples
Row = tuple[Term | None, ...]

# Prefix of the engine's messages on a damaged file.
DAMAGE = "Corruption"
# The answers that an engine keeps where pages are made of a graph.
REMEMBERED = 1_000


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """The values of pairs by their keys, both in the given order; none for another key."""
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, each in pairs:
        groups[key].append(each)
    return groups


def matching(engine: "Engine", pattern: str) -> list[str]:
    """The IRI of each `?thing` that matches a pattern, once."""
    rows = engine.select(f"SELECT DISTINCT ?thing {{ {pattern} }}")
    return [str(each) for each in rows.column("thing")]


def iris_in(terms: Iterable[Term | None]) -> list[str]:
    """The distinct IRIs among the terms, in their order."""
    return list(dict.fromkeys(term.value for term in terms if isinstance(term, NamedNode)))


@dataclass(frozen=True)
class Rows:
    """A table of RDF terms.

    Iterating gives a dictionary for each row, with Python values: numbers and booleans by their
    datatype, everything else as text, None where a column is unbound. `terms` has the terms.
    """

    columns: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...]

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        for row in self.terms:
            yield dict(zip(self.columns, map(value, row), strict=True))

    def __getitem__(self, index: int) -> dict[str, Value]:
        return dict(zip(self.columns, map(value, self.terms[index]), strict=True))

    def column(self, name: str) -> list[Value]:
        """The values of one column. Raises ValueError for an unknown column."""
        position = self.columns.index(name)
        return [value(row[position]) for row in self.terms]

    def only(self, columns: Sequence[str]) -> Self:
        """These columns alone, in this order. Raises ValueError for an unknown column."""
        places = [self.columns.index(name) for name in columns]
        terms = tuple(tuple(row[i] for i in places) for row in self.terms)
        return replace(self, columns=tuple(columns), terms=terms)

    def where(self, column: str, wanted: Container[Value]) -> Self:
        """The rows whose value in a column is wanted. Raises ValueError for an unknown column."""
        kept = (value in wanted for value in self.column(column))
        return replace(self, terms=tuple(compress(self.terms, kept)))

    def grouped(self) -> dict[str, list[str]]:
        """The texts of the second column by those of the first; the rows have two columns."""
        return grouped((text_of(first), text_of(second)) for first, second in self.terms)

    def frame(self) -> "pandas.DataFrame":
        """The rows as a pandas DataFrame. Raises UsageError when pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise UsageError("frame() needs pandas; run pip install pandas") from None

        return pandas.DataFrame(list(self), columns=list(self.columns))


def iris_of(rows: Rows) -> list[str]:
    """The distinct IRIs in the rows, in their order."""
    return iris_in(chain.from_iterable(rows.terms))


@dataclass
class Work:
    """The number of queries that an engine has answered, and that of the rows that it gave."""

    queries: int = 0
    rows: int = 0

    def add(self, rows: int = 1) -> None:
        """Count an answer."""
        self.queries += 1
        self.rows += rows


class Engine(Protocol):
    """Answers queries over the union of all named graphs.

    `name` is the engine's, with its version where known, and `kind` that of a store, empty for an
    engine in this process. Each method raises InputError when the query is broken.
    """

    work: Work

    @property
    def kind(self) -> str: ...

    @property
    def name(self) -> str: ...

    def select(self, query: str, allow_empty_rows: bool = False) -> Rows:
        """The rows of a SELECT.

        A store's row without any value is an incomplete response, unless the query may give such
        rows.
        """

    def ask(self, query: str) -> bool:
        """The answer to an ASK."""

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE, each once."""

    def unchanged(self) -> AbstractContextManager[None]:
        """Raise EndpointError at the end where the graph of a store was replaced meanwhile."""


class Embedded:
    """Answers from a pyoxigraph store in this process."""

    kind = ""

    def __init__(self, store: Store, repaired: Callable[[], Store] | None = None) -> None:
        """`repaired` gives the store that replaces this one if its files are damaged."""
        self.store = store
        self.work = Work()
        self._repaired = repaired

    @property
    def name(self) -> str:
        return f"pyoxigraph {pyoxigraph.__version__}"

    def select(self, query: str, allow_empty_rows: bool = False) -> Rows:
        rows = self._read(query, _rows, sparql.with_lateral(query))
        self.work.add(len(rows))
        return rows

    def unchanged(self) -> AbstractContextManager[None]:
        return nullcontext()

    def parts(self, query: str, column: str, least: int) -> Iterator[Rows]:
        """Yield the rows of a SELECT in parts, which end where a column's value changes.

        A part has `least` rows or more, but for the last one. Raises ValueError for an unknown
        column.
        """
        columns, solutions = self._read(query, _unread, sparql.with_lateral(query))
        self.work.add(0)
        place, part = columns.index(column), list[Row]()
        for row in map(tuple, solutions):
            if len(part) >= least and row[place] != part[-1][place]:
                yield Rows(columns, tuple(part))
                part.clear()
            part.append(row)
            self.work.rows += 1
        yield Rows(columns, tuple(part))

    def ask(self, query: str) -> bool:
        self.work.add()
        return self._read(query, bool)

    def construct(self, query: str) -> list[Triple]:
        triples = self._read(query, _triples)
        self.work.add(len(triples))
        return triples

    def _read(self, query: str, read: Callable[[Answer], T], changed: str = "") -> T:
        """Read the answer to a query, or to a form of it that gives the same faster."""
        text = changed or query
        try:
            # Otherwise the engine takes the union in place of the graphs that FROM names.
            union = not sparql.has_dataset(query)
            return read(self.store.query(text, prefixes=PREFIXES, use_default_graph_as_union=union))
        except SyntaxError as error:
            if text != query:
                # The error is one of the query that was given, at its place there.
                return self._read(query, read)
            reason = one_line(str(error))
        except (ValueError, RuntimeError) as error:
            if self._repaired is not None and str(error).startswith(DAMAGE):
                self.store, self._repaired = self._repaired(), None
                return self._read(query, read, changed)
            # "The custom function <urn:f> is not supported"
            reason = one_line(str(error))
            reason = reason[:1].lower() + reason[1:]
        # Raised here and not above, it does not keep the solutions, which must be freed in the
        # thread that made them.
        raise InputError(f"query: {reason}")


class Remembering(Embedded):
    """An engine that keeps its last answers, for a graph to which nothing is added.

    Without them, a third of what the pages of a site ask is asked again. A report asks half of its
    queries (bench/scale.py).
    """

    def __init__(self, engine: Embedded) -> None:
        """Answer from the store of another engine, whose work counts this one's too."""
        super().__init__(engine.store, engine._repaired)
        self.work = engine.work

    @cached_property
    def _answered(self) -> Callable[[str, bool], Rows]:
        return lru_cache(maxsize=REMEMBERED)(super().select)

    def select(self, query: str, allow_empty_rows: bool = False) -> Rows:
        return self._answered(query, allow_empty_rows)


def _rows(answer: Answer) -> Rows:
    columns, solutions = _unread(answer)
    return Rows(columns, tuple(map(tuple, solutions)))


def _unread(solutions: Answer) -> tuple[tuple[str, ...], QuerySolutions]:
    assert isinstance(solutions, QuerySolutions)
    return tuple(variable.value for variable in solutions.variables), solutions


def _triples(triples: Answer) -> list[Triple]:
    assert isinstance(triples, QueryTriples)
    return list(dict.fromkeys(triples))
