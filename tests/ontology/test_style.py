"""The ontology keeps the house style, and every shape of the style finds its fault."""

from collections import Counter

import pytest
from rdflib import RDF, SH, Graph, URIRef

from tipgraph.validate.engines import FAST, load_engine
from tipgraph.validate.engines.rdflib_terms import add_triples, to_triples

from .graphs import ROOT, union, updated

STYLE = "https://w3id.org/tipgraph/shapes#"
HELPERS = {"ForeignTerm", "AnonymousClass"}
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf)

# A small ontology in good style: what the faults are planted in.
SMALL = """
@prefix tip:     <https://w3id.org/tipgraph/ns#> .
@prefix code:    <https://w3id.org/tipgraph/code/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl:     <http://www.w3.org/2002/07/owl#> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix bibo:    <http://purl.org/ontology/bibo/> .
@prefix vann:    <http://purl.org/vocab/vann/> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .
@base            <https://w3id.org/tipgraph/ontology/> .

<tipgraph>
    a owl:Ontology ; owl:versionIRI <tipgraph/0.1.0> ; owl:versionInfo "0.1.0" ;
    dcterms:title "small"@en ; dcterms:description "A small ontology."@en ;
    dcterms:creator <https://w3id.org/tipgraph/contributors> ;
    dcterms:contributor <https://w3id.org/tipgraph/contributors> ;
    dcterms:publisher <https://w3id.org/tipgraph/contributors> ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    dcterms:created "2026-01-01T00:00:00Z"^^xsd:dateTime ;
    dcterms:issued "2026-01-02T00:00:00Z"^^xsd:dateTime ;
    dcterms:modified "2026-01-03T00:00:00Z"^^xsd:dateTime ;
    dcterms:bibliographicCitation "Small. https://w3id.org/tipgraph/ontology/tipgraph/0.1.0" ;
    bibo:status <http://purl.org/ontology/bibo/status/draft> ;
    vann:preferredNamespacePrefix "tip" ;
    vann:preferredNamespaceUri "https://w3id.org/tipgraph/ns#" .

tip:Beast
    a owl:Class ; rdfs:label "beast"@en ; rdfs:isDefinedBy <tipgraph> ;
    skos:definition "A living thing that moves."@en ; skos:example "A horse."@en .

tip:Horse
    a owl:Class ; rdfs:subClassOf tip:Beast ; rdfs:label "horse"@en ; rdfs:isDefinedBy <tipgraph> ;
    skos:definition "A beast that neighs."@en ; skos:example "Bucephalus."@en .

tip:carries
    a owl:ObjectProperty ; rdfs:domain tip:Horse ; rdfs:range tip:Beast ;
    rdfs:label "carries"@en ; rdfs:isDefinedBy <tipgraph> ;
    skos:definition "Relates a horse to its rider."@en ;
    skos:example "Bucephalus and Alexander."@en .

tip:height
    a owl:DatatypeProperty ; rdfs:domain tip:Horse ; rdfs:range xsd:integer ;
    rdfs:label "is tall"@en ; rdfs:isDefinedBy <tipgraph> ;
    skos:definition "States the hands from hoof to withers."@en ; skos:example "15."@en .

tip:CriteriaScheme
    a owl:Class ; rdfs:subClassOf skos:ConceptScheme ; rdfs:label "scheme of criteria"@en ;
    rdfs:isDefinedBy <tipgraph> ; skos:definition "A concept scheme of marks."@en ;
    skos:example "The marks of a show."@en .

tip:Criterion
    a owl:Class ; rdfs:subClassOf skos:Concept ; rdfs:label "criterion"@en ;
    rdfs:isDefinedBy <tipgraph> ; skos:definition "A concept that is a mark."@en ;
    skos:example "Gait."@en .

tip:coversTopic
    a owl:ObjectProperty ; rdfs:domain tip:Criterion ; rdfs:range skos:Concept ;
    rdfs:label "covers topic"@en ; rdfs:isDefinedBy <tipgraph> ;
    skos:definition "Relates a mark to a colour."@en ; skos:example "Gait."@en .

tip:CriterionCaveat
    a owl:Class ; rdfs:subClassOf skos:Concept ; rdfs:label "caveat of a mark"@en ;
    rdfs:isDefinedBy <tipgraph> ; skos:definition "A concept that is a doubt about a mark."@en ;
    skos:example "A short walk."@en .

tip:qualifiesCriterion
    a owl:ObjectProperty ; rdfs:domain tip:CriterionCaveat ; rdfs:range tip:Criterion ;
    rdfs:label "qualifies mark"@en ; rdfs:isDefinedBy <tipgraph> ;
    skos:definition "Relates a doubt to a mark."@en ; skos:example "Gait."@en .

tip:appliesToCode
    a owl:ObjectProperty ; rdfs:domain tip:CriterionCaveat ; rdfs:range skos:Concept ;
    rdfs:label "applies to colour"@en ; rdfs:isDefinedBy <tipgraph> ;
    skos:definition "Relates a doubt to a colour."@en ; skos:example "Bay."@en .

tip:axis
    a owl:ObjectProperty ; rdfs:domain skos:Concept ; rdfs:range skos:Concept ;
    rdfs:label "divides by"@en ; rdfs:isDefinedBy <tipgraph> ;
    skos:definition "Relates a part to a respect."@en ; skos:example "Foals, by age."@en .

code:axes
    a skos:ConceptScheme ; skos:prefLabel "axes"@en ; skos:definition "respects"@en .

code:by-age
    a skos:Concept ; skos:inScheme code:axes ; skos:prefLabel "by age"@en ;
    skos:definition "by age alone"@en .

code:by-sex-within-age
    a skos:Concept ; skos:inScheme code:axes ; skos:prefLabel "by sex within age"@en ;
    skos:definition "by sex, of one age"@en ; skos:broader code:by-age .

code:parts
    a skos:ConceptScheme ; skos:prefLabel "parts"@en ; skos:definition "parts of a herd"@en .

code:foal
    a skos:Concept ; skos:inScheme code:parts ; skos:prefLabel "foal"@en ;
    skos:definition "a young horse"@en ; tip:axis code:by-age .

code:filly
    a skos:Concept ; skos:inScheme code:parts ; skos:prefLabel "filly"@en ;
    skos:definition "a female foal"@en ; skos:broader code:foal ; tip:axis code:by-sex-within-age .

code:colours
    a skos:ConceptScheme ; skos:prefLabel "colours"@en ; skos:definition "colours of coats"@en .

code:bay
    a skos:Concept ; skos:inScheme code:colours ; skos:prefLabel "bay"@en ;
    skos:definition "brown with a black mane"@en .

code:marks
    a tip:CriteriaScheme ; skos:prefLabel "marks"@en ; skos:definition "marks of a show"@en ;
    skos:scopeNote "The mapping is ours."@en .

code:gait
    a tip:Criterion ; skos:inScheme code:marks ; skos:prefLabel "gait"@en ;
    skos:definition "how it walks"@en ; skos:notation "1" ; tip:coversTopic code:bay .

code:doubts
    a skos:ConceptScheme ; skos:prefLabel "doubts"@en ; skos:definition "doubts about marks"@en .

code:short-walk
    a tip:CriterionCaveat ; skos:inScheme code:doubts ; skos:prefLabel "short walk"@en ;
    skos:definition "too short to judge"@en ;
    tip:qualifiesCriterion code:gait ; tip:appliesToCode code:bay .

owl:Thing           rdfs:label "thing"@en .
skos:Concept        a owl:Class ; rdfs:label "concept"@en ; rdfs:isDefinedBy skos: .
skos:ConceptScheme  a owl:Class ; rdfs:label "concept scheme"@en ; rdfs:isDefinedBy skos: .
skos:inScheme       a owl:ObjectProperty ; rdfs:label "in scheme"@en ; rdfs:isDefinedBy skos: .
skos:broader        a owl:ObjectProperty ; rdfs:label "has broader"@en ; rdfs:isDefinedBy skos: .
skos:notation       a owl:DatatypeProperty ; rdfs:label "notation"@en ; rdfs:isDefinedBy skos: .
skos:prefLabel      a owl:AnnotationProperty ; rdfs:label "label"@en ; rdfs:isDefinedBy skos: .
skos:definition     a owl:AnnotationProperty ; rdfs:label "definition"@en ; rdfs:isDefinedBy skos: .
skos:example        a owl:AnnotationProperty ; rdfs:label "example"@en ; rdfs:isDefinedBy skos: .
skos:scopeNote      a owl:AnnotationProperty ; rdfs:label "note"@en ; rdfs:isDefinedBy skos: .
dcterms:title       a owl:AnnotationProperty ; rdfs:label "title"@en ; rdfs:isDefinedBy dcterms: .
dcterms:description a owl:AnnotationProperty ; rdfs:label "text"@en ; rdfs:isDefinedBy dcterms: .
dcterms:license     a owl:AnnotationProperty ; rdfs:label "license"@en ; rdfs:isDefinedBy dcterms: .
dcterms:creator a owl:AnnotationProperty ; rdfs:label "creator"@en ; rdfs:isDefinedBy dcterms: .
dcterms:contributor a owl:AnnotationProperty ;
    rdfs:label "contributor"@en ; rdfs:isDefinedBy dcterms: .
dcterms:publisher a owl:AnnotationProperty ; rdfs:label "publisher"@en ; rdfs:isDefinedBy dcterms: .
dcterms:created a owl:AnnotationProperty ; rdfs:label "created"@en ; rdfs:isDefinedBy dcterms: .
dcterms:issued a owl:AnnotationProperty ; rdfs:label "issued"@en ; rdfs:isDefinedBy dcterms: .
dcterms:modified a owl:AnnotationProperty ; rdfs:label "modified"@en ; rdfs:isDefinedBy dcterms: .
dcterms:bibliographicCitation
    a owl:AnnotationProperty ; rdfs:label "citation"@en ; rdfs:isDefinedBy dcterms: .
bibo:status         a owl:AnnotationProperty ; rdfs:label "status"@en ; rdfs:isDefinedBy bibo: .
vann:preferredNamespacePrefix
    a owl:AnnotationProperty ; rdfs:label "prefix"@en ; rdfs:isDefinedBy vann: .
vann:preferredNamespaceUri
    a owl:AnnotationProperty ; rdfs:label "namespace"@en ; rdfs:isDefinedBy vann: .
"""

MODULE = "<https://w3id.org/tipgraph/ontology/tipgraph>"


def instead(subject: str, predicate: str, value: str) -> str:
    """The update that gives the subject another value."""
    return f"""DELETE WHERE {{ {subject} {predicate} ?old }} ;
               INSERT DATA {{ {subject} {predicate} {value} }}"""


# Shape -> updates, each of which that shape has to find.
FAULTS = {
    "Module": ["INSERT DATA { <https://w3id.org/tipgraph/ns> a owl:Ontology }"],
    "Module-versionIRI": [
        f"DELETE WHERE {{ {MODULE} owl:versionIRI ?old }}",
        instead(MODULE, "owl:versionIRI", "<https://w3id.org/tipgraph/ontology/0.1>"),
    ],
    "Module-title": [f"DELETE WHERE {{ {MODULE} dcterms:title ?old }}"],
    "Module-description": [instead(MODULE, "dcterms:description", '"ohne Englisch"@de')],
    "Module-versionInfo": [
        instead(MODULE, "owl:versionInfo", '"newest"'),
    ],
    "Module-creator": [f"DELETE WHERE {{ {MODULE} dcterms:creator ?old }}"],
    "Module-contributor": [f"DELETE WHERE {{ {MODULE} dcterms:contributor ?old }}"],
    "Module-priorVersion": [
        f"INSERT {{ {MODULE} owl:priorVersion ?same }} WHERE {{ {MODULE} owl:versionIRI ?same }}",
        instead(MODULE, "owl:priorVersion", "<https://example.org/0.0.9>"),
    ],
    "Module-publisher": [instead(MODULE, "dcterms:publisher", "<https://example.org/me>")],
    "Module-created": [
        instead(MODULE, "dcterms:created", '"2026-01-02T00:00:01Z"^^xsd:dateTime'),
        f"DELETE WHERE {{ {MODULE} dcterms:created ?old }}",
    ],
    "Module-issued": [instead(MODULE, "dcterms:issued", '"2026-01-04T00:00:00Z"^^xsd:dateTime')],
    "Module-modified": [instead(MODULE, "dcterms:modified", '"2026-01-03"')],
    "Module-citation": [instead(MODULE, "dcterms:bibliographicCitation", '"Small."')],
    "Module-status": [f"DELETE WHERE {{ {MODULE} bibo:status ?old }}"],
    "Module-prefix": [instead(MODULE, "vann:preferredNamespacePrefix", '"tg"')],
    "Module-namespace": [f"DELETE WHERE {{ {MODULE} vann:preferredNamespaceUri ?old }}"],
    "Module-license": [instead(MODULE, "dcterms:license", "<https://example.org/mine>")],
    "Term": [
        "DELETE WHERE { tip:Horse rdfs:label ?old }",
        "DELETE WHERE { skos:Concept rdfs:label ?old }",
        'INSERT DATA { tip:Horse rdfs:label "steed"@en }',
        instead("tip:carries", "rdfs:label", '"trägt"@de'),
        "DELETE WHERE { skos:notation rdfs:isDefinedBy ?old }",
    ],
    "OwnTerm-module": [instead("tip:Horse", "rdfs:isDefinedBy", "<urn:nowhere>")],
    "OwnTerm-definition": [
        "DELETE WHERE { tip:Horse skos:definition ?old }",
        'INSERT DATA { tip:height skos:definition "States more."@en }',
        instead("tip:Horse", "skos:definition", '"A beast without a stop"@en'),
    ],
    "OwnTerm-example": ["DELETE WHERE { tip:height skos:example ?old }"],
    "Class-name": [
        """DELETE { tip:Horse ?p ?o } INSERT { tip:horse ?p ?o } WHERE { tip:Horse ?p ?o }""",
        """DELETE { tip:Horse ?p ?o } INSERT { tip:Horses ?p ?o } WHERE { tip:Horse ?p ?o }""",
    ],
    "Class-genus": [instead("tip:Beast", "skos:definition", '"Something that moves."@en')],
    "Property-name": [
        "DELETE { tip:carries ?p ?o } INSERT { tip:Carries ?p ?o } WHERE { tip:carries ?p ?o }"
    ],
    "Property-domain": [
        "DELETE WHERE { tip:carries rdfs:domain ?old }",
        instead("tip:carries", "rdfs:domain", "[ a owl:Class ; owl:unionOf (tip:Horse) ]"),
    ],
    "Property-range": [
        "DELETE WHERE { tip:height rdfs:range ?old }",
        "INSERT DATA { tip:carries rdfs:range tip:Horse }",
    ],
    "Property-relates": [instead("tip:carries", "skos:definition", '"Who rides it."@en')],
    "Property-states": [instead("tip:height", "skos:definition", '"Relates it to a number."@en')],
    "Code": [
        """DELETE { code:bay ?p ?o } INSERT { _:bay ?p ?o } WHERE { code:bay ?p ?o }""",
    ],
    "Code-prefLabel": [
        "DELETE WHERE { code:bay skos:prefLabel ?old }",
        "DELETE WHERE { code:colours skos:prefLabel ?old }",
        'INSERT DATA { code:bay skos:prefLabel "brown"@en }',
    ],
    "Code-definition": [
        "DELETE WHERE { code:bay skos:definition ?old }",
        "DELETE WHERE { code:gait skos:definition ?old }",
    ],
    "Code-inScheme": [
        "DELETE WHERE { code:bay skos:inScheme ?old }",
        instead("code:bay", "skos:inScheme", "code:coulours"),
    ],
    "CodeList": [
        'INSERT DATA { code:Big_List a skos:ConceptScheme ; skos:prefLabel "big"@en ; '
        'skos:definition "big"@en . code:bay skos:inScheme code:Big_List }',
    ],
    "CodeList-member": ["DELETE WHERE { code:bay skos:inScheme ?old }"],
    "CriteriaScheme-scopeNote": ["DELETE WHERE { code:marks skos:scopeNote ?old }"],
    "Criterion": [
        "DELETE WHERE { code:gait skos:notation ?old }",
        "DELETE WHERE { code:gait tip:coversTopic ?old }",
        instead("code:gait", "tip:coversTopic", "code:grey"),
    ],
    "CriterionCaveat": [
        "DELETE WHERE { code:short-walk tip:qualifiesCriterion ?old }",
        "DELETE WHERE { code:short-walk tip:appliesToCode ?old }",
        instead("code:short-walk", "tip:qualifiesCriterion", "code:bay"),
    ],
    "PartAxis": [
        instead("code:filly", "tip:axis", "code:by-age"),
        instead("code:foal", "tip:axis", "code:bay"),
    ],
    "Ontology-declared": [
        'INSERT DATA { tip:Horse skos:note "a word nobody declared"@en }',
        "INSERT DATA { tip:Horse rdfs:subClassOf tip:Mammal }",
        "INSERT DATA { tip:x owl:unionOf ( tip:Horse tip:Mule ) }",
        "INSERT DATA { code:bay a tip:Colour }",
    ],
    "Ontology-labels": [instead("tip:Horse", "rdfs:label", '"beast"@en')],
    "Ontology-genus": [instead("tip:Horse", "skos:definition", '"A plant that neighs."@en')],
    "Ontology-broader": ["INSERT DATA { code:gait skos:broader code:bay }"],
    "Ontology-circles": [instead("tip:Horse", "skos:definition", '"A beast that is a horse."@en')],
}


@pytest.fixture(scope="module")
def style():
    return Graph().parse(ROOT / "ontology/shapes/style.ttl")


@pytest.fixture(scope="module")
def small():
    return Graph().parse(data=SMALL)


@pytest.fixture
def complaints(style):
    """The names of the shapes that find something."""

    def complaints(graph, shapes=style):
        chosen = load_engine(FAST)
        chosen.load(to_triples(graph))
        found = chosen.run(list(to_triples(shapes)), lambda done, total: None)
        report = add_triples(Graph(), found)
        return {name(style, shape) for shape in report.objects(None, SH.sourceShape)}

    return complaints


def name(style, shape):
    """The name of a shape; a nameless one goes by the shape that holds it."""
    named = shape if isinstance(shape, URIRef) else style.value(None, SH.property, shape)
    return str(named).removeprefix(STYLE)


def aimed(style, shape):
    """The shapes without other targets than those of this one: the engine runs no other."""
    kept = {URIRef(STYLE + shape), *style.subjects(SH.property, URIRef(STYLE + shape))}
    alone = union(style)
    for each in set(style.subjects(RDF.type, SH.NodeShape)) - kept:
        for target in TARGETS:
            alone.remove((each, target, None))
    return alone


def test_ontology_follows_the_style(modules, complaints):
    assert complaints(union(*modules.values())) == set()


def test_small_ontology_follows_the_style(small, complaints):
    assert complaints(small) == set()


@pytest.mark.parametrize(
    ("shape", "fault"),
    [(shape, fault) for shape, faults in FAULTS.items() for fault in faults],
)
def test_shape_finds_its_fault(small, style, complaints, shape, fault):
    assert shape in complaints(updated(small, fault), aimed(style, shape))


def test_every_shape_has_a_fault(style):
    kinds = (SH.NodeShape, SH.PropertyShape)
    shapes = {shape for kind in kinds for shape in style.subjects(RDF.type, kind)}

    assert {str(shape).removeprefix(STYLE) for shape in shapes} - HELPERS == set(FAULTS)


def test_every_shape_has_a_name_and_a_message(style):
    for name in FAULTS:
        shape = URIRef(STYLE + name)
        for word in (SH.name, SH.message, SH.severity):
            assert len(list(style.objects(shape, word))) == 1, f"{name} lacks {word}"
        aimed = any((shape, target, None) in style for target in TARGETS)
        assert aimed or (None, SH.property, shape) in style, f"{name} is aimed at nothing"


def test_shape_is_defined_in_one_file():
    files = sorted(ROOT.glob("ontology/shapes/*.ttl"))
    defined = Counter(
        shape
        for file in files
        for shape in set(Graph().parse(file).subjects(RDF.type))
        if isinstance(shape, URIRef) and str(shape) != STYLE
    )

    assert len(defined) > 300
    assert [shape for shape, times in defined.items() if times > 1] == []


def test_every_target_class_has_members(modules, style):
    everything = union(*modules.values())
    targets = set(style.objects(None, SH.targetClass))

    assert [target for target in targets if (None, RDF.type, target) not in everything] == []
