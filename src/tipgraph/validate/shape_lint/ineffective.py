"""Shapes that are well-formed but check nothing, or are missing, and imports that are missing."""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Triple

from tipgraph.validate.documents import IMPORTS, RdfDocument
from tipgraph.validate.report import Diagnostic, Location, Occurrence, issue, occurrences
from tipgraph.validate.shape_lint.vocabulary import (
    DASH,
    ShapesGraph,
    dash_parameters,
    parameters,
    used_classes,
    used_properties,
    vocabulary,
)
from tipgraph.validate.source_map import located_triples
from tipgraph.validate.suggestions import did_you_mean, namespace
from tipgraph.validate.targets import SUBCLASS, Target, find_targets
from tipgraph.validate.triples import NIL, SHACL, TYPE, Node, Triples, sh, to_text

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


# More undefined shapes than these are no misspelt names, but a missing file.
MAX_HINTS = 20


def undefined_shapes(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """References to shapes that are not defined: every node conforms to such a shape."""
    shapes, missing = graph.triples, dict[NamedNode, list[Triple]]()
    for triple, shape in _undefined(shapes):
        missing.setdefault(shape, []).append(triple)
    iris = [each.value for each in all_shapes(shapes) if isinstance(each, NamedNode)]
    for number, (shape, triples) in enumerate(missing.items()):
        message = f"{graph.name(shape)} is used as a shape but not defined"
        hint = did_you_mean(shape.value, iris, graph.prefixes) if number < MAX_HINTS else ""
        yield issue("undefined-shape", message, triples, shape, hint)


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


def lone_parameters(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """Parameters that have an effect only together with another, which is missing."""
    shapes = graph.triples
    for term, partners in NEEDS_ONE_OF.items():
        needed = " or ".join(map(graph.name, partners))
        message = f"{graph.name(term)} has no effect without {needed} in the same shape"
        for shape in set(shapes.subjects(term)):
            if not any(shapes.values(shape, partner) for partner in partners):
                yield issue("no-constraint", message, shapes.match(shape, term), term)


def unsupported_terms(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """Entailment regimes other than rules, and parameters of DASH that no file defines.

    An import of DASH that is missing is an issue of its own.
    """
    shapes = graph.triples
    for triple in shapes.match(None, sh("entailment")):
        if isinstance(triple.object, NamedNode) and triple.object != sh("Rules"):
            name = graph.name(triple.object)
            message = f"{name} is not supported, so what it entails is not checked"
            yield issue("no-constraint", message, [triple], triple.object)
    used = {triple.predicate for triple in shapes if triple.predicate.value.startswith(DASH)}
    if used and not any(shapes.match(None, IMPORTS, NamedNode(DASH.rstrip("#")))):
        for term in (used & dash_parameters()) - parameters(shapes):
            message = f"{graph.name(term)} has no effect, since no file defines it"
            triples, hint = shapes.match(None, term), "add the file of DASH"
            yield issue("no-constraint", message, triples, term, hint, is_warning=True)


def ineffective_shapes(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """Yield the fault that makes all shapes ineffective, else each ineffective shape.

    Published shapes may contain more than one application uses. So a shape with a name and a type
    is reported on its own only where it is in scope.
    """
    shapes = graph.triples
    constraints, active = _constraints(shapes), find_targets(shapes)
    found = _shapes(shapes, constraints)
    definitions = (occurrences(shapes.match(each), each) for each in found)
    all_definitions = frozenset[Occurrence]().union(*definitions)
    if not found:
        hint = "" if _contains_shacl(shapes) else "is this the data?"
        yield Diagnostic("no-shapes", "the shapes files contain no shapes", hint=hint)
    elif not active:
        message = "no active shape has a target, so nothing would be checked"
        hint = f"add a target, such as {graph.name(sh('targetClass'))}"
        yield Diagnostic("no-shapes", message, hint=hint, occurrences=all_definitions)
    elif not any(_properties(shapes, shape) & constraints for shape in active):
        message = "no shape with a target has a constraint, so nothing would be checked"
        yield Diagnostic("no-constraint", message, occurrences=all_definitions)
    else:
        for shape in found:
            is_blank = not isinstance(shape, NamedNode)
            if is_blank or not _has_type(shapes, shape) or graph.is_in_scope(shape):
                for code, defect in _defects(shapes, shape, active.get(shape), constraints):
                    message = f"{graph.name(shape)} {defect}"
                    yield issue(code, message, shapes.match(shape), shape)


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


# Vocabularies without shapes, by their IRIs without a separator at the end.
VOCABULARIES = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns",
    "http://www.w3.org/2000/01/rdf-schema",
    "http://www.w3.org/2001/XMLSchema",
    "http://www.w3.org/2002/07/owl",
    "http://www.w3.org/2004/02/skos/core",
    "http://www.w3.org/2008/05/skos-xl",
    "http://www.w3.org/2006/time",
    "http://www.w3.org/2006/vcard/ns",
    "http://www.w3.org/ns/adms",
    "http://www.w3.org/ns/dcat",
    "http://www.w3.org/ns/locn",
    "http://www.w3.org/ns/oa",
    "http://www.w3.org/ns/odrl/2",
    "http://www.w3.org/ns/org",
    "http://www.w3.org/ns/prov",
    "http://www.w3.org/ns/prov-o",
    "http://www.w3.org/ns/regorg",
    "http://www.w3.org/ns/sosa",
    "http://www.w3.org/ns/ssn",
    "http://purl.org/dc/elements/1.1",
    "http://purl.org/dc/terms",
    "http://purl.org/linked-data/cube",
    "http://purl.org/vocab/vann",
    "http://rdfs.org/ns/void",
    "http://xmlns.com/foaf/0.1",
    "http://schema.org",
    "https://schema.org",
}
# Vocabularies of an editor. They also define constraints, which count where a shape uses them.
EDITORS = {"http://datashapes.org/dash", "http://topbraid.org/tosh"}
VALUES = (sh("hasValue"), sh("datatype"))


def missing_imports(
    unresolved: Iterable[tuple[RdfDocument, str]], shapes: Triples
) -> Iterator[Diagnostic]:
    """An error for each import that is missing, and a warning where it is a vocabulary.

    `unresolved` are the documents, each with an IRI that it imports. A vocabulary is one of the
    well-known ones, or has terms that the shapes use as classes, properties or values, and none
    that they use as parameters of a constraint.
    """
    missing = list(unresolved)
    named, parameters = (_named(shapes), _parameters(shapes)) if missing else (set(), set())
    for document, iri in missing:
        name = _bare(iri)
        is_vocabulary = name in VOCABULARIES or name in (named | EDITORS) - parameters
        noun = "vocabulary" if is_vocabulary else "import"
        yield Diagnostic(
            "missing-vocabulary" if is_vocabulary else "missing-import",
            f"cannot resolve the {noun} <{iri}>: no input file defines it, and nothing is"
            " downloaded",
            _place_of_import(document, iri),
            "add its file to the inputs",
            is_warning=is_vocabulary,
        )


def _place_of_import(document: RdfDocument, name: str) -> Location:
    """The place where a document imports what has this name, which may be no IRI."""
    found = located_triples(
        document, lambda quad: quad.predicate == IMPORTS and to_text(quad.object) == name
    )
    return found[0].object


def _named(shapes: Triples) -> set[str]:
    """The IRIs of classes, properties and values, and their namespaces."""
    triples = [*used_classes(shapes), *used_properties(shapes)]
    terms = [triple.object for triple in triples]
    for predicate in VALUES:
        terms += [triple.object for triple in shapes.match(None, predicate)]
    for triple in shapes.match(None, sh("in")):
        terms += shapes.members(triple.object)
    iris = {term.value for term in terms if isinstance(term, NamedNode)}
    return {_bare(iri) for each in iris for iri in (each, namespace(each))}


def _parameters(shapes: Triples) -> set[str]:
    """The namespaces of the properties of shapes that may constrain something."""
    properties = {each.predicate for node in all_shapes(shapes) for each in shapes.match(node)}
    return {
        _bare(namespace(each.value))
        for each in properties
        if not each.value.startswith(SHACL)
        if not each.value.startswith(DASH) or each in dash_parameters()
    }


def _bare(iri: str) -> str:
    return iri.rstrip("#/")
