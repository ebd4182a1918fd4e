"""Shapes that are well-formed but check nothing, and the parts of shapes that are used."""

from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import BlankNode, NamedNode, Triple

from tipgraph.namespaces import OWL
from tipgraph.validate.shape_lint.issues import Issue, Namer, Occurrence, occurrences
from tipgraph.validate.shape_lint.vocabulary import (
    DASH,
    dash_parameters,
    parameters,
    vocabulary,
)
from tipgraph.validate.suggestions import did_you_mean
from tipgraph.validate.targets import SUBCLASS, Target, find_targets, is_deactivated
from tipgraph.validate.triples import NIL, SHACL, TYPE, Node, Term, Triples, reachable, sh

IMPORTS = NamedNode(OWL + "imports")
SHAPE_TYPES = {sh("NodeShape"), sh("PropertyShape")}
# pySHACL takes a subject of these for a shape; other shapes need a type.
IDENTIFYING = {
    *(sh("targetClass"), sh("targetNode"), sh("targetSubjectsOf"), sh("targetObjectsOf")),
    *(sh("property"), sh("node")),
}
SHAPE_VALUED = [
    *(sh("property"), sh("node"), sh("not"), sh("qualifiedValueShape")),
    *(sh("condition"), sh("filterShape")),
]
SHAPE_LIST_VALUED = [sh("and"), sh("or"), sh("xone")]
# These refer to a shape as the class that it may also be.
CLASS_VALUED = {TYPE, SUBCLASS, sh("class"), sh("targetClass")}
# Parameters that have no effect without one of the others.
NEEDS_ONE_OF = {
    sh("flags"): [sh("pattern")],
    sh("ignoredProperties"): [sh("closed")],
    sh("qualifiedMinCount"): [sh("qualifiedValueShape")],
    sh("qualifiedMaxCount"): [sh("qualifiedValueShape")],
    sh("qualifiedValueShapesDisjoint"): [sh("qualifiedValueShape")],
    sh("qualifiedValueShape"): [sh("qualifiedMinCount"), sh("qualifiedMaxCount")],
}


# Nodes that an engine uses without a target: it collects these from all files.
DEFINITIONS = {
    sh(name)
    for name in (
        *("ConstraintComponent", "SPARQLAskValidator", "SPARQLSelectValidator"),
        *("SPARQLFunction", "SPARQLTargetType", "JSFunction"),
    )
}


def undefined_shapes(shapes: Triples, prefixes: Mapping[str, str], name: Namer) -> Iterator[Issue]:
    """References to shapes that are not defined: every node conforms to such a shape."""
    missing: dict[NamedNode, list[Triple]] = {}
    for triple, shape in _undefined(shapes):
        missing.setdefault(shape, []).append(triple)
    for shape, triples in missing.items():
        iris = (each.value for each in all_shapes(shapes) if isinstance(each, NamedNode))
        yield Issue(
            "undefined-shape",
            f"{name(shape)} is used as a shape but not defined",
            occurrences(triples, shape),
            did_you_mean(shape.value, iris, prefixes),
        )


def ineffective_references(shapes: Triples) -> list[Triple]:
    """Return the references to shapes that are not defined and that can be left out.

    Every node conforms to such a shape as a property or as `sh:node`; an engine may refuse it.
    """
    found = (triple for triple, _ in _undefined(shapes))
    return [triple for triple in found if triple.predicate in (sh("property"), sh("node"))]


def _undefined(shapes: Triples) -> Iterator[tuple[Triple, NamedNode]]:
    """Yield each reference to a shape that is not defined, with the shape."""
    for triple in _references(shapes):
        shape = triple.object
        if isinstance(shape, NamedNode) and shape != NIL and not any(shapes.match(shape)):
            yield triple, shape


def lone_parameters(shapes: Triples, name: Namer) -> Iterator[Issue]:
    """Parameters that have an effect only together with another, which is missing."""
    for term, partners in NEEDS_ONE_OF.items():
        needed = " or ".join(map(name, partners))
        message = f"{name(term)} has no effect without {needed} in the same shape"
        for shape in set(shapes.subjects(term)):
            if not any(shapes.values(shape, partner) for partner in partners):
                yield Issue("no-constraint", message, occurrences(shapes.match(shape, term), term))


def unsupported_terms(shapes: Triples, name: Namer) -> Iterator[Issue]:
    """Entailment regimes other than rules, and parameters of DASH that no file defines.

    An import of DASH that is missing is an issue of its own.
    """
    for triple in shapes.match(None, sh("entailment")):
        if isinstance(triple.object, NamedNode) and triple.object != sh("Rules"):
            message = f"{name(triple.object)} is not supported, so what it entails is not checked"
            yield Issue("no-constraint", message, occurrences([triple], triple.object))
    used = {triple.predicate for triple in shapes if triple.predicate.value.startswith(DASH)}
    if used and not any(shapes.match(None, IMPORTS, NamedNode(DASH.rstrip("#")))):
        for term in (used & dash_parameters()) - parameters(shapes):
            message = f"{name(term)} has no effect, since no file defines it"
            where = occurrences(shapes.match(None, term), term)
            yield Issue("no-constraint", message, where, "add the file of DASH", is_warning=True)


def ineffective_shapes(
    shapes: Triples, is_in_scope: Callable[[NamedNode], bool], name: Namer
) -> Iterator[Issue]:
    """Yield the fault that makes all shapes ineffective, else each ineffective shape.

    Published shapes may contain more than one application uses. So a shape with a name and a type
    is reported on its own only where it is in scope.
    """
    constraints, active = _constraints(shapes), find_targets(shapes)
    found = _shapes(shapes, constraints)
    all_definitions = frozenset[Occurrence]().union(*(_definition(shapes, each) for each in found))
    if not found:
        hint = "" if _contains_shacl(shapes) else "is this the data?"
        yield Issue("no-shapes", "the shapes files contain no shapes", hint=hint)
    elif not active:
        message = "no active shape has a target, so nothing would be checked"
        hint = f"add a target, such as {name(sh('targetClass'))}"
        yield Issue("no-shapes", message, all_definitions, hint)
    elif not any(_properties(shapes, shape) & constraints for shape in active):
        message = "no shape with a target has a constraint, so nothing would be checked"
        yield Issue("no-constraint", message, all_definitions)
    else:
        for shape in found:
            if isinstance(shape, BlankNode) or not _has_type(shapes, shape) or is_in_scope(shape):
                for code, message in _defects(shapes, shape, active.get(shape), constraints):
                    yield Issue(code, f"{name(shape)} {message}", _definition(shapes, shape))


def _references(shapes: Triples) -> Iterator[Triple]:
    """The triples whose object is used as a shape."""
    for predicate in SHAPE_VALUED:
        yield from shapes.match(None, predicate)
    for predicate in SHAPE_LIST_VALUED:
        for triple in shapes.match(None, predicate):
            yield from shapes.member_triples(triple.object)


def _constraints(shapes: Triples) -> set[NamedNode]:
    """The properties that make a shape do something."""
    return parameters(vocabulary()) | parameters(shapes) | {sh("rule")}


def all_shapes(shapes: Triples) -> set[Node]:
    """The shapes, recognised by type, target or constraint."""
    return _shapes(shapes, _constraints(shapes))


def _shapes(shapes: Triples, constraints: set[NamedNode]) -> set[Node]:
    typed = (node for type_ in SHAPE_TYPES for node in shapes.subjects(TYPE, type_))
    constrained = (node for term in constraints for node in shapes.subjects(term))
    # A parameter of a constraint component has the form of a shape, but is none.
    excluded = {triple.object for triple in shapes.match(None, sh("parameter"))}
    return {*typed, *constrained, *find_targets(shapes)} - excluded


def _definition(shapes: Triples, shape: Node) -> frozenset[Occurrence]:
    return occurrences(shapes.match(shape), shape)


def _properties(shapes: Triples, shape: Node) -> set[NamedNode]:
    return {triple.predicate for triple in shapes.match(shape)}


def _contains_shacl(shapes: Triples) -> bool:
    """Return whether any term is from the SHACL namespace."""
    return any(f"<{SHACL}" in str(triple) for triple in shapes)


def _has_type(shapes: Triples, shape: Node) -> bool:
    return not SHAPE_TYPES.isdisjoint(shapes.values(shape, TYPE))


def _defects(
    shapes: Triples, shape: Node, target: Target | None, constraints: set[NamedNode]
) -> Iterator[tuple[str, str]]:
    """Code and message of what makes the shape ineffective."""
    properties = _properties(shapes, shape)
    references = {triple.predicate for triple in shapes.match(None, None, shape)} - CLASS_VALUED
    if references or sh("deactivated") in properties:
        return
    if target is None:
        yield "unused-shape", "has no target and no shape refers to it, so it checks nothing"
    elif not _has_type(shapes, shape) and properties.isdisjoint(IDENTIFYING):
        yield "unused-shape", "is not a shape to the engine; add the type sh:NodeShape"
    elif target != Target(classes={shape}) and properties.isdisjoint(constraints):
        yield "no-constraint", "has a target but no constraint, so it checks nothing"


def usage(shapes: Triples) -> Callable[[Term], bool]:
    """Return whether a validation uses a node of the shapes.

    It does where the node is, or is part of, an active shape with a target or a definition, such
    as a constraint component; over shapes that are deactivated it is not.
    """
    used: set[Term] = {*find_targets(shapes)}
    used |= {node for type_ in DEFINITIONS for node in shapes.subjects(TYPE, type_)}

    def owners(node: Term) -> Iterator[Term]:
        return (
            triple.subject
            for triple in shapes.match(None, None, node)
            if not is_deactivated(shapes, triple.subject)
        )

    def is_used(node: Term) -> bool:
        start: list[Term] = [] if is_deactivated(shapes, node) else [node]
        found = reachable(start, owners)
        return not used.isdisjoint(found)

    return is_used
