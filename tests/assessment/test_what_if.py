"""What other facts would change, and the table of all combinations."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

import tipgraph
from tipgraph.assess.matrix import Group, matrix
from tipgraph.assess.parse_case import read_case
from tipgraph.assess.regime import Regime
from tipgraph.errors import InputError, UsageError

from .kit import ask, statuses

ROMANIAN = {"citizenship": "ROU", "age": 30, "met": ["identified"]}
ALBANIAN = {"citizenship": "ALB", "age": 30, "met": ["identified"]}


@pytest.mark.parametrize(
    ("case", "supposed"),
    [
        (ALBANIAN, {"assists-prosecution": "not-met"}),
        (ALBANIAN, {"takes-part-in-proceedings": "met", "prosecutor-confirmed": "met"}),
        (ALBANIAN, {"identified": "unknown"}),
        (ROMANIAN, {"agrees-to-conditions": "met"}),
        ({**ALBANIAN, "notMet": ["charges-brought"]}, {"charges-brought": "met"}),
        (ALBANIAN, {"living-abroad": "unknown"}),
    ],
)
def test_what_a_what_if_tells(
    case: dict[str, Any], supposed: dict[str, str], shipped: tipgraph.LocalGraph
) -> None:
    """Just what the case with those facts would say, and no more."""
    belgium = shipped.regime()
    asked = shipped.assess(case, what_if=supposed).what_if
    other = {key: list(value) if isinstance(value, list) else value for key, value in case.items()}
    for fact, state in supposed.items():
        for key in ("met", "notMet"):
            other[key] = [each for each in other.get(key, []) if each != fact]
        if state != "unknown":
            other["met" if state == "met" else "notMet"].append(fact)
    before, after = statuses(ask(belgium, case)), statuses(ask(belgium, other))

    if supposed == {"living-abroad": "unknown"}:
        assert asked is not None
        assert asked.changes == ()
        return
    assert asked is not None
    told = {each.name: (each.before, each.after) for each in asked.changes
            if each.aspect == "status"}  # fmt: skip
    names = {*before, *after}
    assert told == {
        name: (before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    }
    assert told


CONFIRMED = {"citizenship": "ALB", "met": ["identified", "prosecutor-confirmed"]}
REFUSING = {"citizenship": "ALB", "met": ["identified"], "notMet": ["assists-prosecution"]}


@pytest.mark.parametrize(
    ("case", "supposed", "change"),
    [
        (CONFIRMED, "met", ("six-month-permit", "renewable", None, False)),
        (CONFIRMED, "not-met", ("six-month-permit", "renewable", None, True)),
        (REFUSING, "met", ("assistance", "final", False, True)),
    ],
)
def test_that_the_end_of_the_case_changes_more_than_statuses(
    case: dict[str, Any],
    supposed: str,
    change: tuple[object, ...],
    shipped: tipgraph.LocalGraph,
) -> None:
    asked = shipped.assess(case, what_if={"criminal-case-ended": supposed}).what_if

    assert asked is not None
    assert change in asked.changes


def test_that_a_what_if_cannot_contradict_the_case(shipped: tipgraph.LocalGraph) -> None:
    with pytest.raises(InputError, match="identified or potential, not both"):
        shipped.assess(ALBANIAN, what_if={"potential": "met"})


def test_that_a_what_if_names_a_state(shipped: tipgraph.LocalGraph) -> None:
    with pytest.raises(InputError, match="a fact can be met, not-met, unknown, not 'maybe'"):
        shipped.assess(ALBANIAN, what_if={"identified": "maybe"})


def test_that_a_what_if_names_a_fact(shipped: tipgraph.LocalGraph) -> None:
    with pytest.raises(InputError, match="no fact is called 'x'"):
        shipped.assess(ALBANIAN, what_if={"x": "met"})


def table(regime: Regime, case: Mapping[str, Any]) -> list[Group]:
    return matrix(regime, read_case(case, regime.engine, regime.resources))


def test_that_a_matrix_has_all_combinations(belgium: Regime) -> None:
    for group in table(belgium, ALBANIAN):
        states = [row for row, _ in group.rows]
        assert states == list(product(("met", "not-met"), repeat=len(group.facts)))


def test_that_each_row_is_what_the_case_would_say(belgium: Regime) -> None:
    groups = table(belgium, ALBANIAN)
    assert {group.facts for group in groups} == {
        ("assists-prosecution", "contact-broken-off", "counselling-accepted"),
        ("takes-part-in-proceedings",),
        ("prosecutor-confirmed",),
        ("charges-brought", "conviction-and-sentence", "criminal-case-ended"),
        ("living-abroad", "under-physical-threat"),
        ("intentional-violence-proved",),
        ("agrees-to-conditions",),
    }
    for group in groups:
        for states, found in group.rows:
            by_state = {
                key: [f for f, s in zip(group.facts, states, strict=True) if s == state]
                for key, state in (("met", "met"), ("notMet", "not-met"))
            }
            case = {**ALBANIAN, "met": ["identified", *by_state["met"]],
                    "notMet": by_state["notMet"]}  # fmt: skip
            told = statuses(ask(belgium, case))
            assert [told.get(name, "does-not-follow") for name in group.names] == list(found)


def test_that_what_is_told_is_held_to(belgium: Regime) -> None:
    told = {**ALBANIAN, "met": ["identified", "assists-prosecution"]}
    facts = {fact for group in table(belgium, told) for fact in group.facts}

    assert "assists-prosecution" not in facts
    assert "contact-broken-off" in facts


def test_that_norms_on_others_are_left_out(belgium: Regime) -> None:
    names = {name for group in table(belgium, ROMANIAN) for name in group.names}

    assert "permanent-residency" not in names
    assert "assistance" in names
    citizen = {"citizenship": "BEL", "age": 30, "met": ["identified"]}
    assert "three-month-permit" not in {n for g in table(belgium, citizen) for n in g.names}


def test_that_a_table_that_nobody_reads_is_not_made(
    belgium: Regime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipgraph.assess.matrix.MOST", 2)

    with pytest.raises(UsageError, match="3 facts act together on"):
        table(belgium, ALBANIAN)
