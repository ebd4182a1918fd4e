"""Builds the answer to a case: what was concluded, together with what the source states."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from pyoxigraph import NamedNode, Triple

from tipgraph import entities
from tipgraph.assess.case import Case
from tipgraph.assess.model import (
    DOES_NOT_FOLLOW,
    FAVOURABLE,
    LIVING_ABROAD,
    NOT_APPLICABLE,
    NOT_STATED,
    READINGS,
    UNMET,
    Alternative,
    Answer,
    AssessedEdition,
    Benefit,
    ByReading,
    Condition,
    Consequence,
    OpenReading,
    Practice,
)
from tipgraph.assess.regime import Conclusions, Regime
from tipgraph.assess.wording import first_clause
from tipgraph.entities import passages
from tipgraph.entities.languages import translated
from tipgraph.entities.passages import Passage, Passages
from tipgraph.namespaces import CODE, TIP, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value, value
from tipgraph.store.engine import Embedded, grouped, matching

IDENTIFIED = CODE + "identified"
POTENTIAL = CODE + "potential"
PRACTICE_KINDS = (
    "tip:Finding, tip:WordedQuantity, tip:NonReport, tip:AbsenceOfReports, tip:Award,"
    " tip:Publication, tip:Project"
)
# The properties that name the persons whom a report is about.
PERSONS = "tip:affects|tip:counts|tip:beneficiary|tip:recipient|tip:target"
# Every person of a case may be in one of these, so a report on them is not about this person.
WIDE_GROUPS = {TIP + each for each in ("Person", "Victim", "Child", "Adult")}
VICTIM_COOPERATION = CODE + "victim-cooperation"
# Findings with this topic concern those who are not identified yet.
IDENTIFICATION = CODE + "victim-identification"
# So many statements have one of these topics that sharing it does not relate a report to a norm.
UNSPECIFIC_TOPICS = {CODE + "child-victims", CODE + "ngo-involvement"}
# These reach only the persons whom they name.
DIRECTED_KINDS = {TIP + "Publication", TIP + "Project"}
# Reports with this topic are related to all rungs of the residence ladder.
RESIDENCE_OF_CHILDREN = CODE + "residence-of-children"

# The properties that name who decides on a benefit.
DECIDERS = ("grantedBy", "holder", "agent")
# The decider where the victim does it by an act of their own.
OWN_ACT = "the victim"
# The properties for what a benefit gives; the first one with a value counts.
GIVING = ("grants", "service", "place", "act")

# Renewability of a benefit, by the state of the fact that ends renewal.
RENEWABLE = {"met": False, "not-met": True}
CONNECTIVES = {TIP + "AllOf": "all-of", TIP + "AnyOf": "any-of", TIP + "NoneOf": "none-of"}

Row = Mapping[str, Value]


def explain(
    regime: Regime,
    conclusions: Conclusions,
    case: Case,
    by_reading: Mapping[str, Mapping[str, str]],
) -> Answer:
    """The answer to a case on which the rules concluded.

    `by_reading` has, for each of the two ways of reading open questions, the status of each outcome
    by its name.
    """
    return _Explainer(regime, conclusions, by_reading).answer(case)


class _Statements:
    """Read the statements on the nodes of one answer, with their passages."""

    def __init__(self, engine: Embedded, edition: NamedNode, iris: Iterable[str]) -> None:
        self._engine = engine
        self._edition = edition
        self._values: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for iri in iris:
            self._read(iri)

    def _read(self, iri: str) -> None:
        quads = self._engine.store.quads_for_pattern(NamedNode(iri), None, None)
        pairs = {(last_part(quad.predicate.value), quad.object) for quad in quads}
        for name, term in sorted(pairs, key=str):
            if not isinstance(term, Triple):
                self._values[iri][name].append(value(term))

    def all(self, iri: str, *names: str) -> list[str]:
        """The values of these properties, by the last parts of their IRIs."""
        return [str(each) for name in names for each in self._values[iri][name]]

    def first(self, iri: str, name: str) -> str | None:
        """The last part of the property's first value."""
        values = self._values[iri][name]
        return last_part(str(values[0])) if values else None

    def label(self, iri: str) -> str:
        return next(iter(self.all(iri, "label")), last_part(iri))

    def short_name(self, iri: str) -> str:
        return next(iter(self.all(iri, "shortName")), self.label(iri))

    def duration(self, iri: str) -> str | None:
        """An ISO 8601 duration, `indefinite`, or None where none is stated."""
        unit, values = self.first(iri, "durationUnit"), self.all(iri, "durationValue")
        if unit in ("day", "month") and values:
            return f"P{values[0]}{unit[0].upper()}"
        return None if unit is None else "indefinite"

    def actor(self, iri: str) -> str:
        return self.actors.get(iri, last_part(iri))

    @cached_property
    def actors(self) -> dict[str, str]:
        """The labels of those who decide, speak or provide shelter."""
        names = (*DECIDERS, "speaker", "place")
        actors = {actor for iri in self._values for actor in self.all(iri, *names)}
        return entities.labels(self._engine, sorted(actors))

    @cached_property
    def conditions(self) -> Mapping[str, list[Row]]:
        """The conditions of each norm: their facts, evidence, and how they are joined."""
        rows = self._engine.select(
            "SELECT DISTINCT ?norm ?condition ?fact ?label ?requirement ?performer ?evidence"
            " ?tree_kind {"
            f" ?norm tip:edition {self._edition} ; cv:holdsRequirement|tip:ifNotMet ?root ."
            " ?root cv:hasRequirement* ?condition . ?condition tip:fact ?fact ."
            " ?fact skos:prefLabel ?label . ?condition rdfs:label ?requirement"
            " OPTIONAL { ?condition tip:performedBy/rdfs:label ?performer }"
            " OPTIONAL { ?condition tip:evidence ?evidence }"
            " OPTIONAL { VALUES ?tree_kind { tip:AllOf tip:AnyOf tip:NoneOf }"
            "   ?root cv:hasRequirement* ?tree ."
            "   ?tree a ?tree_kind ; cv:hasRequirement ?condition }"
            "} ORDER BY ?norm ?condition"
        )
        return grouped((str(row["norm"]), row) for row in rows)

    def conditions_of(self, norms: Iterable[str]) -> list[Row]:
        return [row for norm in norms for row in self.conditions.get(norm, [])]

    def passages(self, norms: Iterable[str], conditions: Iterable[Row] = ()) -> tuple[Passage, ...]:
        """The passages of these norms and conditions, in the order of the text."""
        wanted = {passage for norm in norms for passage in self.all(norm, "evidence")}
        wanted |= {str(row["evidence"]) for row in conditions}
        return self._passages.among(wanted)

    @cached_property
    def _passages(self) -> Passages:
        evidence = {each for iri in self._values for each in self.all(iri, "evidence")}
        conditions = chain(*self.conditions.values())
        evidence |= {str(row["evidence"]) for row in conditions if row["evidence"]}
        return passages.passages(self._engine, sorted(evidence))

    def in_order(self, iris: Iterable[str]) -> list[str]:
        """These in the order of their first passages in the text."""
        return sorted(iris, key=lambda iri: (self._passages.first(self.all(iri, "evidence")), iri))


class _Explainer:
    """Combines the conclusions on one case with what the edition states."""

    def __init__(
        self,
        regime: Regime,
        conclusions: Conclusions,
        by_reading: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._regime = regime
        self._by_reading = by_reading
        self._engine = regime.engine
        self._edition = NamedNode(regime.edition)
        self._conclusions = conclusions
        self._reports = [each for each in self._groups_of_reports if not self._is_excluded(each)]
        shown = {*conclusions.norms, *conclusions.all_open_readings, *self._reports}
        self._stated = _Statements(self._engine, self._edition, shown)

    def answer(self, case: Case) -> Answer:
        in_order = self._stated.in_order
        concluded = self._conclusions.benefits
        heads = self._conclusions.norms_by_head
        benefits = tuple(self._benefit(iri) for iri in in_order(concluded))
        consequences = tuple(
            self._consequence(iri) for iri in in_order(heads.keys() - concluded.keys())
        )
        outcomes: list[Benefit | Consequence] = [*benefits, *consequences]
        arising = {reading for each in outcomes for reading in each.open_readings}
        return Answer(
            source=self._source(),
            case=case,
            categories=self._categories(),
            benefits=benefits,
            consequences=tuple(each for each in consequences if each.status != DOES_NOT_FOLLOW),
            practice=self._practice(benefits),
            open_readings=tuple(
                self._open_reading(iri)
                for iri in in_order(self._conclusions.all_open_readings)
                if last_part(iri) in arising
            ),
            for_identified=self._for_identified(),
            on_potential_victims=self._on_potential_victims(),
            on_living_abroad=self._on_living_abroad(),
            concerns=self._concerns(),
            states={
                last_part(thing): state
                for thing, state in self._conclusions.states.items()
                if thing.startswith(CODE)
            },
            short_forms={
                last_part(short): set(map(last_part, members))
                for short, members in self._regime.short_forms.items()
            },
            labels=self._labels(case),
        )

    def _for_identified(self) -> tuple[str, ...]:
        """The benefits of a category of persons that identification establishes."""
        roles = self._regime.fact_roles
        heads = (e.head for e in roles if (e.fact, e.role) == (IDENTIFIED, "category"))
        return _names([[head for head in heads if head in self._conclusions.benefits]])

    def _on_potential_victims(self) -> tuple[Passage, ...]:
        """Return passages that grant something to potential victims or count them, if relevant."""
        if self._conclusions.states.get(POTENTIAL) != "met":
            return ()
        pattern = (
            f"?statement tip:edition {self._edition} ;"
            " tip:counts|tip:beneficiary tip:PotentialVictim ; tip:evidence ?thing"
        )
        found = passages.passages(self._engine, matching(self._engine, pattern))
        return tuple(found.values())

    def _on_living_abroad(self) -> tuple[Passage, ...]:
        """Return the passages that name victims who live abroad, if the person does."""
        fact = CODE + LIVING_ABROAD
        if self._conclusions.states.get(fact) != "met":
            return ()
        every = chain.from_iterable(self._stated.conditions.values())
        return self._stated.passages([], [row for row in every if row["fact"] == fact])

    def _concerns(self) -> tuple[str, ...]:
        """The findings that what a group of the person gets is contingent on a requirement."""
        rows = self._engine.select(
            f"SELECT DISTINCT ?finding ?group {{ ?finding tip:edition {self._edition} ;"
            " tip:contingentOn ?requirement ; tip:affects ?group }"
        )
        found = (row for row in rows if self._conclusions.states.get(str(row["group"])) == "met")
        return _names([[str(row["finding"]) for row in found]])

    def _source(self) -> AssessedEdition:
        found = self._regime.source
        named = filter(None, (found.area, found.reporting_period))
        labels = entities.labels(self._engine, named)
        return AssessedEdition(
            edition=found.iri,
            label=found.label,
            country=labels.get(found.area, last_part(found.area)),
            publisher=found.publisher_label or NOT_STATED,
            period=labels.get(found.reporting_period, ""),
            page=found.page,
            is_complete=found.is_complete,
        )

    def _categories(self) -> tuple[str, ...]:
        """The categories that the person belongs to, except for `Person` itself."""
        met = {thing for thing, state in self._conclusions.states.items() if state == "met"}
        categories = {thing for thing in met if thing.startswith(TIP)} - {TIP + "Person"}
        return tuple(sorted(map(last_part, categories)))

    def _labels(self, case: Case) -> Mapping[str, str]:
        """The label of each thing that an answer can name, by the last part of its IRI."""
        rows = self._engine.select(
            "SELECT ?thing ?label { { VALUES ?list { code:facts code:traits code:acts"
            "   code:benefits code:events code:services }"
            "   ?thing skos:inScheme ?list ; skos:prefLabel ?label }"
            " UNION { VALUES ?kind { tip:PersonCategory tip:VictimCategory }"
            "   ?thing a ?kind ; rdfs:label ?label }"
            f" UNION {{ VALUES ?thing {{ {terms(case.citizenships)} }} ?thing skos:prefLabel ?label"
            "} }"
        )
        listed = {str(row["thing"]): str(row["label"]) for row in rows}
        shown = {**self._stated.actors, **listed, **translated(listed)}
        return {last_part(iri): label for iri, label in shown.items()}

    # Benefits

    def _benefit(self, iri: str) -> Benefit:
        stated, concluded = self._stated, self._conclusions
        alternatives = [
            norm
            for norm in concluded.norms_by_head[iri]
            if norm != iri and concluded.norms[norm] != NOT_STATED
        ]
        norms = [iri, *alternatives]
        status = str(concluded.benefits[iri]["status"])
        deciding = [norm for norm in norms if concluded.norms[norm] == status]
        conditions = stated.conditions_of(norms)
        ended_by = self._fact_ending_renewal(iri)
        return Benefit(
            iri=iri,
            label=stated.label(iri),
            short_name=stated.short_name(iri),
            status=status,
            final=bool(concluded.benefits[iri]["final"]),
            strength=self._strength(iri),
            conditionality=stated.first(iri, "conditionality") or NOT_STATED,
            conditions=self._conditions(conditions),
            blocked_by=_names(map(concluded.blocked_by, deciding)),
            depends_on=self._dependencies(deciding, status),
            grants=self._granted(norms),
            duration=stated.duration(iri),
            renewable_until=stated.first(iri, "renewableUntil"),
            ended_by=last_part(ended_by) if ended_by else None,
            renewable=RENEWABLE.get(concluded.states[ended_by]) if ended_by else None,
            over_after=self._facts_ending(norms),
            decided_by=self._deciders(norms),
            rung_number=self._rung_numbers.get(iri),
            open_readings=_names(map(concluded.open_readings, norms)),
            notes=self._notes(norms),
            hint=next(map(first_clause, self._notes(deciding[:1])), ""),
            passages=stated.passages(norms, conditions),
            alternatives=tuple(map(self._alternative, alternatives)),
            at_least=self._at_least(norms) if status == "undetermined" else None,
            cooperation=(stated.first(iri, "cooperationNeed") or "").removeprefix("cooperation-"),
            by_reading=self._statuses_by_reading(iri, status),
            may_need_all=iri in self._regime.read_jointly,
        )

    def _statuses_by_reading(self, iri: str, status: str) -> ByReading | None:
        """The statuses by the two readings, if they differ from each other."""
        name = last_part(iri)
        both = ByReading(*(self._by_reading[each].get(name, DOES_NOT_FOLLOW) for each in READINGS))
        return both if status == "undetermined" and both.wider != both.narrower else None

    def _strength(self, iri: str) -> str:
        if self._stated.all(iri, "holder"):
            return "could"
        return (self._stated.first(iri, "strength") or NOT_STATED).removeprefix("strength-")

    def _conditions(self, rows: Iterable[Row]) -> tuple[Condition, ...]:
        by_fact = {
            str(row["fact"]): Condition(
                name=last_part(str(row["fact"])),
                label=str(row["label"]),
                requirement=str(row["requirement"]),
                performed_by=str(row["performer"]) if row["performer"] else None,
                state=self._conclusions.states.get(str(row["fact"]), "unknown"),
                required_state="not-met" if row["tree_kind"] == TIP + "NoneOf" else "met",
                connective=CONNECTIVES.get(str(row["tree_kind"])),
            )
            for row in rows
        }
        return tuple(by_fact.values())

    def _dependencies(self, norms: Iterable[str], status: str) -> tuple[str, ...]:
        """The unknown facts and traits, or if there are none, the open readings."""
        if status not in ("undetermined", *UNMET):
            return ()
        unknown = _names(map(self._conclusions.depends_on, norms))
        if unknown or status in UNMET:
            return unknown
        return _names(map(self._conclusions.open_readings, norms))

    def _granted(self, norms: Iterable[str]) -> tuple[str, ...]:
        for name in GIVING:
            found = [last_part(each) for norm in norms for each in self._stated.all(norm, name)]
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    def _fact_ending_renewal(self, norm: str) -> str | None:
        roles = self._regime.fact_roles
        return next((e.fact for e in roles if e.role == "ends_renewal" and e.norm == norm), None)

    def _facts_ending(self, norms: Iterable[str]) -> tuple[str, ...]:
        wanted = set(norms)
        roles = (each for each in self._regime.fact_roles if each.role == "ends")
        return _names([[each.fact for each in roles if each.norm in wanted]])

    @cached_property
    def _rung_numbers(self) -> dict[str, int]:
        rows = self._engine.select(
            f"SELECT ?entitlement ?number {{ ?rung tip:edition {self._edition} ;"
            " tip:entitlement ?entitlement ; tip:rungNumber ?number }"
        )
        return {str(row["entitlement"]): int(str(row["number"])) for row in rows}

    def _deciders(self, norms: Iterable[str]) -> tuple[str, ...]:
        if any(self._stated.all(norm, "exercisedBefore") for norm in norms):
            return (OWN_ACT,)
        actors = (actor for norm in norms for actor in self._stated.all(norm, *DECIDERS))
        return tuple(map(self._stated.actor, dict.fromkeys(actors)))

    def _notes(self, norms: Iterable[str]) -> tuple[str, ...]:
        return tuple(note for norm in norms for note in self._stated.all(norm, "scopeNote"))

    def _alternative(self, norm: str) -> Alternative:
        stated = self._stated
        cited = stated.passages([norm], stated.conditions_of([norm]))
        status = self._conclusions.norms[norm]
        return Alternative(last_part(norm), stated.label(norm), status, cited)

    def _at_least(self, norms: Iterable[str]) -> Alternative | None:
        """The most favourable of these norms, if any is."""
        found = [each for each in map(self._alternative, norms) if each.is_favourable]
        return min(found, key=lambda each: FAVOURABLE.index(each.status), default=None)

    # Consequences, open readings and practice

    def _consequence(self, iri: str) -> Consequence:
        status = self._conclusions.norms[iri]
        return Consequence(
            iri=iri,
            label=self._stated.label(iri),
            short_name=self._stated.short_name(iri),
            status=status,
            depends_on=self._dependencies([iri], status),
            open_readings=_names([self._conclusions.open_readings(iri)]),
            by_reading=self._statuses_by_reading(iri, status),
            no_exception_for=self._unexcepted,
            notes=self._notes([iri]),
            passages=self._stated.passages([iri], self._stated.conditions_of([iri])),
        )

    @cached_property
    def _unexcepted(self) -> tuple[str, ...]:
        """The categories of the person for which a source could make an exception."""
        states = self._conclusions.states
        is_child, is_alone, is_citizen, is_non_eu = (
            states.get(TIP + each)
            for each in ("Child", "UnaccompaniedChild", "Citizen", "NonEUVictim")
        )
        found = (
            ("children", is_child == "met"),
            ("unaccompanied children", is_alone == "met"),
            ("citizens of the European Union", is_citizen == is_non_eu == "not-met"),
        )
        return tuple(name for name, applies in found if applies)

    def _open_reading(self, iri: str) -> OpenReading:
        [wider, *_], [narrower, *_] = (
            self._stated.all(iri, name) for name in ("widerReading", "narrowerReading")
        )
        return OpenReading(
            iri=iri,
            question=self._stated.label(iri),
            wider=wider,
            narrower=narrower,
            is_about_persons=any(
                each.startswith(TIP)
                for each in self._stated.all(iri, "leavesOpen", "widerIncludes", "narrowerCovers")
            ),
            concerns=tuple(map(last_part, self._stated.all(iri, "concerns"))),
            passages=self._stated.passages([iri]),
        )

    @cached_property
    def _groups_of_reports(self) -> Mapping[str, set[str]]:
        """The reports of practice, each with the groups of persons that it is about.

        An inference is no report.
        """
        rows = self._engine.select(
            f"SELECT DISTINCT ?report ?group {{ ?report tip:edition {self._edition} ; a ?kind"
            f" FILTER(?kind IN ({PRACTICE_KINDS}))"
            f" MINUS {{ ?report tip:edition {self._edition} ; prov:wasDerivedFrom ?other }}"
            f" OPTIONAL {{ ?report {PERSONS} ?group }} }}"
        )
        groups = grouped((str(row["report"]), row["group"]) for row in rows)
        return {report: set(map(str, filter(None, of_it))) for report, of_it in groups.items()}

    def _is_excluded(self, report: str) -> bool:
        """Return whether the report is only on groups that the person is not in."""
        states = [self._conclusions.states.get(each) for each in self._groups_of_reports[report]]
        return bool(states) and all(state == "not-met" for state in states)

    def _is_about_person(self, report: str) -> bool:
        """Return whether the report names a group of the person, or those not yet identified."""
        named = self._groups_of_reports[report] - WIDE_GROUPS
        states = self._conclusions.states
        if any(states.get(each) == "met" for each in named):
            return True
        is_finding = TIP + "Finding" in self._stated.all(report, "type")
        is_on_identification = IDENTIFICATION in self._stated.all(report, "topic")
        is_identified = states.get(IDENTIFIED) == "met"
        return not named and is_finding and is_on_identification and not is_identified

    def _practice(self, benefits: Iterable[Benefit]) -> tuple[Practice, ...]:
        """The reports on the person, and those related to a benefit that is of use to them."""
        by_matter: dict[str, set[str]] = defaultdict(set)
        for benefit in benefits:
            if benefit.status != NOT_APPLICABLE:
                for matter in self._matters_of_benefit(benefit.iri):
                    by_matter[matter].add(benefit.name)
        related = {
            iri: {name for matter in self._matters_of_report(iri) for name in by_matter[matter]}
            for iri in self._reports
        }
        return tuple(
            Practice(
                iri=iri,
                label=self._stated.label(iri),
                benefits=tuple(sorted(related[iri])),
                speakers=tuple(map(self._stated.actor, self._stated.all(iri, "speaker"))),
                speech_act=self._stated.first(iri, "speechAct") or "",
                passages=self._stated.passages([iri]),
            )
            for iri in self._stated.in_order(related)
            if related[iri] or self._is_about_person(iri)
        )

    def _matters_of_benefit(self, iri: str) -> set[str]:
        """The topics, place and provider of a benefit, and cooperation where it requires that.

        A report that shares one of them is related to the benefit.
        """
        matters = set(self._stated.all(iri, "topic", "place", "grantedBy"))
        if self._stated.first(iri, "cooperationNeed") == "cooperation-needed":
            matters.add(VICTIM_COOPERATION)
        matters |= {RESIDENCE_OF_CHILDREN} if iri in self._rung_numbers else set()
        return matters - UNSPECIFIC_TOPICS

    def _matters_of_report(self, iri: str) -> set[str]:
        """The topics and places of a report."""
        if DIRECTED_KINDS & set(self._stated.all(iri, "type")):
            return set()
        return set(self._stated.all(iri, "topic", "place"))


def _names(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The last parts of all IRIs in these groups, each once."""
    return tuple(map(last_part, dict.fromkeys(chain.from_iterable(groups))))
