"""All combinations of the facts that matter for a case, and what each would mean."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from tipgraph.assess.case import Case
from tipgraph.assess.evaluate import TOLD, statuses
from tipgraph.assess.model import NOT_STATED
from tipgraph.assess.regime import Regime
from tipgraph.errors import UsageError
from tipgraph.namespaces import last_part

STATES = ("met", "not-met")
# More facts that act together than this would make a table that nobody reads.
MOST = 10


@dataclass(frozen=True)
class Group:
    """Facts that act together on some benefits and consequences, and on no others.

    Each row has a state for each of the facts and a status for each of the `names`.
    """

    facts: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    def cells(self) -> list[tuple[str, ...]]:
        """The rows of a table of both."""
        return [(*states, *found) for states, found in self.rows]

    def as_dict(self) -> dict[str, Any]:
        """The group for JSON."""
        return {
            "facts": list(self.facts),
            "entitlements": list(self.names),
            "rows": [
                {
                    "facts": dict(zip(self.facts, states, strict=True)),
                    "statuses": dict(zip(self.names, found, strict=True)),
                }
                for states, found in self.rows
            ],
        }


def matrix(regime: Regime, case: Case) -> list[Group]:
    """What hangs on the facts that the case does not tell, group by group.

    What is told is held to. Facts that never act on one benefit stand in different groups, so that
    no table is longer than it must be. Raises UsageError when too many act together.
    """
    told = statuses(regime.conclusions({TOLD: case}), TOLD)
    pointless = (NOT_STATED, "not-applicable")
    matter = {
        name: facts - set(case.facts)
        for name, facts in _mattering(regime).items()
        if told.get(name, NOT_STATED) not in pointless
    }
    groups = _together({name: facts for name, facts in matter.items() if facts})
    variants = {
        f"{number}-{row}": case.but(dict(zip(facts, states, strict=True)))
        for number, (facts, _) in enumerate(groups)
        for row, states in enumerate(_combinations(facts))
    }
    concluded = regime.conclusions(variants)
    found = {variant: statuses(concluded, variant) for variant in variants}
    return [
        Group(
            tuple(map(last_part, facts)),
            tuple(names),
            tuple(
                (states, tuple(found[f"{number}-{row}"].get(name, "does-not-follow")
                               for name in names))
                for row, states in enumerate(_combinations(facts))
            ),
        )
        for number, (facts, names) in enumerate(groups)
    ]  # fmt: skip


def _combinations(facts: Iterable[str]) -> Iterable[tuple[str, ...]]:
    return product(STATES, repeat=len(list(facts)))


def _mattering(regime: Regime) -> dict[str, set[str]]:
    """The facts on which the status of each benefit and consequence turns, by its name."""
    facts: dict[str, set[str]] = defaultdict(set)
    for each in regime.bearings:
        if each.how in ("asked", "opens"):
            facts[last_part(each.head)].add(each.fact)
    return facts


def _together(matter: Mapping[str, set[str]]) -> list[tuple[list[str], list[str]]]:
    """Facts and names, in groups that share none."""
    groups: list[tuple[set[str], list[str]]] = []
    for name, facts in matter.items():
        sharing = [group for group in groups if group[0] & facts]
        merged = (facts.union(*(each[0] for each in sharing)),
                  [*(n for each in sharing for n in each[1]), name])  # fmt: skip
        groups = [*(group for group in groups if group not in sharing), merged]
    for facts, names in groups:
        if len(facts) > MOST:
            raise UsageError(
                f"{len(facts)} facts act together on {', '.join(names)}; tell some of them, as"
                f" with --met {last_part(min(facts))}"
            )
    return [(sorted(facts), names) for facts, names in groups]
