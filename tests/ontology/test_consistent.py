"""Ontology and data together make sense to a reasoner, and the reasoner is awake."""

import pytest
from rdflib import OWL, RDF, Graph, URIRef

from .graphs import TIP, with_fault
from .hermit import is_consistent, needs_java, ntriples, one_name_each

pytestmark = [pytest.mark.reasoner, needs_java]


def test_graph_is_consistent_where_every_class_has_a_member(everything, tmp_path):
    """One answer on all classes: to find each empty one takes HermiT twelve times as long."""
    classes = {each for each in everything.subjects(RDF.type, OWL.Class) if type(each) is URIRef}
    members = [f"<urn:member:{number}> a <{each}> ." for number, each in enumerate(classes)]
    text = ntriples(one_name_each(with_fault(everything, "".join(members))))

    assert len(classes) > 100
    assert is_consistent(text, tmp_path / "members.nt")


SOME = "[ owl:onProperty %s ; owl:someValuesFrom owl:Thing ]"
# Classes that have no member, each with what keeps it empty.
EMPTY = {
    "two kinds of no": "tip:NonReport , tip:AbsenceOfReports",
    "two kinds of actor": "tip:Ministry , tip:AuthorityGroup",
    "two kinds of norm": "tip:Entitlement , tip:Power",
    "two kinds of statement": "tip:Finding , tip:Observation",
    "two kinds of document": "tip:Law , tip:Protocol",
    "two kinds of conclusion": "tip:TruthConclusion , tip:OpenConclusion",
    "an actor that is a category": "tip:Government , tip:PersonCategory",
    "an identified potential victim": "tip:PotentialVictim , tip:IdentifiedVictim",
    "an open reading that is a norm": "tip:OpenReading , tip:Entitlement",
    "a child of eighteen": "tip:Child , [ owl:onProperty tip:age ; owl:hasValue 18 ]",
    "CCCEV's domain: a norm that has parts": f"tip:Entitlement , {SOME % 'cv:hasRequirement'}",
    "OA's domain: a statement with a source": f"tip:Entitlement , {SOME % 'oa:hasSource'}",
    "QB's domain: an actor in the cube": f"tip:MonitoringBody , {SOME % 'qb:dataSet'}",
    "our domain: a requirement with an outcome": f"tip:Condition , {SOME % 'tip:outcome'}",
    "our domain: a case that is an actor": f"tip:MonitoringBody , {SOME % 'tip:met'}",
    "our range: an actor as topic": """
        tip:Entitlement , [ owl:onProperty tip:topic ; owl:someValuesFrom tip:MonitoringBody ]""",
    "a number in words": """
        tip:Entitlement , [ owl:onProperty tip:durationValue ; owl:hasValue "forty-five" ]""",
    "two numbers for one duration": """
        [ owl:onProperty tip:durationValue ; owl:hasValue 45 ] ,
        [ owl:onProperty tip:durationValue ; owl:hasValue 46 ]""",
}
FAULTS = {
    "CCCEV's range: a code required": "be:reflection-period cv:holdsRequirement code:day .",
    "a category that reports": "be:reflection-period tip:reporter tip:Victim .",
    "two strengths": "be:reflection-period tip:strength code:could .",
    "two editions": "be:reflection-period tip:edition be:x , id:tip-2021-be . be:x a tip:Edition .",
    "one amount of two figures": """
        be:a a tip:Award ; tip:amount be:m . be:b a tip:Award ; tip:amount be:m .""",
    "two texts with one digest": """
        be:a a tip:SourceText ; tip:sha256 "00" . be:b a tip:SourceText ; tip:sha256 "00" .""",
    "a body that funds itself": "id:greta tip:funds id:greta .",
    "a body that oversees its overseer": """
        id:greta tip:oversees id:x . id:greta tip:isOverseenBy id:x .""",
    "two bodies that oversee each other": """
        id:greta tip:oversees id:x . id:x tip:oversees id:greta .""",
    "a part broken down by its whole": "be:a tip:breakdownOf be:b . be:b tip:breakdownOf be:a .",
    "two norms that are answered with each other": """
        be:video-testimony tip:presentedUnder be:power-to-permit-video-testimony .""",
    "a fact that is worded apart from itself": """
        code:identified tip:similarTo code:identified .""",
    "a country that joined twice": """
        country:ROU tip:joinedEU "2008-01-01T00:00:00Z"^^xsd:dateTime .""",
}


@pytest.fixture(scope="module")
def sound(ontology, data):
    """The graph in which faults are planted, as N-Triples."""
    return ntriples(one_name_each(ontology + data))


@pytest.fixture(scope="module")
def relations(ontology):
    """The object properties."""
    return set(ontology.subjects(RDF.type, OWL.ObjectProperty))


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_planted_fault_is_found(sound, relations, fault, tmp_path):
    planted = ntriples(one_name_each(with_fault(Graph(), fault), relations))

    assert not is_consistent(sound + planted, tmp_path / "planted.nt")


def test_class_that_the_ontology_rules_out_is_empty(hermit, ontology):
    names = {str(TIP[f"Empty{number}"]): fault for number, fault in enumerate(EMPTY)}
    classes = [
        f"<{name}> a owl:Class ; rdfs:subClassOf {EMPTY[fault]} ." for name, fault in names.items()
    ]

    found = hermit(with_fault(ontology, "".join(classes))).unsatisfiable

    assert {names[each] for each in found} == {*EMPTY}
