"""SHACL engines: triples of data and shapes go in, the triples of the W3C report come out.

The fast one is chosen for the shapes and data where it finds the same as pySHACL.
`SHACL_TERMS` list what is supported, and `CHECKS` find the uses of it that are not, with the data
that they apply to. Engines read a query differently in more ways than a check of its text could
find. So only queries on which tests compare the engines are supported, those of the default shapes,
and only where each property that they name has values of one type.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import NamedTuple, Protocol

from pyoxigraph import BlankNode, NamedNode, Triple

from tipgraph.errors import InputError, UsageError
from tipgraph.namespaces import OWL, RDF, RDFS, XSD
from tipgraph.validate.literals import (
    BLANK,
    BOOLEAN,
    CONTROL,
    DATE,
    INTEGERS,
    LOCAL,
    LONG_NUMBER,
    NODE,
    NUMBER,
    STRING,
    UNUSUAL,
    ZONED,
    LiteralKinds,
    kinds_of,
)
from tipgraph.validate.paths import end_steps, path_triples
from tipgraph.validate.shape_lint.embedded_code import MESSAGE_VARIABLE, query_iris
from tipgraph.validate.triples import SHACL, Term, Triples, lexical, sh, shorten, to_text

AUTO = "auto"
REFERENCE = "pyshacl"
FAST = "fast"
# Modules are imported on use: rdflib and pySHACL take half a second.
ENGINES = {
    REFERENCE: ("pyshacl_engine", "PyshaclEngine"),
    FAST: ("rust_engine", "RustEngine"),
}

Progress = Callable[[int, int], None]


class UnusableShapes(InputError):
    """Shapes that an engine refuses; `triple` is the one with the cause, where it is known."""

    def __init__(self, message: str, triple: Triple | None = None) -> None:
        self.triple = triple
        super().__init__(message)


class ShaclEngine(Protocol):
    """An engine for one validation: load the data, then run the shapes."""

    def load(self, triples: Iterable[Triple]) -> None:
        """Add triples to the data. May be called several times."""

    def run(self, shapes: Sequence[Triple], progress: Progress) -> list[Triple]:
        """The triples of the SHACL validation report.

        Blank nodes of data and shapes keep their labels. `progress` is called with the amount
        done and the total, in any unit. Raises UnusableShapes.
        """


def load_engine(
    name: str, jobs: int | None = None, prefixes: Mapping[str, str] = MappingProxyType({})
) -> ShaclEngine:
    """The engine with this name, one of ENGINES.

    `jobs` limits the processes of an engine that can use several; None is one per processor.
    `prefixes` are those that queries in shapes may use without a declaration. Raises UsageError
    when a package that the engine needs is not installed.
    """
    module, class_name = ENGINES[name]
    try:
        loaded = import_module(f"tipgraph.validate.engines.{module}")
        engine: ShaclEngine = getattr(loaded, class_name)(jobs, prefixes)
    except ImportError as error:
        raise UsageError(
            f"engine '{name}' is not installed; run pip install {error.name}"
        ) from None
    return engine


# ── Supported shapes ──────────────────────────────────────────────────────────────────────────────

PATH = sh("path")
NESTED = [sh(name) for name in ("property", "node", "not", "qualifiedValueShape")]
LISTS = [sh(name) for name in ("and", "or", "xone")]
OPTIONAL = {sh("zeroOrMorePath"), sh("zeroOrOnePath")}
RANGES = [sh(f"{end}{kind}") for end in ("min", "max") for kind in ("Inclusive", "Exclusive")]
PAIRS = [sh("lessThan"), sh("lessThanOrEquals")]
SELECT = sh("select")

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
ORDERED = ({NUMBER, LONG_NUMBER}, {STRING}, {DATE}, {ZONED}, {LOCAL})
# The kinds of values, besides text, that a property may have which a query names: of one type, and
# numbers in their shortest form: the default shapes compare these, and join none.
UNIFORM = ({NODE, BLANK}, {NUMBER}, {BOOLEAN}, {DATE}, {ZONED}, {LOCAL})

_ESCAPE = r"\\[dDsSnrt.^$*+?()\[\]{}|/\\-]"
_CLASS = rf"\[\^?(?:[^\]\[\\&~-]|{_ESCAPE}|-(?!-)|&(?!&)|~(?!~))+\]"
_QUANTIFIER = r"(?:(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})\??(?![*+?{]))?"
_PIECE = re.compile(
    rf"(?:{_ESCAPE}|{_CLASS}|[^][\\(){{}}*+?|]){_QUANTIFIER}|\((?:\?:)?|\){_QUANTIFIER}|\|"
)


class Unsupported(NamedTuple):
    """A use of something that the fast engine does not support, and its triple if it is known."""

    reason: str
    triple: Triple | None = None


def unsupported(
    shapes: Triples, data: LiteralKinds, tested: Collection[Triple] = ()
) -> Iterator[Unsupported]:
    """Find what the fast engine does not support in these shapes, for data with these kinds.

    `tested` are the triples with the queries on which tests compare the engines.
    """
    for triple in shapes:
        name = triple.predicate
        if name.value.startswith(SHACL) and name not in SHACL_TERMS:
            yield Unsupported(f"{shorten(name.value)} is not supported", triple)
    if data.unusual:
        yield Unsupported(f"the data contains {_unusual(data.unusual)}")
    for triple in shapes:
        if UNUSUAL in kinds_of(triple.object):
            yield Unsupported(_unusual(triple.object), triple)
        elif triple.predicate == SELECT and triple not in tested:
            reason = "a query that is not one of the default shapes is not supported"
            yield Unsupported(reason, triple)
        elif reason := _reason(shapes, data, triple):
            yield Unsupported(reason, triple)
    for triple in _recursion(shapes):
        yield Unsupported("shapes that refer to themselves are not supported", triple)


def _unusual(term: Term) -> str:
    text = shorten(to_text(term))
    return f"{text}, which engines may read differently"


def _reason(shapes: Triples, data: LiteralKinds, triple: Triple) -> str:
    """The reason why a use of a supported term is not supported, empty where it is."""
    shape, value = triple.subject, triple.object
    match triple.predicate.value.removeprefix(SHACL):
        # The fast engine does not know the labels of the data.
        case "targetNode" if isinstance(value, BlankNode):
            return "a blank node in sh:targetNode is not supported"
        case "inversePath" if isinstance(value, BlankNode):
            return "the inverse of a path with several steps is not supported"
        case "closed" if shapes.values(shape, PATH):
            return "sh:closed in a property shape is not supported"
        case "flags" if lexical(value) not in FLAGS:
            return "sh:flags other than i are not supported"
        # pySHACL takes `en-Latn-GB` for another language than `en-Latn`.
        case "languageIn" if any("-" in lexical(each) for each in shapes.members(value)):
            return "sh:languageIn with parts of a language is not supported"
        # The fast engine counts the shape itself among those of the siblings.
        case "qualifiedValueShapesDisjoint" if _shares_qualified_shape(shapes, shape):
            return "sh:qualifiedValueShapesDisjoint with one shape twice is not supported"
        case "datatype":
            name = to_text(value)
            if name.startswith((XSD, RDF)) and name not in DATATYPES:
                return f"the datatype {shorten(name)} is not supported"
        case "pattern":
            return _pattern(shapes, data, triple)
        case "select":
            return _query(shapes, data, triple)
        case "sparql":
            return _message(shapes, triple)
    if triple.predicate in RANGES:
        values = _values(shapes, data, shape) - {NODE, BLANK, CONTROL}
        return _order(values.union(kinds_of(value)), triple)
    if triple.predicate in PAIRS:
        others = data.of([value] if isinstance(value, NamedNode) else None)
        return _order((_values(shapes, data, shape) | others) - {CONTROL}, triple)
    return ""


def _pattern(shapes: Triples, data: LiteralKinds, triple: Triple) -> str:
    if not is_portable(lexical(triple.object)):
        return "the pattern has syntax that engines read differently"
    if CONTROL in _values(shapes, data, triple.subject):
        return (
            "sh:pattern is not supported for text that contains a control character or rare white"
            " space"
        )
    return ""


def _shares_qualified_shape(shapes: Triples, shape: Term) -> bool:
    qualified = sh("qualifiedValueShape")
    shared = (shapes.subjects(qualified, each) for each in shapes.values(shape, qualified))
    return any(len(each) > 1 for each in shared)


def _order(kinds: set[str], triple: Triple) -> str:
    if any(kinds <= together for together in ORDERED):
        return ""
    name = shorten(triple.predicate.value)
    return f"{name} is not supported for values of different or other types"


def _values(shapes: Triples, data: LiteralKinds, shape: Term) -> set[str]:
    """The kinds of the values of a shape: those at the end of its path, or any."""
    paths = shapes.values(shape, PATH)
    steps = [step for path in paths for step in end_steps(shapes, path, -1)]
    parts = path_triples(shapes, shapes.match(shape, PATH)) if steps else ()
    # A path without a step leads to the node itself.
    if not steps or any(part.predicate in OPTIONAL for part in parts):
        return data.of(None)
    forward = [NamedNode(to_text(step.property)) for step in steps if not step.inverse]
    return data.of(forward) | {NODE for step in steps if step.inverse}


def _recursion(shapes: Triples) -> Iterator[Triple]:
    """A reference within a circle of shapes that refer to each other."""
    references = [(triple, inner) for triple in shapes for inner in _referred(shapes, triple)]
    graph: dict[Term, set[Term]] = {}
    for triple, inner in references:
        graph.setdefault(triple.subject, set()).add(inner)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # Each shape of the circle is one that the next one refers to.
        inner, outer, *_ = error.args[1]
        yield next(each for each, shape in references if (each.subject, shape) == (outer, inner))


def _referred(shapes: Triples, triple: Triple) -> Iterator[Term]:
    """The shapes that a triple refers to."""
    if triple.predicate in NESTED:
        yield triple.object
    elif triple.predicate in LISTS:
        yield from shapes.members(triple.object)


def _query(shapes: Triples, data: LiteralKinds, triple: Triple) -> str:
    for name in query_iris(triple, shapes):
        text = shorten(name.value)
        if not _is_uniform(data.of([name])):
            return f"a query uses {text}, whose values have different or unusual types"
        if name in data.of_blank_nodes and not name.value.startswith((RDF, RDFS, OWL)):
            return f"a query uses {text}, which blank nodes have"
    return ""


def _is_uniform(kinds: set[str]) -> bool:
    is_text = all(kind == STRING or kind.startswith("@") for kind in kinds)
    return is_text or any(kinds <= together for together in UNIFORM)


def _message(shapes: Triples, triple: Triple) -> str:
    messages = map(lexical, shapes.values(triple.subject, sh("message")))
    is_shared = len(shapes.subjects(sh("sparql"), triple.object)) > 1
    if is_shared and any(map(MESSAGE_VARIABLE.search, messages)):
        return "a query of several shapes, with variables in a message, is not supported"
    return ""


class EngineChoice(NamedTuple):
    """The name of an engine, and why it is not the fast one where that was possible."""

    name: str
    reason: str = ""


def choose_engine(
    name: str, shapes: Triples, data: LiteralKinds, tested: Collection[Triple] = ()
) -> EngineChoice:
    """Return the engine for these shapes and data, before any engine runs.

    `name` is AUTO or the name of an engine; `tested` are as for `unsupported`. Raises
    UnusableShapes where the fast engine is asked for, and does not support the shapes or the data.
    """
    if name == REFERENCE:
        return EngineChoice(name)
    if name == AUTO and find_spec("shacl") is None:
        return EngineChoice(REFERENCE, "the fast engine is not installed")
    found = next(unsupported(shapes, data, tested), None)
    if found is None:
        return EngineChoice(FAST)
    if name == AUTO:
        return EngineChoice(REFERENCE, found.reason)
    reason = f"the fast engine cannot validate this: {found.reason}; use --engine auto"
    raise UnusableShapes(reason, found.triple)


def is_portable(pattern: str) -> bool:
    r"""Return whether the pattern has only syntax that both languages read alike.

    It may have character classes without operators, groups, alternatives, quantifiers, anchors,
    and the escapes \d, \s, \n, \r and \t. \w and \b depend on what counts as a letter.
    """
    position = 0
    while position < len(pattern):
        found = _PIECE.match(pattern, position)
        if not found:
            return False
        position = found.end()
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
