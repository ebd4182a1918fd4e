"""What a SELECT gives: columns and rows of RDF terms, readable as plain Python values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

from pyoxigraph import BlankNode, Literal, NamedNode

from tipgraph.namespaces import XSD

if TYPE_CHECKING:
    from decimal import Decimal

    import pandas

Term = NamedNode | BlankNode | Literal
Value = Union[str, int, float, bool, "Decimal", None]


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
        """The values of one column. Raises ValueError when there is no such column."""
        position = self.columns.index(name)
        return [value(row[position]) for row in self.terms]

    def only(self, columns: Sequence[str]) -> "Rows":
        """These columns alone, in this order. Raises ValueError when there is no such column."""
        places = [self.columns.index(name) for name in columns]
        return Rows(tuple(columns), tuple(tuple(row[i] for i in places) for row in self.terms))

    def frame(self) -> "pandas.DataFrame":
        """The rows as a pandas DataFrame. Raises ImportError when pandas is not installed."""
        import pandas

        return pandas.DataFrame(list(self), columns=list(self.columns))


def value(term: Term | None) -> Value:
    """The Python value of a term."""
    if term is None:
        return None
    if not isinstance(term, Literal):
        return term.value
    kind = term.datatype.value.removeprefix(XSD)
    match kind:
        case "boolean":
            return term.value in ("true", "1")
        case "integer":
            return int(term.value)
        case "decimal":
            return _decimal(term.value)
        case "double" | "float":
            return float(term.value)
        case _:
            return term.value


def literal(content: Any) -> Literal:
    """The literal for a Python value.

    Raises TypeError when there is none.
    """
    if isinstance(content, bool | int | str | float):
        return Literal(content)
    if type(content) is type(_decimal("0")):
        return Literal(format(content, "f"), datatype=NamedNode(XSD + "decimal"))
    raise TypeError(f"no RDF literal for {content!r}")


def _decimal(text: str) -> "Decimal":
    from decimal import Decimal

    return Decimal(text)
