"""The answer to a case: each benefit with its status, conditions, sources and open readings."""

from collections.abc import Mapping
from typing import NamedTuple

from tipgraph.assess.case import Case
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import last_part

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
# The fact after which nobody can assist, take part or convict in the criminal case.
CASE_ENDED = "criminal-case-ended"
LIVING_ABROAD = "living-abroad"
# With these statuses nothing that the source states stands in the way.
FAVOURABLE = ("available", "discretionary", "condition-met")
# Something that the source requires is not met; by the first it is not given, by the second the
# source names no other way.
UNMET = ("blocked", "condition-not-met")


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
    proceeding, and cooperation is not stated), or `open` (the readings differ). `may_need_all` says
    whether a reading requires together what another lets suffice alone.
    """

    iri: str
    label: str
    short_name: str
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
    open_readings: tuple[str, ...]
    notes: tuple[str, ...]
    hint: str
    passages: tuple[Passage, ...]
    alternatives: tuple[Alternative, ...]
    at_least: Alternative | None
    cooperation: str
    by_reading: ByReading | None
    may_need_all: bool

    @property
    def name(self) -> str:
        return last_part(self.iri)

    @property
    def is_favourable(self) -> bool:
        return self.status in FAVOURABLE

    @property
    def is_reachable(self) -> bool:
        """Return whether it may still be had, though not as things are."""
        is_excluded = any(
            (each.required_state, each.state) == ("not-met", "met") for each in self.conditions
        )
        return self.status in (*UNMET, "undetermined") and not self.final and not is_excluded

    @property
    def lacking(self) -> tuple[str, ...]:
        """The facts that would have to become so: unmet or unknown conditions that matter."""
        deciding = {*self.blocked_by, *self.depends_on}
        return tuple(
            each.name
            for each in self.conditions
            if each.required_state == "met"
            and (each.name in deciding or each.state == "not-met")
            and each.state != "met"
        )


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
    it matters for; a question without any matters for all. `concerns` are reports that stand beside
    the step.
    """

    kind: str
    facts: tuple[str, ...]
    benefits: tuple[str, ...]
    concerns: tuple[str, ...] = ()


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
    """The edition whose norms apply: its name, country, author, period, page and coverage.

    The period that it covers is empty where the graph does not have it: the year of an edition is
    not that of its figures.
    """

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
    person is a potential one; `on_living_abroad` those that name victims who live abroad, if the
    person does. `concerns` names the reports that criticise, for a group of the person, that stay
    depends on cooperation. `states` has the state of each fact, `short_forms` the facts that one
    is short for.
    """

    source: AssessedEdition
    case: Case
    categories: tuple[str, ...]
    benefits: tuple[Benefit, ...]
    consequences: tuple[Consequence, ...]
    practice: tuple[Practice, ...]
    open_readings: tuple[OpenReading, ...]
    for_identified: tuple[str, ...]
    on_potential_victims: tuple[Passage, ...]
    on_living_abroad: tuple[Passage, ...]
    concerns: tuple[str, ...]
    states: Mapping[str, str]
    short_forms: Mapping[str, set[str]]
    labels: Mapping[str, str]

    @property
    def outcomes(self) -> tuple[Benefit | Consequence, ...]:
        """Everything that has a status."""
        return (*self.benefits, *self.consequences)

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each benefit and consequence, by its name."""
        return {each.name: each.status for each in self.outcomes}

    @property
    def awaiting_identification(self) -> tuple[Benefit, ...]:
        """The benefits that the source states for identified victims, and that are still open."""
        open_ones = (each for each in self.benefits if not each.final)
        return tuple(each for each in open_ones if each.name in self.for_identified)

    @property
    def ladder(self) -> tuple[Benefit, ...]:
        """The benefits that have a rung in the residence ladder, from the lowest."""
        rungs = (each for each in self.benefits if each.rung_number)
        return tuple(sorted(rungs, key=lambda benefit: benefit.rung_number or 0))

    @property
    def next_steps(self) -> tuple[Step, ...]:
        """The questions that come first, then identification, or the next rung once identified."""
        asked = self.case.unknown_traits
        steps = [Step("ask", asked, ())] if asked else []
        waiting = tuple(each.name for each in self.awaiting_identification)
        if waiting and self.states.get(IDENTIFIED) != "met":
            return (*steps, Step("identification", (IDENTIFIED,), waiting))
        return (*steps, *self._rung_steps())

    def _rung_steps(self) -> list[Step]:
        """The steps to the next rung: above the highest that is favourable, as far as it is open.

        After the end of the case nothing can be brought about; what is unknown can be found out.
        """
        reached = max((each.rung_number or 0 for each in self.ladder if each.is_favourable),
                      default=0)  # fmt: skip
        is_over = self.states.get(CASE_ENDED) == "met"
        steps: list[Step] = []
        number = None
        for rung in self.ladder:
            if (rung.rung_number or 0) <= reached or not rung.is_reachable:
                continue
            if steps and rung.rung_number != number:
                break
            facts = rung.lacking
            if is_over:
                facts = tuple(each for each in facts if self.states.get(each) == "unknown")
            if facts:
                number = rung.rung_number
                kind = "ask" if is_over else "rung"
                concerns = () if is_over else self.concerns
                steps.append(Step(kind, facts, (rung.name,), concerns))
        return steps
