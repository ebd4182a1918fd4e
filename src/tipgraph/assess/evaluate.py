"""A case from question to answer: read, held against the norms, told, and asked what if."""

from collections.abc import Mapping
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from tipgraph.assess.case import Case
from tipgraph.assess.explain import AVERTED, RENEWABLE, tell
from tipgraph.assess.model import NOT_STATED, Answer
from tipgraph.assess.parse_case import read_case
from tipgraph.assess.regime import Regime
from tipgraph.errors import InputError
from tipgraph.namespaces import ID, last_part
from tipgraph.store.embedded import Embedded

TOLD = "told"
STATES = ("met", "not-met", "unknown")


Outcome = str | bool | None


class Change(NamedTuple):
    """What differs of a benefit or a consequence.

    The aspect is its `status`, None where a consequence is not told at all; whether it is `final`
    that it is blocked; or whether it is still `renewable`, None where that is unknown.
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
    """A fact that is told, one that sources word apart from it and that is not, and what the
    latter would change."""

    told: str
    other: str
    if_met: tuple[Change, ...]
    if_not_met: tuple[Change, ...]


class Assessment(NamedTuple):
    """The answer to a case, what else would change it, and the proof."""

    regime: Regime
    answer: Answer
    what_if: WhatIf | None
    apart: tuple[SimilarFact, ...]
    concluded: Embedded

    def proof(self) -> list[Triple]:
        """The case, and each conclusion with the rule, the statements and the conclusions that it
        rests on."""
        store = self.concluded.store
        self.regime.rules.proving.apply(store, self.regime.engine.store)
        told = (f"{ID}case/{TOLD}", f"{ID}derived/conclusion/{TOLD}/")
        return [quad.triple for quad in store if str(quad.subject)[1:].startswith(told)]


def assess(regime: Regime, case: Case, what_if: Mapping[str, str] | None = None) -> Assessment:
    """What the regime means for the case.

    `what_if` has states (`met`, `not-met`, `unknown`) of facts by their IRIs; what they would
    change is told beside the answer. All is concluded in one go. Raises InputError when the case
    cannot be with those facts.
    """
    pairs = _worded_apart(regime, case)
    variants = {TOLD: case}
    for state in (what_if or {}).values():
        if state not in STATES:
            raise InputError(f"a fact can be {', '.join(STATES)}, not {state!r}")
    if what_if:
        supposed = case.but(what_if).as_dict()
        variants["what-if"] = read_case(supposed, regime.engine, regime.resources)
    for number, (_, other) in enumerate(pairs):
        for state in ("met", "not-met"):
            variants[f"{state}-{number}"] = case.but({other: state})
    concluded = regime.conclusions(variants)

    told = tell(regime, concluded, TOLD, case)
    changed = _changed(regime, concluded, variants) if len(variants) > 1 else {}
    apart = (
        SimilarFact(last_part(fact), last_part(other), changed[f"met-{n}"], changed[f"not-met-{n}"])
        for n, (fact, other) in enumerate(pairs)
    )
    named = {last_part(fact): state for fact, state in (what_if or {}).items()}
    return Assessment(
        regime=regime,
        answer=told,
        what_if=WhatIf(named, changed["what-if"]) if what_if else None,
        apart=tuple(each for each in apart if each.if_met or each.if_not_met),
        concluded=concluded,
    )


def statuses(concluded: Embedded, name: str) -> dict[str, str]:
    """The status of each benefit and consequence in the case of that name."""
    rows = concluded.select(
        "SELECT DISTINCT ?on ?status { { ?it a tip:BenefitConclusion }"
        " UNION { ?it a tip:NormConclusion ; tip:status ?status FILTER NOT EXISTS"
        "   { ?it tip:weight ?weight } }"
        f" ?it tip:ofCase {NamedNode(f'{ID}case/{name}')} ;"
        " tip:concludesOn ?on ; tip:status ?status }"
    )
    found = {last_part(str(row["on"])): last_part(str(row["status"])) for row in rows}
    return {name: status for name, status in found.items() if status != AVERTED}


def _changed(
    regime: Regime, concluded: Embedded, variants: Mapping[str, Case]
) -> dict[str, tuple[Change, ...]]:
    """What differs in each variant from the case as it is told."""
    found = {name: _outcomes(regime, concluded, name, each) for name, each in variants.items()}
    return {name: _changes(found[TOLD], found[name]) for name in variants}


def _outcomes(
    regime: Regime, concluded: Embedded, name: str, case: Case
) -> dict[tuple[str, str], Outcome]:
    """What can change of each benefit and consequence, by its name and the aspect."""
    found: dict[tuple[str, str], Outcome] = {}
    for thing, status in statuses(concluded, name).items():
        found[thing, "status"] = status
    rows = concluded.select(
        "SELECT ?on ?final { ?it a tip:BenefitConclusion ; tip:final ?final ;"
        f" tip:ofCase {NamedNode(f'{ID}case/{name}')} ; tip:concludesOn ?on }}"
    )
    for row in rows:
        found[last_part(str(row["on"])), "final"] = bool(row["final"])
    for each in regime.bearings:
        thing = last_part(each.head)
        if each.how == "ends" and found[thing, "status"] not in (NOT_STATED, "not-applicable"):
            found[thing, "renewable"] = RENEWABLE.get(case.facts.get(each.fact, ""))
    return found


def _changes(
    before: Mapping[tuple[str, str], Outcome], after: Mapping[tuple[str, str], Outcome]
) -> tuple[Change, ...]:
    """What differs; whether it is final is told only of what is blocked before and after."""
    return tuple(
        Change(name, aspect, before.get((name, aspect)), after.get((name, aspect)))
        for name, aspect in dict.fromkeys([*before, *after])
        if before.get((name, aspect)) != after.get((name, aspect))
        and (aspect != "final" or {(name, aspect)} <= before.keys() & after.keys())
    )


def _worded_apart(regime: Regime, case: Case) -> list[tuple[str, str]]:
    """Each fact that is told, with those that are worded apart from it and are not."""
    rows = regime.engine.select("SELECT ?fact ?other { ?fact tip:similarTo ?other }")
    pairs = ((str(row["fact"]), str(row["other"])) for row in rows)
    return [
        (fact, other) for fact, other in pairs
        if fact in case.facts and other not in case.facts and other in regime.facts
    ]  # fmt: skip
