"""Situations written from the text, each with the answer that the text supports."""

from pathlib import Path
from typing import Any

import pytest

from tests.yaml_files import read_yaml
from tipgraph.assess.regime import Regime
from tipgraph.errors import InputError

from .kit import BENEFITS, FACTS, STATUSES, answer_to, sentences, statuses

SITUATIONS = read_yaml(Path(__file__).with_name("situations.yaml"))
# Their outcomes are among those of the others, in other cases.
FURTHER = read_yaml(Path(__file__).with_name("further_situations.yaml"))
SLOW = pytest.mark.slow(reason="two hundred further situations")
SETS = ("depends_on", "blocked_by")


def stated(benefit: dict[str, Any], keys: Any) -> dict[str, Any]:
    """The keys of a benefit that a situation states."""
    found = {key: benefit[key] for key in keys if key != "sentences"}
    return {key: sorted(value) if key in SETS else value for key, value in found.items()}


ANSWERED = [each for each in SITUATIONS if "error" not in each]


@pytest.mark.parametrize(
    "situation",
    [
        *(pytest.param(each, id=each["name"]) for each in SITUATIONS),
        *(pytest.param(each, id=each["name"], marks=SLOW) for each in FURTHER),
    ],
)
def test_situation(situation: dict[str, Any], belgium: Regime) -> None:
    if "error" in situation:
        with pytest.raises(InputError, match=situation["error"]):
            answer_to(belgium, situation["case"])
        return
    answer = answer_to(belgium, situation["case"])
    benefits = {each["name"]: each for each in answer["benefits"]}

    assert set(benefits) == BENEFITS
    for name, wanted in situation["benefits"].items():
        keys = wanted.keys() - {"readings"}
        assert stated(benefits[name], keys) == stated(wanted, keys), name
        if "readings" in wanted:
            assert benefits[name]["by_reading"] == wanted["readings"], name
        assert set(wanted.get("sentences", [])) <= set(sentences(answer, benefits[name])), name
    if "consequences" in situation:
        assert [e["name"] for e in answer["consequences"]] == situation["consequences"]


def test_situations_cover_benefits_statuses_and_facts() -> None:
    """Every benefit, every status, and every fact in both of its states."""
    assert len(SITUATIONS) >= 40
    names = [each["name"] for each in (*SITUATIONS, *FURTHER)]
    assert len(set(names)) == len(names)

    seen = {(name, benefit["status"]) for s in ANSWERED for name, benefit in s["benefits"].items()}
    # The table of clauses has the others, and what is stated of charges brought.
    others = {"protective-services", "care-in-specialised-shelters", "mentors-for-children"}
    assert {name for name, _ in seen} | others == BENEFITS
    assert {status for _, status in seen} == STATUSES
    for state in ("met", "not_met"):
        stated = {fact for s in SITUATIONS for fact in s["case"].get(state, [])}
        assert stated - {"takes-part-in-proceedings"} == set(FACTS) - {"charges-brought"}


ALBANIAN = {
    "citizenship": "ALB",
    "age": 30,
    "met": [
        *("identified", "assists-prosecution", "takes-part-in-proceedings"),
        *("able-to-bring-charges", "criminal-case-ended"),
    ],
    "not_met": "conviction",
}


def test_end_of_the_case_ends_renewal(belgium: Regime) -> None:
    benefits = {each["name"]: each for each in answer_to(belgium, ALBANIAN)["benefits"]}

    assert benefits["six-month-permit"]["renewable_until"] == "end-of-criminal-case"
    assert benefits["six-month-permit"]["renewable"] is False
    assert benefits["permanent-residency"]["final"] is True
    pending = {**ALBANIAN, "met": ["identified"], "not_met": ["criminal-case-ended"]}
    benefits = {each["name"]: each for each in answer_to(belgium, pending)["benefits"]}
    assert benefits["six-month-permit"]["renewable"] is True


def test_benefit_has_duration_grants_and_decider(belgium: Regime) -> None:
    benefits = {each["name"]: each for each in answer_to(belgium, ALBANIAN)["benefits"]}
    stay = {name: benefit for name, benefit in benefits.items() if benefit["basis"] == "ladder"}

    assert {name: benefit["duration"] for name, benefit in stay.items()} == {
        "reflection-period": "P45D",
        "three-month-permit": "P3M",
        "six-month-permit": "P6M",
        "indefinite-permit": "indefinite",
        "permanent-residency": "indefinite",
    }
    assert benefits["three-month-permit"]["grants"] == [
        "residence-permit", "work-permit",
    ]  # fmt: skip
    assert benefits["protective-services"]["grants"] == ["protective-services"]
    assert benefits["three-month-permit"]["decided_by"] == "Government of Belgium"
    assert benefits["six-month-permit"]["decided_by"] == "not-stated"
    assert benefits["assistance"]["strength"] == "not-stated"
    assert benefits["restitution"]["strength"] == "could"
    assert benefits["child-shelter"]["basis"] == "stated"


def test_practice_is_reported_for_the_groups_of_the_person(belgium: Regime) -> None:
    child = {"citizenship": "NGA", "age": 16, "unaccompanied": True, "met": "identified"}
    practice = {each["name"]: each for each in answer_to(belgium, child)["practice"]}

    assert practice["few-children-received-permits"]["speaker"] == "US Department of State"
    assert practice["child-residency-hangs-on-cooperation"]["speaker"].startswith("GRETA")
    assert practice["conditions-hard-for-children"]["speech_act"] == "notes"
    assert practice["child-services-lack-capacity"]["benefits"] == ["child-shelter"]
    adult = {each["name"] for each in answer_to(belgium, ALBANIAN)["practice"]}
    assert not adult & {"few-children-received-permits", "child-services-lack-capacity"}
    assert "conditions-hard-for-many" in adult


def test_protections_do_not_depend_on_cooperation(belgium: Regime) -> None:
    child = {"citizenship": "NGA", "age": 16, "unaccompanied": True, "met": "identified"}
    protected = {
        each["name"]
        for each in answer_to(belgium, child)["benefits"]
        if each["cooperation"] == "not-needed" and each["status"] == "available"
    }

    assert protected == {"reflection-period", "child-shelter", "mentors-for-children"}


def test_benefits_are_grouped_by_their_dependence_on_cooperation(belgium: Regime) -> None:
    adult = {"citizenship": "NGA", "age": 30, "met": "identified"}
    groups: dict[str, set[str]] = {}
    for each in answer_to(belgium, adult)["benefits"]:
        groups.setdefault(each["cooperation"], set()).add(each["name"])

    assert groups["not-needed"] == {
        "reflection-period", "social-services", "child-shelter", "mentors-for-children",
    }  # fmt: skip
    assert groups["open"] == {
        "specialised-shelter", "care-in-specialised-shelters", "six-month-permit",
    }  # fmt: skip
    assert groups["proceeding-needed"] == {
        "video-testimony", "restitution", "compensation-claim", "compensation-in-court",
        "commission-assistance", "indefinite-permit", "permanent-residency",
    }  # fmt: skip
    assert groups["needed"] == {
        "assistance", "three-month-permit", "protective-services", "relief-from-deportation",
        "relief-from-other-penalties",
    }  # fmt: skip


def test_conditions_have_connectives(belgium: Regime) -> None:
    benefits = {each["name"]: each for each in answer_to(belgium, ALBANIAN)["benefits"]}

    def joined(name: str) -> set[object]:
        return {each["connective"] for each in benefits[name]["conditions"]}

    assert joined("video-testimony") == {"any-of"}
    assert joined("assistance") == {"all-of"}
    assert joined("indefinite-permit") == {"all-of", "none-of"}
    assert joined("six-month-permit") == {None}


def test_open_readings_arise_with_both_readings(belgium: Regime) -> None:
    refusing = {
        "citizenship": "ROU",
        "age": 30,
        "met": "identified",
        "not_met": "assists-prosecution",
    }
    answer = answer_to(belgium, refusing)
    arising = {each["name"]: each for each in answer["open_readings"]}
    [repatriation] = answer["consequences"]

    assert set(repatriation["open_readings"]) == {
        "repatriation-of-eu-citizens", "conditions-not-agreed-to",
    }  # fmt: skip
    assert "foreign-and-eu-citizens" in arising
    assert set(repatriation["open_readings"]) <= set(arising)
    keys = ("wider", "narrower", "passages")
    assert all(each[key] for each in arising.values() for key in keys)
    assert "pending-trial" not in arising, "the norm that it concerns is not about EU citizens"


@pytest.mark.parametrize(
    ("case", "arises", "does_not"),
    [
        ({"met": "potential"}, "reflection-period-of-potential-victims", "pending-trial"),
        ({"met": "potential"}, "shelter-and-criteria", "foreign-and-eu-citizens"),
        ({"met": "identified"}, "shelter-and-criteria", "reflection-period-of-potential-victims"),
        ({"not_met": "conviction", "met": "able-to-bring-charges"}, "pending-trial", "x"),
        ({"not_met": "agrees-to-conditions"}, "conditions-not-agreed-to", "x"),
        ({"met": "prosecutor-confirmed"}, "individuals-confirmed", "x"),
        ({"met": "conviction-and-sentence"}, "individuals-confirmed", "pending-trial"),
    ],
)
def test_open_reading_arises_only_where_it_matters(case, arises, does_not, belgium):
    kosovar = {"citizenship": "XKX", "age": 20, "unaccompanied": False, **case}
    if does_not == "pending-trial" and case["met"] == "potential":
        kosovar["citizenship"] = "FRA"
    if does_not == "foreign-and-eu-citizens":
        kosovar["citizenship"] = "stateless"
    arising = {each["name"] for each in answer_to(belgium, kosovar)["open_readings"]}

    assert arises in arising
    assert does_not not in arising


def test_reading_that_includes_more_persons_gives_them_more(belgium: Regime) -> None:
    potential = {"citizenship": "FRA", "age": 30, "met": "potential"}
    benefits = {each["name"]: each for each in answer_to(belgium, potential)["benefits"]}

    assert benefits["reflection-period"]["by_reading"] == {
        "wider": "available",
        "narrower": "not-stated",
    }
    assert benefits["three-month-permit"]["by_reading"] == {
        "wider": "undetermined",
        "narrower": "not-stated",
    }


def test_consequence_is_open_while_it_is_unknown_whom_it_affects(belgium: Regime) -> None:
    disagreeing = {"age": 30, "not_met": "agrees-to-conditions"}
    [unknown] = answer_to(belgium, disagreeing)["consequences"]
    [foreign] = answer_to(belgium, {**disagreeing, "citizenship": "MDA"})["consequences"]

    assert (unknown["status"], unknown["depends_on"]) == ("undetermined", ["citizenship"])
    assert foreign["status"] == "reported-to-follow"


def test_similar_fact_lists_its_changes(belgium: Regime) -> None:
    assisting = {"citizenship": "ALB", "age": 30, "met": ["identified", "assists-prosecution"]}
    [similar] = answer_to(belgium, assisting)["similar_facts"]

    assert (similar["fact"], similar["similar_fact"]) == (
        "assists-prosecution",
        "takes-part-in-proceedings",
    )
    assert similar["if_met"] == [
        {"name": "three-month-permit", "aspect": "status", "from": "undetermined",
         "to": "available"},
    ]  # fmt: skip
    assert similar["if_not_met"] == [
        {"name": name, "aspect": "status", "from": "undetermined", "to": "condition-not-met"}
        for name in ("protective-services", "three-month-permit")
    ]


def test_eu_membership_depends_on_dates(belgium: Regime) -> None:
    def is_non_eu(*countries: str) -> bool:
        answer = answer_to(belgium, {"citizenship": list(countries)})
        return "NonEUVictim" in answer["case"]["categories"]

    assert is_non_eu("GBR"), "it had left"
    assert is_non_eu("CHE")
    assert is_non_eu("stateless")
    assert not is_non_eu("HRV"), "the last to join"
    assert not is_non_eu("BRA", "PRT")


def test_case_in_an_answer_can_be_assessed_again(belgium: Regime) -> None:
    answer = answer_to(belgium, ALBANIAN)
    again = {key: value for key, value in answer["case"].items() if key != "categories"}

    assert statuses(answer_to(belgium, again)) == statuses(answer)


def test_all_criteria_met_means_agreement(belgium: Regime) -> None:
    """A victim who meets the criteria agrees to them, so that repatriation does not follow."""
    meeting = {"citizenship": "MDA", "age": 30, "met": ["identified", "contact-broken-off",
               "counselling-accepted", "assists-prosecution"]}  # fmt: skip

    assert answer_to(belgium, meeting)["consequences"] == []


def test_not_agreeing_leaves_assistance_open_with_both_outcomes(belgium: Regime) -> None:
    case = {"citizenship": "MDA", "age": 30, "met": "identified", "not_met": "agrees-to-conditions"}
    answer = answer_to(belgium, case)
    benefits = {each["name"]: each for each in answer["benefits"]}

    assert benefits["assistance"]["status"] == "undetermined"
    assert benefits["assistance"]["by_reading"] == {"wider": "undetermined", "narrower": "blocked"}
    assert [each["status"] for each in answer["consequences"]] == ["reported-to-follow"]


def test_consequence_lists_for_whom_no_exception_is_named(belgium: Regime) -> None:
    child = {"citizenship": "ROU", "age": 12, "unaccompanied": True}
    [repatriation] = answer_to(belgium, child)["consequences"]

    assert repatriation["no_exception_for"] == [
        "children", "unaccompanied children", "citizens of the European Union",
    ]  # fmt: skip


def test_practice_is_related_by_cooperation_place_and_provider(belgium: Regime) -> None:
    adult = {each["name"]: each["benefits"] for each in answer_to(belgium, ALBANIAN)["practice"]}
    child = {"citizenship": "VNM", "age": 15, "met": "identified"}
    young = {each["name"]: each["benefits"] for each in answer_to(belgium, child)["practice"]}

    assert "three-month-permit" in adult["legal-costs-discouraged"]
    assert young["many-children-went-missing"] == ["child-shelter", "mentors-for-children"]
