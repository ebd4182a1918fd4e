"""The questions of `tipgraph assess --interactive`: only those that matter for the answer.

Questions go to standard error, so that the answer can be piped; replies do not enter the history of
the shell.
"""

from collections.abc import Iterator
from typing import Any

import click

from tipgraph.assess.case import Case
from tipgraph.assess.evaluate import assess
from tipgraph.assess.matrix import list_facts
from tipgraph.assess.parse_case import facts, read_case
from tipgraph.assess.regime import Regime
from tipgraph.errors import InputError
from tipgraph.namespaces import last_part

TRAITS = {
    "citizenship": "Citizenships? (codes such as NGA, or stateless)",
    "age": "Age in completed years?",
    "unaccompanied": "Without a responsible adult? (y, n)",
}
KEYS = {"y": "met", "n": "not_met"}
TRUTHS = {"y": True, "n": False}
UNKNOWN = "?"


def ask_questions(regime: Regime, case: Case) -> Case:
    """The case with the replies added; `?` or an empty reply leaves the matter unknown."""
    click.echo(f"Press Enter, or type {UNKNOWN}, to leave a question open.", err=True)
    asked: set[str] = set()
    while question := next((q for q in _open_questions(regime, case) if q not in asked), None):
        asked.add(question)
        case = _ask(regime, case, question)
    return case


def _open_questions(regime: Regime, case: Case) -> Iterator[str]:
    """Yield the questions that undetermined outcomes depend on: traits first, then facts."""
    answer = assess(regime, case).answer
    undetermined = [each for each in answer.outcomes if each.status == "undetermined"]
    questions = [question for each in undetermined for question in each.depends_on]
    questions += [
        each.ended_by
        for each in answer.benefits
        if each.is_favourable and each.renewable is None and each.ended_by
    ]
    known = {*TRAITS, *map(last_part, facts(regime.engine))}
    yield from sorted((each for each in dict.fromkeys(questions) if each in known), key=_rank)


def _rank(question: str) -> int:
    first = [*TRAITS, "identified", "potential"]
    return first.index(question) if question in first else len(first)


def _ask(regime: Regime, case: Case, question: str) -> Case:
    texts = {each.fact: f"{each.meaning} ({each.sentences}) y, n" for each in list_facts(regime)}
    text = TRAITS.get(question) or texts[question]
    while True:
        reply = _prompt(text)
        if reply == UNKNOWN:
            return case
        try:
            document = _with_reply(case.as_dict(), question, reply)
            return read_case(document, regime.engine, regime.resources)
        except InputError as error:
            click.echo(str(error), err=True)


def _prompt(text: str) -> str:
    try:
        reply: str = click.prompt(text, default=UNKNOWN, err=True)
    except click.Abort:
        click.echo("\ncancelled; no reply was stored", err=True)
        raise
    return reply.strip()


def _with_reply(document: dict[str, Any], question: str, reply: str) -> dict[str, Any]:
    """The document with the reply added. Raises InputError for an invalid reply."""
    if question == "citizenship":
        return {**document, "citizenship": reply.replace(",", " ").split()}
    if question == "age":
        return {**document, "age": int(reply) if reply.lstrip("-").isdigit() else reply}
    if reply.lower() not in KEYS:
        raise InputError(f"invalid reply {reply!r}; answer y, n or {UNKNOWN}")
    if question == "unaccompanied":
        return {**document, "unaccompanied": TRUTHS[reply.lower()]}
    key = KEYS[reply.lower()]
    return {**document, key: [*document.get(key, []), question]}
