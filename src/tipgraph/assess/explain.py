"""What was concluded on a case, put together with what the source says."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from pyoxigraph import NamedNode, Triple

from tipgraph.assess.case import Case
from tipgraph.assess.model import (
    NOT_STATED,
    Alternative,
    Answer,
    Benefit,
    Condition,
    Consequence,
    Practice,
    Reading,
    Source,
)
from tipgraph.assess.regime import Regime
from tipgraph.lookup import entities, passages
from tipgraph.lookup.passages import Passage
from tipgraph.namespaces import CODE, ID, TIP, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.store.embedded import Embedded
from tipgraph.store.rows import Rows, Value, value

# What the source gives as norms; a service that it says was provided is told with protections.
RUNG_KINDS = (TIP + "Entitlement", TIP + "Power", TIP + "Placement")
# On what a norm must not turn to be told as one that depends on no cooperation.
COOPERATION = (CODE + "cooperation", CODE + "decision-of-authorities")
# A consequence that is not told, though another reading of its words may be.
AVERTED = "does-not-follow"
# Who a statement speaks of is told by these.
SPOKEN_OF = "tip:affects|tip:counts|tip:beneficiary|tip:recipient"
PRACTICE = (
    "tip:Finding tip:WordedQuantity tip:NonReport tip:AbsenceOfReports tip:Award"
    " tip:ServiceProvision"
)
# Under this topic stands whatever speaks of children, which is no practice on one norm.
TOO_WIDE = CODE + "child-victims"
COOPERATING = CODE + "victim-cooperation"

RENEWABLE = {"met": False, "not-met": True}
CONNECTIVES = {TIP + "AllOf": "all-of", TIP + "AnyOf": "any-of", TIP + "NoneOf": "none-of"}

Row = Mapping[str, Value]


def tell(regime: Regime, concluded: Embedded, name: str, case: Case) -> Answer:
    """What was concluded for the case of that name."""
    return _Teller(regime, concluded, name).answer(case)


class _Teller:
    """Reads norms from the regime, and how they stand from the conclusions on one case."""

    def __init__(self, regime: Regime, concluded: Embedded, name: str) -> None:
        self.regime = regime
        self.norms = regime.engine
        self.concluded = concluded
        self.case = f"{NamedNode(f'{ID}case/{name}')}"
        self.edition = f"{NamedNode(regime.edition)}"
        self._said: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._passages: dict[str, Passage] = {}
        self._position: dict[str, int] = {}

    def answer(self, case: Case) -> Answer:
        reported = self._reported()
        readings = {each for links in self._links.values() for each in links["leftOpenBy"]}
        self._read({*self._statuses, *reported, *readings})

        benefits = tuple(self._rung(iri) for iri in self._in_order(self._benefits))
        rungs = tuple(each for each in benefits if each.kind in RUNG_KINDS)
        befalling = [iri for iri in self._heads if iri not in self._benefits]
        every = tuple(map(self._consequence, self._in_order(befalling)))
        told: list[Benefit | Consequence] = [*rungs, *every]
        arising = {name for each in told for name in each.readings}
        return Answer(
            source=self._source(),
            case=case,
            categories=self._categories(),
            rungs=rungs,
            services=tuple(each for each in benefits if each.kind not in RUNG_KINDS),
            consequences=tuple(each for each in every if each.status != AVERTED),
            practice=self._practice(rungs, reported),
            readings=tuple(
                self._reading(iri) for iri in self._in_order(readings) if last_part(iri) in arising
            ),
            labels=self._labels(case),
        )

    # What was concluded

    @cached_property
    def _benefits(self) -> dict[str, Row]:
        rows = self.concluded.select(
            "SELECT ?on ?status ?final { ?it a tip:BenefitConclusion ;"
            f" tip:ofCase {self.case} ; tip:concludesOn ?on ; tip:status ?status"
            " OPTIONAL { ?it tip:final ?final } }"
        )
        return {str(row["on"]): row for row in rows}

    @cached_property
    def _rows(self) -> Rows:
        return self.concluded.select(
            "SELECT ?head ?on ?status ?link ?to { ?it a tip:NormConclusion ;"
            f" tip:ofCase {self.case} ; tip:answers ?head ; tip:concludesOn ?on ;"
            " tip:status ?status OPTIONAL {"
            " VALUES ?link { tip:dependsOn tip:blockedBy tip:leftOpenBy } ?it ?link ?to }"
            "} ORDER BY ?on ?to"
        )

    @cached_property
    def _heads(self) -> dict[str, list[str]]:
        """By each benefit and consequence the norms that are answered with it."""
        heads: dict[str, list[str]] = defaultdict(list)
        for row in self._rows:
            if row["on"] not in heads[str(row["head"])]:
                heads[str(row["head"])].append(str(row["on"]))
        return heads

    @cached_property
    def _statuses(self) -> dict[str, str]:
        """The status of each norm."""
        return {str(row["on"]): last_part(str(row["status"])) for row in self._rows}

    @cached_property
    def _links(self) -> dict[str, dict[str, list[str]]]:
        """What each norm needs, what blocks it, and what leaves it open."""
        links: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in self._rows:
            if row["link"]:
                links[str(row["on"])][last_part(str(row["link"]))].append(str(row["to"]))
        return links

    @cached_property
    def _states(self) -> dict[str, str]:
        """The state of each fact, category and requirement."""
        rows = self.concluded.select(
            "SELECT ?on ?state { VALUES ?state { code:met code:not-met code:unknown }"
            f" ?it tip:ofCase {self.case} ; tip:concludesOn ?on ; tip:state ?state }}"
        )
        return {str(row["on"]): last_part(str(row["state"])) for row in rows}

    def _categories(self) -> tuple[str, ...]:
        """The categories that the person is in, but for the widest."""
        held = (thing for thing, state in self._states.items() if state == "met")
        return tuple(sorted(last_part(each) for each in held if each.startswith(TIP)
                            and each != TIP + "Person"))  # fmt: skip

    # What the source says

    def _read(self, iris: Iterable[str]) -> None:
        """Read what is said of these norms, reports and readings, and the passages of all."""
        for iri in iris:
            quads = self.norms.store.quads_for_pattern(NamedNode(iri), None, None)
            said = {(last_part(quad.predicate.value), quad.object) for quad in quads}
            for name, term in sorted(said, key=str):
                if not isinstance(term, Triple):
                    self._said[iri][name].append(value(term))
        told = {str(each) for said in self._said.values() for each in said["evidence"]}
        told |= {str(r["evidence"]) for r in chain(*self._required.values()) if r["evidence"]}
        self._passages = passages.passages(self.norms, sorted(told))
        self._position = {iri: number for number, iri in enumerate(self._passages)}

    @cached_property
    def _required(self) -> dict[str, list[Row]]:
        """The conditions of each norm: their facts, evidence, and how they are joined."""
        rows = self.norms.select(
            "SELECT DISTINCT ?norm ?condition ?fact ?label ?evidence ?joined ?kind {"
            f" ?norm tip:edition {self.edition} ; cv:holdsRequirement|tip:ifNotMet ?root ."
            " ?root cv:hasRequirement* ?condition . ?condition tip:fact ?fact ."
            " ?fact skos:prefLabel ?label OPTIONAL { ?condition tip:evidence ?evidence }"
            " OPTIONAL { ?fact skos:broader ?kind }"
            " OPTIONAL { VALUES ?joined { tip:AllOf tip:AnyOf tip:NoneOf }"
            "   ?tree a ?joined ; cv:hasRequirement ?condition }"
            "} ORDER BY ?norm ?condition"
        )
        required: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            required[str(row["norm"])].append(row)
        return required

    @cached_property
    def _ladder(self) -> dict[str, int]:
        rows = self.norms.select(
            f"SELECT ?entitlement ?number {{ ?rung tip:edition {self.edition} ;"
            " tip:entitlement ?entitlement ; tip:rungNumber ?number }"
        )
        return {str(row["entitlement"]): int(str(row["number"])) for row in rows}

    @cached_property
    def _kinds(self) -> set[str]:
        """The classes that data may have, so that superclasses are left aside."""
        return set(map(str, self.norms.select("SELECT ?kind { ?kind a tip:Kind }").column("kind")))

    @cached_property
    def _actors(self) -> dict[str, str]:
        """The labels of those who decide, speak or take in."""
        names = ("grantedBy", "holder", "agent", "speaker", "place")
        actors = {str(e) for said in self._said.values() for n in names for e in said[n]}
        return entities.labels(self.norms, sorted(actors))

    def _actor(self, iri: str) -> str:
        return self._actors.get(iri, last_part(iri))

    def _label(self, iri: str) -> str:
        labels = self._said[iri]["label"]
        return str(labels[0]) if labels else last_part(iri)

    def _labels(self, case: Case) -> Mapping[str, str]:
        """What people call each thing that an answer names, by the last part of its IRI."""
        rows = self.norms.select(
            "SELECT ?thing ?label { { VALUES ?list { code:facts code:traits code:acts"
            "   code:benefits code:events code:services }"
            "   ?thing skos:inScheme ?list ; skos:prefLabel ?label }"
            " UNION { VALUES ?kind { tip:PersonCategory tip:VictimCategory }"
            "   ?thing a ?kind ; rdfs:label ?label }"
            f" UNION {{ VALUES ?thing {{ {terms(case.citizenships)} }} ?thing skos:prefLabel ?label"
            "} }"
        )
        listed = {str(row["thing"]): str(row["label"]) for row in rows}
        return {last_part(iri): label for iri, label in {**self._actors, **listed}.items()}

    def _source(self) -> Source:
        [row, *_] = self.norms.select(
            f"SELECT * {{ VALUES ?edition {{ {self.edition} }} ?edition rdfs:label ?label ;"
            " tip:year ?year ; dcterms:spatial ?place"
            " OPTIONAL { ?place skos:prefLabel ?country }"
            " OPTIONAL { ?edition dcterms:publisher/rdfs:label ?publisher }"
            " OPTIONAL { ?edition tip:reportingPeriod/rdfs:label ?period }"
            " OPTIONAL { ?edition dcat:landingPage ?page }"
            " OPTIONAL { ?edition tip:coverage ?coverage } }"
        )
        told = {name: str(value) for name, value in row.items() if value is not None}
        return Source(
            edition=self.regime.edition,
            label=told["label"],
            country=told.get("country", last_part(told["place"])),
            publisher=told.get("publisher", NOT_STATED),
            period=told.get("period", told["year"]),
            page=told.get("page", ""),
            complete=told.get("coverage") == CODE + "complete",
        )

    def _in_order(self, iris: Iterable[str]) -> list[str]:
        """These in the order in which the text first speaks of them."""
        last = len(self._position)

        def place(iri: str) -> tuple[int, str]:
            found = (self._position.get(each, last) for each in self._evidence(iri))
            return min(found, default=last), iri

        return sorted(iris, key=place)

    def _evidence(self, iri: str) -> list[str]:
        return [str(each) for each in self._said[iri]["evidence"]]

    def _one(self, iri: str, name: str) -> str | None:
        values = self._said[iri][name]
        return last_part(str(values[0])) if values else None

    # The two together

    def _rung(self, iri: str) -> Benefit:
        said = self._said[iri]
        others = (each for each in self._heads[iri] if each != iri)
        ways = [iri, *(each for each in others if self._statuses[each] != NOT_STATED)]
        required = [row for way in ways for row in self._required[way]]
        kind = str(next(each for each in said["type"] if each in self._kinds))
        benefit, ending = self._benefits[iri], self._ending(iri)
        return Benefit(
            iri=iri,
            label=self._label(iri),
            kind=kind,
            status=last_part(str(benefit["status"])),
            final=bool(benefit["final"]),
            strength=self._strength(iri, kind),
            conditionality=self._one(iri, "conditionality") or NOT_STATED,
            conditions=self._conditions(required),
            blocked_by=self._linked(ways, "blockedBy"),
            needs=self._needs(ways, last_part(str(benefit["status"]))),
            grants=self._grants(ways),
            duration=_duration(self._one(iri, "durationUnit"), said["durationValue"]),
            renewable_until=self._one(iri, "renewableUntil"),
            ended_by=last_part(ending) if ending else None,
            renewable=RENEWABLE.get(self._states[ending]) if ending else None,
            decided_by=self._deciders(ways),
            number=self._ladder.get(iri),
            is_for_good=self._one(iri, "durationUnit") == "permanent",
            readings=self._linked(ways, "leftOpenBy"),
            left_open=self._leaving_open(ways),
            notes=self._notes(ways),
            passages=self._cited(ways, required),
            ways=tuple(self._way(each) for each in ways if each != iri),
            is_independent=not {str(row["kind"]) for row in required} & set(COOPERATION),
        )

    def _way(self, iri: str) -> Alternative:
        return Alternative(last_part(iri), self._label(iri), self._statuses[iri])

    def _conditions(self, required: Iterable[Row]) -> tuple[Condition, ...]:
        found = {
            str(row["fact"]): Condition(
                name=last_part(str(row["fact"])),
                label=str(row["label"]),
                state=self._states.get(str(row["fact"]), "unknown"),
                wanted="not-met" if row["joined"] == TIP + "NoneOf" else "met",
                connective=CONNECTIVES.get(str(row["joined"])),
            )
            for row in required
        }
        return tuple(found.values())

    def _needs(self, ways: Iterable[str], status: str) -> tuple[str, ...]:
        """What it turns on: facts and traits, or where all of these are told, open readings."""
        if status not in ("undetermined", "blocked"):
            return ()
        needs = self._linked(ways, "dependsOn")
        if needs or status == "blocked":
            return needs
        return self._leaving_open(ways)

    def _leaving_open(self, ways: Iterable[str]) -> tuple[str, ...]:
        """The readings by which it stays open who is meant, or whether what is asked for is met."""
        readings = dict.fromkeys(each for way in ways for each in self._links[way]["leftOpenBy"])
        return tuple(last_part(each) for each in readings if self._said[each]["leavesOpen"])

    def _linked(self, norms: Iterable[str], link: str) -> tuple[str, ...]:
        found = (each for norm in norms for each in self._links[norm][link])
        return tuple(last_part(each) for each in dict.fromkeys(found))

    def _strength(self, iri: str, kind: str) -> str:
        if kind == TIP + "Power":
            return "could"
        return (self._one(iri, "strength") or NOT_STATED).removeprefix("strength-")

    def _grants(self, ways: Iterable[str]) -> tuple[str, ...]:
        for name in ("grants", "service", "place", "act"):
            found = [last_part(str(each)) for way in ways for each in self._said[way][name]]
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    def _ending(self, iri: str) -> str | None:
        """The fact that tells that a benefit can no longer be renewed."""
        bearings = self.regime.bearings
        return next((e.fact for e in bearings if e.how == "ends" and e.norm == iri), None)

    def _deciders(self, ways: Iterable[str]) -> tuple[str, ...]:
        names = ("grantedBy", "holder", "agent")
        found = (str(each) for way in ways for name in names for each in self._said[way][name])
        return tuple(map(self._actor, dict.fromkeys(found)))

    def _notes(self, ways: Iterable[str]) -> tuple[str, ...]:
        return tuple(str(note) for way in ways for note in self._said[way]["scopeNote"])

    def _cited(self, norms: Iterable[str], required: Iterable[Row] = ()) -> tuple[Passage, ...]:
        wanted = {passage for norm in norms for passage in self._evidence(norm)}
        wanted |= {str(row["evidence"]) for row in required}
        return tuple(passage for iri, passage in self._passages.items() if iri in wanted)

    def _consequence(self, iri: str) -> Consequence:
        status = self._statuses[iri]
        return Consequence(
            iri=iri,
            label=self._label(iri),
            status=status,
            needs=self._needs([iri], status),
            readings=self._linked([iri], "leftOpenBy"),
            notes=self._notes([iri]),
            passages=self._cited([iri], self._required[iri]),
        )

    def _reading(self, iri: str) -> Reading:
        said = self._said[iri]
        return Reading(
            iri=iri,
            question=self._label(iri),
            taken=str(said["readingTaken"][0]),
            left=str(said["readingLeft"][0]),
            concerns=tuple(last_part(str(each)) for each in said["concerns"]),
            passages=self._cited([iri]),
        )

    def _reported(self) -> list[str]:
        """Reports of practice on people among whom the person may be."""
        rows = self.norms.select(
            f"SELECT DISTINCT ?it ?of {{ VALUES ?kind {{ {PRACTICE} }} ?it a ?kind ;"
            f" tip:edition {self.edition} OPTIONAL {{ ?it {SPOKEN_OF} ?of }} }}"
        )
        others: dict[str, list[bool]] = defaultdict(list)
        for row in rows:
            others[str(row["it"])].append(self._states.get(str(row["of"])) == "not-met")
        return [iri for iri, each in others.items() if not all(each)]

    def _practice(self, rungs: Iterable[Benefit], reported: Iterable[str]) -> tuple[Practice, ...]:
        """Those of the reports that bear on a norm which is not pointless here."""
        bearing: dict[str, set[str]] = defaultdict(set)
        for rung in rungs:
            if rung.status != "not-applicable":
                for matter in self._matters(rung):
                    bearing[matter].add(rung.name)
        about = {
            iri: set().union(*(bearing.get(matter, set()) for matter in self._spoken_of(iri)))
            for iri in reported
        }
        return tuple(
            Practice(
                iri=iri,
                label=self._label(iri),
                on=tuple(sorted(about[iri])),
                speakers=tuple(self._actor(str(each)) for each in self._said[iri]["speaker"]),
                speech_act=self._one(iri, "speechAct") or "",
                passages=self._cited([iri]),
            )
            for iri in self._in_order(about)
            if about[iri]
        )

    def _matters(self, rung: Benefit) -> set[str]:
        """What a report has to speak of to bear on a rung: its topics, its place, who gives it, or
        the victim's cooperation where it hangs on that."""
        said = self._said[rung.iri]
        found = {str(each) for name in ("topic", "place", "grantedBy") for each in said[name]}
        kinds = {str(row["kind"]) for row in self._required[rung.iri]}
        return (found | ({COOPERATING} if CODE + "cooperation" in kinds else set())) - {TOO_WIDE}

    def _spoken_of(self, iri: str) -> set[str]:
        """What a report speaks of; a service that is provided, just of who provides it."""
        said = self._said[iri]
        is_service = TIP + "ServiceProvision" in map(str, said["type"])
        names = ("agent",) if is_service else ("topic", "place")
        return {str(each) for name in names for each in said[name]}


def _duration(unit: str | None, values: list[Any]) -> str | None:
    """As in ISO 8601; a length without end is `indefinite`."""
    if unit in ("day", "month") and values:
        return f"P{values[0]}{unit[0].upper()}"
    return None if unit is None else "indefinite"
