"""What an answer tells in each format, and the proof in Turtle."""

import json
from typing import Any

import pytest
from rdflib import PROV, RDF, Graph, Namespace, URIRef

import tipgraph
from tests.shapes.harness import Shapes, union
from tipgraph.assess.evaluate import Assessment
from tipgraph.assess.formats.json import json as as_json
from tipgraph.assess.formats.markdown import markdown
from tipgraph.assess.formats.text import text
from tipgraph.assess.formats.turtle import turtle
from tipgraph.namespaces import PREFIXES
from tipgraph.resources.folders import shipped as resources

TIP, CODE = Namespace(PREFIXES["tip"]), Namespace(PREFIXES["code"])
BE = Namespace(PREFIXES["id"] + "tip-2021-be/")

CASE = {
    "citizenship": "ALB",
    "age": 30,
    "met": ["identified", "assists-prosecution", "charges-brought", "criminal-case-ended"],
    "notMet": "conviction-and-sentence",
}
KEYS = {
    *("regime", "edition", "period", "notice", "case", "rungs", "protections", "consequences"),
    *("practice", "openReadings"),
}
RUNG_KEYS = {
    *("entitlement", "label", "status", "final", "strength", "conditions", "blockedBy", "needs"),
    *("grants", "duration", "renewableUntil", "decidedBy", "reading", "passages"),
}


@pytest.fixture(scope="module")
def assessed(shipped: tipgraph.LocalGraph) -> Assessment:
    return shipped.assess(CASE)


@pytest.fixture(scope="module")
def told(assessed: Assessment) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_json(assessed))
    return found


def test_the_keys_of_json(told: dict[str, Any]) -> None:
    assert set(told) >= KEYS
    assert (told["regime"], told["edition"]) == ("Belgium", "tip-2021-be")
    for rung in told["rungs"]:
        assert set(rung) >= RUNG_KEYS
        assert rung["reading"] in ("stated", "ladder")
        assert isinstance(rung["final"], bool)
    conditions = [each for rung in told["rungs"] for each in rung["conditions"]]
    assert {each["state"] for each in conditions} == {"met", "not-met", "unknown"}
    assert {"name", "state"} <= set(conditions[0])


def test_that_everything_told_has_its_place(told: dict[str, Any]) -> None:
    lists = ("rungs", "protections", "consequences", "practice", "openReadings")
    told_things = [each for name in lists for each in told[name]]

    assert len(told_things) > 30
    for each in told_things:
        assert each["passages"]
        for passage in each["passages"]:
            assert passage["sentence"].startswith("S")
            assert len(passage["quote"].split()) <= 8
            assert "#:~:text=" in passage["link"]
    assert all(each["speaker"] for each in told["practice"])


def test_that_a_condition_tells_when_it_must_not_be_so(told: dict[str, Any]) -> None:
    [rung] = [each for each in told["rungs"] if each["entitlement"] == "indefinite-permit"]
    wanted = {each["name"]: each["wanted"] for each in rung["conditions"]}

    assert wanted == {"charges-brought": "met", "conviction-and-sentence": "not-met"}


@pytest.mark.parametrize("write", [text, markdown])
def test_that_the_first_lines_say_what_it_is_not(write: Any, assessed: Assessment) -> None:
    first = " ".join(write(assessed).split("\n")[:3])

    assert "No legal advice" in first
    assert "TIP Report 2021" in first
    assert "April 2020 to March 2021" in first


@pytest.mark.parametrize("write", [text, markdown])
def test_what_a_person_reads(write: Any, assessed: Assessment, told: dict[str, Any]) -> None:
    written = " ".join(write(assessed).split())

    for each in (*told["rungs"], *told["consequences"], *told["practice"]):
        assert each["label"] in written
    for reading in told["openReadings"]:
        assert {reading["question"] in written, *(r in written for r in reading["readings"])} == {
            True
        }
    assert "cannot change any more" in written
    assert "no longer renewable" in written
    assert "who decides is not stated" in written
    assert "would change" in written, "what is worded apart"
    assert "S27 “absence of a conviction”" in written


def test_that_norm_and_practice_stand_apart(assessed: Assessment) -> None:
    norms, practice = text(assessed).split("What is reported of practice")

    assert "observers noted" in practice
    assert "observers noted" not in norms


def test_a_foreign_word_for_nobody(shipped: tipgraph.LocalGraph) -> None:
    written = text(shipped.assess({}))

    assert "citizenship: not told" in written
    assert "age: not told" in written


@pytest.fixture(scope="module")
def proof(assessed: Assessment) -> str:
    return turtle(assessed)


def test_that_the_proof_links_conclusion_rule_and_statement(proof: str) -> None:
    """From a benefit over its norm and the requirement down to the fact that the case tells."""
    graph = Graph().parse(data=proof, format="turtle")
    benefit = node(graph, "BenefitConclusion", "permanent-residency")
    norm = node(graph, "NormConclusion", "permanent-residency")
    required = node(graph, "TruthConclusion", "conviction-and-sentence", "conditions")
    [case] = graph.subjects(RDF.type, TIP.Case)

    assert graph.value(benefit, TIP.status) == CODE["blocked"]
    assert (norm, TIP.blockedBy, CODE["conviction-and-sentence"]) in graph
    assert (benefit, PROV.wasDerivedFrom, norm) in graph
    assert (norm, PROV.wasDerivedFrom, BE["permanent-residency"]) in graph
    assert (norm, PROV.wasDerivedFrom, required) in graph
    told = set(graph.transitive_objects(required, PROV.wasDerivedFrom))
    assert case in told
    assert str(graph.value(norm, TIP.byRule)).endswith("/rule/cases/norms")


def node(graph: Graph, kind: str, name: str, rule: str = "") -> URIRef:
    """The conclusion of a kind on the thing of that name."""
    [found] = [
        each
        for each in graph.subjects(RDF.type, TIP[kind])
        if str(graph.value(each, TIP.concludesOn)).endswith(f"/{name}")
        and f"/{rule}" in str(each)
        and "for-good" not in str(each)
    ]
    assert isinstance(found, URIRef)
    return found


def test_that_the_proof_is_as_the_shapes_have_it(proof: str, shapes: Shapes, sources: Any) -> None:
    conclusions = Graph().parse(data=proof, format="turtle")
    nodes = {n for n in conclusions.subjects() if "/derived/conclusion/" in str(n)}

    assert len(nodes) > 100
    assert shapes.findings(union(sources, conclusions), nodes) == set()


@pytest.fixture(scope="module")
def sources() -> Any:
    """Ontology and data, which the conclusions speak of."""
    found = resources()
    return union(*map(Graph().parse, (*found.ontology(), *found.data())))


@pytest.fixture(scope="module")
def shapes(sources: Any) -> Shapes:
    return Shapes(union(*map(Graph().parse, resources().shapes())), sources)
