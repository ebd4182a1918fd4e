"""Code and datatypes in shapes: regular expressions, JavaScript, XML Schema datatypes."""

import re
from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from tipgraph.namespaces import XSD
from tipgraph.validate.shape_lint.issues import Issue, Namer, occurrences
from tipgraph.validate.suggestions import did_you_mean
from tipgraph.validate.triples import Term, Triples, sh

DATATYPES = [
    XSD + name
    for name in (
        *("string", "boolean", "decimal", "integer", "double", "float", "date", "time"),
        *("dateTime", "dateTimeStamp", "gYear", "gMonth", "gDay", "gYearMonth", "gMonthDay"),
        *("duration", "yearMonthDuration", "dayTimeDuration", "byte", "short", "int", "long"),
        *("unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong", "positiveInteger"),
        *("nonNegativeInteger", "negativeInteger", "nonPositiveInteger", "hexBinary"),
        *("base64Binary", "anyURI", "language", "normalizedString", "token", "NMTOKEN", "Name"),
        *("NCName", "QName", "NOTATION", "anyAtomicType", "anySimpleType", "ID", "IDREF", "ENTITY"),
    )
]


def broken_code(
    shapes: Triples,
    is_used: Callable[[Term], bool],
    prefixes: Mapping[str, str],
    name: Namer,
) -> Iterator[Issue]:
    """Code that no engine can run, or that would find nothing."""
    yield from _patterns(shapes, is_used)
    yield from _javascript(shapes, name)
    yield from _datatypes(shapes, prefixes, name)


def _patterns(shapes: Triples, is_used: Callable[[Term], bool]) -> Iterator[Issue]:
    for triple in shapes.match(None, sh("pattern")):
        if isinstance(triple.object, Literal):
            try:
                re.compile(triple.object.value)
            except re.error as error:
                message = f"the pattern is not a valid regular expression ({error})"
                where = occurrences([triple], triple.object)
                yield Issue(
                    "broken-pattern", message, where, is_warning=not is_used(triple.subject)
                )


def _javascript(shapes: Triples, name: Namer) -> Iterator[Issue]:
    for triple in shapes.match(None, sh("js")):
        message = f"{name(sh('js'))} is not supported, so it would find nothing"
        yield Issue("no-constraint", message, occurrences([triple], sh("js")))


def _datatypes(shapes: Triples, prefixes: Mapping[str, str], name: Namer) -> Iterator[Issue]:
    for triple in shapes.match(None, sh("datatype")):
        datatype = triple.object
        iri = datatype.value if isinstance(datatype, NamedNode) else ""
        if iri.startswith(XSD) and iri not in DATATYPES:
            yield Issue(
                "unknown-term",
                f"{name(datatype)} is not an XML Schema datatype",
                occurrences([triple], datatype),
                did_you_mean(iri, DATATYPES, prefixes),
            )
