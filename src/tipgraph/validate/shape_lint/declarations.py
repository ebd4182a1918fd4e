"""Classes and properties that shapes use and nothing declares."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Triple

from tipgraph.namespaces import OWL, RDF, RDFS, XSD
from tipgraph.validate.property_paths import path_triples
from tipgraph.validate.shape_lint.issues import Issue, Namer, occurrences
from tipgraph.validate.suggestions import did_you_mean, namespace
from tipgraph.validate.targets import SUBCLASS
from tipgraph.validate.triples import SHACL, TYPE, Node, Triples, sh

# Terms in these namespaces need no declaration.
STANDARD = (RDF, RDFS, OWL, XSD, SHACL)

# SHACL properties whose values are classes, and those whose values are properties.
CLASS_VALUED = [sh("targetClass"), sh("class")]
PROPERTY_VALUED = [
    *(sh("targetSubjectsOf"), sh("targetObjectsOf")),
    *(sh("equals"), sh("disjoint"), sh("lessThan"), sh("lessThanOrEquals")),
]
# An instance of one of these, or a subject of the properties below, is declared.
CLASS_TYPES = [
    *(NamedNode(RDFS + name) for name in ("Class", "Datatype")),
    *(NamedNode(OWL + name) for name in ("Class", "DeprecatedClass")),
]
PROPERTY_TYPES = [
    NamedNode(RDF + "Property"),
    *(
        NamedNode(f"{OWL}{name}Property")
        for name in (
            *("Object", "Datatype", "Annotation", "Ontology", "Deprecated"),
            *("Functional", "InverseFunctional", "Symmetric", "Asymmetric"),
            *("Transitive", "Reflexive", "Irreflexive"),
        )
    ),
]
PROPERTIES_OF_CLASSES = [SUBCLASS]
PROPERTIES_OF_PROPERTIES = [NamedNode(RDFS + name) for name in ("subPropertyOf", "domain", "range")]


def undeclared_terms(
    shapes: Triples,
    declared: Triples,
    is_in_scope: Callable[[NamedNode], bool],
    prefixes: Mapping[str, str],
    name: Namer,
) -> Iterator[Issue]:
    """The classes and properties in scope that neither `declared` nor the shapes declare.

    Only terms in a namespace with a declaration count: an ontology need not declare the terms of
    other vocabularies.
    """
    graphs = (declared, shapes)
    classes = _declared(graphs, CLASS_TYPES, PROPERTIES_OF_CLASSES)
    properties = _declared(graphs, PROPERTY_TYPES, PROPERTIES_OF_PROPERTIES)
    namespaces = {namespace(iri) for iri in classes | properties}
    for noun, used, known in (
        ("class", used_classes(shapes), classes),
        ("property", used_properties(shapes), properties),
    ):
        for term, triples in _by_object(used).items():
            is_known = term.value in known or term.value.startswith(STANDARD)
            if is_in_scope(term) and not is_known and namespace(term.value) in namespaces:
                yield Issue(
                    f"undeclared-{noun}",
                    f"the ontology does not declare the {noun} {name(term)}",
                    occurrences(triples, term),
                    did_you_mean(term.value, known, prefixes),
                )


def used_classes(shapes: Triples) -> Iterator[Triple]:
    """The triples whose object is a class."""
    for predicate in CLASS_VALUED:
        yield from shapes.match(None, predicate)


def used_properties(shapes: Triples) -> Iterator[Triple]:
    """The triples whose object is a property, in a path or not."""
    for predicate in PROPERTY_VALUED:
        yield from shapes.match(None, predicate)
    # The `sh:path` of a parameter is the parameter's own property, not one of the data.
    parameters = {triple.object for triple in shapes.match(None, sh("parameter"))}
    start = (path for path in shapes.match(None, sh("path")) if path.subject not in parameters)
    yield from path_triples(shapes, start)


def _declared(
    graphs: Sequence[Triples], types: Iterable[NamedNode], properties: Iterable[NamedNode]
) -> set[str]:
    """The IRIs of the instances of these types, and of the subjects of these properties."""
    nodes = {
        node
        for graph in graphs
        for found in (
            *(graph.subjects(TYPE, type_) for type_ in _with_subclasses(graphs, types)),
            *(graph.subjects(predicate) for predicate in properties),
        )
        for node in found
    }
    return {node.value for node in nodes if isinstance(node, NamedNode)}


def _with_subclasses(graphs: Sequence[Triples], classes: Iterable[NamedNode]) -> set[Node]:
    found, new = set[Node](classes), set[Node](classes)
    while new:
        below = (graph.subjects(SUBCLASS, class_) for graph in graphs for class_ in new)
        new = {each for nodes in below for each in nodes} - found
        found |= new
    return found


def _by_object(triples: Iterable[Triple]) -> dict[NamedNode, set[Triple]]:
    """The triples by the IRI that is their object."""
    found: defaultdict[NamedNode, set[Triple]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.object, NamedNode):
            found[triple.object].add(triple)
    return found
