"""What holds of any case: knowing more never overturns, order never matters, all is proved."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tipgraph
from tipgraph.assessment.inquiry import assess
from tipgraph.assessment.reader import read_case
from tipgraph.assessment.regime import Regime
from tipgraph.vocabulary import ID, TIP

from .kit import FACTS, ask, statuses

QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HUNDREDS = pytest.mark.slow(reason="assesses sixty cases or more")
COUNTRIES = ["ALB", "BEL", "BRA", "GBR", "HUN", "NGA", "ROU", "XKX"]


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Any case that can be told of Belgium."""
    case: dict[str, Any] = {}
    held: list[str] = draw(st.lists(st.sampled_from(COUNTRIES), max_size=2, unique=True))
    tells_citizenship: bool = draw(st.booleans())
    if held or tells_citizenship:
        case["citizenship"] = held or ["stateless"]
    if draw(st.booleans()):
        case["age"] = draw(st.sampled_from([0, 16, 17, 18, 40]))
    if draw(st.booleans()):
        case["unaccompanied"] = draw(st.booleans())
    known = draw(st.dictionaries(st.sampled_from(FACTS), st.booleans()))
    if known.get("identified") and known.get("potential"):
        del known["potential"]
    case["met"] = [fact for fact, so in known.items() if so]
    case["notMet"] = [fact for fact, so in known.items() if not so]
    return case


def less(case: Mapping[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The same case, with some of it not told."""
    fewer: dict[str, Any] = {}
    for key, value in case.items():
        if isinstance(value, list) and key != "citizenship":
            fewer[key] = [each for each in value if data.draw(st.booleans())]
        elif data.draw(st.booleans()):
            fewer[key] = value
    return fewer


@HUNDREDS
@QUICK
@given(cases(), st.data())
def test_that_more_facts_never_overturn_what_is_determined(
    belgium: Regime, case: dict[str, Any], data: st.DataObject
) -> None:
    before = statuses(ask(belgium, less(case, data)))
    after = statuses(ask(belgium, case))

    for name, status in before.items():
        if status != "undetermined":
            assert after.get(name) == status, name


@HUNDREDS
@QUICK
@given(cases(), st.randoms())
def test_that_the_order_of_facts_never_matters(
    belgium: Regime, case: dict[str, Any], random: Any
) -> None:
    shuffled = {
        key: random.sample(value, len(value)) if isinstance(value, list) else value
        for key, value in random.sample(list(case.items()), len(case))
    }

    assert ask(belgium, shuffled) == ask(belgium, case)


@HUNDREDS
@QUICK
@given(cases())
def test_that_every_conclusion_carries_its_proof(belgium: Regime, case: dict[str, Any]) -> None:
    """A rule, and ways down to the case; of norms also the statement that they rest on."""
    read = read_case(case, belgium.engine, belgium.bundle)
    proof = assess(belgium, read).proof()
    said: dict[str, dict[str, set[str]]] = {}
    for triple in proof:
        subject, predicate, value = (str(term).strip("<>") for term in triple)
        said.setdefault(subject, {}).setdefault(predicate, set()).add(value)
    told = f"{ID}case/told"
    rests = {name: each.get(DERIVED, set()) for name, each in said.items() if name != told}

    @cache
    def reaches(name: str, goal: str) -> bool:
        return name == goal or any(reaches(each, goal) for each in rests.get(name, ()))

    assert len(rests) > 50
    for name, each in said.items():
        if name == told:
            continue
        kind = next(iter(each[TYPE]))
        assert len(each[TIP + "byRule"]) == 1, name
        assert reaches(name, told), name
        assert each[LABEL], name
        assert rests[name], name
        if kind == TIP + "NormConclusion":
            assert each[TIP + "on"] <= rests[name], name


DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@HUNDREDS
@QUICK
@given(cases())
def test_that_a_status_says_why(belgium: Regime, case: dict[str, Any]) -> None:
    """What is blocked names a fact that is told; what is undetermined, what it turns on."""
    answer = ask(belgium, case)
    readings = {each["reading"] for each in answer["openReadings"]}
    told = {*case["met"], *case["notMet"]}
    for rung in answer["rungs"]:
        if rung["status"] == "blocked":
            assert rung["blockedBy"], rung["entitlement"]
            assert set(rung["blockedBy"]) <= told
        if rung["status"] == "undetermined":
            assert rung["needs"], rung["entitlement"]
            assert not set(rung["needs"]) & told
        assert set(rung["openReadings"]) <= readings
        assert rung["final"] is False or rung["status"] == "blocked"
        assert rung["passages"]


def test_that_nothing_of_a_case_stays(shipped: tipgraph.KnowledgeGraph) -> None:
    before = len(shipped.engine.store)
    shipped.assess({"age": 16, "met": "identified"})

    assert len(shipped.engine.store) == before
    assert not shipped.engine.ask("ASK { ?case a tip:Case }")


@pytest.mark.parametrize("fact", FACTS)
def test_that_a_fact_matters_somewhere(fact: str, belgium: Regime) -> None:
    """Each fact changes a status, a reading, or what can be renewed."""
    person = {"citizenship": "NGA", "age": 30}
    known = [each for each in ("charges-brought",) if each != fact]
    unmet = [each for each in ("conviction-and-sentence",) if each != fact]

    def answer(*more: str) -> Any:
        found = ask(belgium, {**person, "met": [*known, *more], "notMet": unmet})
        return [found["rungs"], found["consequences"], found["openReadings"]]

    assert answer() != answer(fact)
