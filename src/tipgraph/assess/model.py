"""The answer to a case: benefit by benefit, with conditions, sources and open readings."""

from collections.abc import Mapping
from typing import NamedTuple

from tipgraph.assess.case import Case
from tipgraph.lookup.passages import Passage
from tipgraph.namespaces import TIP, last_part

NOT_STATED = "not-stated"
# Of these statuses nothing stands in the way, as far as the source goes.
OPEN = ("available", "discretionary", "condition-met")


class Condition(NamedTuple):
    """A fact that is asked for, how it stands in the case, and how it has to.

    `connective` is how it is joined to others: `all-of`, `any-of`, `none-of`, or None.
    """

    name: str
    label: str
    state: str
    wanted: str
    connective: str | None


class Alternative(NamedTuple):
    """Another norm that leads to a benefit, or comes with it, and what that means for the case."""

    name: str
    label: str
    status: str


class Benefit(NamedTuple):
    """A benefit, what it means for the case, and what it turns on.

    `number` is its place in the ladder of stay, where it has one; `duration` is as in ISO 8601, or
    `indefinite`, or None where none is stated. `renewable` tells whether it can still be renewed,
    which the fact `ended_by` ends, and is None where that is unknown or nothing is said of it.
    """

    iri: str
    label: str
    kind: str
    status: str
    final: bool
    strength: str
    conditionality: str
    conditions: tuple[Condition, ...]
    blocked_by: tuple[str, ...]
    needs: tuple[str, ...]
    grants: tuple[str, ...]
    duration: str | None
    renewable_until: str | None
    ended_by: str | None
    renewable: bool | None
    decided_by: tuple[str, ...]
    number: int | None
    is_for_good: bool
    readings: tuple[str, ...]
    left_open: tuple[str, ...]
    notes: tuple[str, ...]
    passages: tuple[Passage, ...]
    ways: tuple[Alternative, ...]
    is_independent: bool

    @property
    def name(self) -> str:
        return last_part(self.iri)

    @property
    def is_power(self) -> bool:
        return self.kind == TIP + "Power"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def unwanted(self) -> set[str]:
        """What must not be so, of what is asked for."""
        return {each.name for each in self.conditions if each.wanted == "not-met"}


class Consequence(NamedTuple):
    """What befalls the person, or may."""

    iri: str
    label: str
    status: str
    needs: tuple[str, ...]
    readings: tuple[str, ...]
    notes: tuple[str, ...]
    passages: tuple[Passage, ...]

    @property
    def name(self) -> str:
        return last_part(self.iri)


class Practice(NamedTuple):
    """What the source reports of how the norms of these rungs were applied, and who says so."""

    iri: str
    label: str
    on: tuple[str, ...]
    speakers: tuple[str, ...]
    speech_act: str
    passages: tuple[Passage, ...]

    @property
    def name(self) -> str:
        return last_part(self.iri)


class Reading(NamedTuple):
    """A question that the words leave open: the reading that is taken, and the other."""

    iri: str
    question: str
    taken: str
    left: str
    concerns: tuple[str, ...]
    passages: tuple[Passage, ...]

    @property
    def name(self) -> str:
        return last_part(self.iri)


class Source(NamedTuple):
    """The edition whose norms are told: its name, country, author, time, page, and coverage."""

    edition: str
    label: str
    country: str
    publisher: str
    period: str
    page: str
    complete: bool = True


class Answer(NamedTuple):
    """All that is told of a case."""

    source: Source
    case: Case
    categories: tuple[str, ...]
    rungs: tuple[Benefit, ...]
    services: tuple[Benefit, ...]
    consequences: tuple[Consequence, ...]
    practice: tuple[Practice, ...]
    readings: tuple[Reading, ...]
    labels: Mapping[str, str]

    @property
    def protections(self) -> tuple[Benefit, ...]:
        """What depends on no cooperation and on no decision in the criminal case."""
        told = ("blocked", NOT_STATED, "not-applicable")
        every = (*self.rungs, *self.services)
        return tuple(each for each in every if each.is_independent and each.status not in told)

    @property
    def next_rung(self) -> Benefit | None:
        """The rung of the ladder of stay above the highest that is open, if one can still open."""
        ladder = sorted((r for r in self.rungs if r.number), key=lambda rung: rung.number or 0)
        highest = max((rung.number or 0 for rung in ladder if rung.is_open), default=0)
        above = (rung for rung in ladder if (rung.number or 0) > highest)
        reachable = (r for r in above if r.status in ("blocked", "undetermined") and not r.final)
        return next(reachable, None)

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each rung and consequence by its name."""
        told: list[Benefit | Consequence] = [*self.rungs, *self.consequences]
        return {each.name: each.status for each in told}
