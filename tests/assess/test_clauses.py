"""Situations for each point of a lawyer's reading of Belgium 2021, written from the text first.

A case is a citizenship, an age, `alone` or `accompanied`, and facts that are met (`+`) or not met
(`-`). An outcome is `NAME=STATUS`, with `!` if it is final, or `NAME={WIDER|NARROWER}` by the two
readings; facts after a colon block it or decide it. `none` is a consequence that is not stated.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.assess.kit import answer_to
from tipgraph.assess.regime import Regime
from tipgraph.errors import InputError

with Path(__file__).with_name("clauses.tsv").open(encoding="utf-8", newline="") as opened:
    CLAUSES = list(csv.DictReader(opened, delimiter="\t"))
OUTCOME = re.compile(r"(?P<name>[\w-]+)=(?P<status>\{.*\}|[\w,-]+)(?P<final>!?)(?::(?P<facts>.*))?")


def read(case: str) -> dict[str, Any]:
    """The case that a line describes."""
    words = case.split()
    facts = [word for word in words if word[0] in "+-"]
    ages = [int(word) for word in words if word.isdigit()]
    countries = [word for word in words if word.isupper() or word == "stateless"]
    company = {"alone": True, "accompanied": False}
    stated = [company[word] for word in words if word in company]
    return {
        **({"citizenship": countries} if countries else {}),
        **({"age": ages[0]} if ages else {}),
        **({"unaccompanied": stated[0]} if stated else {}),
        "met": [fact[1:] for fact in facts if fact[0] == "+"],
        "not_met": [fact[1:] for fact in facts if fact[0] == "-"],
    }


def names(text: str) -> set[str]:
    return set() if text == "none" else set(text.split(","))


def unmet(answer: dict[str, Any], outcome: str) -> Iterator[str]:
    """Yield how the answer differs from an expected outcome."""
    found = OUTCOME.fullmatch(outcome)
    assert found, outcome
    name, wanted = found["name"], found["status"]
    every = {each["name"]: each for each in (*answer["benefits"], *answer["consequences"])}
    steps = answer["next_steps"]
    practice = {each["name"] for each in answer["practice"]}
    match name:
        case "rungs":
            actual: Any = {each["benefits"][0] for each in steps if each["kind"] == "rung"}
            expected: Any = names(wanted)
        case "asks":
            asked = {fact for each in steps if each["kind"] == "ask" for fact in each["facts"]}
            actual, expected = names(wanted) & asked, names(wanted)
        case "identification":
            actual = {b for e in steps if e["kind"] == name for b in e["benefits"]}
            expected = names(wanted)
        case "concern":
            actual = {each["benefits"][0] for each in steps if each["concerns"]}
            expected = names(wanted)
        case "practice":
            actual, expected = practice & names(wanted), names(wanted)
        case "no-practice":
            actual, expected = practice & names(wanted), set()
        case "reading":
            actual, expected = set(every[wanted]["open_readings"]), names(found["facts"])
        case "decides":
            decided = every[wanted]["decided_by"]
            actual, expected = (
                decided,
                {"own-act": "the victim"}.get(found["facts"], found["facts"]),
            )
        case "cooperation":
            actual, expected = every[wanted]["cooperation"], found["facts"]
        case _:
            if wanted == "none":
                actual, expected = name in every, False
            elif wanted[0] == "{":
                wider, narrower = wanted[1:-1].split("|")
                actual = every[name]["by_reading"]
                expected = {"wider": wider, "narrower": narrower}
            else:
                actual, expected = every[name]["status"], wanted
            if found["final"] and not every[name]["final"]:
                yield f"{name} is not final"
            if found["facts"]:
                by = every[name].get("blocked_by") or every[name]["depends_on"]
                if set(by) != names(found["facts"]):
                    yield f"{name} depends on {by}"
    if actual != expected:
        yield f"{outcome}: {actual}"


@pytest.mark.parametrize(
    "clause", CLAUSES, ids=lambda each: f"{each['clause']} {each['situation']}"
)
def test_clause(clause: dict[str, str], belgium: Regime) -> None:
    case = read(clause["case"])
    if clause["outcomes"] == "contradiction":
        with pytest.raises(InputError, match="contradiction"):
            answer_to(belgium, case)
        return
    answer = answer_to(belgium, case)

    assert [e for outcome in split(clause["outcomes"]) for e in unmet(answer, outcome)] == []


def split(outcomes: str) -> list[str]:
    return outcomes.split()


def test_each_point_has_situations() -> None:
    assert len(CLAUSES) >= 80
    assert {each["clause"] for each in CLAUSES} == set("12345789") | {"10"}
