"""Assesses a case: runs the rules on it and on its variants, and builds the answer."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from pyoxigraph import Triple

from tipgraph.assess.case import GIVEN, Case
from tipgraph.assess.explain import RENEWABLE, explain
from tipgraph.assess.model import DOES_NOT_FOLLOW, NOT_APPLICABLE, NOT_STATED, READINGS, Answer
from tipgraph.assess.regime import Conclusions, Regime
from tipgraph.errors import InputError
from tipgraph.namespaces import ID, last_part
from tipgraph.store.engine import Embedded
from tipgraph.text import join

STATES = ("met", "not-met", "unknown")

Outcome = str | bool | None
# By the name of a benefit or consequence, and the aspect.
Outcomes = Mapping[tuple[str, str], Outcome]


class Change(NamedTuple):
    """A difference in one aspect of a benefit or a consequence.

    The aspect is `status` (None for a consequence that does not follow), `final` (whether it is
    blocked permanently), `renewable` (None if unknown), or of an outcome that remains undetermined
    `wider` or `narrower` (the status if all open questions are read so).
    """

    name: str
    aspect: str
    before: Outcome
    after: Outcome


class WhatIf(NamedTuple):
    """Other states of some facts, and what they change."""

    facts: Mapping[str, str]
    changes: tuple[Change, ...]


class SimilarFact(NamedTuple):
    """A fact of the case, a similar one that is unknown, and what the latter would change."""

    fact: str
    similar_fact: str
    if_met: tuple[Change, ...]
    if_not_met: tuple[Change, ...]


class Assessment(NamedTuple):
    """The answer to a case, what other facts would change, and the conclusions it rests on."""

    regime: Regime
    answer: Answer
    what_if: WhatIf | None
    similar_facts: tuple[SimilarFact, ...]
    concluded: Embedded

    def proof(self) -> list[Triple]:
        """The case, and each conclusion with the rule, the statements and the conclusions that it
        rests on."""
        store = self.concluded.store
        regime = self.regime
        regime.rules.proving.apply(store, regime.engine.store, regime.edition)
        own = (f"{ID}case/{GIVEN}", f"{ID}derived/conclusion/{GIVEN}/")
        return [quad.triple for quad in store if str(quad.subject)[1:].startswith(own)]


def assess(regime: Regime, case: Case, what_if: Mapping[str, str] | None = None) -> Assessment:
    """Return the benefits, conditions and consequences that the regime has for the case.

    `what_if` maps IRIs of facts to other states (`met`, `not-met`, `unknown`); the assessment lists
    what they would change. Raises InputError for an unknown state, and when the case contradicts
    itself or these states.
    """
    variants = {GIVEN: case, **{name: replace(case, reading=name) for name in READINGS}}
    if what_if:
        if unknown := set(what_if.values()).difference(STATES):
            raise InputError(f"unknown state {min(unknown)!r} of a fact; use {', '.join(STATES)}")
        assumed_case = case.with_facts(what_if)
        variants["what-if"] = assumed_case
        variants |= {f"what-if-{each}": replace(assumed_case, reading=each) for each in READINGS}
    pairs = _similar_facts(regime, case)
    for number, (_, similar) in enumerate(pairs):
        for state in ("met", "not-met"):
            assumed = dict.fromkeys(regime.members(similar), state)
            variants[f"{state}-{number}"] = case.with_facts(assumed)

    # One run of the rules concludes on all variants.
    concluded = regime.conclude(variants)
    conclusions = {name: Conclusions(concluded, name) for name in variants}
    for name in (GIVEN, "what-if"):
        if name in variants:
            _check(regime, conclusions[name])

    @cache
    def outcomes(name: str) -> Outcomes:
        return _outcomes(regime, conclusions[name])

    def changes(variant: str) -> tuple[Change, ...]:
        contradicts = conclusions[variant].contradiction
        return () if contradicts else _changes(outcomes(GIVEN), outcomes(variant))

    by_reading = {name: statuses(conclusions[name]) for name in READINGS}

    def changes_by_reading() -> tuple[Change, ...]:
        """The changes of outcomes that remain undetermined, if open questions are read alike."""
        found, given = statuses(conclusions["what-if"]), statuses(conclusions[GIVEN])
        remaining = [name for name in found if found[name] == given.get(name) == "undetermined"]
        after = {each: statuses(conclusions[f"what-if-{each}"]) for each in READINGS}
        return tuple(
            Change(name, reading, by_reading[reading].get(name), after[reading].get(name))
            for name in remaining
            for reading in READINGS
            if by_reading[reading].get(name) != after[reading].get(name)
        )

    similar_facts = (
        SimilarFact(
            last_part(fact), last_part(similar), changes(f"met-{n}"), changes(f"not-met-{n}")
        )
        for n, (fact, similar) in enumerate(pairs)
    )
    by_name = {last_part(fact): state for fact, state in (what_if or {}).items()}
    return Assessment(
        regime=regime,
        answer=explain(regime, conclusions[GIVEN], case, by_reading),
        what_if=WhatIf(by_name, (*changes("what-if"), *changes_by_reading())) if what_if else None,
        similar_facts=tuple(each for each in similar_facts if each.if_met or each.if_not_met),
        concluded=concluded,
    )


def statuses(conclusions: Conclusions) -> dict[str, str]:
    """The status of each benefit, and of each consequence that follows or may follow."""
    by_iri = {iri: str(each["status"]) for iri, each in conclusions.benefits.items()}
    for head in conclusions.norms_by_head.keys() - by_iri.keys():
        by_iri[head] = conclusions.norms[head]
    return {last_part(iri): status for iri, status in sorted(by_iri.items())
            if status != DOES_NOT_FOLLOW}  # fmt: skip


def _check(regime: Regime, conclusions: Conclusions) -> None:
    """Raise InputError when the facts contradict each other, or nothing follows from a norm."""
    heads = {each.head for each in regime.fact_roles if each.role == "ends_renewal"}
    if lacking := heads.union(conclusions.norms_by_head).difference(conclusions.norms):
        raise InputError(f"<{min(lacking)}>: this norm lacks its type or its strength")
    stated = [
        f"{last_part(fact)} ({state.replace('-', ' ')})"
        for fact, state in conclusions.contradiction.items()
    ]
    if stated:
        raise InputError(
            f"contradiction: {join(stated)} cannot all be so; correct or remove one of them"
        )


def _similar_facts(regime: Regime, case: Case) -> list[tuple[str, str]]:
    """Each known fact of the case, with each similar one that is unknown and matters here."""
    rows = regime.engine.select("SELECT ?fact ?similar { ?fact tip:similarTo ?similar }")
    return [
        (str(row["fact"]), str(row["similar"]))
        for row in rows
        if case.facts.keys() >= regime.members(str(row["fact"]))
        and case.facts.keys().isdisjoint(regime.members(str(row["similar"])))
        and regime.facts.keys() >= regime.members(str(row["similar"]))
    ]


def _outcomes(regime: Regime, conclusions: Conclusions) -> Outcomes:
    found: dict[tuple[str, str], Outcome] = {}
    for name, status in statuses(conclusions).items():
        found[name, "status"] = status
    for iri, benefit in conclusions.benefits.items():
        if benefit["final"] is not None:
            found[last_part(iri), "final"] = bool(benefit["final"])
    for each in regime.fact_roles:
        name = last_part(each.head)
        is_ending = each.role == "ends_renewal"
        if is_ending and found[name, "status"] not in (NOT_STATED, NOT_APPLICABLE):
            found[name, "renewable"] = RENEWABLE.get(conclusions.states[each.fact])
    return found


def _changes(before: Outcomes, after: Outcomes) -> tuple[Change, ...]:
    """The differences; those in `final` only if the benefit is blocked before and after."""
    return tuple(
        Change(name, aspect, before.get((name, aspect)), after.get((name, aspect)))
        for name, aspect in dict.fromkeys([*before, *after])
        if before.get((name, aspect)) != after.get((name, aspect))
        and (aspect != "final" or {(name, aspect)} <= before.keys() & after.keys())
    )
