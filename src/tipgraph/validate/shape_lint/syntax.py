"""The syntax rules of SHACL: what something must be like to be a shape.

They are those of SHACL-SHACL, the recommendation's own shapes for shapes, and a few that it has in
words alone. To run SHACL-SHACL takes pySHACL five seconds for a hundred shapes, and its results do
not say what to do. So that is left to a test, which holds the two against each other.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from tipgraph.namespaces import RDF, XSD
from tipgraph.validate.shape_lint.issues import Namer, Sighting, Suspect, sightings
from tipgraph.validate.shape_lint.lists import NIL, is_list, items
from tipgraph.validate.shape_lint.paths import is_path, paths
from tipgraph.validate.targets import CLASS, OWL_CLASS, SUBCLASS
from tipgraph.validate.triples import FIRST, TYPE, Node, Term, Triples, sh

Broken = Iterator[tuple[str, Iterable[Sighting]]]

PATH = sh("path")


class Kind(NamedTuple):
    """What a property of SHACL takes, in words and as a test."""

    words: str
    includes: Callable[[Triples, Term], bool]


def ill_formed(shapes: Triples, name: Namer) -> Iterator[Suspect]:
    """Whatever in the shapes breaks a rule."""
    for rule in (
        _values,
        _members,
        _repeated,
        _paths,
        _pathless,
        _property_shapes,
        _node_shapes,
        _nameless_classes,
    ):
        for message, seen in rule(shapes, name):
            yield Suspect("ill-formed-shape", message, frozenset(seen))


def _values(shapes: Triples, name: Namer) -> Broken:
    for term, kind in TAKES.items():
        for triple in shapes.match(None, term):
            value = triple.object
            if not kind.includes(shapes, value):
                shown = _shown(shapes, value, name)
                yield f"{name(term)} takes {kind.words}, not {shown}", [(triple, value)]


def _members(shapes: Triples, name: Namer) -> Broken:
    for term, kind in LISTS.items():
        for triple in shapes.match(None, term):
            for item in items(shapes, triple.object):
                member = item.object
                if not kind.includes(shapes, member):
                    shown = _shown(shapes, member, name)
                    yield (
                        f"{name(term)} takes a list in which each is {kind.words}, not {shown}",
                        [(item, member)],
                    )


def _repeated(shapes: Triples, name: Namer) -> Broken:
    for term in ONCE:
        for shape in set(shapes.subjects(term)):
            times = len(shapes.values(shape, term))
            if times > 1:
                yield (
                    f"{name(term)} stands in a shape at most once, and here {times} times",
                    sightings(shapes.match(shape, term), term),
                )


def _paths(shapes: Triples, name: Namer) -> Broken:
    for triple in paths(shapes, shapes.match(None, PATH)):
        path = triple.object
        if not is_path(shapes, path):
            is_short = _begins_list(shapes, path)
            what = "a list of fewer than two steps" if is_short else name(path)
            yield f"{what} is no property and no property path", [(triple, path)]


def _pathless(shapes: Triples, name: Namer) -> Broken:
    known = _all_property_shapes(shapes)
    for term in ABOUT_VALUES:
        for shape in set(shapes.subjects(term)) - known:
            if not shapes.values(shape, PATH):
                yield (
                    f"{name(term)} is about the values of a path, and there is no {name(PATH)}",
                    sightings(shapes.match(shape, term), term),
                )


def _property_shapes(shapes: Triples, name: Namer) -> Broken:
    for shape in _all_property_shapes(shapes):
        inside = list(shapes.match(shape))
        is_defined = inside or isinstance(shape, BlankNode)
        if is_defined and not shapes.values(shape, PATH) and not _begins_list(shapes, shape):
            seen = inside or shapes.match(None, sh("property"), shape)
            yield f"a property shape needs a {name(PATH)}", sightings(seen, shape)


def _node_shapes(shapes: Triples, name: Namer) -> Broken:
    nodes = {*shapes.subjects(TYPE, sh("NodeShape")), *_objects(shapes, sh("node"))}
    for triple in shapes.match(None, PATH):
        if triple.subject in nodes:
            yield (
                f"a node shape has no {name(PATH)}; make a property shape of it,"
                f" or put one into it with {name(sh('property'))}",
                [(triple, PATH)],
            )


def _nameless_classes(shapes: Triples, name: Namer) -> Broken:
    for kind in (CLASS, OWL_CLASS, *shapes.subjects(SUBCLASS, CLASS)):
        for triple in shapes.match(None, TYPE, kind):
            node = triple.subject
            if isinstance(node, BlankNode) and any(shapes.match(node, TYPE, sh("NodeShape"))):
                yield "a class that is a shape needs an IRI", [(triple, node)]


def _all_property_shapes(shapes: Triples) -> set[Node]:
    return {*shapes.subjects(TYPE, sh("PropertyShape")), *_objects(shapes, sh("property"))}


def _objects(shapes: Triples, predicate: NamedNode) -> Iterator[Node]:
    for triple in shapes.match(None, predicate):
        if isinstance(triple.object, NamedNode | BlankNode):
            yield triple.object


def _shown(shapes: Triples, term: Term, name: Namer) -> str:
    return "a list" if _begins_list(shapes, term) else name(term)


def _begins_list(shapes: Triples, term: Term) -> bool:
    return term == NIL or (isinstance(term, BlankNode) and any(shapes.match(term, FIRST)))


def _is_shape(shapes: Triples, term: Term) -> bool:
    return isinstance(term, NamedNode | BlankNode) and not _begins_list(shapes, term)


def _literal(words: str, pattern: str, *datatypes: str) -> Kind:
    def includes(shapes: Triples, term: Term) -> bool:
        return (
            isinstance(term, Literal)
            and term.datatype.value in datatypes
            and re.fullmatch(pattern, term.value.strip(), re.DOTALL) is not None
        )

    return Kind(words, includes)


def _terms(names: str) -> list[NamedNode]:
    return [sh(name) for name in names.split()]


IRI = Kind("an IRI", lambda shapes, term: isinstance(term, NamedNode))
LITERAL = Kind("a literal", lambda shapes, term: isinstance(term, Literal))
IRI_OR_LITERAL = Kind("an IRI or a literal", lambda shapes, term: not isinstance(term, BlankNode))
SHAPE = Kind("a shape", _is_shape)
LIST = Kind("a list in parentheses", is_list)
INTEGER = _literal("an integer, such as 1", r"[+-]?\d+", XSD + "integer")
BOOLEAN = _literal("true or false", "true|false|1|0", XSD + "boolean")
# SHACL-SHACL spells them out for this one.
TRUTH = _literal("true or false", "true|false", XSD + "boolean")
STRING = _literal("a string", ".*", XSD + "string")
TEXT = _literal("a string, with or without a language", ".*", XSD + "string", RDF + "langString")
NODE_KINDS = _terms("IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral")
NODE_KIND = Kind(
    "one of SHACL's six node kinds, such as sh:IRI", lambda _, term: term in NODE_KINDS
)

# What each property takes as a value.
TAKES = {
    **dict.fromkeys(_terms("targetClass targetSubjectsOf targetObjectsOf"), IRI),
    **dict.fromkeys(_terms("class datatype equals disjoint lessThan lessThanOrEquals"), IRI),
    **dict.fromkeys(_terms("severity shapesGraph entailment"), IRI),
    **dict.fromkeys(_terms("minExclusive minInclusive maxExclusive maxInclusive"), LITERAL),
    **dict.fromkeys(_terms("minCount maxCount qualifiedMinCount qualifiedMaxCount"), INTEGER),
    **dict.fromkeys(_terms("minLength maxLength"), INTEGER),
    **dict.fromkeys(_terms("closed uniqueLang qualifiedValueShapesDisjoint"), BOOLEAN),
    **dict.fromkeys(_terms("pattern flags"), STRING),
    **dict.fromkeys(_terms("property node not qualifiedValueShape"), SHAPE),
    **dict.fromkeys(_terms("and or xone in languageIn ignoredProperties"), LIST),
    sh("targetNode"): IRI_OR_LITERAL,
    sh("nodeKind"): NODE_KIND,
    sh("deactivated"): TRUTH,
    sh("message"): TEXT,
}
# What the members of each list are.
LISTS = {
    **dict.fromkeys(_terms("and or xone"), SHAPE),
    sh("languageIn"): STRING,
    sh("ignoredProperties"): IRI,
}
# What a shape has one of at most.
ONCE = _terms(
    "path severity deactivated datatype nodeKind minCount maxCount minLength maxLength pattern"
    " flags minExclusive minInclusive maxExclusive maxInclusive uniqueLang closed"
    " ignoredProperties in languageIn qualifiedValueShape qualifiedValueShapesDisjoint"
    " qualifiedMinCount qualifiedMaxCount"
)
# What speaks of the values that a path leads to.
ABOUT_VALUES = _terms("minCount maxCount lessThan lessThanOrEquals qualifiedValueShape uniqueLang")
