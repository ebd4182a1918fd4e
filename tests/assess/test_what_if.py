"""Other states of facts change the answer; a table has all combinations."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import pytest

import tipgraph
from tipgraph.assess.case import read_case
from tipgraph.assess.matrix import Group, matrix
from tipgraph.assess.regime import Regime
from tipgraph.errors import InputError, UsageError

from .kit import answer_to, statuses

ROMANIAN = {"citizenship": "ROU", "age": 30, "met": ["identified"]}
ALBANIAN = {"citizenship": "ALB", "age": 30, "met": ["identified"]}


@pytest.mark.parametrize(
    ("case", "assumed"),
    [
        (ALBANIAN, {"assists-prosecution": "not-met"}),
        (ALBANIAN, {"takes-part-in-proceedings": "met", "prosecutor-confirmed": "met"}),
        (ALBANIAN, {"identified": "unknown"}),
        (ROMANIAN, {"agrees-to-conditions": "met"}),
        ({**ALBANIAN, "not_met": ["able-to-bring-charges"]}, {"able-to-bring-charges": "met"}),
        (ALBANIAN, {"living-abroad": "unknown"}),
    ],
)
def test_what_if_lists_exactly_the_changes(
    case: dict[str, Any], assumed: dict[str, str], shipped: tipgraph.LocalGraph
) -> None:
    """The changes are the differences from the answer to the case with those facts."""
    belgium = shipped.regime()
    what_if = shipped.assess(case, what_if=assumed).what_if
    other = {key: list(value) if isinstance(value, list) else value for key, value in case.items()}
    for fact, state in assumed.items():
        for key in ("met", "not_met"):
            other[key] = [each for each in other.get(key, []) if each != fact]
        if state != "unknown":
            other["met" if state == "met" else "not_met"].append(fact)
    before, after = statuses(answer_to(belgium, case)), statuses(answer_to(belgium, other))

    if assumed == {"living-abroad": "unknown"}:
        assert what_if is not None
        assert what_if.changes == ()
        return
    assert what_if is not None
    actual = {each.name: (each.before, each.after) for each in what_if.changes
            if each.aspect == "status"}  # fmt: skip
    names = {*before, *after}
    assert actual == {
        name: (before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    }
    assert actual


CONFIRMED = {"citizenship": "ALB", "met": ["identified", "prosecutor-confirmed"]}
REFUSING = {"citizenship": "ALB", "met": ["identified"], "not_met": ["assists-prosecution"]}


@pytest.mark.parametrize(
    ("case", "assumed", "change"),
    [
        (CONFIRMED, "met", ("six-month-permit", "renewable", None, False)),
        (CONFIRMED, "not-met", ("six-month-permit", "renewable", None, True)),
        (REFUSING, "met", ("assistance", "final", False, True)),
    ],
)
def test_end_of_the_case_changes_renewal_and_finality(
    case: dict[str, Any],
    assumed: str,
    change: tuple[object, ...],
    shipped: tipgraph.LocalGraph,
) -> None:
    what_if = shipped.assess(case, what_if={"criminal-case-ended": assumed}).what_if

    assert what_if is not None
    assert change in what_if.changes


def test_finality_changes_only_where_the_benefit_was_blocked_before(
    shipped: tipgraph.LocalGraph,
) -> None:
    what_if = shipped.assess(ALBANIAN, what_if={"criminal-case-ended": "met"}).what_if

    assert what_if is not None
    assert [each.aspect for each in what_if.changes if each.name == "restitution"] == ["status"]


def test_similar_fact_that_contradicts_the_case_changes_nothing(belgium: Regime) -> None:
    """A person who meets all three criteria of S22 agrees to them."""
    case = {
        **ALBANIAN,
        "met": ["identified", "takes-part-in-proceedings", "contact-broken-off",
                "counselling-accepted"],
        "not_met": ["agrees-to-conditions"],
    }  # fmt: skip
    [similar] = answer_to(belgium, case)["similar_facts"]

    assert similar["similar_fact"] == "assists-prosecution"
    assert similar["if_met"] == []
    assert similar["if_not_met"] != []


def test_what_if_that_contradicts_the_case_is_rejected(shipped: tipgraph.LocalGraph) -> None:
    with pytest.raises(InputError, match=r"identified \(met\) and potential \(met\)"):
        shipped.assess(ALBANIAN, what_if={"potential": "met"})


def test_what_if_with_an_unknown_state_is_rejected(shipped: tipgraph.LocalGraph) -> None:
    with pytest.raises(
        InputError, match="unknown state 'maybe' of a fact; use met, not-met, unknown"
    ):
        shipped.assess(ALBANIAN, what_if={"identified": "maybe"})


def test_what_if_with_an_unknown_fact_is_rejected(shipped: tipgraph.LocalGraph) -> None:
    with pytest.raises(InputError, match="unknown fact 'x'"):
        shipped.assess(ALBANIAN, what_if={"x": "met"})


def table(regime: Regime, case: Mapping[str, Any]) -> tuple[Group, ...]:
    return matrix(regime, read_case(case, regime.engine)).groups


def test_matrix_has_all_combinations(belgium: Regime) -> None:
    for group in table(belgium, ALBANIAN):
        states = [row for row, _ in group.rows]
        every = product(("met", "not-met"), repeat=len(group.facts))
        assert states == [each for each in every if not contradictory(group.facts, each)]


def contradictory(facts: Sequence[str], states: Sequence[str]) -> bool:
    """Return whether the states contradict each other, such as a sentence without conviction."""
    state = dict(zip(facts, states, strict=True))
    convicted = state.get("conviction")
    unagreed = state.get("agrees-to-conditions") == "not-met"
    criteria = ("contact-broken-off", "counselling-accepted", "assists-prosecution")
    return ((state.get("conviction-and-sentence"), convicted) == ("met", "not-met")) or (
        unagreed and all(state.get(each) == "met" for each in criteria)
    )


def test_matrix_row_equals_the_answer_to_its_case(belgium: Regime) -> None:
    groups = table(belgium, ALBANIAN)
    assert {group.facts for group in groups} == {
        ("assists-prosecution", "contact-broken-off", "counselling-accepted"),
        ("takes-part-in-investigations", "takes-part-in-prosecutions"),
        ("prosecutor-confirmed",),
        ("able-to-bring-charges", "conviction", "criminal-case-ended"),
        ("conviction-and-sentence",),
        ("living-abroad", "under-physical-threat"),
        ("intentional-violence-proved",),
        ("agrees-to-conditions",),
    }
    for group in groups:
        # No case changes the conclusions on another, by test_conclusions.py.
        for states, found in (group.rows[0], group.rows[-1]):
            by_state = {
                key: [f for f, s in zip(group.facts, states, strict=True) if s == state]
                for key, state in (("met", "met"), ("not_met", "not-met"))
            }
            case = {**ALBANIAN, "met": ["identified", *by_state["met"]],
                    "not_met": by_state["not_met"]}  # fmt: skip
            actual = statuses(answer_to(belgium, case))
            assert [actual.get(name, "does-not-follow") for name in group.outcomes] == list(found)


def test_matrix_keeps_known_facts(belgium: Regime) -> None:
    actual = {**ALBANIAN, "met": ["identified", "assists-prosecution"]}
    facts = {fact for group in table(belgium, actual) for fact in group.facts}

    assert "assists-prosecution" not in facts
    assert "contact-broken-off" in facts


def test_matrix_omits_norms_on_other_persons(belgium: Regime) -> None:
    names = {name for group in table(belgium, ROMANIAN) for name in group.outcomes}

    assert "permanent-residency" not in names
    assert "assistance" in names
    citizen = {"citizenship": "BEL", "age": 30, "met": ["identified"]}
    assert "three-month-permit" not in {n for g in table(belgium, citizen) for n in g.outcomes}


def test_matrix_with_too_many_facts_is_rejected(
    belgium: Regime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipgraph.assess.matrix.MAX_FACTS", 2)

    with pytest.raises(UsageError, match="3 facts together decide"):
        table(belgium, ALBANIAN)
