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
    NOT_APPLICABLE,
    NOT_STATED,
    READINGS,
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
from tipgraph.entities import passages
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import CODE, TIP, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value, value
from tipgraph.store.engine import Embedded

# Norms count as benefits; a service that the source reports as provided counts as a protection.
BENEFIT_KINDS = (TIP + "Entitlement", TIP + "Power", TIP + "Placement")
COOPERATION = CODE + "cooperation"
DECISION = CODE + "decision-of-authorities"
# A condition of this fact is met before any proceeding.
IDENTIFIED = CODE + "identified"
POTENTIAL = CODE + "potential"
PRACTICE_KINDS = (
    "tip:Finding tip:WordedQuantity tip:NonReport tip:AbsenceOfReports tip:Award"
    " tip:ServiceProvision"
)
# The properties that name the persons whom a report is about.
PERSONS = "tip:affects|tip:counts|tip:beneficiary|tip:recipient"
VICTIM_COOPERATION = CODE + "victim-cooperation"
# Every statement about children has this topic, so sharing it does not relate a report to a norm.
UNSPECIFIC_TOPIC = CODE + "child-victims"

# The properties that name who decides on a benefit.
DECIDERS = ("grantedBy", "holder", "agent")
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
    def kinds(self) -> set[str]:
        """The leaf classes of data; a node's other types are their superclasses."""
        rows = self._engine.select("SELECT ?kind { ?kind a tip:Kind }")
        return set(map(str, rows.column("kind")))

    def kind(self, iri: str) -> str:
        return next(each for each in self.all(iri, "type") if each in self.kinds)

    @cached_property
    def conditions(self) -> Mapping[str, list[Row]]:
        """The conditions of each norm: their facts, evidence, and how they are joined."""
        rows = self._engine.select(
            "SELECT DISTINCT ?norm ?condition ?fact ?label ?requirement ?performer ?evidence"
            " ?tree_kind ?fact_kind {"
            f" ?norm tip:edition {self._edition} ; cv:holdsRequirement|tip:ifNotMet ?root ."
            " ?root cv:hasRequirement* ?condition . ?condition tip:fact ?fact ."
            " ?fact skos:prefLabel ?label . ?condition rdfs:label ?requirement"
            " OPTIONAL { ?condition tip:performedBy/rdfs:label ?performer }"
            " OPTIONAL { ?condition tip:evidence ?evidence }"
            " OPTIONAL { ?fact skos:broader ?fact_kind }"
            " OPTIONAL { VALUES ?tree_kind { tip:AllOf tip:AnyOf tip:NoneOf }"
            "   ?tree a ?tree_kind ; cv:hasRequirement ?condition }"
            "} ORDER BY ?norm ?condition"
        )
        conditions: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            conditions[str(row["norm"])].append(row)
        return conditions

    def conditions_of(self, norms: Iterable[str]) -> list[Row]:
        return [row for norm in norms for row in self.conditions.get(norm, [])]

    def passages(self, norms: Iterable[str], conditions: Iterable[Row] = ()) -> tuple[Passage, ...]:
        """The passages of these norms and conditions, in the order of the text."""
        wanted = {passage for norm in norms for passage in self.all(norm, "evidence")}
        wanted |= {str(row["evidence"]) for row in conditions}
        return tuple(passage for iri, passage in self._passages.items() if iri in wanted)

    @cached_property
    def _passages(self) -> dict[str, Passage]:
        evidence = {each for iri in self._values for each in self.all(iri, "evidence")}
        conditions = chain(*self.conditions.values())
        evidence |= {str(row["evidence"]) for row in conditions if row["evidence"]}
        return passages.passages(self._engine, sorted(evidence))

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {iri: position for position, iri in enumerate(self._passages)}

    def in_order(self, iris: Iterable[str]) -> list[str]:
        """These in the order of their first passages in the text."""
        end = len(self._positions)

        def position(iri: str) -> tuple[int, str]:
            found = (self._positions.get(each, end) for each in self.all(iri, "evidence"))
            return min(found, default=end), iri

        return sorted(iris, key=position)


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
        self._reports = self._reports_on_possible_groups()
        shown = {*conclusions.norms, *conclusions.all_open_readings, *self._reports}
        self._stated = _Statements(self._engine, self._edition, shown)

    def answer(self, case: Case) -> Answer:
        in_order = self._stated.in_order
        concluded = self._conclusions.benefits
        heads = self._conclusions.norms_by_head
        granted = tuple(self._benefit(iri) for iri in in_order(concluded))
        benefits = tuple(each for each in granted if each.kind in BENEFIT_KINDS)
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
            services=tuple(each for each in granted if each.kind not in BENEFIT_KINDS),
            consequences=tuple(each for each in consequences if each.status != DOES_NOT_FOLLOW),
            practice=self._practice(benefits),
            open_readings=tuple(
                self._open_reading(iri)
                for iri in in_order(self._conclusions.all_open_readings)
                if last_part(iri) in arising
            ),
            for_identified=self._for_identified(),
            on_potential_victims=self._on_potential_victims(),
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
        rows = self._engine.select(
            f"SELECT DISTINCT ?passage {{ ?statement tip:edition {self._edition} ;"
            " tip:counts|tip:beneficiary tip:PotentialVictim ; tip:evidence ?passage }"
        )
        found = passages.passages(self._engine, map(str, rows.column("passage")))
        return tuple(found.values())

    def _source(self) -> AssessedEdition:
        found = self._regime.source
        named = filter(None, (found.area, found.reporting_period))
        labels = entities.labels(self._engine, named)
        return AssessedEdition(
            edition=found.iri,
            label=found.label,
            country=labels.get(found.area, last_part(found.area)),
            publisher=found.publisher_label or NOT_STATED,
            period=labels.get(found.reporting_period, str(found.year)),
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
        return {last_part(iri): label for iri, label in {**self._stated.actors, **listed}.items()}

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
        deciding = [norm for norm in norms if concluded.norms[norm] == status][:1]
        conditions = stated.conditions_of(norms)
        kind = stated.kind(iri)
        ended_by = self._fact_ending_renewal(iri)
        return Benefit(
            iri=iri,
            label=stated.label(iri),
            short_name=stated.short_name(iri),
            kind=kind,
            status=status,
            final=bool(concluded.benefits[iri]["final"]),
            strength=self._strength(iri, kind),
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
            is_permanent=stated.first(iri, "durationUnit") == "permanent",
            open_readings=_names(map(concluded.open_readings, norms)),
            notes=self._notes(norms),
            hint=_first_clause(self._notes(deciding)),
            passages=stated.passages(norms, conditions),
            alternatives=tuple(map(self._alternative, alternatives)),
            at_least=self._at_least(norms) if status == "undetermined" else None,
            cooperation=self._cooperation(iri, conditions),
            by_reading=self._statuses_by_reading(iri, status),
        )

    def _cooperation(self, iri: str, conditions: Iterable[Row]) -> str:
        kinds = {str(each["fact_kind"]) for each in conditions if each["fact"] != IDENTIFIED}
        if COOPERATION in kinds:
            return "needed"
        if DECISION in kinds or self._stated.all(iri, "setting"):
            return "proceeding-needed"
        return "open" if iri in self._perhaps_conditional else "not-needed"

    @cached_property
    def _perhaps_conditional(self) -> set[str]:
        """The norms that require cooperation by the narrower reading of an open question."""
        rows = self._engine.select(
            f"SELECT DISTINCT ?norm {{ ?norm tip:edition {self._edition} ."
            " ?reading tip:concerns ?norm ; tip:narrowerRequires ?requirement ."
            " ?requirement cv:hasRequirement*/tip:fact/skos:broader code:cooperation }"
        )
        return set(map(str, rows.column("norm")))

    def _statuses_by_reading(self, iri: str, status: str) -> ByReading | None:
        """The statuses by the two readings, if they differ from each other."""
        name = last_part(iri)
        both = ByReading(*(self._by_reading[each].get(name, DOES_NOT_FOLLOW) for each in READINGS))
        return both if status == "undetermined" and both.wider != both.narrower else None

    def _strength(self, iri: str, kind: str) -> str:
        if kind == TIP + "Power":
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
        if status not in ("undetermined", "blocked"):
            return ()
        unknown = _names(map(self._conclusions.depends_on, norms))
        if unknown or status == "blocked":
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

    def _reports_on_possible_groups(self) -> list[str]:
        """Reports of practice, except those only on groups that the person is not in."""
        rows = self._engine.select(
            f"SELECT DISTINCT ?report ?group {{ VALUES ?kind {{ {PRACTICE_KINDS} }} ?report a ?kind"
            f" ; tip:edition {self._edition} OPTIONAL {{ ?report {PERSONS} ?group }} }}"
        )
        excluded: dict[str, list[bool]] = defaultdict(list)
        for row in rows:
            state = self._conclusions.states.get(str(row["group"]))
            excluded[str(row["report"])].append(state == "not-met")
        return [iri for iri, each in excluded.items() if not all(each)]

    def _practice(self, benefits: Iterable[Benefit]) -> tuple[Practice, ...]:
        """The reports that are related to a benefit which is of use to the person."""
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
            if related[iri]
        )

    def _matters_of_benefit(self, iri: str) -> set[str]:
        """The topics, place and provider of a benefit, and cooperation where it requires that.

        A report that shares one of them is related to the benefit.
        """
        matters = set(self._stated.all(iri, "topic", "place", "grantedBy"))
        condition_kinds = {str(row["fact_kind"]) for row in self._stated.conditions_of([iri])}
        if CODE + "cooperation" in condition_kinds:
            matters.add(VICTIM_COOPERATION)
        return matters - {UNSPECIFIC_TOPIC}

    def _matters_of_report(self, iri: str) -> set[str]:
        """The topics and places of a report; of a provided service only its provider."""
        if TIP + "ServiceProvision" in self._stated.all(iri, "type"):
            return set(self._stated.all(iri, "agent"))
        return set(self._stated.all(iri, "topic", "place"))


def _names(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The last parts of all IRIs in these groups, each once."""
    return tuple(map(last_part, dict.fromkeys(chain.from_iterable(groups))))


def _first_clause(notes: Iterable[str]) -> str:
    """The first clause of the first note: its first sentence, up to a semicolon."""
    note = next(iter(notes), "")
    return note.split(". ")[0].split(";")[0].rstrip(".")
