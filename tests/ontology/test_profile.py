"""The ontology stays within OWL 2 DL, also where profile checkers look away.

A check is a function from a graph to the faults it sees, each a readable line.
"""

from collections.abc import Iterator

import pytest
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from .graphs import NAMES, fault_in

XSD = Namespace(NAMES["xsd"])
RESERVED = (str(OWL), str(RDF), str(RDFS), str(XSD))

DATATYPES = {
    OWL.real, OWL.rational, XSD.decimal, XSD.integer, XSD.nonNegativeInteger,
    XSD.nonPositiveInteger, XSD.positiveInteger, XSD.negativeInteger, XSD.long, XSD.int, XSD.short,
    XSD.byte, XSD.unsignedLong, XSD.unsignedInt, XSD.unsignedShort, XSD.unsignedByte, XSD.double,
    XSD.float, XSD.string, XSD.normalizedString, XSD.token, XSD.language, XSD.Name, XSD.NCName,
    XSD.NMTOKEN, XSD.boolean, XSD.hexBinary, XSD.base64Binary, XSD.anyURI, XSD.dateTime,
    XSD.dateTimeStamp, RDF.PlainLiteral, RDF.XMLLiteral, RDF.langString, RDFS.Literal,
}  # fmt: skip

PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)

# OWL 2 DL allows these of simple properties only.
CHARACTERISTICS = (
    OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty,
    OWL.AsymmetricProperty,
)  # fmt: skip
CARDINALITIES = (
    OWL.cardinality, OWL.minCardinality, OWL.maxCardinality, OWL.qualifiedCardinality,
    OWL.minQualifiedCardinality, OWL.maxQualifiedCardinality, OWL.hasSelf,
)  # fmt: skip

# Places that name a class, a property or a datatype.
CLASS_PLACES = (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith, OWL.complementOf)
CLASS_LISTS = (OWL.unionOf, OWL.intersectionOf)
PROPERTY_PLACES = (
    RDFS.subPropertyOf, OWL.equivalentProperty, OWL.propertyDisjointWith, OWL.onProperty,
    OWL.inverseOf,
)  # fmt: skip


def reserved_ranges(graph: Graph) -> Iterator[str]:
    """A domain or range in the vocabulary of OWL, RDF or RDFS, other than owl:Thing."""
    for place in (RDFS.domain, RDFS.range):
        for term, _, target in graph.triples((None, place, None)):
            harmless = {OWL.Thing} | (DATATYPES if place == RDFS.range else set())
            if str(target).startswith(RESERVED) and target not in harmless:
                yield f"{term} has {target} as {place.fragment}"


def foreign_literals(graph: Graph) -> Iterator[str]:
    """A literal whose datatype OWL 2 does not know, or whose text its datatype does not allow."""
    for subject, predicate, value in graph:
        if isinstance(value, Literal) and value.datatype is not None:
            if value.datatype not in DATATYPES:
                yield f"{subject} {predicate} {value.n3()}: no OWL 2 datatype"
            elif value.ill_typed:
                yield f"{subject} {predicate} {value.n3()}: ill-typed"


def foreign_datatypes(graph: Graph) -> Iterator[str]:
    """A datatype as range or facet's base that OWL 2 does not know."""
    for place in (RDFS.range, OWL.onDatatype, OWL.someValuesFrom, OWL.allValuesFrom):
        for term, _, target in graph.triples((None, place, None)):
            if str(target).startswith(str(XSD)) and target not in DATATYPES:
                yield f"{term} uses {target}"


def undeclared_terms(graph: Graph) -> Iterator[str]:
    """A class or property in use that no module declares, so that reasoners pass over it."""
    classes = set(graph.subjects(RDF.type, OWL.Class))
    properties = {term for kind in PROPERTY_KINDS for term in graph.subjects(RDF.type, kind)}
    for place, term in sorted(used_classes(graph)):
        if term not in classes and not is_built_in(term):
            yield f"class {term} ({place})"
    for place, term in sorted(used_properties(graph)):
        if term not in properties and not is_built_in(term):
            yield f"property {term} ({place})"


def used_classes(graph: Graph) -> set[tuple[str, URIRef]]:
    """Every named class in use, with the place that names it."""
    used = {(str(RDF.type), target) for target in graph.objects(None, RDF.type)}
    for place in CLASS_PLACES:
        used |= {(str(place), term) for pair in graph.subject_objects(place) for term in pair}
    for list_of in CLASS_LISTS:
        used |= {(str(list_of), term) for term in members(graph, list_of)}
    for node in graph.subjects(RDF.type, OWL.AllDisjointClasses):
        for head in graph.objects(node, OWL.members):
            used |= {(str(OWL.members), term) for term in Collection(graph, head)}
    for place in (RDFS.domain, RDFS.range, OWL.someValuesFrom, OWL.allValuesFrom, OWL.onClass):
        used |= {(str(place), term) for term in graph.objects(None, place)}
    return {(place, term) for place, term in used if isinstance(term, URIRef)}


def used_properties(graph: Graph) -> set[tuple[str, URIRef]]:
    """Every property in use, with the place that names it."""
    used = {("in a triple", predicate) for predicate in graph.predicates()}
    for place in PROPERTY_PLACES:
        used |= {(str(place), term) for term in graph.objects(None, place)}
    used |= {(str(OWL.hasKey), term) for term in members(graph, OWL.hasKey)}
    return {(place, term) for place, term in used if isinstance(term, URIRef)}


def members(graph: Graph, list_of: URIRef) -> Iterator[Node]:
    """The members of every list that stands behind a predicate."""
    for head in graph.objects(None, list_of):
        yield from Collection(graph, head)


def is_built_in(term: URIRef) -> bool:
    """Return True for a term of OWL itself."""
    return str(term).startswith(RESERVED)


def mixed_properties(graph: Graph) -> Iterator[str]:
    """A property of two kinds, or a term that is both class and datatype."""
    kinds = [*PROPERTY_KINDS]
    for index, one in enumerate(kinds):
        for other in kinds[index + 1 :]:
            for term in set(graph.subjects(RDF.type, one)) & set(graph.subjects(RDF.type, other)):
                yield f"{term} is both {one.fragment} and {other.fragment}"
    for term in set(graph.subjects(RDF.type, OWL.Class)):
        if (term, RDF.type, RDFS.Datatype) in graph:
            yield f"{term} is both Class and Datatype"


def misused_properties(graph: Graph) -> Iterator[str]:
    """An object property with a literal, a data property with a node."""
    objects = set(graph.subjects(RDF.type, OWL.ObjectProperty))
    datas = set(graph.subjects(RDF.type, OWL.DatatypeProperty))
    for subject, predicate, value in graph:
        if predicate in objects and isinstance(value, Literal):
            yield f"{subject} {predicate} {value.n3()}: an object property with a literal"
        if predicate in datas and not isinstance(value, Literal):
            yield f"{subject} {predicate} {value}: a data property with a node"


def complex_properties(graph: Graph) -> Iterator[str]:
    """A transitive property, or one above it, where OWL 2 DL asks for a simple one."""
    composite = set(graph.subjects(RDF.type, OWL.TransitiveProperty))
    composite |= set(graph.subjects(OWL.propertyChainAxiom))
    composite = {
        above
        for term in composite
        for above in graph.transitive_objects(term, RDFS.subPropertyOf)
        if above is not None
    }
    for term in composite:
        for characteristic in CHARACTERISTICS:
            if (term, RDF.type, characteristic) in graph:
                yield f"{term} is transitive and {characteristic.fragment}"
        for restriction in graph.subjects(OWL.onProperty, term):
            for cardinality in CARDINALITIES:
                if (restriction, cardinality, None) in graph:
                    yield f"{term} is transitive and restricted by {cardinality.fragment}"


def data_property_axioms(graph: Graph) -> Iterator[str]:
    """A characteristic of object properties, or an axiom for them, given to a data property."""
    for term in graph.subjects(RDF.type, OWL.DatatypeProperty):
        for kind in graph.objects(term, RDF.type):
            if kind in (
                OWL.InverseFunctionalProperty, OWL.SymmetricProperty, OWL.TransitiveProperty,
                OWL.AsymmetricProperty, OWL.IrreflexiveProperty, OWL.ReflexiveProperty,
            ):  # fmt: skip
                yield f"{term} is a data property and {kind}"


def annotation_axioms(graph: Graph) -> Iterator[str]:
    """An annotation property inside a class expression, where it has no meaning."""
    for term in graph.subjects(RDF.type, OWL.AnnotationProperty):
        if (None, OWL.onProperty, term) in graph:
            yield f"{term} is an annotation property in a restriction"
        if (term, RDF.type, OWL.FunctionalProperty) in graph:
            yield f"{term} is an annotation property and functional"


def shared_expressions(graph: Graph) -> Iterator[str]:
    """An anonymous node that two triples point at: DL wants a tree."""
    seen = set()
    for subject, predicate, value in graph:
        if isinstance(value, BNode):
            if value in seen:
                yield f"an anonymous node is reached twice, also from {subject} {predicate}"
            seen.add(value)


CHECKS = {
    reserved_ranges: "tip:x a owl:ObjectProperty ; rdfs:range owl:Class .",
    foreign_literals: 'be:x tip:end "2020"^^xsd:gYear .',
    foreign_datatypes: "tip:x a owl:DatatypeProperty ; rdfs:range xsd:duration .",
    undeclared_terms: "be:x tip:bearrer id:greta .",
    mixed_properties: "tip:agent a owl:DatatypeProperty .",
    misused_properties: 'be:x tip:agent "Myria" .',
    complex_properties: "tip:isPartOf a owl:IrreflexiveProperty .",
    data_property_axioms: "tip:sha256 a owl:InverseFunctionalProperty .",
    annotation_axioms: "dcterms:source a owl:FunctionalProperty .",
    shared_expressions: """
        _:a a owl:Class ; owl:complementOf tip:Law .
        tip:Caveat rdfs:subClassOf _:a . tip:Finding rdfs:subClassOf _:a .""",
}

MORE_FAULTS = {
    "a range in RDF": (reserved_ranges, "tip:x rdfs:range rdf:Property ."),
    "a domain in RDFS": (reserved_ranges, "tip:x rdfs:domain rdfs:Resource ."),
    "an ill-typed number": (foreign_literals, 'be:x tip:rank "two"^^xsd:integer .'),
    "a date": (foreign_literals, 'be:x tip:start "2020-01-01"^^xsd:date .'),
    "a misspelt class": (undeclared_terms, "be:x a tip:Obligaton ."),
    "an undeclared class of another vocabulary": (undeclared_terms, "be:x a oa:CssSelector ."),
    "an undeclared class in a union": (
        undeclared_terms,
        "tip:x rdfs:domain [ a owl:Class ; owl:unionOf ( tip:Law tip:Lore ) ] .",
    ),
    "an undeclared class among disjoint ones": (
        undeclared_terms,
        "[] a owl:AllDisjointClasses ; owl:members ( tip:Law tip:Lore ) .",
    ),
    "an undeclared property in a restriction": (
        undeclared_terms,
        "[] a owl:Restriction ; owl:onProperty tip:lore ; owl:someValuesFrom tip:Law .",
    ),
    "annotation and object property": (
        mixed_properties,
        "rdfs:label a owl:AnnotationProperty , owl:ObjectProperty .",
    ),
    "data property with a node": (misused_properties, "be:x tip:rank be:y ."),
    "a cardinality on a transitive property": (
        complex_properties,
        "[] a owl:Restriction ; owl:onProperty tip:isPartOf ; owl:maxCardinality 1 .",
    ),
    "a property above a transitive one": (
        complex_properties,
        "tip:isPartOf rdfs:subPropertyOf tip:x . tip:x a owl:FunctionalProperty .",
    ),
}


@pytest.fixture(scope="module")
def aligned(everything, modules):
    """Everything, and the alignments."""
    return everything + modules["alignments"]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_is_outside_the_profile(everything, check):
    assert list(check(everything)) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_alignments_are_within_the_profile(aligned, check):
    assert list(check(aligned)) == []


@pytest.mark.parametrize(
    ("check", "fault"),
    [*CHECKS.items(), *MORE_FAULTS.values()],
    ids=[*(check.__name__ for check in CHECKS), *MORE_FAULTS],
)
def test_planted_fault_is_found(ontology, check, fault):
    with fault_in(ontology, fault):
        assert list(check(ontology)) != []
