"""The choice of an engine: the fast one for the shapes and data where it finds the same as pySHACL.

`SHACL_TERMS` here, and `KEYWORDS` in `supported_queries.py`, list what is supported. `CHECKS` find
the uses of it that are not, with the data that they apply to.
"""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.namespaces import RDF, XSD
from tipgraph.validate.engines import AUTO, FAST, REFERENCE, UnusableShapes
from tipgraph.validate.engines.supported_queries import is_portable, unsupported_in_query
from tipgraph.validate.literal_kinds import (
    BLANK,
    CONTROL,
    DATE,
    INTEGERS,
    LOCAL,
    NODE,
    NUMBERS,
    STRING,
    UNUSUAL,
    ZONED,
    LiteralKinds,
    kinds_of,
)
from tipgraph.validate.property_paths import INVERSE, last_steps, path_triples
from tipgraph.validate.shape_lint.embedded_code import MESSAGE_VARIABLE, declared_prefixes
from tipgraph.validate.triples import (
    SHACL,
    Term,
    Triples,
    lexical,
    sh,
    shorten,
    to_text,
    with_standard_prefixes,
)

PATH = sh("path")
NESTED = [sh(name) for name in ("property", "node", "not", "qualifiedValueShape")]
LISTS = [sh(name) for name in ("and", "or", "xone")]
OPTIONAL = {sh("zeroOrMorePath"), sh("zeroOrOnePath")}
RANGES = [sh(f"{end}{kind}") for end in ("min", "max") for kind in ("Inclusive", "Exclusive")]
PAIRS = [sh("lessThan"), sh("lessThanOrEquals")]

SHACL_TERMS = {
    PATH,
    *NESTED,
    *LISTS,
    *RANGES,
    *PAIRS,
    *(
        sh(name)
        for name in (
            *("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "deactivated"),
            *("name", "description", "message", "severity", "order", "group", "defaultValue"),
            *("inversePath", "alternativePath"),
            *("zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"),
            *("class", "datatype", "nodeKind", "pattern", "flags", "languageIn", "uniqueLang"),
            *("minCount", "maxCount", "minLength", "maxLength", "hasValue", "in"),
            *("equals", "disjoint", "closed", "ignoredProperties"),
            *("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"),
            *("sparql", "select", "prefixes", "declare", "prefix", "namespace"),
            # Terms of reports, which change nothing.
            *("conforms", "result", "focusNode", "value", "resultPath", "resultSeverity"),
            *("resultMessage", "sourceConstraintComponent", "sourceShape", "detail"),
            *("sourceConstraint", "labelTemplate"),
        )
    ),
}
# The standard datatypes whose valid values both engines know; others only outside XSD and RDF.
DATATYPES = INTEGERS | {
    *(XSD + name for name in ("string", "boolean", "decimal", "double", "float", "anyURI")),
    *(XSD + name for name in ("date", "dateTime", "time", "gYear", "gYearMonth", "duration")),
    *(XSD + name for name in ("language", "token", "normalizedString")),
    RDF + "langString",
}
FLAGS = {"", "i"}
# The kinds of values that both engines order alike, each among themselves.
ORDERED = (NUMBERS, {STRING}, {DATE}, {ZONED}, {LOCAL})


class Unsupported(NamedTuple):
    """A use of something that the fast engine does not support, and its triple if it is known."""

    reason: str
    triple: Triple | None = None


def unsupported(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    """Find what the fast engine does not support in these shapes, for data with these kinds."""
    for check in CHECKS:
        yield from check(shapes, data)


def _terms(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    prefixes = with_standard_prefixes({})
    for triple in shapes:
        name = triple.predicate
        if name.value.startswith(SHACL) and name not in SHACL_TERMS:
            yield Unsupported(f"{shorten(name.value, prefixes)} is not supported", triple)


def _unusual_literals(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    for triple in shapes:
        if UNUSUAL in kinds_of(triple.object):
            yield Unsupported(_unusual(triple.object), triple)
    if data.unusual:
        yield Unsupported(f"the data contains {_unusual(data.unusual)}")


def _unusual(term: Term) -> str:
    text = shorten(to_text(term), with_standard_prefixes({}))
    return f"{text}, which engines may read differently"


def _paths(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    for triple in shapes.match(None, INVERSE):
        if isinstance(triple.object, BlankNode):
            yield Unsupported("the inverse of a path with several steps is not supported", triple)


def _closed(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    for triple in shapes.match(None, sh("closed")):
        if shapes.values(triple.subject, PATH):
            yield Unsupported("sh:closed in a property shape is not supported", triple)


def _datatypes(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    for triple in shapes.match(None, sh("datatype")):
        name = to_text(triple.object)
        if name.startswith((XSD, RDF)) and name not in DATATYPES:
            text = shorten(name, with_standard_prefixes({}))
            yield Unsupported(f"the datatype {text} is not supported", triple)


def _patterns(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    for triple in shapes.match(None, sh("pattern")):
        if not is_portable(lexical(triple.object)):
            yield Unsupported("the pattern has syntax that engines read differently", triple)
        elif CONTROL in _values(shapes, data, triple.subject):
            yield Unsupported(
                "sh:pattern is not supported for text that contains a control character,"
                " or ends with a line feed",
                triple,
            )
    for triple in shapes.match(None, sh("flags")):
        if lexical(triple.object) not in FLAGS:
            yield Unsupported("sh:flags other than i are not supported", triple)


def _orders(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    for name in RANGES:
        for triple in shapes.match(None, name):
            values = _values(shapes, data, triple.subject) - {NODE, BLANK, CONTROL}
            if not is_ordered(values.union(kinds_of(triple.object))):
                yield _unordered(triple)
    for name in PAIRS:
        for triple in shapes.match(None, name):
            others = [triple.object] if isinstance(triple.object, NamedNode) else None
            values = _values(shapes, data, triple.subject) | data.of(others)
            if not is_ordered(values - {CONTROL}):
                yield _unordered(triple)


def is_ordered(kinds: set[str]) -> bool:
    """Return whether both engines order all values of these kinds alike."""
    return any(kinds <= together for together in ORDERED)


def _unordered(triple: Triple) -> Unsupported:
    name = shorten(triple.predicate.value, with_standard_prefixes({}))
    return Unsupported(f"{name} is not supported for values of different or other types", triple)


def _values(shapes: Triples, data: LiteralKinds, shape: Term) -> set[str]:
    """The kinds of the values of a shape: those at the end of its path, or any."""
    paths = shapes.values(shape, PATH)
    steps = [step for path in paths for step in last_steps(shapes, path)]
    parts = path_triples(shapes, shapes.match(shape, PATH)) if steps else ()
    # A path without a step leads to the node itself.
    if not steps or any(part.predicate in OPTIONAL for part in parts):
        return data.of(None)
    forward = [NamedNode(to_text(step.property)) for step in steps if not step.inverse]
    return data.of(forward) | {NODE for step in steps if step.inverse}


def _recursion(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    done: set[Term] = set()

    def search(shape: Term, outer: tuple[Term, ...]) -> Iterator[Unsupported]:
        for triple, inner in _nested(shapes, shape):
            if inner in (*outer, shape):
                yield Unsupported("shapes that refer to themselves are not supported", triple)
            elif inner not in done:
                yield from search(inner, (*outer, shape))
        done.add(shape)

    for triple in list(shapes):
        if triple.predicate in (*NESTED, *LISTS) and triple.subject not in done:
            yield from search(triple.subject, ())


def _nested(shapes: Triples, shape: Term) -> Iterator[tuple[Triple, Term]]:
    for triple in shapes.match(shape):
        if triple.predicate in NESTED:
            yield triple, triple.object
        elif triple.predicate in LISTS:
            yield from ((triple, member) for member in shapes.members(triple.object))


def _queries(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    in_property_shapes = {
        triple.object
        for triple in shapes.match(None, sh("sparql"))
        if shapes.values(triple.subject, PATH)
    }
    for triple in shapes.match(None, sh("select")):
        if isinstance(triple.object, Literal):
            prefixes = declared_prefixes(shapes, triple.subject)
            has_path = triple.subject in in_property_shapes
            for reason in unsupported_in_query(triple.object.value, prefixes, data, has_path):
                yield Unsupported(reason, triple)


def _messages(shapes: Triples, data: LiteralKinds) -> Iterator[Unsupported]:
    for triple in shapes.match(None, sh("sparql")):
        has_variables = any(
            MESSAGE_VARIABLE.search(lexical(message))
            for message in shapes.values(triple.subject, sh("message"))
        )
        if has_variables and len(shapes.subjects(sh("sparql"), triple.object)) > 1:
            yield Unsupported(
                "a query of several shapes, with variables in a message, is not supported", triple
            )


# Each finds uses of the supported terms that are not supported.
CHECKS: tuple[Callable[[Triples, LiteralKinds], Iterator[Unsupported]], ...] = (
    _terms,
    _unusual_literals,
    _paths,
    _closed,
    _datatypes,
    _patterns,
    _orders,
    _recursion,
    _queries,
    _messages,
)


class EngineChoice(NamedTuple):
    """The name of an engine, and why it is not the fast one where that was possible."""

    name: str
    reason: str = ""


def choose_engine(name: str, shapes: Triples, data: LiteralKinds) -> EngineChoice:
    """Return the engine for these shapes and data, before any engine runs.

    `name` is AUTO or the name of an engine. Raises UnusableShapes where the fast engine is asked
    for, and does not support the shapes or the data.
    """
    if name == REFERENCE:
        return EngineChoice(name)
    if name == AUTO and find_spec("shacl") is None:
        return EngineChoice(REFERENCE, "the fast engine is not installed")
    found = next(unsupported(shapes, data), None)
    if found is None:
        return EngineChoice(FAST)
    if name == AUTO:
        return EngineChoice(REFERENCE, found.reason)
    reason = f"the fast engine cannot validate this: {found.reason}; use --engine auto"
    raise UnusableShapes(reason, found.triple)
