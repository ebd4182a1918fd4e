"""The shapes with what is known beside them, and their terms: misspelt ones, undeclared ones."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from itertools import chain
from os.path import dirname, join

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, parse

from tipgraph.namespaces import OWL, RDF, RDFS, XSD
from tipgraph.validate.paths import path_triples
from tipgraph.validate.report import Diagnostic, Occurrence, issue
from tipgraph.validate.suggestions import did_you_mean, namespace
from tipgraph.validate.targets import SUBCLASS, find_targets, is_deactivated
from tipgraph.validate.triples import SHACL, TYPE, Node, Term, Triples, reachable, sh, shorten

# SHACL-AF defines this entailment regime, but its vocabulary lacks it.
ENTAILMENT = SHACL + "Rules"

DASH = "http://datashapes.org/dash#"

Uses = Mapping[tuple[NamedNode, str], set[Occurrence]]

# The roles of a term, and the type that it must have; an issue names the first that applies.
ROLE_TYPES = {
    "property": NamedNode(RDF + "Property"),
    "class": NamedNode(RDFS + "Class"),
    "term": None,
}
ROLES = tuple(ROLE_TYPES)
# Common misspellings of the SHACL namespace. A bare prefix results from JSON-LD whose context does
# not define it.
WRONG_NAMESPACE = re.compile(
    r"(?:https?://(?:www\.)?w3\.org/(?:ns/)?shacl[#/]*|sh:|shacl:)", re.IGNORECASE
)


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


# Nodes that an engine uses without a target: it collects these from all files.
DEFINITIONS = {
    sh(name)
    for name in (
        *("ConstraintComponent", "SPARQLAskValidator", "SPARQLSelectValidator"),
        *("SPARQLFunction", "SPARQLTargetType", "JSFunction"),
    )
}


@dataclass(frozen=True)
class ShapesGraph:
    """The shapes, and what is known beside them.

    `prefixes` are ordered as by `with_standard_prefixes`. `declared` describes classes and
    properties, `is_in_scope` is whether it has to describe a term, and `is_described` whether the
    data do.
    """

    triples: Triples
    declared: Triples
    prefixes: Mapping[str, str]
    is_in_scope: Callable[[Node], bool]
    is_described: Callable[[NamedNode], bool]

    def name(self, term: Term) -> str:
        """The term as it is named in a message."""
        if isinstance(term, BlankNode):
            return "a blank node"
        if not isinstance(term, NamedNode):
            return shorten(str(term), self.prefixes)
        short = shorten(term.value, self.prefixes)
        return f"<{short}>" if short == term.value else short

    def is_used(self, node: Term) -> bool:
        """Return whether a validation uses a node of the shapes.

        It does where the node is, or is part of, an active shape with a target or a definition,
        such as a constraint component; over shapes that are deactivated it is not.
        """

        def owners(node: Term) -> Iterator[Term]:
            outer = (triple.subject for triple in self.triples.match(None, None, node))
            return (each for each in outer if not is_deactivated(self.triples, each))

        start: list[Term] = [] if is_deactivated(self.triples, node) else [node]
        found = reachable(start, owners)
        return not self._used.isdisjoint(found)

    @cached_property
    def _used(self) -> set[Term]:
        definitions = (self.triples.subjects(TYPE, each) for each in DEFINITIONS)
        return {*find_targets(self.triples), *chain.from_iterable(definitions)}


@cache
def vocabulary() -> Triples:
    """The vocabulary of SHACL, SHACL-SPARQL, SHACL-AF and SHACL-JS, from pySHACL's files."""
    return _asset("shacl.ttl")


@cache
def dash_parameters() -> set[NamedNode]:
    """The parameters of DASH's constraint components: its other properties are for editors."""
    return parameters(_asset("dash.ttl"))


def _asset(name: str) -> Triples:
    """A file that comes with pySHACL."""
    spec = find_spec("pyshacl")
    assert spec is not None
    return Triples(parse(path=join(dirname(spec.origin or ""), "assets", name)))


def parameters(graph: Triples) -> set[NamedNode]:
    """The parameters of the constraint components that the graph defines."""
    return {
        path
        for component in graph.match(None, sh("parameter"))
        if isinstance(component.object, NamedNode | BlankNode)
        for path in graph.values(component.object, sh("path"))
        if isinstance(path, NamedNode)
    }


def unknown_terms(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """Terms in the SHACL namespace that do not exist, or not in the role that they are used in.

    Also terms in a misspelt SHACL namespace.
    """
    uses = _uses(graph.triples)
    yield from _wrong_namespaces(uses)
    unknown: defaultdict[NamedNode, list[str]] = defaultdict(list)
    for term, role in uses:
        if term.value.startswith(SHACL) and term.value not in _terms(role):
            unknown[term].append(role)
    for term, roles in unknown.items():
        role = min(roles, key=ROLES.index)
        noun = role if term.value in _terms("term") else "term"
        yield Diagnostic(
            "unknown-term",
            f"{graph.name(term)} is not a SHACL {noun}",
            hint=did_you_mean(term.value, _terms(role), graph.prefixes),
            occurrences=frozenset().union(*(uses[term, role] for role in roles)),
        )


def _uses(shapes: Triples) -> Uses:
    """Return the uses of each IRI, by its role."""
    found: defaultdict[tuple[NamedNode, str], set[Occurrence]] = defaultdict(set)
    for triple in shapes:
        for term, role in _roles(triple):
            found[term, role].add((triple, term))
    return found


def _roles(triple: Triple) -> Iterator[tuple[NamedNode, str]]:
    """The IRIs of a triple, each with its role."""
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    yield predicate, "property"
    if isinstance(subject, NamedNode):
        yield subject, "term"
    if isinstance(value, NamedNode):
        yield value, "class" if predicate == TYPE else "term"
    if isinstance(value, Literal):
        yield value.datatype, "term"


def _wrong_namespaces(uses: Uses) -> Iterator[Diagnostic]:
    found: defaultdict[str, set[Occurrence]] = defaultdict(set)
    for (term, role), places in uses.items():
        start = WRONG_NAMESPACE.match(term.value)
        if not start or start[0] == SHACL or role == "term":
            continue
        if SHACL + term.value[start.end() :] in _terms(role):
            found[start[0]] |= places
    for written, places in found.items():
        message = f"<{written}> is not the SHACL namespace, which is <{SHACL}>"
        yield Diagnostic("no-shapes", message, occurrences=frozenset(places))


@cache
def _terms(role: str) -> frozenset[str]:
    """The IRIs of the SHACL terms that can have the role."""
    found = (triple.subject for triple in vocabulary().match(None, TYPE, ROLE_TYPES[role]))
    terms = frozenset(term.value for term in found if isinstance(term, NamedNode))
    return terms | {ENTAILMENT} if role == "term" else terms


def undeclared_terms(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """The classes and properties in scope that neither `declared` nor the shapes declare.

    Only terms in a namespace with a declaration count: an ontology need not declare the terms of
    other vocabularies.
    """
    shapes = graph.triples
    graphs = (graph.declared, shapes)
    classes = _declared(graphs, CLASS_TYPES, PROPERTIES_OF_CLASSES)
    properties = _declared(graphs, PROPERTY_TYPES, PROPERTIES_OF_PROPERTIES)
    namespaces = {namespace(iri) for iri in classes | properties}
    for noun, used, known in (
        ("class", used_classes(shapes), classes),
        ("property", used_properties(shapes), properties),
    ):
        for term, triples in _by_object(used).items():
            is_known = term.value in known or term.value.startswith(STANDARD)
            if graph.is_in_scope(term) and not is_known and namespace(term.value) in namespaces:
                message = f"the ontology does not declare the {noun} {graph.name(term)}"
                hint = did_you_mean(term.value, known, graph.prefixes)
                yield issue(f"undeclared-{noun}", message, triples, term, hint)


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
    graphs: Sequence[Triples], types: Iterable[Node], properties: Iterable[NamedNode]
) -> set[str]:
    """The IRIs of the instances of these types, and of the subjects of these properties."""

    def subclasses(class_: Node) -> Iterator[Node]:
        return (each for graph in graphs for each in graph.subjects(SUBCLASS, class_))

    nodes = {
        node
        for graph in graphs
        for found in (
            *(graph.subjects(TYPE, type_) for type_ in reachable(types, subclasses)),
            *(graph.subjects(predicate) for predicate in properties),
        )
        for node in found
    }
    return {node.value for node in nodes if isinstance(node, NamedNode)}


def _by_object(triples: Iterable[Triple]) -> dict[NamedNode, set[Triple]]:
    """The triples by the IRI that is their object."""
    found: defaultdict[NamedNode, set[Triple]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.object, NamedNode):
            found[triple.object].add(triple)
    return found
