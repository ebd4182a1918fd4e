"""The norms of one edition, as cases are held against them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode, Store

from tipgraph import things
from tipgraph.assessment.case import Case
from tipgraph.assessment.reader import facts
from tipgraph.assessment.rulebook import Rulebook, rulebook
from tipgraph.bundle import Bundle
from tipgraph.engines.embedded import Embedded
from tipgraph.errors import UsageError
from tipgraph.sparql import terms
from tipgraph.vocabulary import CODE, last_part

# Facts that decide who is meant, and not what is asked for.
STATUS = (CODE + "identified", CODE + "potential")


@dataclass(frozen=True)
class Regime:
    """What an edition says that victims are entitled to, over a graph in memory."""

    engine: Embedded
    bundle: Bundle
    edition: str

    @cached_property
    def rules(self) -> Rulebook:
        """The rules by which conclusions are drawn."""
        return rulebook(self.bundle)

    @cached_property
    def facts(self) -> dict[str, str]:
        """The label of each fact on which something turns here, by its IRI."""
        used = self.engine.select(
            "SELECT DISTINCT ?fact { { ?norm tip:edition ?edition ;"
            "   cv:holdsRequirement|tip:ifNotMet ?requirement ."
            "   ?requirement cv:hasRequirement* ?part . ?part tip:fact|tip:openUntil ?fact }"
            " UNION { ?norm tip:edition ?edition ; tip:renewableUntil/tip:toldBy ?fact }"
            f" VALUES ?edition {{ {NamedNode(self.edition)} }} }}"
        )
        known = {*map(str, used.column("fact")), *STATUS}
        return {fact: label for fact, label in facts(self.engine).items() if fact in known}

    def described_facts(self) -> list[tuple[str, str, str, str]]:
        """Of each fact its name, its meaning, the norms that turn on it, and their sentences."""
        rows = self.engine.select(
            "SELECT DISTINCT ?fact ?meaning ?norm ?place { ?fact skos:definition ?meaning ."
            f" VALUES ?fact {{ {terms(self.facts)} }}"
            f" OPTIONAL {{ ?norm tip:edition {NamedNode(self.edition)} ;"
            "   cv:holdsRequirement|tip:ifNotMet ?root . ?root cv:hasRequirement* ?part ."
            "   ?part tip:fact ?fact ; tip:evidence/tip:sentence/rdfs:label ?place }"
            "} ORDER BY ?fact ?place ?norm"
        )
        told: dict[str, tuple[str, dict[str, None], dict[str, None]]] = {}
        for row in rows:
            _, norms, places = told.setdefault(str(row["fact"]), (str(row["meaning"]), {}, {}))
            if row["norm"]:
                norms[last_part(str(row["norm"]))] = None
                places[str(row["place"])] = None
        return [
            (last_part(fact), meaning, ", ".join(norms), ", ".join(places))
            for fact, (meaning, norms, places) in told.items()
        ]

    def conclusions(self, cases: Mapping[str, Case]) -> Embedded:
        """What the rules conclude for each of the cases, which go by these names.

        They work on a copy of what they speak of, so that nothing of a case stays in the graph.
        """
        store = Store()
        for name, case in cases.items():
            store.extend(case.quads(name, self.edition))
        self.rules.concluding.apply(store, self.engine.store)
        return Embedded(store)


def regime(engine: Embedded, bundle: Bundle, edition: str | None = None) -> Regime:
    """The regime of the edition that is so called, or of the newest that is fully covered.

    Raises UsageError when there is no such edition, when it says nothing of entitlements, and
    when several are equally new.
    """
    rows = engine.select(
        "SELECT DISTINCT ?edition ?year ?coverage { ?entitlement a tip:Entitlement ;"
        " tip:edition ?edition . ?edition tip:year ?year ; tip:coverage ?coverage }"
        " ORDER BY DESC(?year) ?edition"
    )
    there = [str(row["edition"]) for row in rows]
    if edition is not None:
        found = things.resolve(engine, edition, _editions(engine))
        if found not in there:
            raise UsageError(
                f"{last_part(found)} says nothing of entitlements; there are {_listed(there)}"
            )
        return Regime(engine, bundle, found)
    covered = [row for row in rows if row["coverage"] == CODE + "complete"]
    newest = [str(row["edition"]) for row in covered if row["year"] == covered[0]["year"]]
    if len(newest) != 1:
        raise UsageError(f"choose with --edition one of: {_listed(newest or there)}")
    return Regime(engine, bundle, newest[0])


def _editions(engine: Embedded) -> list[str]:
    return [str(each) for each in engine.select("SELECT ?e { ?e a tip:Edition }").column("e")]


def _listed(editions: Iterable[str]) -> str:
    return ", ".join(map(last_part, editions)) or "none in this graph"
