"""An assessment in each format, and its proof in Turtle."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import PROV, RDF, Graph, Namespace, URIRef

import tipgraph
from tests.validate.engine_results import found, read
from tipgraph.assess.as_json import json as as_json
from tipgraph.assess.evaluate import Assessment
from tipgraph.assess.render import text, turtle
from tipgraph.namespaces import PREFIXES
from tipgraph.resources.folders import shipped as resources
from tipgraph.validate.engines import FAST
from tipgraph.validate.triples import to_text

from .kit import markdown

TIP, CODE = Namespace(PREFIXES["tip"]), Namespace(PREFIXES["code"])
BE = Namespace(PREFIXES["id"] + "tip-2021-be/")

CASE = {
    "citizenship": "ALB",
    "age": 30,
    "met": ["identified", "assists-prosecution", "able-to-bring-charges", "criminal-case-ended"],
    "not_met": "conviction-and-sentence",
}
KEYS = {
    *("regime", "edition", "period", "notice", "case", "benefits", "consequences", "practice"),
    *("open_readings", "premise", "next_steps", "facts", "notes", "passages"),
}
BENEFIT_KEYS = {
    *("name", "label", "status", "final", "strength", "conditions", "blocked_by", "depends_on"),
    *("grants", "duration", "renewable_until", "decided_by", "basis", "passages"),
    *("short_name", "at_least", "over_after"),
}


@pytest.fixture(scope="module")
def assessed(shipped: tipgraph.LocalGraph) -> Assessment:
    return shipped.assess(CASE)


@pytest.fixture(scope="module")
def document(assessed: Assessment) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_json(assessed))
    return found


def test_json_has_the_documented_keys(document: dict[str, Any]) -> None:
    assert set(document) >= KEYS
    assert (document["regime"], document["edition"]) == ("Belgium", "tip-2021-be")
    for benefit in document["benefits"]:
        assert set(benefit) >= BENEFIT_KEYS
        assert benefit["basis"] in ("stated", "ladder")
        assert isinstance(benefit["final"], bool)
    conditions = [each for benefit in document["benefits"] for each in benefit["conditions"]]
    states = {document["facts"][each["name"]]["state"] for each in conditions}
    assert states == {"met", "not-met", "unknown"}
    assert {"name", "required_state", "requirement", "performed_by"} <= set(conditions[0])


def test_json_has_each_text_once(document: dict[str, Any]) -> None:
    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for each in value.values() if isinstance(value, dict) else value:
                yield from texts(each)

    counted = Counter(each for each in texts(document) if len(each.split()) > 8)

    assert [text for text, number in counted.items() if number > 1] == []


def test_everything_in_json_has_passages(document: dict[str, Any]) -> None:
    lists = ("benefits", "consequences", "practice", "open_readings")
    entries = [each for name in lists for each in document[name]]

    assert len(entries) > 30
    for each in entries:
        assert each["passages"]
        assert set(each["passages"]) <= document["passages"].keys()
    for passage in document["passages"].values():
        assert passage["place"].startswith("S")
        assert len(passage["quote"].split()) <= 12
        assert "#:~:text=" in passage["link"]
    assert all(each["speaker"] for each in document["practice"])


def test_condition_has_the_state_that_is_required(document: dict[str, Any]) -> None:
    [permit] = [each for each in document["benefits"] if each["name"] == "indefinite-permit"]
    wanted = {each["name"]: each["required_state"] for each in permit["conditions"]}

    assert wanted == {"able-to-bring-charges": "met", "conviction": "not-met"}


@pytest.mark.parametrize("write", [text, markdown])
def test_notice_comes_first(write: Any, assessed: Assessment) -> None:
    first = " ".join(write(assessed).split("\n")[:3])

    assert "No legal advice" in first
    assert "TIP Report 2021" in first
    assert "April 2020 to March 2021" in first


@pytest.mark.parametrize("write", [text, markdown])
def test_text_and_markdown_contain_the_whole_answer(write, assessed, document):
    written = " ".join(write(assessed).split())

    assert all(each["short_name"] in written for each in document["benefits"])
    for each in (*document["consequences"], *document["practice"]):
        assert each["label"] in written
    for reading in document["open_readings"]:
        assert reading["question"] in written
        for key in ("wider", "narrower"):
            assert reading[key].split(":")[0].rstrip(".").lower() in written.lower()
    assert "blocked permanently" in written
    assert "no longer renewable" in written
    assert "decided by: not stated" in written
    assert "would change" in written, "the similar fact"
    assert "S23 “Identified victims were eligible for a 45-day reflection period”" in written


def test_text_numbers_its_addresses(assessed: Assessment) -> None:
    answer, addresses = text(assessed).split("\nAddresses\n")
    numbered = dict(line.strip().split(" ", 1) for line in addresses.strip().split("\n"))

    assert "#:~:text=" not in answer
    assert len(set(numbered.values())) == len(numbered) > 10
    assert set(re.findall(r"\[\d+\]", answer)) == set(numbered)
    assert all(each.startswith("https://") for each in numbered.values())


def test_full_answer_begins_with_the_brief_one(shipped: tipgraph.LocalGraph) -> None:
    written = text(shipped.assess({"citizenship": "ROU", "age": 16, "met": "identified"}))
    titles = [
        *("Case", "Available", "Consequences", "Next step"),
        *("Consequences in full", "Residence ladder", "Other benefits"),
    ]
    at = [written.index(f"\n{title}") for title in titles]

    assert at == sorted(at)
    assert "MAY FOLLOW  Foreign victims who did not agree to the conditions" in written
    assert "the source names no exception for children or citizens of the European Union" in written


def test_events_that_end_a_benefit_are_shown(assessed: Assessment) -> None:
    written = text(assessed)

    assert "over after: reflection period ended" in written
    assert "over after: criminal case ended (met)" in written
    [restitution] = [e for e in assessed.answer.benefits if e.name == "restitution"]
    assert restitution.over_after == ("criminal-case-ended",)


def test_place_of_a_page_stands_below_the_reports_of_practice(shipped: tipgraph.LocalGraph):
    answer = text(shipped.assess({"age": 30}, edition="tip-2019-be"))
    practice = answer[answer.index("Reports of practice") :]

    assert "\n  NGOs referred many victims to the shelters\n      Protection: " in practice


def test_practice_is_separate_from_norms(assessed: Assessment) -> None:
    norms, practice = text(assessed).split("Reports of practice")

    assert "observers noted" in " ".join(practice.split())
    assert "observers noted" not in " ".join(norms.split())


def test_missing_traits_are_shown_as_unknown(shipped: tipgraph.LocalGraph) -> None:
    written = text(shipped.assess({}))

    assert "a victim of unknown age and citizenship" in written


@pytest.fixture(scope="module")
def proof(assessed: Assessment) -> str:
    return turtle(assessed)


def test_proof_links_conclusions_to_rules_statements_and_case(proof: str) -> None:
    """From a benefit through its norm and the requirement to the fact in the case."""
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
    sources = set(graph.transitive_objects(required, PROV.wasDerivedFrom))
    assert case in sources
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


@pytest.mark.slow(reason="checks a folder with all shapes")
def test_proof_conforms_to_the_shapes(proof: str) -> None:
    conclusions = [quad.triple for quad in parse(proof, format=RdfFormat.TURTLE)]
    nodes = {to_text(each.subject) for each in conclusions}
    nodes = {node for node in nodes if "/derived/conclusion/" in node}
    # The conclusions refer to ontology and data.
    known = read(*resources().ontology(), *resources().data())

    findings = found(FAST, [*known, *conclusions], read(*resources().shapes()))

    assert len(nodes) > 100
    assert [each for each in findings if each.focus in nodes or each.value in nodes] == []
