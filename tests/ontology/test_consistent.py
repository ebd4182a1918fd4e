"""Ontology and data together make sense to a reasoner, and the reasoner is awake."""

import pytest
from rdflib import OWL, RDF, Graph

from .graphs import TIP, with_fault
from .hermit import needs_java, ntriples, one_name_each, reason_on

pytestmark = [pytest.mark.reasoner, needs_java]


def test_graph_is_consistent_and_no_class_is_empty(hermit, everything):
    verdict = hermit(one_name_each(everything))

    assert verdict.consistent
    assert verdict.unsatisfiable == set()


FAULTS = {
    "two kinds of no": "be:x a tip:NonReport , tip:AbsenceOfReports .",
    "two kinds of actor": "be:x a tip:Ministry , tip:AuthorityGroup .",
    "two kinds of norm": "be:x a tip:Entitlement , tip:Power .",
    "two kinds of statement": "be:x a tip:Finding , tip:Observation .",
    "an actor that is a category": "be:x a tip:Government , tip:PersonCategory .",
    "an identified potential victim": "be:x a tip:PotentialVictim , tip:IdentifiedVictim .",
    "a child of eighteen": "be:x a tip:Child ; tip:age 18 .",
    "CCCEV's domain: a norm that has parts": "be:reflection-period cv:hasRequirement be:x .",
    "CCCEV's range: a code required": "be:reflection-period cv:holdsRequirement code:day .",
    "OA's domain: a statement with a source": "be:reflection-period oa:hasSource be:text .",
    "QB's domain: an actor in the cube": "id:greta qb:dataSet be:figures .",
    "our domain: a requirement with an outcome": "be:contact-broken-off tip:outcome code:uneven .",
    "our range: an actor as topic": "be:reflection-period tip:topic id:greta .",
    "a category that reports": "be:reflection-period tip:reporter tip:Victim .",
    "two numbers for one duration": "be:reflection-period tip:durationValue 46 .",
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
    "two kinds of conclusion": "be:x a tip:TruthConclusion , tip:OpenConclusion .",
    "an open reading that is a norm": "be:pending-trial a tip:Entitlement .",
    "two norms that are answered with each other": """
        be:video-testimony tip:presentedUnder be:power-to-permit-video-testimony .""",
    "a fact that is worded apart from itself": """
        code:identified tip:similarTo code:identified .""",
    "a country that joined twice": """
        country:ROU tip:joinedEU "2008-01-01T00:00:00Z"^^xsd:dateTime .""",
    "our domain: a case that is an actor": "id:greta tip:met code:identified .",
    "a number in words": 'be:reflection-period tip:durationValue "forty-five" .',
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

    assert not reason_on(sound + planted, tmp_path / "planted.nt").consistent


def test_unsatisfiable_class_is_found(hermit, ontology):
    empty = "tip:Both a owl:Class ; rdfs:subClassOf tip:Law , tip:Protocol ."

    assert hermit(with_fault(ontology, empty)).unsatisfiable == {str(TIP.Both)}
