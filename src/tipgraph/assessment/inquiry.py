"""A case from question to answer: read, held against the norms, told, and asked what if."""

from collections.abc import Mapping
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from tipgraph.assessment.answer import Answer
from tipgraph.assessment.case import Case
from tipgraph.assessment.regime import Regime
from tipgraph.assessment.telling import tell
from tipgraph.engines.embedded import Embedded
from tipgraph.vocabulary import ID, last_part

TOLD = "told"


class Change(NamedTuple):
    """A rung or a consequence whose status differs; None where it is not told at all."""

    name: str
    before: str | None
    after: str | None


class WhatIf(NamedTuple):
    """Other states of some facts, and what they change."""

    facts: Mapping[str, str]
    changes: tuple[Change, ...]


class Apart(NamedTuple):
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
    apart: tuple[Apart, ...]
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
    change is told beside the answer. All is concluded in one go.
    """
    pairs = _worded_apart(regime, case)
    variants = {TOLD: case}
    if what_if:
        variants["what-if"] = case.but(what_if)
    for number, (_, other) in enumerate(pairs):
        for state in ("met", "not-met"):
            variants[f"{state}-{number}"] = case.but({other: state})
    concluded = regime.conclusions(variants)

    told = tell(regime, concluded, TOLD, case)
    changed = {
        name: _changes(statuses(concluded, TOLD), statuses(concluded, name))
        for name in variants
        if name != TOLD
    }
    apart = (
        Apart(last_part(fact), last_part(other), changed[f"met-{n}"], changed[f"not-met-{n}"])
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
        " tip:on ?on ; tip:status ?status }"
    )
    return {last_part(str(row["on"])): last_part(str(row["status"])) for row in rows}


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    names = dict.fromkeys([*before, *after])
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _worded_apart(regime: Regime, case: Case) -> list[tuple[str, str]]:
    """Each fact that is told, with those that are worded apart from it and are not."""
    rows = regime.engine.select("SELECT ?fact ?other { ?fact tip:wordedApartFrom ?other }")
    pairs = ((str(row["fact"]), str(row["other"])) for row in rows)
    return [
        (fact, other) for fact, other in pairs
        if fact in case.facts and other not in case.facts and other in regime.facts
    ]  # fmt: skip
