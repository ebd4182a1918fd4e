"""The norms of one edition, the rules that draw conclusions from them, and the conclusions.

The rules are CONSTRUCT queries like all rules, run as updates of a store of their own.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import chain, starmap
from os.path import relpath
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from tipgraph.assess.case import Case, facts
from tipgraph.entities import editions, labels
from tipgraph.entities.editions import Edition
from tipgraph.entities.languages import translated
from tipgraph.errors import UsageError
from tipgraph.namespaces import ID, PREFIXES, RDF, TIP, last_part
from tipgraph.rdf import sparql
from tipgraph.rdf.terms import Value
from tipgraph.resources.cache import prepared
from tipgraph.resources.folders import Resources
from tipgraph.store.engine import Embedded, Engine, Rows, grouped, matching
from tipgraph.store.rules import Rule, insert, read_rule
from tipgraph.text import join

# A requirement and all its parts, each with its passage.
PARTS = "?root cv:hasRequirement* ?part OPTIONAL { ?part tip:evidence ?passage }"


class FactRole(NamedTuple):
    """A fact, its role in a norm, the norm that this one is presented under, and the passage.

    The roles: the fact is a `condition`; a requirement is `open_until` it is met; it `settles` a
    condition; it `ends_renewal`; it `ends` the benefit; it `implies` or `excludes` one of these; or
    it determines a `category` of persons. The passage is empty where the requirement has no
    evidence of its own.
    """

    fact: str
    role: str
    norm: str
    head: str
    passage: str


RULES_FILE = "case-rules.json"
# The result of this rule is part of the proof only; no other rule reads it.
PROOF = "proof.rq"
TYPE, EDITION = NamedNode(RDF + "type"), NamedNode(TIP + "edition")
GraphName = NamedNode | BlankNode | DefaultGraph
Pattern = tuple[NamedNode | None, NamedNode, NamedNode | None, GraphName | None]
DERIVED_FROM = NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
# The graphs that are not of an edition or document.
SHARED = """
    SELECT ?graph { GRAPH ?graph {}
    MINUS { VALUES ?kind { tip:Edition tip:Document } GRAPH ?graph { ?source a ?kind } } }
"""
# Properties that the rules read of editions alone, and that each of these has.
OF_SOURCES = NamedNode(TIP + "year"), NamedNode(PREFIXES["dcterms"] + "spatial")


class Part(NamedTuple):
    """Rules that run together, and the IRIs that occur in them."""

    rules: tuple[Rule, ...]
    iris: tuple[str, ...]

    def apply(self, store: Store, graph: Store, edition: str) -> None:
        """Add to the store's default graph what follows from it and from the graph.

        Only the triples of the graph that the rules can match are copied into the store.
        """
        store.extend(self.matched(graph, edition))
        insert(store, self.rules)

    def matched(self, graph: Store, edition: str) -> Iterator[Quad]:
        """The triples that the rules can match, as quads of the default graph.

        Their predicate is one of the IRIs, or they are types among the IRIs. Of what belongs to an
        edition, the rules match that of the one under which a case is assessed. They read what
        conclusions are derived from, and never what statements are, which is most of the triples.
        """
        own = NamedNode(edition)
        graphs = _graphs(graph, own)
        for iri in map(NamedNode, self.iris):
            if iri == DERIVED_FROM:
                continue
            if iri == EDITION:
                patterns: list[Pattern] = [(None, iri, own, None)]
            elif iri in OF_SOURCES:
                patterns = [(own, iri, None, None)]
            else:
                patterns = [(None, iri, None, of) for of in graphs]
            patterns += [(None, TYPE, iri, of) for of in graphs]
            for quad in chain.from_iterable(starmap(graph.quads_for_pattern, patterns)):
                yield Quad(quad.subject, quad.predicate, quad.object)


def _graphs(graph: Store, edition: NamedNode) -> list[GraphName]:
    """Return all graphs but those of other editions and documents."""
    own = {quad.graph_name for quad in graph.quads_for_pattern(edition, None, None)}
    others = graph.query(SHARED, prefixes=PREFIXES)
    assert isinstance(others, QuerySolutions)
    return [*{DefaultGraph(), *own, *(name for (name,) in others)}]


class RuleSet(NamedTuple):
    """The rules that draw conclusions, and those that record what these rest on."""

    concluding: Part
    proving: Part


def load_rules(resources: Resources) -> RuleSet:
    """The rules for cases, compiled once and cached.

    Raises InputError when a rule is invalid.
    """
    parts = json.loads(prepared(resources, RULES_FILE, lambda: compile_rules(resources)))
    return RuleSet(*(Part(tuple(Rule(**e) for e in rules), tuple(iris)) for rules, iris in parts))


def compile_rules(resources: Resources) -> bytes:
    """The rules as JSON, which loads much faster than the query files and their headers."""
    rules = [read_rule(path) for path in resources.case_rules()]
    named = [replace(rule, path=relpath(rule.path, resources.root)) for rule in rules]
    proving = [rule for rule in named if rule.path.endswith(PROOF)]
    concluding = [rule for rule in named if rule not in proving]
    return json.dumps([_part(concluding), _part(proving)]).encode()


def _part(rules: Iterable[Rule]) -> tuple[list[dict[str, Any]], list[str]]:
    """The rules as updates, and the IRIs in them."""
    iris = set().union(*(sparql.iris(rule.text) for rule in rules))
    updates = [asdict(replace(rule, text=sparql.as_insert(rule.text))) for rule in rules]
    return updates, sorted(iris - {TYPE.value})


class Conclusions:
    """The conclusions on the case of one name.

    Things are IRIs; statuses and states are the last parts of theirs.
    """

    def __init__(self, engine: Embedded, case_name: str) -> None:
        self._engine = engine
        self._case = NamedNode(f"{ID}case/{case_name}")

    @cached_property
    def benefits(self) -> Mapping[str, Mapping[str, Value]]:
        """The `status` of each benefit, and whether it is `final`."""
        rows = self._engine.select(
            "SELECT ?benefit ?status ?final { ?conclusion a tip:BenefitConclusion ;"
            f" tip:ofCase {self._case} ; tip:concludesOn ?benefit ; tip:status ?status"
            " OPTIONAL { ?conclusion tip:final ?final } }"
        )
        return {
            str(row["benefit"]): {"status": last_part(str(row["status"])), "final": row["final"]}
            for row in rows
        }

    @cached_property
    def norms(self) -> Mapping[str, str]:
        """The status of each norm, placement, service and consequence."""
        return {str(row["norm"]): last_part(str(row["status"])) for row in self._norm_rows}

    @cached_property
    def norms_by_head(self) -> Mapping[str, list[str]]:
        """For each benefit and consequence, the norms that are presented under it."""
        pairs = dict.fromkeys((str(row["head"]), str(row["norm"])) for row in self._norm_rows)
        return grouped(pairs)

    @cached_property
    def _links(self) -> Mapping[tuple[str, str], list[str]]:
        """The values of each link of a norm, by the name of the property and the norm."""
        rows = (row for row in self._norm_rows if row["link"])
        return grouped(
            ((last_part(str(row["link"])), str(row["norm"])), str(row["value"])) for row in rows
        )

    def depends_on(self, norm: str) -> list[str]:
        """The unknown facts and traits that the status of a norm depends on."""
        return self._links["dependsOn", norm]

    def blocked_by(self, norm: str) -> list[str]:
        """The facts that block a norm."""
        return self._links["blockedBy", norm]

    def open_readings(self, norm: str) -> list[str]:
        """The open readings that matter for a norm in this case."""
        return self._links["leftOpenBy", norm]

    @property
    def all_open_readings(self) -> set[str]:
        """The open readings that matter for any norm."""
        return set().union(*map(self.open_readings, self.norms))

    @cached_property
    def states(self) -> Mapping[str, str]:
        """The state (`met`, `not-met`, `unknown`) of each fact, category and requirement."""
        rows = self._engine.select(
            "SELECT ?thing ?state { VALUES ?state { code:met code:not-met code:unknown }"
            f" ?conclusion tip:ofCase {self._case} ; tip:concludesOn ?thing ; tip:state ?state }}"
        )
        return {str(row["thing"]): last_part(str(row["state"])) for row in rows}

    @cached_property
    def contradiction(self) -> Mapping[str, str]:
        """The states of the stated facts that contradict each other; empty if none do.

        Each is the state (`met`, `not-met`) of a fact, by its IRI.
        """
        rows = self._engine.select(
            "SELECT DISTINCT ?fact ?state {"
            " ?met a tip:TruthConclusion ; tip:concludesOn ?thing ; tip:state code:met ;"
            f" tip:ofCase {self._case} ."
            " ?not_met a tip:TruthConclusion ; tip:concludesOn ?thing ; tip:state code:not-met ;"
            f" tip:ofCase {self._case} ."
            " VALUES ?end { 1 2 } BIND(IF(?end = 1, ?met, ?not_met) AS ?either)"
            f" ?either prov:wasDerivedFrom* ?stated . ?stated prov:wasDerivedFrom {self._case} ;"
            " tip:concludesOn ?fact ; tip:state ?state . ?fact skos:inScheme code:facts"
            "} ORDER BY ?fact"
        )
        return {str(row["fact"]): last_part(str(row["state"])) for row in rows}

    @cached_property
    def _norm_rows(self) -> Rows:
        return self._engine.select(
            "SELECT ?head ?norm ?status ?link ?value { ?conclusion a tip:NormConclusion ;"
            f" tip:ofCase {self._case} ; tip:answers ?head ; tip:concludesOn ?norm ;"
            " tip:status ?status OPTIONAL {"
            " VALUES ?link { tip:dependsOn tip:blockedBy tip:leftOpenBy }"
            " ?conclusion ?link ?value }"
            "} ORDER BY ?norm ?value"
        )


@dataclass(frozen=True)
class Regime:
    """The norms of one edition on the entitlements of victims, in memory."""

    engine: Embedded
    resources: Resources
    source: Edition

    @property
    def edition(self) -> str:
        """The IRI of the edition."""
        return self.source.iri

    @cached_property
    def rules(self) -> RuleSet:
        """The rules that draw conclusions."""
        return load_rules(self.resources)

    @cached_property
    def matched(self) -> list[Quad]:
        """Return the quads of the graph that these rules can match."""
        return list(self.rules.concluding.matched(self.engine.store, self.edition))

    @cached_property
    def fact_roles(self) -> list[FactRole]:
        """The roles of facts in the norms of this edition, sorted by fact."""
        of_edition = f"?norm tip:edition {NamedNode(self.edition)}"
        rows = self.engine.select(
            "SELECT DISTINCT ?fact ?role ?norm ?head ?passage {"
            f" {{ {of_edition} ; cv:holdsRequirement|tip:ifNotMet ?root . {PARTS}"
            "   { ?part tip:fact ?fact BIND('condition' AS ?role) } UNION"
            "   { ?part tip:openUntil ?fact BIND('open_until' AS ?role) } UNION"
            "   { ?part tip:fact/tip:settledBy ?fact BIND('settles' AS ?role) } UNION"
            "   { ?part tip:fact ?required . ?fact tip:implies|tip:excludes ?required"
            "     BIND('implies' AS ?role) } } UNION"
            f" {{ {of_edition} FILTER NOT EXISTS {{ ?norm cv:holdsRequirement ?own }}"
            f"   ?reading tip:concerns ?norm ; tip:narrowerRequires ?root . {PARTS}"
            "   ?part tip:fact ?fact BIND('condition' AS ?role) } UNION"
            f" {{ {of_edition} ; tip:evidence ?passage ; tip:renewableUntil ?event ."
            "   ?event tip:establishedBy ?fact BIND('ends_renewal' AS ?role) } UNION"
            f" {{ {of_edition} ; tip:evidence ?passage ; tip:endedBy ?fact"
            "   BIND('ends' AS ?role) } UNION"
            f" {{ {of_edition} ; tip:evidence ?passage ;"
            "   tip:beneficiary|tip:inFavourOf|tip:affects ?category ."
            "   ?category tip:establishedBy ?fact BIND('category' AS ?role) }"
            " OPTIONAL { ?norm tip:presentedUnder ?other } BIND(COALESCE(?other, ?norm) AS ?head)"
            "} ORDER BY ?fact ?passage ?norm"
        )
        return [FactRole(*(str(each or "") for each in row.values())) for row in rows]

    @cached_property
    def read_jointly(self) -> set[str]:
        """The norms for which one reading requires together what another lets suffice alone."""
        pattern = (
            f"?thing tip:edition {NamedNode(self.edition)} ; cv:holdsRequirement ?any ."
            " ?any a tip:AnyOf ; cv:hasRequirement ?part ."
            " ?reading tip:concerns ?thing ; tip:narrowerRequires ?all ."
            " ?all a tip:AllOf ; cv:hasRequirement ?part"
        )
        return {*matching(self.engine, pattern)}

    @cached_property
    def facts(self) -> dict[str, str]:
        """The label of each fact that matters under this edition, by its IRI."""
        relevant = {each.fact for each in self.fact_roles}
        known = {fact: label for fact, label in facts(self.engine).items() if fact in relevant}
        return {**known, **translated(known)}

    def members(self, fact: str) -> set[str]:
        """The facts that one is short for, or itself."""
        return self.short_forms.get(fact, {fact})

    @cached_property
    def short_forms(self) -> dict[str, set[str]]:
        """The facts that each fact is short for."""
        rows = self.engine.select("SELECT ?short ?fact { ?short tip:isShortFor ?fact }")
        return {short: set(members) for short, members in rows.grouped().items()}

    def conclude(self, cases: Mapping[str, Case]) -> Embedded:
        """Run the rules on the cases, given by name, and return the store with their conclusions.

        The rules run in a store of their own, so nothing of a case enters the graph.
        """
        store = Store()
        store.extend(self.matched)
        for name, case in cases.items():
            store.extend(case.quads(name, self.edition))
        insert(store, self.rules.concluding.rules)
        return Embedded(store)


def regime(
    engine: Embedded, resources: Resources, edition: str | None = None, areas: Sequence[str] = ()
) -> Regime:
    """The regime of an edition, by its name; by default the newest that is fully covered.

    Raises UsageError when the edition or an area is unknown or has no entitlements, and when
    several editions are equally new.
    """
    among: set[str] | None = None
    for area in areas:
        on_area = {each.iri for each in editions.Choice(engine).on_area(area)}
        within = on_area if among is None else on_area & among
        if not editions_with_entitlements(engine, within):
            available = editions_with_entitlements(engine, among)
            known = labels(engine, {each.area for each in available.values()})
            raise UsageError(
                f"no entitlements were read for {area}; only {join(known.values())} can be assessed"
            )
        among = within
    if edition is not None:
        # A year has an edition for each country, and few of these state entitlements.
        chosen = editions.Choice(engine).select(edition, areas[:1])
        having = [*editions_with_entitlements(engine, [each.iri for each in chosen]).values()]
        if len(having) == 1:
            return Regime(engine, resources, having[0])
        if having:
            raise UsageError(f"edition {edition!r} is ambiguous; name one: {_listed(having)}")
        available = editions_with_entitlements(engine, among)
        name = chosen[0].slug if len(chosen) == 1 else repr(edition)
        raise UsageError(
            f"edition {name} has no entitlements; editions that have: {_listed(available.values())}"
        )
    available = editions_with_entitlements(engine, among)
    newest = newest_complete(available.values())
    if len(newest) != 1:
        raise UsageError(
            f"choose an edition with --edition: {_listed(newest or available.values())}"
        )
    return Regime(engine, resources, newest[0])


def newest_complete(among: Iterable[Edition]) -> list[Edition]:
    """The newest of these editions that were read in full: one for each country with an equal one.

    The editions are given oldest first.
    """
    complete = [each for each in editions.newest(among) if each.is_complete]
    return [each for each in complete if each.year == complete[-1].year]


def editions_with_entitlements(
    engine: Engine, among: Iterable[str] | None = None
) -> dict[str, Edition]:
    """The editions that state entitlements, all or those among some IRIs, the oldest first."""
    named = "" if among is None else f"VALUES ?thing {{ {sparql.terms(among)} }} "
    found = matching(engine, f"{named}?norm a tip:Entitlement ; tip:edition ?thing")
    return editions.editions(engine, found)


def _listed(editions: Iterable[Edition]) -> str:
    found = sorted(editions, key=lambda each: (-each.year, each.iri))
    return ", ".join(each.slug for each in found) or "none in this graph"
