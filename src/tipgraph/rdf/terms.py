"""RDF terms, and the Python values that literals stand for."""

from math import isfinite
from typing import TYPE_CHECKING, Any, Union

from pyoxigraph import BlankNode, Literal, NamedNode

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
    if not isinstance(term, Literal):
        return term.value
    kind = term.datatype.value.removeprefix(XSD)
    try:
        match kind:
            case "boolean":
                return term.value in ("true", "1")
            case "integer":
                return int(term.value)
            case "decimal":
                return _decimal(term.value)
            case "double" | "float":
                return float(term.value)
    # The last is that of decimals.
    except (ValueError, ArithmeticError):
        pass
    return term.value


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
    return str(term) if isinstance(term, BlankNode) else term.value


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
