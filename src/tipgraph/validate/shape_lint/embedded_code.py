"""What stands in shapes in other languages: regular expressions, SPARQL, JavaScript, datatypes."""

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Store, Triple

from tipgraph.namespaces import XSD
from tipgraph.rdf.sparql import projection
from tipgraph.validate.hints import did_you_mean
from tipgraph.validate.shape_lint.issues import Namer, Suspect, sightings
from tipgraph.validate.triples import Triples, sh

PREFIX = re.compile(r"(?<![\w:?$-])([A-Za-z][\w-]*)?:")
PLACE = re.compile(r"^error at \S+ ", re.IGNORECASE)
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


def broken_code(shapes: Triples, prefixes: Mapping[str, str], name: Namer) -> Iterator[Suspect]:
    """Whatever no engine could run, or would run in vain."""
    yield from _patterns(shapes, name)
    yield from _queries(shapes, prefixes)
    yield from _javascript(shapes, name)
    yield from _datatypes(shapes, prefixes, name)


def _patterns(shapes: Triples, name: Namer) -> Iterator[Suspect]:
    for triple in shapes.match(None, sh("pattern")):
        if isinstance(triple.object, Literal):
            try:
                re.compile(triple.object.value)
            except re.error as error:
                message = f"the pattern is no regular expression ({error})"
                yield _suspect("ill-formed-shape", message, triple)


def _queries(shapes: Triples, prefixes: Mapping[str, str]) -> Iterator[Suspect]:
    for predicate in (sh("select"), sh("ask"), sh("construct")):
        for triple in shapes.match(None, predicate):
            if isinstance(triple.object, Literal):
                fault = _fault_of(triple.object.value, prefixes)
                if fault:
                    yield _suspect("ill-formed-shape", f"the query is broken ({fault})", triple)
                elif predicate == sh("select") and _forgets_this(triple.object.value):
                    message = "the query does not select $this, so it finds nothing"
                    yield _suspect("no-constraint", message, triple)


def _fault_of(query: str, prefixes: Mapping[str, str]) -> str:
    """What is wrong with the query; its prefixes may be declared anywhere, so they are given."""
    used = sorted({match[1] or "" for match in PREFIX.finditer(query)})
    declared = "".join(f"PREFIX {name}: <{prefixes.get(name, 'urn:')}> " for name in used)
    # What an engine puts in place of it is a path.
    text = declared + re.sub(r"[$?]PATH\b", "<urn:path>", query)
    try:
        Store().query(text)
    except SyntaxError as error:
        return PLACE.sub("", " ".join(str(error).split()))
    except (ValueError, RuntimeError):
        # A function of the shapes' own, or what only another engine can do.
        return ""
    return ""


def _forgets_this(query: str) -> bool:
    columns = projection(query)
    return columns is not None and "this" not in columns


def _javascript(shapes: Triples, name: Namer) -> Iterator[Suspect]:
    for triple in shapes.match(None, sh("js")):
        message = f"{name(sh('js'))} is not run here, so it would find nothing"
        yield Suspect("no-constraint", message, sightings([triple], sh("js")))


def _datatypes(shapes: Triples, prefixes: Mapping[str, str], name: Namer) -> Iterator[Suspect]:
    for triple in shapes.match(None, sh("datatype")):
        kind = triple.object
        iri = kind.value if isinstance(kind, NamedNode) else ""
        if iri.startswith(XSD) and iri not in DATATYPES:
            yield Suspect(
                "unknown-term",
                f"{name(kind)} is no datatype of XML Schema",
                sightings([triple], kind),
                did_you_mean(iri, DATATYPES, prefixes),
            )


def _suspect(kind: str, message: str, triple: Triple) -> Suspect:
    return Suspect(kind, message, sightings([triple], triple.object))
