"""Properties of every case: more facts never reverse a status, order never matters."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tipgraph
from tipgraph.assess.case import read_case
from tipgraph.assess.evaluate import assess
from tipgraph.assess.evaluate import statuses as outcomes_of
from tipgraph.assess.model import READINGS, UNMET
from tipgraph.assess.regime import Conclusions, Regime
from tipgraph.namespaces import ID, TIP

from .kit import FACTS, answer_to, statuses

# Facts that cannot be so together: with the first ones, the last are left out of a case.
CRITERIA = ("contact-broken-off", "counselling-accepted", "assists-prosecution")
CONTRADICTIONS: list[tuple[dict[str, bool], dict[str, bool]]] = [
    ({"identified": True}, {"potential": True}),
    ({"acquittal": True}, {"case-dropped": True}),
    ({"acquittal": True}, {"criminal-case-ended": False}),
    ({"case-dropped": True}, {"criminal-case-ended": False}),
    ({"acquittal": True}, {"conviction": True}),
    ({"case-dropped": True}, {"conviction": True}),
    ({"acquittal": True}, {"conviction-and-sentence": True}),
    ({"case-dropped": True}, {"conviction-and-sentence": True}),
    ({"conviction": False}, {"conviction-and-sentence": True}),
    ({"charges-brought": True}, {"able-to-bring-charges": False}),
    (dict.fromkeys(CRITERIA, True), {"agrees-to-conditions": False}),
]
# Events change a situation. One that a case does not state is taken as not having happened.
EVENTS = {"criminal-case-ended", "acquittal", "case-dropped", "reflection-period-ended"}
MANY = pytest.mark.slow(reason="assesses many cases")
COUNTRIES = ["ALB", "BEL", "BRA", "GBR", "HUN", "NGA", "ROU", "XKX"]


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Any case under the Belgian edition."""
    case: dict[str, Any] = {}
    countries: list[str] = draw(st.lists(st.sampled_from(COUNTRIES), max_size=2, unique=True))
    has_citizenship: bool = draw(st.booleans())
    if countries or has_citizenship:
        case["citizenship"] = countries or ["stateless"]
    if draw(st.booleans()):
        case["age"] = draw(st.sampled_from([0, 16, 17, 18, 40]))
    if draw(st.booleans()):
        case["unaccompanied"] = draw(st.booleans())
    known = draw(st.dictionaries(st.sampled_from(FACTS), st.booleans()))
    for facts, excluded in CONTRADICTIONS:
        if all(known.get(fact) is state for fact, state in {**facts, **excluded}.items()):
            for fact in excluded:
                del known[fact]
    case["met"] = [fact for fact, so in known.items() if so]
    case["not_met"] = [fact for fact, so in known.items() if not so]
    return case


def less(case: Mapping[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The same case with some of it left out."""
    fewer: dict[str, Any] = {}
    for key, value in case.items():
        if isinstance(value, list) and key != "citizenship":
            fewer[key] = [each for each in value if each in EVENTS or data.draw(st.booleans())]
        elif data.draw(st.booleans()):
            fewer[key] = value
    return fewer


@MANY
@given(cases(), st.data())
def test_more_facts_never_reverse_a_determined_status(belgium, case, data):
    before = statuses(answer_to(belgium, less(case, data)))
    after = statuses(answer_to(belgium, case))

    for name, status in before.items():
        if status != "undetermined":
            assert after.get(name) == status, name


def test_benefit_that_is_over_stays_open_while_the_wider_category_is_unknown(belgium):
    """Read widely, the period is for potential victims too: whether this is one is not known."""
    case = {"met": ["reflection-period-ended"], "not_met": ["identified"]}
    potential = {**case, "met": [*case["met"], "potential"]}
    nobody = {**case, "not_met": [*case["not_met"], "potential"]}
    found = [statuses(answer_to(belgium, each)) for each in (case, potential, nobody)]

    assert [each["reflection-period"] for each in found] == [
        "undetermined",
        "blocked",
        "not-stated",
    ]


@MANY
@given(cases(), st.randoms())
def test_order_of_facts_does_not_matter(belgium: Regime, case: dict[str, Any], random: Any) -> None:
    shuffled = {
        key: random.sample(value, len(value)) if isinstance(value, list) else value
        for key, value in random.sample(list(case.items()), len(case))
    }

    assert answer_to(belgium, shuffled) == answer_to(belgium, case)


@MANY
@given(cases())
def test_every_conclusion_has_a_proof(belgium: Regime, case: dict[str, Any]) -> None:
    """It names a rule and rests on the case; a conclusion on a norm also rests on the norm."""
    read = read_case(case, belgium.engine)
    proof = assess(belgium, read).proof()
    properties: dict[str, dict[str, set[str]]] = {}
    for triple in proof:
        subject, predicate, value = (str(term).strip("<>") for term in triple)
        properties.setdefault(subject, {}).setdefault(predicate, set()).add(value)
    given = f"{ID}case/given"
    sources = {name: each.get(DERIVED, set()) for name, each in properties.items() if name != given}

    @cache
    def reaches(name: str, goal: str) -> bool:
        return name == goal or any(reaches(each, goal) for each in sources.get(name, ()))

    assert len(sources) > 50
    for name, each in properties.items():
        if name == given:
            continue
        kind = next(iter(each[TYPE]))
        assert len(each[TIP + "byRule"]) == 1, name
        assert reaches(name, given), name
        assert each[LABEL], name
        assert sources[name], name
        if kind == TIP + "NormConclusion":
            assert each[TIP + "concludesOn"] <= sources[name], name


DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


# The states of these can follow from those of other facts.
IMPLIED = {
    *("conviction", "conviction-and-sentence", "criminal-case-ended", "able-to-bring-charges"),
}


@MANY
@given(cases())
def test_status_has_a_reason(belgium: Regime, case: dict[str, Any]) -> None:
    """A blocked benefit names known facts; an undetermined one names unknown facts."""
    answer = answer_to(belgium, case)
    readings = {each["name"] for each in answer["open_readings"]}
    known = {*case["met"], *case["not_met"], *IMPLIED}
    for benefit in answer["benefits"]:
        if benefit["status"] in UNMET:
            assert benefit["blocked_by"], benefit["name"]
            assert set(benefit["blocked_by"]) <= known
        if benefit["status"] == "undetermined":
            assert benefit["depends_on"], benefit["name"]
            assert not set(benefit["depends_on"]) & {*case["met"], *case["not_met"]}
        assert set(benefit["open_readings"]) <= readings
        assert benefit["final"] is False or benefit["status"] in UNMET
        assert benefit["passages"]


@MANY
@given(cases())
def test_status_is_determined_only_if_all_readings_agree(belgium, case):
    """Also the reverse: what an open reading leaves open has two outcomes, or lacks facts."""
    read = read_case(case, belgium.engine)
    variants = {name: replace(read, reading=name) for name in READINGS}
    concluded = belgium.conclude({"open": read, **variants})
    by_reading = {name: outcomes_of(Conclusions(concluded, name)) for name in variants}

    for name, status in outcomes_of(Conclusions(concluded, "open")).items():
        outcomes = {statuses.get(name, "does-not-follow") for statuses in by_reading.values()}
        if status != "undetermined":
            assert outcomes <= {status} or blocked_or_not_stated(status, outcomes), name


def blocked_or_not_stated(status: str, outcomes: set[str]) -> bool:
    """Return whether the readings differ only in the reason why a benefit is not given."""
    return status in UNMET and outcomes <= {*UNMET, "not-stated"}


def test_case_does_not_enter_the_graph(shipped: tipgraph.LocalGraph) -> None:
    before = len(shipped.engine.store)
    shipped.assess({"age": 16, "met": "identified"})

    assert len(shipped.engine.store) == before
    assert not shipped.engine.ask("ASK { ?case a tip:Case }")


@pytest.mark.slow(reason="describes, writes or asks everything")
@pytest.mark.parametrize("fact", FACTS)
def test_each_fact_matters(fact: str, belgium: Regime) -> None:
    """Each fact changes a status, an open reading, or whether a permit is renewable."""
    person = {"citizenship": "NGA", "age": 30}
    implied = {"potential": "identified", "charges-brought": "able-to-bring-charges"}
    excluded = {fact, implied.get(fact, fact)}
    known = [each for each in ("identified", "able-to-bring-charges") if each not in excluded]
    unmet = [each for each in ("conviction-and-sentence",) if each != fact]

    def answer(*more: str) -> Any:
        found = answer_to(belgium, {**person, "met": [*known, *more], "not_met": unmet})
        return [found["benefits"], found["consequences"], found["open_readings"]]

    assert answer() != answer(fact)
