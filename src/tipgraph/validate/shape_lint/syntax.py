"""SHACL's syntax rules: what makes a shape well-formed.

The rules are those of SHACL-SHACL, the recommendation's shapes for shapes, and a few that it has
only in prose. Running SHACL-SHACL takes pySHACL five seconds for a hundred shapes, and its results
do not say what to correct. A test compares both.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from tipgraph.namespaces import RDF, XSD
from tipgraph.rdf.terms import is_iri
from tipgraph.validate.paths import ALTERNATIVE, is_path, path_triples
from tipgraph.validate.report import Diagnostic, Occurrence, occurrences
from tipgraph.validate.shape_lint.vocabulary import ShapesGraph
from tipgraph.validate.targets import CLASS, OWL_CLASS, SUBCLASS
from tipgraph.validate.triples import FIRST, NIL, TYPE, Namer, Node, Term, Triples, sh

Errors = Iterator[tuple[str, Iterable[Occurrence]]]

PATH = sh("path")


class ValueType(NamedTuple):
    """A type of values: its description, and a test for membership."""

    description: str
    includes: Callable[[Triples, Term], bool]


def syntax_errors(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """The violations of all rules."""
    for rule in (
        _lists,
        _values,
        _list_members,
        _repeated,
        _paths,
        _missing_paths,
        _property_shapes,
        _node_shapes,
        _unnamed_classes,
        _components,
    ):
        for message, where in rule(graph.triples, graph.name):
            yield Diagnostic("ill-formed-shape", message, occurrences=frozenset(where))


def _lists(shapes: Triples, name: Namer) -> Errors:
    """Lists with a cell that is broken, and those of shapes without a member."""
    paths = path_triples(shapes, shapes.match(None, PATH))
    lists = {term for term, type_ in VALUE_TYPES.items() if type_ is LIST}
    alternatives = shapes.match(None, ALTERNATIVE)
    for triple in {*paths, *alternatives, *(each for each in shapes if each.predicate in lists)}:
        if shapes.is_broken_list(triple.object):
            message = f"the list of {name(triple.predicate)} is broken; write it in parentheses"
            yield message, [(triple, triple.object)]
        if triple.object == NIL and MEMBER_TYPES.get(triple.predicate) is SHAPE:
            yield f"{name(triple.predicate)} needs at least one member", [(triple, NIL)]


def _values(shapes: Triples, name: Namer) -> Errors:
    for term, type_ in VALUE_TYPES.items():
        for triple in shapes.match(None, term):
            value = triple.object
            if not type_.includes(shapes, value):
                actual = _describe(shapes, value, name)
                yield f"{name(term)} must be {type_.description}, not {actual}", [(triple, value)]


def _list_members(shapes: Triples, name: Namer) -> Errors:
    for term, type_ in MEMBER_TYPES.items():
        for triple in shapes.match(None, term):
            for member_triple in shapes.member_triples(triple.object):
                member = member_triple.object
                if not type_.includes(shapes, member):
                    actual = _describe(shapes, member, name)
                    yield (
                        f"each member of {name(term)} must be {type_.description}, not {actual}",
                        [(member_triple, member)],
                    )


def _repeated(shapes: Triples, name: Namer) -> Errors:
    for term in AT_MOST_ONCE:
        for shape in set(shapes.subjects(term)):
            times = len(shapes.values(shape, term))
            if times > 1:
                yield (
                    f"a shape can have {name(term)} once, but this one has it {times} times",
                    occurrences(shapes.match(shape, term), term),
                )


def _paths(shapes: Triples, name: Namer) -> Errors:
    for triple in path_triples(shapes, shapes.match(None, PATH)):
        path = triple.object
        heads = [path, *shapes.values(path, ALTERNATIVE)]
        if not is_path(shapes, path) and not any(map(shapes.is_broken_list, heads)):
            is_list = _is_list_head(shapes, path)
            what = "a list with fewer than two steps" if is_list else name(path)
            yield f"{what} is not a property path", [(triple, path)]


def _missing_paths(shapes: Triples, name: Namer) -> Errors:
    property_shapes = _all_property_shapes(shapes)
    for term in ABOUT_VALUES:
        for shape in set(shapes.subjects(term)) - property_shapes:
            if not shapes.values(shape, PATH):
                yield (
                    f"{name(term)} needs {name(PATH)} in the same shape",
                    occurrences(shapes.match(shape, term), term),
                )


def _property_shapes(shapes: Triples, name: Namer) -> Errors:
    for shape in _all_property_shapes(shapes):
        definition = list(shapes.match(shape))
        is_defined = definition or isinstance(shape, BlankNode)
        if is_defined and not shapes.values(shape, PATH) and not _is_list_head(shapes, shape):
            where = definition or shapes.match(None, sh("property"), shape)
            yield f"a property shape needs {name(PATH)}", occurrences(where, shape)


def _node_shapes(shapes: Triples, name: Namer) -> Errors:
    nodes = {*shapes.subjects(TYPE, sh("NodeShape")), *_objects(shapes, sh("node"))}
    for triple in shapes.match(None, PATH):
        if triple.subject in nodes:
            yield (
                f"a node shape cannot have {name(PATH)}; make it a property shape,"
                f" or add one with {name(sh('property'))}",
                [(triple, PATH)],
            )


def _unnamed_classes(shapes: Triples, name: Namer) -> Errors:
    for class_ in (CLASS, OWL_CLASS, *shapes.subjects(SUBCLASS, CLASS)):
        for triple in shapes.match(None, TYPE, class_):
            node = triple.subject
            if isinstance(node, BlankNode) and any(shapes.match(node, TYPE, sh("NodeShape"))):
                yield "a class that is also a node shape needs an IRI", [(triple, node)]


def _components(shapes: Triples, name: Namer) -> Errors:
    validators = [sh("validator"), sh("nodeValidator"), sh("propertyValidator")]
    for component in shapes.subjects(TYPE, sh("ConstraintComponent")):
        where = occurrences(shapes.match(component), component)
        parameters = shapes.values(component, sh("parameter"))
        if not parameters:
            yield f"a constraint component needs {name(sh('parameter'))}", where
        if not any(shapes.values(component, each) for each in validators):
            yield f"a constraint component needs {name(validators[0])}", where
        for parameter in parameters:
            if not shapes.values(parameter, PATH):
                where = occurrences(shapes.match(component, sh("parameter"), parameter), parameter)
                yield f"a parameter needs {name(PATH)}", where


def _all_property_shapes(shapes: Triples) -> set[Node]:
    return {*shapes.subjects(TYPE, sh("PropertyShape")), *_objects(shapes, sh("property"))}


def _objects(shapes: Triples, predicate: NamedNode) -> Iterator[Node]:
    for triple in shapes.match(None, predicate):
        if isinstance(triple.object, NamedNode | BlankNode):
            yield triple.object


def _describe(shapes: Triples, term: Term, name: Namer) -> str:
    return "a list" if _is_list_head(shapes, term) else name(term)


def _is_list_head(shapes: Triples, term: Term) -> bool:
    return term == NIL or (isinstance(term, BlankNode) and any(shapes.match(term, FIRST)))


def _is_shape(shapes: Triples, term: Term) -> bool:
    return isinstance(term, NamedNode | BlankNode) and not _is_list_head(shapes, term)


def _literal(description: str, pattern: str, *datatypes: str) -> ValueType:
    def includes(shapes: Triples, term: Term) -> bool:
        return (
            isinstance(term, Literal)
            and term.datatype.value in datatypes
            and re.fullmatch(pattern, term.value.strip(), re.DOTALL) is not None
        )

    return ValueType(description, includes)


def _has_select(shapes: Triples, term: Term) -> bool:
    return bool(shapes.values(term, sh("select")))


def _is_quoted_iri(shapes: Triples, term: Term) -> bool:
    return isinstance(term, Literal) and is_iri(f"http:{term.value}")


def _is_rule(shapes: Triples, term: Term) -> bool:
    types = shapes.values(term, TYPE)
    is_triple = all(shapes.values(term, each) for each in _terms("subject predicate object"))
    return (sh("TripleRule") in types and is_triple) or (
        sh("SPARQLRule") in types and bool(shapes.values(term, sh("construct")))
    )


def _is_target(shapes: Triples, term: Term) -> bool:
    types = shapes.values(term, TYPE)
    return bool(shapes.values(term, sh("select")) or shapes.values(term, sh("ask"))) or any(
        sh("SPARQLTargetType") in shapes.values(each, TYPE) for each in types
    )


def _terms(names: str) -> list[NamedNode]:
    return [sh(name) for name in names.split()]


IRI = ValueType("an IRI", lambda shapes, term: isinstance(term, NamedNode))
LITERAL = ValueType("a literal", lambda shapes, term: isinstance(term, Literal))
IRI_OR_LITERAL = ValueType(
    "an IRI or a literal", lambda shapes, term: not isinstance(term, BlankNode)
)
SHAPE = ValueType("a shape", _is_shape)
# Another rule checks that its cells are well-formed.
LIST = ValueType("a list in parentheses", lambda shapes, term: term == NIL or shapes.is_cell(term))
INTEGER = _literal("an integer, such as 1", r"[+-]?\d+", XSD + "integer")
BOOLEAN = _literal("true or false", "true|false|1|0", XSD + "boolean")
# SHACL-SHACL allows only these two forms of `sh:deactivated`.
TRUE_OR_FALSE = _literal("true or false", "true|false", XSD + "boolean")
STRING = _literal("a string", ".*", XSD + "string")
TEXT = _literal("a string, with or without a language", ".*", XSD + "string", RDF + "langString")
NODE_KINDS = _terms("IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral")
NODE_KIND = ValueType(
    "one of SHACL's six node kinds, such as sh:IRI", lambda _, term: term in NODE_KINDS
)

# The type of each property's values.
VALUE_TYPES = {
    **dict.fromkeys(_terms("targetClass targetSubjectsOf targetObjectsOf"), IRI),
    **dict.fromkeys(_terms("class datatype equals disjoint lessThan lessThanOrEquals"), IRI),
    **dict.fromkeys(_terms("severity shapesGraph entailment"), IRI),
    **dict.fromkeys(_terms("minExclusive minInclusive maxExclusive maxInclusive"), LITERAL),
    **dict.fromkeys(_terms("minCount maxCount qualifiedMinCount qualifiedMaxCount"), INTEGER),
    **dict.fromkeys(_terms("minLength maxLength"), INTEGER),
    **dict.fromkeys(_terms("closed uniqueLang qualifiedValueShapesDisjoint"), BOOLEAN),
    sh("pattern"): STRING,
    # XPath has no others.
    sh("flags"): _literal("of the flags i, m, s, x and q", "[imsxq]*", XSD + "string"),
    **dict.fromkeys(_terms("property node not qualifiedValueShape"), SHAPE),
    **dict.fromkeys(_terms("and or xone in languageIn ignoredProperties"), LIST),
    sh("targetNode"): IRI_OR_LITERAL,
    sh("sparql"): ValueType("a SPARQL constraint, which has sh:select", _has_select),
    sh("rule"): ValueType(
        "a sh:TripleRule with subject, predicate and object, or a sh:SPARQLRule with sh:construct",
        _is_rule,
    ),
    sh("target"): ValueType("a target with sh:select, or of a sh:SPARQLTargetType", _is_target),
    sh("prefix"): STRING,
    sh("namespace"): ValueType("an IRI in quotes", _is_quoted_iri),
    sh("nodeKind"): NODE_KIND,
    sh("deactivated"): TRUE_OR_FALSE,
    sh("message"): TEXT,
}
# The type of the members of list values.
MEMBER_TYPES = {
    **dict.fromkeys(_terms("and or xone"), SHAPE),
    sh("languageIn"): STRING,
    sh("ignoredProperties"): IRI,
}
AT_MOST_ONCE = _terms(
    "path severity deactivated datatype nodeKind minCount maxCount minLength maxLength pattern"
    " flags minExclusive minInclusive maxExclusive maxInclusive uniqueLang closed"
    " ignoredProperties in languageIn qualifiedValueShape qualifiedValueShapesDisjoint"
    " qualifiedMinCount qualifiedMaxCount select ask"
)
# Parameters that only a property shape can have.
ABOUT_VALUES = _terms("minCount maxCount lessThan lessThanOrEquals qualifiedValueShape uniqueLang")
