"""The result of a SELECT: columns and rows of RDF terms, readable as plain Python values."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING, Self, TypeVar

from tipgraph.errors import UsageError
from tipgraph.rdf.terms import Term, Value, value

if TYPE_CHECKING:
    import pandas

K = TypeVar("K")
V = TypeVar("V")


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """The values of pairs by their keys, both in the given order; none for another key."""
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, each in pairs:
        groups[key].append(each)
    return groups


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
        return grouped((str(value(first)), str(value(second))) for first, second in self.terms)

    def frame(self) -> "pandas.DataFrame":
        """The rows as a pandas DataFrame. Raises UsageError when pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise UsageError("frame() needs pandas; run pip install pandas") from None

        return pandas.DataFrame(list(self), columns=list(self.columns))
