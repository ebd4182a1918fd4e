"""Questions about a case: what still matters for the answer, and nothing else.

Questions go to standard error, so that the answer can be piped; nothing stays in a shell's history.
"""

from collections.abc import Iterator
from typing import Any

import click

from tipgraph.assess.case import Case
from tipgraph.assess.evaluate import assess
from tipgraph.assess.model import Benefit, Consequence
from tipgraph.assess.parse_case import facts, read_case
from tipgraph.assess.regime import Regime
from tipgraph.errors import InputError
from tipgraph.namespaces import last_part

TRAITS = {
    "citizenship": "Citizen of which countries? (codes such as NGA, or stateless)",
    "age": "How old, in completed years?",
    "unaccompanied": "Without a responsible adult? (y, n)",
}
KEYS = {"y": "met", "n": "notMet"}
TRUTHS = {"y": True, "n": False}
UNKNOWN = "?"


def interview(regime: Regime, case: Case) -> Case:
    """The case with the answers to what is asked; `?`, or nothing, leaves a thing unknown."""
    click.echo(f"An empty answer, or {UNKNOWN}, leaves a thing unknown.", err=True)
    asked: set[str] = set()
    while question := next((each for each in _needed(regime, case) if each not in asked), None):
        asked.add(question)
        case = _answered(regime, case, question)
    return case


def _needed(regime: Regime, case: Case) -> Iterator[str]:
    """What undetermined things and renewing turn on: traits first, then facts."""
    answer = assess(regime, case).answer
    told: list[Benefit | Consequence] = [*answer.rungs, *answer.services, *answer.consequences]
    needs = [need for each in told if each.status == "undetermined" for need in each.needs]
    renewing = (rung for rung in answer.rungs if rung.is_open and rung.renewable is None)
    needs += [rung.ended_by for rung in renewing if rung.ended_by]
    known = {*TRAITS, *map(last_part, facts(regime.engine))}
    yield from sorted((n for n in dict.fromkeys(needs) if n in known), key=_place)


def _place(need: str) -> int:
    first = [*TRAITS, "identified", "potential"]
    return first.index(need) if need in first else len(first)


def _answered(regime: Regime, case: Case, question: str) -> Case:
    meanings = {name: (meaning, places) for name, meaning, _, places in regime.described_facts()}
    text = TRAITS.get(question) or "{} ({}) y, n".format(*meanings[question])
    while True:
        said = _said(text)
        if said == UNKNOWN:
            return case
        try:
            document = _with(case.as_dict(), question, said)
            return read_case(document, regime.engine, regime.resources)
        except InputError as error:
            click.echo(str(error), err=True)


def _said(text: str) -> str:
    try:
        said: str = click.prompt(text, default=UNKNOWN, err=True)
    except click.Abort:
        click.echo("\nbroken off; nothing of it is kept", err=True)
        raise
    return said.strip()


def _with(document: dict[str, Any], question: str, said: str) -> dict[str, Any]:
    """The document with what was said. Raises InputError for what is no answer."""
    if question == "citizenship":
        return {**document, "citizenship": said.replace(",", " ").split()}
    if question == "age":
        return {**document, "age": int(said) if said.lstrip("-").isdigit() else said}
    if said.lower() not in KEYS:
        raise InputError(f"answer y, n or {UNKNOWN}")
    if question == "unaccompanied":
        return {**document, "unaccompanied": TRUTHS[said.lower()]}
    key = KEYS[said.lower()]
    return {**document, key: [*document.get(key, []), question]}
