"""Situations drawn up from the text, each with the answer that the text supports."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tipgraph.assess.regime import Regime

from .kit import FACTS, RUNGS, STATUSES, ask, statuses

SITUATIONS = yaml.safe_load((Path(__file__).parent / "situations.yaml").read_text("utf-8"))
SETS = ("needs", "blockedBy")


def told(rung: dict[str, Any], keys: Any) -> dict[str, Any]:
    """Of a rung what a situation speaks of."""
    found = {key: rung[key] for key in keys if key != "sentences"}
    return {key: sorted(value) if key in SETS else value for key, value in found.items()}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each["name"])
def test_a_situation(situation: dict[str, Any], belgium: Regime) -> None:
    answer = ask(belgium, situation["case"])
    rungs = {each["entitlement"]: each for each in answer["rungs"]}

    assert set(rungs) == RUNGS
    for name, wanted in situation["rungs"].items():
        expected = told(wanted, wanted)
        assert told(rungs[name], wanted) == expected, name
        sentences = {passage["sentence"] for passage in rungs[name]["passages"]}
        assert set(wanted.get("sentences", [])) <= sentences, name
    if "consequences" in situation:
        assert [e["consequence"] for e in answer["consequences"]] == situation["consequences"]


def test_that_the_situations_are_many_and_cover_all() -> None:
    """Every rung in several statuses, every fact in each of its states."""
    assert len(SITUATIONS) >= 40
    assert len({each["name"] for each in SITUATIONS}) == len(SITUATIONS)

    seen = {(name, rung["status"]) for s in SITUATIONS for name, rung in s["rungs"].items()}
    assert {name for name, _ in seen} == RUNGS
    assert {status for _, status in seen} == STATUSES
    for state in ("met", "notMet"):
        assert {fact for s in SITUATIONS for fact in s["case"].get(state, [])} == set(FACTS)


ALBANIAN = {
    "citizenship": "ALB",
    "age": 30,
    "met": [
        *("identified", "assists-prosecution", "takes-part-in-proceedings"),
        *("charges-brought", "criminal-case-ended"),
    ],
    "notMet": "conviction-and-sentence",
}


def test_what_becomes_of_renewing_when_the_case_has_ended(belgium: Regime) -> None:
    rungs = {each["entitlement"]: each for each in ask(belgium, ALBANIAN)["rungs"]}

    assert rungs["six-month-permit"]["renewableUntil"] == "end-of-criminal-case"
    assert rungs["six-month-permit"]["renewable"] is False
    assert rungs["permanent-residency"]["final"] is True
    pending = {**ALBANIAN, "met": ["identified"], "notMet": ["criminal-case-ended"]}
    rungs = {each["entitlement"]: each for each in ask(belgium, pending)["rungs"]}
    assert rungs["six-month-permit"]["renewable"] is True


def test_what_a_rung_gives(belgium: Regime) -> None:
    rungs = {each["entitlement"]: each for each in ask(belgium, ALBANIAN)["rungs"]}
    stay = {name: rung for name, rung in rungs.items() if rung["reading"] == "ladder"}

    assert {name: rung["duration"] for name, rung in stay.items()} == {
        "reflection-period": "P45D",
        "three-month-permit": "P3M",
        "six-month-permit": "P6M",
        "indefinite-permit": "indefinite",
        "permanent-residency": "indefinite",
    }
    assert rungs["three-month-permit"]["grants"] == [
        "residence-permit", "work-permit", "protective-services",
    ]  # fmt: skip
    assert rungs["three-month-permit"]["decidedBy"] == "Government of Belgium"
    assert rungs["six-month-permit"]["decidedBy"] == "not-stated"
    assert rungs["assistance"]["strength"] == "not-stated"
    assert rungs["restitution"]["strength"] == "could"
    assert rungs["child-shelter"]["reading"] == "stated"


def test_a_child_and_what_is_reported_of_practice(belgium: Regime) -> None:
    child = {"citizenship": "NGA", "age": 16, "unaccompanied": True, "met": "identified"}
    practice = {each["statement"]: each for each in ask(belgium, child)["practice"]}

    assert practice["few-children-received-permits"]["speaker"] == "US Department of State"
    assert practice["child-residency-hangs-on-cooperation"]["speaker"].startswith("GRETA")
    assert practice["conditions-hardest-for-children"]["speechAct"] == "notes"
    assert practice["child-services-lack-capacity"]["on"] == ["child-shelter"]
    grown = {each["statement"] for each in ask(belgium, ALBANIAN)["practice"]}
    assert not grown & {"few-children-received-permits", "child-services-lack-capacity"}
    assert "conditions-hard-for-many" in grown


def test_what_depends_on_no_cooperation(belgium: Regime) -> None:
    child = {"citizenship": "NGA", "age": 16, "unaccompanied": True, "met": "identified"}
    protected = {each["entitlement"] for each in ask(belgium, child)["protections"]}

    assert {"reflection-period", "child-shelter", "video-testimony"} <= protected
    assert "mentors-for-children" in protected, "a service, which is no rung"
    hinging = {"assistance", "three-month-permit", "six-month-permit", "relief-from-deportation"}
    assert not protected & hinging


def test_the_next_rung(belgium: Regime) -> None:
    told = {"citizenship": "ALB", "age": 30, "met": ["identified"]}
    above = ask(belgium, told)["next"]

    assert above["entitlement"] == "three-month-permit"
    assert above["needs"] == ["takes-part-in-proceedings"]


def test_that_the_next_rung_tells_what_must_not_be_so(belgium: Regime) -> None:
    told = {
        "citizenship": "ALB",
        "met": ["identified", "takes-part-in-proceedings", "prosecutor-confirmed"],
    }
    above = ask(belgium, told)["next"]

    assert above["entitlement"] == "indefinite-permit"
    assert above["needs"] == ["charges-brought", "conviction-and-sentence"]
    assert above["mustNotBe"] == ["conviction-and-sentence"]


def test_that_conditions_tell_how_they_are_joined(belgium: Regime) -> None:
    rungs = {each["entitlement"]: each for each in ask(belgium, ALBANIAN)["rungs"]}

    def joined(name: str) -> set[object]:
        return {each["connective"] for each in rungs[name]["conditions"]}

    assert joined("video-testimony") == {"any-of"}
    assert joined("assistance") == {"all-of"}
    assert joined("indefinite-permit") == {"all-of", "none-of"}
    assert joined("six-month-permit") == {None}


def test_the_readings_that_stay_open(belgium: Regime) -> None:
    refusing = {
        "citizenship": "ROU",
        "age": 30,
        "met": "identified",
        "notMet": "assists-prosecution",
    }
    answer = ask(belgium, refusing)
    arising = {each["reading"]: each for each in answer["openReadings"]}
    [repatriation] = answer["consequences"]

    assert set(repatriation["openReadings"]) == {
        "repatriation-of-eu-citizens", "conditions-not-agreed-to",
    }  # fmt: skip
    assert "foreign-and-eu-citizens" in arising
    assert set(repatriation["openReadings"]) <= set(arising)
    assert "refusal-during-reflection-period" in arising
    assert all(len(each["readings"]) == 2 and each["passages"] for each in arising.values())
    assert "pending-trial" not in arising, "no norm on it speaks of EU citizens"


@pytest.mark.parametrize(
    ("case", "arises", "does_not"),
    [
        ({"met": "potential"}, "reflection-period-of-potential-victims", "pending-trial"),
        ({"met": "potential"}, "potential-victims-as-victims", "foreign-and-eu-citizens"),
        ({"met": "identified"}, "refusal-during-reflection-period", "potential-victims-as-victims"),
        ({"notMet": "conviction-and-sentence", "met": "charges-brought"}, "pending-trial", "x"),
        ({"notMet": "assists-prosecution"}, "three-month-permit-and-criteria", "x"),
        ({"met": "prosecutor-confirmed"}, "individuals-confirmed", "x"),
        ({"met": "conviction-and-sentence"}, "lasting-permits-and-earlier-rungs", "pending-trial"),
    ],
)
def test_when_a_reading_arises(
    case: dict[str, Any], arises: str, does_not: str, belgium: Regime
) -> None:
    kosovar = {"citizenship": "XKX", "age": 20, "unaccompanied": False, **case}
    if does_not == "pending-trial" and case["met"] == "potential":
        kosovar["citizenship"] = "FRA"
    if does_not == "foreign-and-eu-citizens":
        kosovar["citizenship"] = "stateless"
    arising = {each["reading"] for each in ask(belgium, kosovar)["openReadings"]}

    assert arises in arising
    assert does_not not in arising


def test_what_another_fact_that_is_worded_apart_would_change(belgium: Regime) -> None:
    assisting = {"citizenship": "ALB", "age": 30, "met": ["identified", "assists-prosecution"]}
    [apart] = ask(belgium, assisting)["wordedApart"]

    assert (apart["told"], apart["other"]) == ("assists-prosecution", "takes-part-in-proceedings")
    assert apart["ifMet"] == [
        {
            "entitlement": "three-month-permit",
            "aspect": "status",
            "from": "undetermined",
            "to": "available",
        }
    ]
    assert apart["ifNotMet"] == [
        {
            "entitlement": "three-month-permit",
            "aspect": "status",
            "from": "undetermined",
            "to": "blocked",
        }
    ]
    taking_part = {**assisting, "met": ["identified", "takes-part-in-proceedings"]}
    [apart] = ask(belgium, taking_part)["wordedApart"]
    assert {each["entitlement"] for each in apart["ifMet"]} == {
        "relief-from-deportation", "relief-from-other-penalties",
    }  # fmt: skip
    assert ask(belgium, ALBANIAN)["wordedApart"] == [], "both are told"


def test_membership_of_the_union_by_its_dates(belgium: Regime) -> None:
    def is_non_eu(*countries: str) -> bool:
        answer = ask(belgium, {"citizenship": list(countries)})
        return "NonEUVictim" in answer["case"]["categories"]

    assert is_non_eu("GBR"), "it had left"
    assert is_non_eu("CHE")
    assert is_non_eu("stateless")
    assert not is_non_eu("HRV"), "the last to join"
    assert not is_non_eu("BRA", "PRT")


def test_that_an_answer_holds_a_case_that_can_be_asked_again(belgium: Regime) -> None:
    answer = ask(belgium, ALBANIAN)
    again = {key: value for key, value in answer["case"].items() if key != "categories"}

    assert statuses(ask(belgium, again)) == statuses(answer)


def test_that_a_reading_stays_where_its_words_would_bite(belgium: Regime) -> None:
    """Who agrees and refuses to assist is not repatriated as the words are read, but otherwise."""
    agreeing = {"citizenship": "MDA", "met": ["identified", "agrees-to-conditions"],
                "notMet": "assists-prosecution"}  # fmt: skip
    answer = ask(belgium, agreeing)

    assert answer["consequences"] == []
    assert "conditions-not-agreed-to" in {each["reading"] for each in answer["openReadings"]}


def test_practice_on_cooperation_place_and_provider(belgium: Regime) -> None:
    adult = {each["statement"]: each["on"] for each in ask(belgium, ALBANIAN)["practice"]}
    child = {"citizenship": "VNM", "age": 15, "met": "identified"}
    young = {each["statement"]: each["on"] for each in ask(belgium, child)["practice"]}

    assert "three-month-permit" in adult["legal-costs-discouraged"]
    assert adult["care-in-specialised-shelters"] == ["specialised-shelter"]
    assert young["many-children-went-missing"] == ["child-shelter"]
