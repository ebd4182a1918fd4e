"""Code and datatypes in shapes: regular expressions, SPARQL, JavaScript, XML Schema datatypes."""

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Store, Triple

from tipgraph.namespaces import XSD
from tipgraph.rdf.sparql import is_federated, projection
from tipgraph.validate.shape_lint.issues import Issue, Namer, occurrences
from tipgraph.validate.suggestions import did_you_mean
from tipgraph.validate.triples import Triples, sh

PREFIX = re.compile(r"(?<![\w:?$-])([A-Za-z][\w-]*)?:")
QUERIES = (sh("select"), sh("ask"), sh("construct"), sh("update"))
ERROR_POSITION = re.compile(r"^error at \S+ ", re.IGNORECASE)
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


def federated_queries(shapes: Triples) -> Iterator[Issue]:
    """Queries that an engine would send to other servers, if it ran them."""
    for predicate in QUERIES:
        for triple in shapes.match(None, predicate):
            if isinstance(triple.object, Literal) and is_federated(triple.object.value):
                message = "the query contains SERVICE; no query goes to other servers"
                yield _issue("ill-formed-shape", message, triple)


def broken_code(shapes: Triples, prefixes: Mapping[str, str], name: Namer) -> Iterator[Issue]:
    """Code that no engine can run, or that would find nothing."""
    yield from _patterns(shapes)
    yield from _queries(shapes, prefixes)
    yield from _javascript(shapes, name)
    yield from _datatypes(shapes, prefixes, name)


def _patterns(shapes: Triples) -> Iterator[Issue]:
    for triple in shapes.match(None, sh("pattern")):
        if isinstance(triple.object, Literal):
            try:
                re.compile(triple.object.value)
            except re.error as error:
                message = f"the pattern is not a valid regular expression ({error})"
                yield _issue("ill-formed-shape", message, triple)


def _queries(shapes: Triples, prefixes: Mapping[str, str]) -> Iterator[Issue]:
    for predicate in QUERIES[:3]:
        for triple in shapes.match(None, predicate):
            if isinstance(triple.object, Literal):
                error = _syntax_error(triple.object.value, prefixes)
                if error:
                    yield _issue("ill-formed-shape", f"the query is invalid ({error})", triple)
                elif predicate == sh("select") and _lacks_this(triple.object.value):
                    message = "the query does not select $this, so it finds nothing"
                    yield _issue("no-constraint", message, triple)


def _syntax_error(query: str, prefixes: Mapping[str, str]) -> str:
    """The query's syntax error; empty where it has none.

    All prefixes that it uses are declared for the test, since shapes can declare them elsewhere.
    """
    used = sorted({match[1] or "" for match in PREFIX.finditer(query)})
    declared = "".join(f"PREFIX {name}: <{prefixes.get(name, 'urn:')}> " for name in used)
    # An engine replaces $PATH by a property path.
    text = declared + re.sub(r"[$?]PATH\b", "<urn:path>", query)
    try:
        Store().query(text)
    except SyntaxError as error:
        return ERROR_POSITION.sub("", " ".join(str(error).split()))
    except (ValueError, RuntimeError):
        # A function that the shapes define, or that only another engine has.
        return ""
    return ""


def _lacks_this(query: str) -> bool:
    columns = projection(query)
    return columns is not None and "this" not in columns


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


def _issue(code: str, message: str, triple: Triple) -> Issue:
    return Issue(code, message, occurrences([triple], triple.object))
