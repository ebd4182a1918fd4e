"""The answer to a case: each benefit with its status, conditions, sources and open readings."""

from collections.abc import Mapping
from typing import NamedTuple

from tipgraph.assess.case import Case
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import TIP, last_part

NOT_STATED = "not-stated"
NOT_APPLICABLE = "not-applicable"
# The status of a consequence that the facts exclude.
DOES_NOT_FOLLOW = "does-not-follow"
# The two ways in which all open questions of a source can be read.
READINGS = ("wider", "narrower")
# The fact that the person has been identified as a victim.
IDENTIFIED = "identified"
# The fact that there are signs of it, and no finding yet.
POTENTIAL = "potential"
# With these statuses nothing that the source states stands in the way.
FAVOURABLE = ("available", "discretionary", "condition-met")


class Condition(NamedTuple):
    """A fact that a norm requires, its state in the case, and the state that is required.

    `connective` is how it is joined to others: `all-of`, `any-of`, `none-of`, or None.
    `requirement` has the words of the norm; `performed_by` is who has to do it, or None.
    """

    name: str
    label: str
    requirement: str
    performed_by: str | None
    state: str
    required_state: str
    connective: str | None


class Alternative(NamedTuple):
    """A norm that leads to a benefit or comes with it, and its status in the case."""

    name: str
    label: str
    status: str
    passages: tuple[Passage, ...]

    @property
    def is_favourable(self) -> bool:
        return self.status in FAVOURABLE


class ByReading(NamedTuple):
    """The status of an outcome if all open questions are read widely, and if narrowly."""

    wider: str
    narrower: str


class Benefit(NamedTuple):
    """A benefit, its status in the case, and what that depends on.

    `short_name` is a noun phrase of a few words; the label where there is none. `hint` is the first
    clause of the note on the norm that decides. `at_least` is a norm that is favourable where the
    benefit is undetermined because of another one. It is over after the facts `over_after`.
    `rung_number` is its place in the residence ladder, if it has one. `duration` is an ISO 8601
    duration, `indefinite`, or None where none is stated. `renewable` says whether it can still be
    renewed; that ends with the fact `ended_by`. It is None if unknown or not stated. `by_reading`
    has the statuses that open readings lead to, where these differ. `cooperation` says whether the
    benefit depends on cooperation: `not-needed`, `needed`, `proceeding-needed` (it presupposes a
    proceeding, and cooperation is not stated), or `open` (the readings differ).
    """

    iri: str
    label: str
    short_name: str
    kind: str
    status: str
    final: bool
    strength: str
    conditionality: str
    conditions: tuple[Condition, ...]
    blocked_by: tuple[str, ...]
    depends_on: tuple[str, ...]
    grants: tuple[str, ...]
    duration: str | None
    renewable_until: str | None
    ended_by: str | None
    renewable: bool | None
    over_after: tuple[str, ...]
    decided_by: tuple[str, ...]
    rung_number: int | None
    is_permanent: bool
    open_readings: tuple[str, ...]
    notes: tuple[str, ...]
    hint: str
    passages: tuple[Passage, ...]
    alternatives: tuple[Alternative, ...]
    at_least: Alternative | None
    cooperation: str
    by_reading: ByReading | None

    @property
    def name(self) -> str:
        return last_part(self.iri)

    @property
    def is_power(self) -> bool:
        return self.kind == TIP + "Power"

    @property
    def is_favourable(self) -> bool:
        return self.status in FAVOURABLE

    @property
    def must_not_be(self) -> set[str]:
        """The facts among its conditions that must be unmet."""
        return {each.name for each in self.conditions if each.required_state == "not-met"}


class Consequence(NamedTuple):
    """A disadvantage that follows for the person, or may follow.

    `no_exception_for` has the groups of persons that this one is in, and for which the source names
    no exception.
    """

    iri: str
    label: str
    short_name: str
    status: str
    depends_on: tuple[str, ...]
    open_readings: tuple[str, ...]
    by_reading: ByReading | None
    no_exception_for: tuple[str, ...]
    notes: tuple[str, ...]
    passages: tuple[Passage, ...]

    @property
    def name(self) -> str:
        return last_part(self.iri)


class Step(NamedTuple):
    """The next step: a question to `ask`, the `identification` of the victim, or a `rung`.

    `facts` are the facts and traits that it is about. `benefits` are the names of the benefits that
    it matters for; of a question there are none, since it matters for all.
    """

    kind: str
    facts: tuple[str, ...]
    benefits: tuple[str, ...]


class Practice(NamedTuple):
    """A report of how the norms of some benefits were applied, and its speakers."""

    iri: str
    label: str
    benefits: tuple[str, ...]
    speakers: tuple[str, ...]
    speech_act: str
    passages: tuple[Passage, ...]

    @property
    def name(self) -> str:
        return last_part(self.iri)


class OpenReading(NamedTuple):
    """A question that the wording leaves open, and its two readings.

    `is_about_persons` says whether it is about who is covered, and not about conditions.
    """

    iri: str
    question: str
    wider: str
    narrower: str
    is_about_persons: bool
    concerns: tuple[str, ...]
    passages: tuple[Passage, ...]

    @property
    def name(self) -> str:
        return last_part(self.iri)


class AssessedEdition(NamedTuple):
    """The edition whose norms apply: its name, country, author, period, page and coverage."""

    edition: str
    label: str
    country: str
    publisher: str
    period: str
    page: str
    is_complete: bool = True


class Answer(NamedTuple):
    """The answer to a case, and the labels of everything that it names.

    `for_identified` names the benefits that the source states for identified victims.
    `on_potential_victims` has the passages that name potential victims apart from victims, if the
    person is a potential one. `states` has the state of each fact, `short_forms` the facts that one
    is short for.
    """

    source: AssessedEdition
    case: Case
    categories: tuple[str, ...]
    benefits: tuple[Benefit, ...]
    services: tuple[Benefit, ...]
    consequences: tuple[Consequence, ...]
    practice: tuple[Practice, ...]
    open_readings: tuple[OpenReading, ...]
    for_identified: tuple[str, ...]
    on_potential_victims: tuple[Passage, ...]
    states: Mapping[str, str]
    short_forms: Mapping[str, set[str]]
    labels: Mapping[str, str]

    @property
    def outcomes(self) -> tuple[Benefit | Consequence, ...]:
        """Everything that has a status."""
        return (*self.benefits, *self.services, *self.consequences)

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each benefit, service and consequence, by its name."""
        return {each.name: each.status for each in self.outcomes}

    @property
    def ladder(self) -> tuple[Benefit, ...]:
        """The benefits that have a rung in the residence ladder, from the lowest."""
        rungs = (each for each in self.benefits if each.rung_number)
        return tuple(sorted(rungs, key=lambda benefit: benefit.rung_number or 0))

    @property
    def next_rung(self) -> Benefit | None:
        """The rung above the highest favourable one, if one can still be reached."""
        return next(iter(self._reachable), None)

    @property
    def _reachable(self) -> list[Benefit]:
        """The rungs above the highest favourable one that can still be reached."""
        reached = max((each.rung_number or 0 for each in self.ladder if each.is_favourable),
                      default=0)  # fmt: skip
        above = (each for each in self.ladder if (each.rung_number or 0) > reached)
        return [
            each for each in above if each.status in ("blocked", "undetermined") and not each.final
        ]

    @property
    def next_steps(self) -> tuple[Step, ...]:
        """The questions that come first, then identification, or the next rung once identified."""
        case = self.case
        traits = (("age", case.age is None), ("citizenship", not case.citizenships))
        asked = tuple(name for name, is_unknown in traits if is_unknown)
        steps = [Step("ask", asked, ())] if asked else []
        rung = self.next_rung
        if self.for_identified and self.states.get(IDENTIFIED) != "met":
            steps.append(Step("identification", (IDENTIFIED,), self.for_identified))
        elif rung:
            steps += [
                self._step(each) for each in self._reachable if each.rung_number == rung.rung_number
            ]
        return tuple(steps)

    def _step(self, rung: Benefit) -> Step:
        deciding = dict.fromkeys((*rung.blocked_by, *rung.depends_on))
        return Step("rung", tuple(each for each in deciding if each in self.states), (rung.name,))

    def by_cooperation(self, cooperation: str) -> tuple[Benefit, ...]:
        """The benefits and services that may be available, by their dependence on cooperation."""
        excluded = ("blocked", NOT_STATED, NOT_APPLICABLE)
        every = (*self.benefits, *self.services)
        return tuple(
            each
            for each in every
            if each.cooperation == cooperation and each.status not in excluded
        )
