"""RDF terms, and the Python values that literals stand for."""

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Any, Union

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.namespaces import XSD

if TYPE_CHECKING:
    from decimal import Decimal

Term = NamedNode | BlankNode | Literal
Value = Union[str, int, float, bool, "Decimal", None]


def value(term: Term | None) -> Value:
    """The Python value of a term: of a literal by its datatype, of other terms their text.

    A literal that is no value of its datatype is text.
    """
    if term is None:
        return None
    read = READERS.get(term.datatype.value) if isinstance(term, Literal) else None
    if read is not None:
        try:
            return read(term.value)
        # The last is that of decimals.
        except (ValueError, ArithmeticError):
            pass
    return text_of(term)


def text_of(term: Any) -> str:
    """Return the text of a term; a triple term, which a query may make, is as in Turtle."""
    return str(term) if isinstance(term, Triple) else str(term.value)


def finite(content: object) -> float | None:
    """The number that a value is, None for text, as own data may have, and for infinity."""
    try:
        found = float(str(content))
    except ValueError:
        return None
    return found if isfinite(found) else None


def is_iri(text: str) -> bool:
    """Return whether the text is an IRI."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def plain_term(term: Term | None) -> str:
    """The IRI or the lexical form; empty where unbound."""
    if term is None:
        return ""
    return str(term) if isinstance(term, BlankNode) else text_of(term)


def literal(content: Any) -> Literal:
    """The literal for a Python value.

    Raises TypeError when the type has none.
    """
    if isinstance(content, bool | int | str | float):
        return Literal(content)
    if type(content) is type(_decimal("0")):
        return Literal(format(content, "f"), datatype=NamedNode(XSD + "decimal"))
    raise TypeError(f"no RDF literal for {content!r}")


def _decimal(text: str) -> "Decimal":
    from decimal import Decimal  # Few queries return one, and the import takes milliseconds.

    return Decimal(text)


# The Python value of a literal's text, by its datatype.
READERS: dict[str, Callable[[str], Value]] = {
    XSD + "boolean": lambda text: text in ("true", "1"),
    XSD + "integer": int,
    XSD + "decimal": _decimal,
    XSD + "double": float,
    XSD + "float": float,
}
