"""The brief answer: its lines, their order, and what they name."""

from typing import Any

import pytest

from tipgraph.assess.regime import Regime
from tipgraph.assess.render import text
from tipgraph.assess.wording import premise
from tipgraph.graph import LocalGraph

from .kit import answer_to, assessed, markdown, sentences
from .test_situations import FURTHER, SITUATIONS

CHILD = {
    "citizenship": "NGA", "age": 16, "unaccompanied": True, "not_met": "assists-prosecution",
}  # fmt: skip
POTENTIAL = {"citizenship": "FRA", "age": 30, "met": "potential"}


def brief(regime: Regime, case: dict[str, Any]) -> str:
    return text(assessed(regime, case), is_brief=True)


def section(written: str, title: str) -> str:
    """The lines of a section, as one line; empty where there is none."""
    lines = written.split("\n")
    starts = [at for at, line in enumerate(lines) if line.split(":")[0] == title]
    if not starts:
        return ""
    rest = lines[starts[0] + 1 :]
    end = next(at for at, line in enumerate(rest) if not line.startswith(" "))
    return " ".join(" ".join([lines[starts[0]], *rest[:end]]).split())


MANY = pytest.mark.slow(reason="answers every situation; one in eight is among the quick tests")


@pytest.mark.parametrize(
    "situation",
    [
        pytest.param(each, marks=MANY if number % 8 else (), id=each["name"])
        for number, each in enumerate([*SITUATIONS, *FURTHER])
        if "error" not in each
    ],
)
def test_brief_answer_fits_on_a_screen_and_names_every_outcome_with_its_sentence(
    situation: dict[str, Any], belgium: Regime
) -> None:
    written = brief(belgium, situation["case"])
    lines = written.rstrip("\n").split("\n")
    assert len(lines) <= 44
    assert max(map(len, lines)) <= 100

    words = " ".join(written.split())
    answer = answer_to(belgium, situation["case"])
    for each in (*answer["benefits"], *answer["consequences"]):
        if each["status"] != "not-applicable":
            assert each["short_name"] in words
            assert all(sentence in words for sentence in sentences(answer, each))
    assert "https://" not in words


def test_consequences_follow_what_is_available(belgium: Regime) -> None:
    written = brief(belgium, CHILD)
    titles = ["Case", "Available", "Consequences", "Possible, at", "Open", "Blocked", "Next step"]
    at = [written.index(f"\n{title}") for title in titles]

    assert written.startswith("No legal advice. This is what one source reports")
    assert at == sorted(at)


def test_consequence_names_for_whom_there_is_no_exception(belgium: Regime) -> None:
    child = section(brief(belgium, {**CHILD, "citizenship": "ROU"}), "Consequences")
    adult = section(brief(belgium, {"citizenship": "NGA", "age": 30}), "Consequences")

    assert "repatriation to the country of origin (S23)" in child
    assert (
        "the source names no exception for children / unaccompanied children /"
        " citizens of the European Union" in child
    )
    assert "no exception" not in adult


def test_person_and_benefits_are_named_in_plain_words(belgium: Regime) -> None:
    written = brief(belgium, CHILD)

    assert "a child victim, aged 16, unaccompanied, citizen of Nigeria" in written
    assert "a place in a shelter for foreign unaccompanied children (S18)" in written
    unknown = brief(belgium, {"age": 30, "met": "identified"})
    assert "an identified adult victim of unknown citizenship, aged 30" in unknown
    assert "a victim of unknown age and citizenship" in brief(belgium, {})


def test_open_benefit_shows_both_outcomes_of_its_reading(belgium: Regime) -> None:
    refusing = {"citizenship": "ROU", "age": 35, "met": "identified",
                "not_met": "assists-prosecution"}  # fmt: skip
    opened = section(brief(belgium, refusing), "Open")

    assert (
        "access to an NGO-run shelter (S16): whether access to the NGO-run shelters and their care"
        " are among the services that depend on the three criteria: available if they are not,"
        " blocked if they are" in opened
    )
    assert "not stated if foreign means from outside the European Union" in opened


def test_blocked_benefits_with_one_reason_share_a_line(belgium: Regime) -> None:
    assert section(brief(belgium, CHILD), "Blocked") == (
        "Blocked victim assistance services (S22); relief from deportation; relief from other"
        " penalties (S38): for now, by: assists the prosecution (not met)"
    )


def test_video_testimony_of_a_child_is_at_least_possible(belgium: Regime) -> None:
    [video] = [e for e in answer_to(belgium, CHILD)["benefits"] if e["name"] == "video-testimony"]

    assert (video["status"], video["at_least"]["status"]) == ("undetermined", "discretionary")
    assert video["at_least"]["name"] == "power-to-permit-video-testimony"
    assert (
        "testimony by video (S31, S32): at least possible, at discretion (S32); depends on: living"
        " abroad; under physical threat" in section(brief(belgium, CHILD), "Open")
    )
    adult = answer_to(belgium, POTENTIAL)["benefits"]
    assert all(each["at_least"] is None for each in adult)


def test_acts_of_the_victim_are_available_and_a_possible_benefit_has_its_note(belgium):
    written = brief(belgium, CHILD)
    own_acts = section(written, "Available")

    assert "a claim to compensation in a local court (S34)" in own_acts
    assert "a request for compensation to the Commission for Financial Assistance (S35)" in own_acts
    assert (
        "restitution from confiscated assets (S33) — What prosecutors could do is to request it"
        in section(written, "Possible, at the discretion of those who decide")
    )
    assert "compensation awarded by a local court (S34)" in section(brief(belgium, CHILD), "Open")


def test_potential_victim_is_taken_as_a_victim(belgium: Regime) -> None:
    answer = answer_to(belgium, POTENTIAL)
    case = section(brief(belgium, POTENTIAL), "Case")

    assert answer["premise"] in case
    assert "taken as a victim" in answer["premise"]
    assert "potential victims apart (S03, S24)" in answer["premise"]
    assert "a 45-day reflection period (S23) depends on it" in answer["premise"]
    assert answer["premise"] in " ".join(text(assessed(belgium, POTENTIAL)).split())
    assert answer_to(belgium, CHILD)["premise"] is None


@pytest.mark.parametrize(
    ("case", "steps"),
    [
        ({}, [("ask", ["age", "citizenship"], []),
              ("identification", ["identified"], ["reflection-period"])]),
        (POTENTIAL, [("identification", ["identified"], ["reflection-period"])]),
        ({"citizenship": "NGA", "age": 30, "met": ["potential", "prosecutor-confirmed"]},
         [("identification", ["identified"], ["reflection-period"])]),
        ({"citizenship": "NGA", "age": 30, "met": "identified"},
         [("rung", ["takes-part-in-investigations", "takes-part-in-prosecutions"],
           ["three-month-permit"])]),
        ({"citizenship": "NGA", "age": 30, "met": ["identified", "prosecutor-confirmed",
          "takes-part-in-proceedings"]},
         [("rung", ["able-to-bring-charges"], ["indefinite-permit"]),
          ("rung", ["conviction-and-sentence"], ["permanent-residency"])]),
        ({"citizenship": "BEL", "age": 30, "met": "identified"}, []),
    ],
)  # fmt: skip
def test_next_steps(case: dict[str, Any], steps: list[Any], belgium: Regime) -> None:
    found = answer_to(belgium, case)["next_steps"]

    assert [(each["kind"], each["facts"], each["benefits"]) for each in found] == steps


def test_next_step_states_what_has_to_happen_and_by_whom(belgium: Regime) -> None:
    identified = {"citizenship": "NGA", "age": 30, "met": "identified"}
    confirmed = {**identified, "met": ["identified", "takes-part-in-proceedings"]}

    assert section(brief(belgium, {}), "Next step") == (
        "Next step Ask for age and citizenship: most of the answer depends on both"
        " Identification (by whom is not stated): a 45-day reflection period (S23) depends on it"
    )
    assert section(brief(belgium, identified), "Next step").endswith(
        "For a three-month residence and work permit (S25): the victim would have to take part in"
        " investigations or take part in prosecutions; whether one is enough is open"
    )
    assert section(brief(belgium, confirmed), "Next step").endswith(
        "a public prosecutor confirms that the person is a trafficking victim"
    )
    refusing = {**identified, "not_met": "takes-part-in-proceedings"}
    assert section(brief(belgium, refusing), "Next step").endswith("whether one is enough is open")


def test_person_who_may_be_covered_still_needs_the_other_readings(belgium: Regime) -> None:
    investigated = {
        "citizenship": "HUN",
        "age": 40,
        "met": ["identified", "takes-part-in-investigations"],
        "not_met": "takes-part-in-prosecutions",
    }

    assert (
        "a three-month residence and work permit (S25): available if foreign means not Belgian and"
        " taking part in either was enough, not stated if foreign means from outside the European"
        " Union"
    ) in section(brief(belgium, investigated), "Open")


def test_brief_markdown_has_the_same_sections(belgium: Regime) -> None:
    written = markdown(assessed(belgium, CHILD), is_brief=True)

    assert "\n> No legal advice." in written
    assert "## Consequences\n\n- repatriation to the country of origin (S23)" in written
    assert written.count("\n") < 60


def test_premise_needs_no_sentence_on_potential_victims(shipped: LocalGraph) -> None:
    answer = shipped.assess(POTENTIAL, edition="tip-2019-be").answer

    assert answer.on_potential_victims == ()
    assert premise(answer) == "The person is taken as a victim here."
