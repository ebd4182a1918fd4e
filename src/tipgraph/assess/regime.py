"""The norms of one edition, under which cases are assessed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, Store

from tipgraph.assess.case import Case
from tipgraph.assess.parse_case import facts
from tipgraph.assess.rules import RuleSet, load_rules, run
from tipgraph.entities import editions
from tipgraph.entities.editions import Edition
from tipgraph.errors import UsageError
from tipgraph.resources.folders import Resources
from tipgraph.store.engine import Embedded, Engine

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
    def facts(self) -> dict[str, str]:
        """The label of each fact that matters under this edition, by its IRI."""
        relevant = {each.fact for each in self.fact_roles}
        return {fact: label for fact, label in facts(self.engine).items() if fact in relevant}

    def members(self, fact: str) -> set[str]:
        """The facts that one is short for, or itself."""
        return self.short_forms.get(fact, {fact})

    @cached_property
    def short_forms(self) -> dict[str, set[str]]:
        """The facts that each fact is short for."""
        rows = self.engine.select("SELECT ?short ?fact { ?short tip:isShortFor ?fact }")
        forms: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            forms[str(row["short"])].add(str(row["fact"]))
        return forms

    def conclude(self, cases: Mapping[str, Case]) -> Embedded:
        """Run the rules on the cases, given by name, and return the store with their conclusions.

        The rules run in a store of their own, so nothing of a case enters the graph.
        """
        store = Store()
        store.extend(self.matched)
        for name, case in cases.items():
            store.extend(case.quads(name, self.edition))
        run(self.rules.concluding.inserts, store)
        return Embedded(store)


def regime(engine: Embedded, resources: Resources, edition: str | None = None) -> Regime:
    """The regime of an edition, by its name; by default the newest that is fully covered.

    Raises UsageError when the edition is unknown or has no entitlements, and when several editions
    are equally new.
    """
    available = editions_with_entitlements(engine)
    if edition is not None:
        found = editions.edition(engine, edition)
        if found.iri not in available:
            raise UsageError(
                f"edition {found.slug} has no entitlements; editions that have:"
                f" {_listed(available.values())}"
            )
        return Regime(engine, resources, found)
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


def editions_with_entitlements(engine: Engine) -> dict[str, Edition]:
    """The editions that state entitlements, by IRI, the oldest first."""
    rows = engine.select(
        "SELECT DISTINCT ?edition { ?norm a tip:Entitlement ; tip:edition ?edition }"
    )
    return editions.editions(engine, map(str, rows.column("edition")))


def _listed(editions: Iterable[Edition]) -> str:
    found = sorted(editions, key=lambda each: (-each.year, each.iri))
    return ", ".join(each.slug for each in found) or "none in this graph"
