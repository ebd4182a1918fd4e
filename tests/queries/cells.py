"""Write terms by value, as tables of expected rows have them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.namespaces import XSD, last_part
from tipgraph.rdf.terms import Term, value
from tipgraph.store.engine import Rows

Key = tuple[str, object]


def key(term: Term | None) -> Key:
    """The term's kind and its value, the same for the same value however it is spelt."""
    if term is None:
        return ("", "")
    if isinstance(term, NamedNode):
        return ("iri", term.value)
    assert not isinstance(term, BlankNode), "no answer has a blank node"
    content = value(term)
    if isinstance(content, bool):
        return ("boolean", content)
    if isinstance(content, int | float | Decimal):
        return ("number", Decimal(str(content)).normalize())
    if term.datatype.value == XSD + "dateTime":
        return ("time", datetime.fromisoformat(str(content)))
    return ("text", (content, term.language))


def by_value(rows: Rows) -> Counter[tuple[Key, ...]]:
    return Counter(tuple(map(key, row)) for row in rows.terms)


def triples(found: Iterable[Triple]) -> set[tuple[Key, ...]]:
    return {(key(t.subject), key(t.predicate), key(t.object)) for t in found}  # type: ignore[arg-type]


def cell(term: Term | None) -> str:
    """The term as expected rows have it: a thing by the last part of its IRI."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return last_part(term.value)
    return plain(value(term)) if isinstance(term, Literal) else str(term)


def plain(content: object) -> str:
    """A Python value as expected rows have it: numbers without idle zeros."""
    if content is None:
        return ""
    if isinstance(content, bool):
        return str(content).lower()
    if isinstance(content, int | float | Decimal):
        return format(Decimal(str(content)).normalize(), "f")
    return str(content)


def table(rows: Rows) -> list[list[str]]:
    """All rows, written so."""
    return [[cell(term) for term in row] for row in rows.terms]
