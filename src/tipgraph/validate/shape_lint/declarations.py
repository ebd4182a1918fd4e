"""Classes and properties that shapes speak of and nobody declares."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Triple

from tipgraph.namespaces import OWL, RDF, RDFS, XSD
from tipgraph.validate.hints import did_you_mean, namespace
from tipgraph.validate.shape_lint.issues import Namer, Suspect, sightings
from tipgraph.validate.shape_lint.paths import paths
from tipgraph.validate.targets import SUBCLASS
from tipgraph.validate.triples import SHACL, TYPE, Node, Triples, sh

# What is in these needs no declaration.
STANDARD = (RDF, RDFS, OWL, XSD, SHACL)

TAKE_A_CLASS = [sh("targetClass"), sh("class")]
TAKE_A_PROPERTY = [
    *(sh("targetSubjectsOf"), sh("targetObjectsOf")),
    *(sh("equals"), sh("disjoint"), sh("lessThan"), sh("lessThanOrEquals")),
]
# An instance of one of these, or the subject of one of those further down, is declared.
KINDS_OF_CLASS = [
    *(NamedNode(RDFS + kind) for kind in ("Class", "Datatype")),
    *(NamedNode(OWL + kind) for kind in ("Class", "DeprecatedClass")),
]
KINDS_OF_PROPERTY = [
    NamedNode(RDF + "Property"),
    *(
        NamedNode(f"{OWL}{kind}Property")
        for kind in (
            *("Object", "Datatype", "Annotation", "Ontology", "Deprecated"),
            *("Functional", "InverseFunctional", "Symmetric", "Asymmetric"),
            *("Transitive", "Reflexive", "Irreflexive"),
        )
    ),
]
SAID_OF_A_CLASS = [SUBCLASS]
SAID_OF_A_PROPERTY = [NamedNode(RDFS + name) for name in ("subPropertyOf", "domain", "range")]


def undeclared(
    shapes: Triples,
    declared: Triples,
    is_judged: Callable[[NamedNode], bool],
    prefixes: Mapping[str, str],
    name: Namer,
) -> Iterator[Suspect]:
    """The classes and properties to be judged that neither `declared` nor the shapes declare.

    Only those are at fault in whose namespace something is declared: of another vocabulary an
    ontology need not say anything.
    """
    graphs = (declared, shapes)
    classes = _declared(graphs, KINDS_OF_CLASS, SAID_OF_A_CLASS)
    properties = _declared(graphs, KINDS_OF_PROPERTY, SAID_OF_A_PROPERTY)
    spoken_for = {namespace(iri) for iri in classes | properties}
    for what, used, known in (
        ("class", _classes(shapes), classes),
        ("property", _properties(shapes), properties),
    ):
        for term, triples in _by_object(used).items():
            is_known = term.value in known or term.value.startswith(STANDARD)
            if is_judged(term) and not is_known and namespace(term.value) in spoken_for:
                yield Suspect(
                    f"undeclared-{what}",
                    f"{name(term)} is a {what} that the ontology does not declare",
                    sightings(triples, term),
                    did_you_mean(term.value, known, prefixes),
                )


def _classes(shapes: Triples) -> Iterator[Triple]:
    """The triples whose object is a class."""
    for predicate in TAKE_A_CLASS:
        yield from shapes.match(None, predicate)


def _properties(shapes: Triples) -> Iterator[Triple]:
    """The triples whose object is a property, in a path or not."""
    for predicate in TAKE_A_PROPERTY:
        yield from shapes.match(None, predicate)
    # What is called a path of a parameter is the property that takes it.
    parameters = {triple.object for triple in shapes.match(None, sh("parameter"))}
    start = (path for path in shapes.match(None, sh("path")) if path.subject not in parameters)
    yield from paths(shapes, start)


def _declared(
    graphs: Sequence[Triples], kinds: Iterable[NamedNode], said: Iterable[NamedNode]
) -> set[str]:
    """The IRIs of the instances of these kinds, and of those of which one of these is said."""
    nodes = {
        node
        for graph in graphs
        for found in (
            *(graph.subjects(TYPE, kind) for kind in _narrower(graphs, kinds)),
            *(graph.subjects(predicate) for predicate in said),
        )
        for node in found
    }
    return {node.value for node in nodes if isinstance(node, NamedNode)}


def _narrower(graphs: Sequence[Triples], kinds: Iterable[NamedNode]) -> set[Node]:
    """The classes, with all their subclasses."""
    found, new = set[Node](kinds), set[Node](kinds)
    while new:
        below = (graph.subjects(SUBCLASS, kind) for graph in graphs for kind in new)
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
