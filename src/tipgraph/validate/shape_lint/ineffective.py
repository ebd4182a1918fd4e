"""Shapes that are well-formed and check nothing all the same."""

from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import BlankNode, NamedNode, Triple

from tipgraph.validate.hints import did_you_mean
from tipgraph.validate.shape_lint.issues import Namer, Sighting, Suspect, sightings
from tipgraph.validate.shape_lint.lists import NIL, items
from tipgraph.validate.shape_lint.vocabulary import parameters, vocabulary
from tipgraph.validate.targets import SUBCLASS, Target, targets
from tipgraph.validate.triples import SHACL, TYPE, Node, Triples, sh

TYPES = {sh("NodeShape"), sh("PropertyShape")}
# The subject of one of these is a shape to pySHACL; others it knows by their type alone.
TELLING = {
    *(sh("targetClass"), sh("targetNode"), sh("targetSubjectsOf"), sh("targetObjectsOf")),
    *(sh("property"), sh("node")),
}
TAKE_A_SHAPE = [
    *(sh("property"), sh("node"), sh("not"), sh("qualifiedValueShape")),
    *(sh("condition"), sh("filterShape")),
]
TAKE_SHAPES = [sh("and"), sh("or"), sh("xone")]
# These speak of a shape as of the class that it may be.
TAKE_A_CLASS = {TYPE, SUBCLASS, sh("class"), sh("targetClass")}
# What does nothing without one of the others.
PARTNERS = {
    sh("flags"): [sh("pattern")],
    sh("ignoredProperties"): [sh("closed")],
    sh("qualifiedMinCount"): [sh("qualifiedValueShape")],
    sh("qualifiedMaxCount"): [sh("qualifiedValueShape")],
    sh("qualifiedValueShapesDisjoint"): [sh("qualifiedValueShape")],
    sh("qualifiedValueShape"): [sh("qualifiedMinCount"), sh("qualifiedMaxCount")],
}


def undefined_shapes(
    shapes: Triples, prefixes: Mapping[str, str], name: Namer
) -> Iterator[Suspect]:
    """What is used as a shape and defined nowhere: all there is conforms to it."""
    missing: dict[NamedNode, list[Triple]] = {}
    for triple in _uses(shapes):
        shape = triple.object
        if isinstance(shape, NamedNode) and shape != NIL and not any(shapes.match(shape)):
            missing.setdefault(shape, []).append(triple)
    for shape, triples in missing.items():
        known = _shapes(shapes, _constraints(shapes))
        iris = (each.value for each in known if isinstance(each, NamedNode))
        yield Suspect(
            "undefined-shape",
            f"{name(shape)} is used as a shape and defined nowhere",
            sightings(triples, shape),
            did_you_mean(shape.value, iris, prefixes),
        )


def half_constraints(shapes: Triples, name: Namer) -> Iterator[Suspect]:
    """What makes a constraint together with something else alone."""
    for term, partners in PARTNERS.items():
        message = f"{name(term)} does nothing without {' or '.join(map(name, partners))} beside it"
        for shape in set(shapes.subjects(term)):
            if not any(shapes.values(shape, partner) for partner in partners):
                seen = sightings(shapes.match(shape, term), term)
                yield Suspect("no-constraint", message, seen)


def idle_shapes(
    shapes: Triples, is_judged: Callable[[NamedNode], bool], name: Namer
) -> Iterator[Suspect]:
    """What keeps all shapes from finding anything; else each shape that is of no use.

    Shapes that others publish may be of use to others. So a shape that has a name and a type is
    told by itself only where it is to be judged.
    """
    constraints, active = _constraints(shapes), targets(shapes)
    found = _shapes(shapes, constraints)
    anywhere = frozenset[Sighting]().union(*(_definition(shapes, shape) for shape in found))
    if not found:
        message = "there is no shape in what was given as shapes"
        yield Suspect("no-shapes", message, hint="" if _is_shacl(shapes) else "is it the data?")
    elif not active:
        message = "no shape that is active has a target, so nothing would be looked at"
        hint = f"give one a target, such as {name(sh('targetClass'))}"
        yield Suspect("no-shapes", message, anywhere, hint)
    elif not any(_said(shapes, shape) & constraints for shape in active):
        message = "no shape that has a target has a constraint, so nothing can be found"
        yield Suspect("no-constraint", message, anywhere)
    else:
        for shape in found:
            if isinstance(shape, BlankNode) or not _is_typed(shapes, shape) or is_judged(shape):
                for kind, message in _useless(shapes, shape, active.get(shape), constraints):
                    yield Suspect(kind, f"{name(shape)} {message}", _definition(shapes, shape))


def _uses(shapes: Triples) -> Iterator[Triple]:
    """The triples whose object is used as a shape."""
    for predicate in TAKE_A_SHAPE:
        yield from shapes.match(None, predicate)
    for predicate in TAKE_SHAPES:
        for triple in shapes.match(None, predicate):
            yield from items(shapes, triple.object)


def _constraints(shapes: Triples) -> set[NamedNode]:
    """The properties that make a shape do something."""
    return parameters(vocabulary()) | parameters(shapes) | {sh("rule")}


def _shapes(shapes: Triples, constraints: set[NamedNode]) -> set[Node]:
    """What is a shape, by its type, its target or its constraints."""
    typed = (node for kind in TYPES for node in shapes.subjects(TYPE, kind))
    told = (node for term in constraints for node in shapes.subjects(term))
    # A parameter of a constraint component is described as if it were a shape.
    others = {triple.object for triple in shapes.match(None, sh("parameter"))}
    return {*typed, *told, *targets(shapes)} - others


def _definition(shapes: Triples, shape: Node) -> frozenset[Sighting]:
    return sightings(shapes.match(shape), shape)


def _said(shapes: Triples, shape: Node) -> set[NamedNode]:
    """The properties that the shape has."""
    return {triple.predicate for triple in shapes.match(shape)}


def _is_shacl(shapes: Triples) -> bool:
    """Whether anything of SHACL is in it."""
    return any(f"<{SHACL}" in str(triple) for triple in shapes)


def _is_typed(shapes: Triples, shape: Node) -> bool:
    return not TYPES.isdisjoint(shapes.values(shape, TYPE))


def _useless(
    shapes: Triples, shape: Node, target: Target | None, constraints: set[NamedNode]
) -> Iterator[tuple[str, str]]:
    """The kind and the wording of what keeps the shape from finding anything."""
    said = _said(shapes, shape)
    uses = {triple.predicate for triple in shapes.match(None, None, shape)} - TAKE_A_CLASS
    if uses or sh("deactivated") in said:
        return
    if target is None:
        yield "unused-shape", "has no target and no shape refers to it, so it checks nothing"
    elif not _is_typed(shapes, shape) and said.isdisjoint(TELLING):
        yield "unused-shape", "is no shape to the engine; say that it is a sh:NodeShape"
    elif target != Target(classes={shape}) and said.isdisjoint(constraints):
        yield "no-constraint", "has a target and no constraint, so it finds nothing"
