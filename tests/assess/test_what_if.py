"""Other states of facts change the answer."""

from typing import Any

import pytest

import tipgraph
from tipgraph.assess.regime import Regime
from tipgraph.errors import InputError

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
def test_what_if_lists_exactly_the_changes(case, assumed, shipped: tipgraph.LocalGraph):
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


def test_finality_changes_only_where_the_benefit_was_blocked_before(shipped: tipgraph.LocalGraph):
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
