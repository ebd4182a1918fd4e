"""Literals: texts that are a value of their datatype, and kinds that engines compare alike."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from tipgraph.namespaces import XSD
from tipgraph.validate.triples import Term, lexical

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

_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_YEAR, _MONTH, _DAY = (
    "-?(?:[1-9][0-9]{3,}|0[0-9]{3})",
    "(?:0[1-9]|1[0-2])",
    "(?:0[1-9]|[12][0-9]|3[01])",
)
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_TIME_SPAN = r"(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_FLOAT = rf"{_DECIMAL}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
# Names have almost all characters beyond ASCII, such as the vowel signs of Hindi.
_NAME_CHARACTER = r"[-.0-9:A-Z_a-z\x80-\U0010ffff]"
# The lexical forms of datatypes (XML Schema 1.1, part 2). Engines take others, too.
_LEXICAL = {
    **dict.fromkeys(INTEGERS, "[+-]?[0-9]+"),
    XSD + "decimal": _DECIMAL,
    XSD + "double": _FLOAT,
    XSD + "float": _FLOAT,
    XSD + "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?",
    XSD + "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}?",
    XSD + "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    XSD + "time": f"{_TIME}{_ZONE}?",
    XSD + "gYear": f"{_YEAR}{_ZONE}?",
    XSD + "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}?",
    XSD + "gMonth": f"--{_MONTH}{_ZONE}?",
    XSD + "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}?",
    XSD + "gDay": f"---{_DAY}{_ZONE}?",
    XSD + "duration": f"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?{_TIME_SPAN}",
    XSD + "yearMonthDuration": "-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?",
    XSD + "dayTimeDuration": f"-?P(?=.)(?:[0-9]+D)?{_TIME_SPAN}",
    XSD + "language": "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    XSD + "base64Binary": "[A-Za-z0-9+/ ]*(?:= ?){0,2}",
    XSD + "NMTOKEN": f"{_NAME_CHARACTER}+",
    XSD + "Name": f"(?![0-9.-]){_NAME_CHARACTER}+",
    XSD + "NCName": f"(?![0-9.-])(?:(?!:){_NAME_CHARACTER})+",
}
_LEXICAL_FORMS = {datatype: re.compile(form) for datatype, form in _LEXICAL.items()}
_SPACES = re.compile(r"[ \t\n\r]+")


def is_ill_typed(value: str, datatype: str) -> bool:
    """Return whether a text is surely no value of its datatype."""
    form = _LEXICAL_FORMS.get(datatype)
    return form is not None and not form.fullmatch(_SPACES.sub(" ", value).strip(" "))


NODE = "node"
BLANK = "blank node"
# Not compared: a valid value of a type without an order, or an invalid value.
OPAQUE = "opaque"
# A value that an engine may read as another one, or fail on.
UNUSUAL = "unusual"
# A text with a control character or with white space that engines read differently; it has its own
# kind too.
CONTROL = "control"
STRING, BOOLEAN = "string", "boolean"
DATE, ZONED, LOCAL = "date", "dateTime with a time zone", "dateTime without a time zone"
# A number in its shortest form, or with zeros behind the point, and one in another, such as 1e3.
NUMBER, LONG_NUMBER = "number", "number in another form"

# To Unicode, and so to regular expressions of engines, but not to XPath.
OTHER_SPACES = r"\x0b\f\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CONTROL = re.compile(rf"[\x00-\x08\x0e-\x1b\r{OTHER_SPACES}]")
# White space that the datatype of a text leaves out; patterns may read it differently.
_WHITE_SPACE = r"[\t\n\r]|\A | \Z|  "
# Texts that a parser may take for a number, or for a date with an unusual year or hour.
_NUMERIC = r"[^a-zA-Z]|inf|nan"
_LONG_DATE = r"[^\x20-\x7e]|[0-9]{5}|0000|T24"

_DOUBLE = r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,2})?"
_SHORT_INTEGER = r"0|-?[1-9][0-9]{0,17}"
_ANY_INTEGER = r"[+-]?[0-9]{1,18}"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DATE_TIME = _DATE + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
# For each datatype its forms, the kind of the first that matches counts; and what makes any other
# value unusual.
_FORMS = {
    **dict.fromkeys(INTEGERS, ({NUMBER: _SHORT_INTEGER, LONG_NUMBER: _ANY_INTEGER}, _NUMERIC)),
    **dict.fromkeys(TIMES | DURATIONS, ({}, _LONG_DATE)),
    **dict.fromkeys((XSD + "token", XSD + "normalizedString"), ({}, _WHITE_SPACE)),
    XSD + "decimal": (
        {
            NUMBER: r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{0,5}[1-9]|\.0{1,6})?",
            LONG_NUMBER: r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})",
        },
        _NUMERIC,
    ),
    XSD + "double": ({LONG_NUMBER: _DOUBLE}, _NUMERIC),
    XSD + "float": ({OPAQUE: _DOUBLE}, _NUMERIC),
    XSD + "boolean": ({BOOLEAN: "true|false"}, _NUMERIC),
    XSD + "date": ({DATE: _DATE, OPAQUE: _DATE + _ZONE}, _LONG_DATE),
    XSD + "dateTime": ({LOCAL: _DATE_TIME, ZONED: _DATE_TIME + _ZONE}, _LONG_DATE),
}
_COMPILED = {
    datatype: ({kind: re.compile(form) for kind, form in forms.items()}, unusual)
    for datatype, (forms, unusual) in _FORMS.items()
}
# The fast engine takes any text for a value of these.
_UNCHECKED = {XSD + "gYear", XSD + "gYearMonth", XSD + "language"}


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
    if isinstance(term, BlankNode):
        return NODE, BLANK
    own = NODE
    if isinstance(term, Literal):
        own = f"@{term.language}" if term.language else _typed(term.value, term.datatype.value)
    return (own, CONTROL) if _CONTROL.search(lexical(term)) else (own,)


def _typed(value: str, datatype: str) -> str:
    if datatype == XSD + "string":
        return STRING
    forms, unusual = _COMPILED.get(datatype, ({}, r"(?!)"))
    kind = next((kind for kind, form in forms.items() if form.fullmatch(value)), None)
    if kind is not None and (unusual is not _LONG_DATE or _is_date(value)):
        return kind
    is_unchecked = datatype in _UNCHECKED and is_ill_typed(value, datatype)
    is_unusual = is_unchecked or re.search(unusual, value, re.IGNORECASE)
    return UNUSUAL if is_unusual else OPAQUE


def _is_date(value: str) -> bool:
    """Return whether a date or time of the right form exists."""
    try:
        datetime.fromisoformat(value[:19] if "T" in value else value[:10])
    except ValueError:
        return False
    return True
