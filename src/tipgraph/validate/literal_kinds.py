"""The kinds of literals in data: engines agree on values of one kind, but not across kinds."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from tipgraph.namespaces import RDF, XSD
from tipgraph.validate.triples import Term

NODE = "node"
BLANK = "blank node"
# Not compared: a valid value of a type without an order, or an invalid value.
OPAQUE = "opaque"
# A value that an engine may read as another one, or fail on.
UNUSUAL = "unusual"
# A text with a line feed at its end or with a control character; it has its own kind too.
CONTROL = "control"
INTEGER, DECIMAL, STRING, BOOLEAN = "integer", "decimal", "string", "boolean"
DATE, ZONED, LOCAL = "date", "dateTime with a time zone", "dateTime without a time zone"
# A decimal such as 20.0, and a number in another form than the shortest, such as 01 or 1e3.
WHOLE, NUMBER = "whole", "number"
NUMBERS = frozenset({INTEGER, DECIMAL, WHOLE, NUMBER})

INTEGERS = {
    XSD + name
    for name in (
        *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("nonPositiveInteger", "negativeInteger"),
        *("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
    )
}
TIMES = {XSD + name for name in ("time", "gYear", "gYearMonth", "gMonthDay", "gDay", "gMonth")}
DURATIONS = {XSD + name for name in ("duration", "dayTimeDuration", "yearMonthDuration")}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x85]|\n\Z")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})")
_DOUBLE = re.compile(
    r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,2})?"
)
_SHORTEST = {
    INTEGER: re.compile(r"0|-?[1-9][0-9]*"),
    DECIMAL: re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?"),
    WHOLE: re.compile(r"-?(?:0|[1-9][0-9]*)\.0+"),
}
_ZONE = r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})" + _ZONE)
_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?)" + _ZONE
)
# Texts that a parser may take for a number, or for a date with an unusual year or hour.
_NUMERIC = re.compile(r"[^a-zA-Z]|inf|nan", re.IGNORECASE)
_LONG_DATE = re.compile(r"[^\x20-\x7e]|[0-9]{5}|0000|T24")


class LiteralKinds:
    """The kinds of the values of each property.

    `of_blank_nodes` are the properties that blank nodes have, and `unusual` is the first value that
    is unusual.
    """

    def __init__(self) -> None:
        self.of_blank_nodes: set[NamedNode] = set()
        self.by_property: defaultdict[NamedNode, set[str]] = defaultdict(set)
        self.unusual: Literal | None = None

    def add(self, quad: Quad) -> None:
        """Add the object of a quad."""
        found = kinds_of(quad.object)
        self.by_property[quad.predicate].update(found)
        if isinstance(quad.subject, BlankNode):
            self.of_blank_nodes.add(quad.predicate)
        if UNUSUAL in found and self.unusual is None and isinstance(quad.object, Literal):
            self.unusual = quad.object

    def of(self, properties: Iterable[NamedNode] | None) -> set[str]:
        """The kinds of the values of these properties; of all properties for None."""
        wanted = self.by_property if properties is None else properties
        return set().union(*(self.by_property.get(each, ()) for each in wanted))


def merged(parts: Iterable[LiteralKinds]) -> LiteralKinds:
    """The kinds in all of these parts of the data."""
    total = LiteralKinds()
    for part in parts:
        for name, found in part.by_property.items():
            total.by_property[name] |= found
        total.unusual = total.unusual or part.unusual
        total.of_blank_nodes |= part.of_blank_nodes
    return total


def kinds_of(term: Term) -> tuple[str, ...]:
    """The kind of a term, with CONTROL for a text with such characters, BLANK for a blank node."""
    if not isinstance(term, Literal):
        return (NODE, BLANK) if isinstance(term, BlankNode) else (NODE,)
    value, language = term.value, term.language
    datatype = RDF + "langString" if language else term.datatype.value
    if language or datatype == XSD + "string":
        own = f"@{language}" if language else STRING
        return (own, CONTROL) if _CONTROL.search(value) else (own,)
    return (_typed(value, datatype),)


def _typed(value: str, datatype: str) -> str:
    if datatype in INTEGERS:
        return _number(value, _INTEGER, (INTEGER,) if datatype == XSD + "integer" else ())
    match datatype.removeprefix(XSD):
        case "decimal":
            return _number(value, _DECIMAL, (DECIMAL, WHOLE))
        case "double":
            return _number(value, _DOUBLE, ())
        case "float":
            return OPAQUE if _DOUBLE.fullmatch(value) else _invalid_number(value)
        case "boolean":
            return BOOLEAN if value in ("true", "false") else _invalid_number(value)
        case "date":
            return _date(value)
        case "dateTime":
            return _date_time(value)
    if datatype in TIMES | DURATIONS and _LONG_DATE.search(value):
        return UNUSUAL
    return OPAQUE


def _number(value: str, pattern: re.Pattern[str], forms: tuple[str, ...]) -> str:
    if not pattern.fullmatch(value):
        return _invalid_number(value)
    return next((form for form in forms if _SHORTEST[form].fullmatch(value)), NUMBER)


def _invalid_number(value: str) -> str:
    return UNUSUAL if _NUMERIC.search(value) else OPAQUE


def _date(value: str) -> str:
    found = _DATE.fullmatch(value)
    try:
        if found and date.fromisoformat(found[1]):
            return OPAQUE if found[2] else DATE
    except ValueError:
        pass
    return UNUSUAL if _LONG_DATE.search(value) else OPAQUE


def _date_time(value: str) -> str:
    found = _DATE_TIME.fullmatch(value)
    try:
        if found and datetime.fromisoformat(found[1]):
            return ZONED if found[2] else LOCAL
    except ValueError:
        pass
    return UNUSUAL if _LONG_DATE.search(value) else OPAQUE
