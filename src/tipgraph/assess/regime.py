"""The norms of one edition, as cases are held against them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from tipgraph.assess.case import Case
from tipgraph.assess.parse_case import facts
from tipgraph.assess.rules import RuleSet, rulebook
from tipgraph.errors import UsageError
from tipgraph.lookup import entities, passages
from tipgraph.namespaces import CODE, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.resources.folders import Resources
from tipgraph.store.embedded import Embedded

# A requirement and all that it is made of, with the words of each.
PARTS = "?root cv:hasRequirement* ?part OPTIONAL { ?part tip:evidence ?passage }"
# Where a requirement has no words of its own.
NONE = ""


class FactRole(NamedTuple):
    """A fact, how it bears on a norm, under which norm that is answered, and by which words.

    It is `asked` for, it `opens` or `settles` what is asked for, it `ends` renewing, or it `places`
    the person among those whom the norm speaks of.
    """

    fact: str
    how: str
    norm: str
    head: str
    passage: str


@dataclass(frozen=True)
class Regime:
    """What an edition says that victims are entitled to, over a graph in memory."""

    engine: Embedded
    resources: Resources
    edition: str

    @cached_property
    def rules(self) -> RuleSet:
        """The rules by which conclusions are drawn."""
        return rulebook(self.resources)

    @cached_property
    def bearings(self) -> list[FactRole]:
        """How facts bear on norms here, in the order of their names."""
        edition = f"?norm tip:edition {NamedNode(self.edition)}"
        required = f"{edition} ; cv:holdsRequirement|tip:ifNotMet ?root . {PARTS}"
        rows = self.engine.select(
            "SELECT DISTINCT ?fact ?how ?norm ?head ?passage {"
            f" {{ {required} ?part tip:fact ?fact BIND('asked' AS ?how) }} UNION"
            f" {{ {required} ?part tip:openUntil ?fact BIND('opens' AS ?how) }} UNION"
            f" {{ {required} ?part tip:fact ?told . ?told tip:settledBy ?fact"
            "   BIND('settles' AS ?how) } UNION"
            f" {{ {edition} ; tip:evidence ?passage ; tip:renewableUntil ?event ."
            "   ?event tip:establishedBy ?fact BIND('ends' AS ?how) } UNION"
            f" {{ {edition} ; tip:evidence ?passage ;"
            "   tip:beneficiary|tip:inFavourOf|tip:affects ?category ."
            "   ?category tip:establishedBy ?fact BIND('places' AS ?how) }"
            " OPTIONAL { ?norm tip:presentedUnder ?other } BIND(COALESCE(?other, ?norm) AS ?head)"
            "} ORDER BY ?fact ?passage ?norm"
        )
        return [FactRole(*(str(each or NONE) for each in row.values())) for row in rows]

    @cached_property
    def facts(self) -> dict[str, str]:
        """The label of each fact on which something turns here, by its IRI."""
        bearing = {each.fact for each in self.bearings}
        return {fact: label for fact, label in facts(self.engine).items() if fact in bearing}

    def described_facts(self) -> list[tuple[str, str, str, str]]:
        """Of each fact its name, its meaning, the norms that it bears on, and their sentences."""
        rows = self.engine.select(
            f"SELECT ?fact ?meaning {{ VALUES ?fact {{ {terms(self.facts)} }}"
            " ?fact skos:definition ?meaning } ORDER BY ?fact"
        )
        places = passages.places(self.engine, {each.passage for each in self.bearings} - {NONE})
        told = []
        for fact, meaning in (map(str, row.values()) for row in rows):
            bearings = [each for each in self.bearings if each.fact == fact]
            norms = dict.fromkeys(last_part(each.head) for each in bearings)
            said = sorted({places[e.passage] for e in bearings if e.passage in places})
            told.append((last_part(fact), meaning, ", ".join(norms), ", ".join(said)))
        return told

    def conclusions(self, cases: Mapping[str, Case]) -> Embedded:
        """What the rules conclude for each of the cases, which go by these names.

        They work on a copy of what they speak of, so that nothing of a case stays in the graph.
        """
        store = Store()
        for name, case in cases.items():
            store.extend(case.quads(name, self.edition))
        self.rules.concluding.apply(store, self.engine.store)
        return Embedded(store)


def regime(engine: Embedded, resources: Resources, edition: str | None = None) -> Regime:
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
        found = entities.resolve(engine, edition, _editions(engine))
        if found not in there:
            raise UsageError(
                f"nothing of entitlements is held of {last_part(found)}; there are {_listed(there)}"
            )
        return Regime(engine, resources, found)
    covered = [row for row in rows if row["coverage"] == CODE + "complete"]
    newest = [str(row["edition"]) for row in covered if row["year"] == covered[0]["year"]]
    if len(newest) != 1:
        raise UsageError(f"choose with --edition one of: {_listed(newest or there)}")
    return Regime(engine, resources, newest[0])


def _editions(engine: Embedded) -> list[str]:
    return [str(each) for each in engine.select("SELECT ?e { ?e a tip:Edition }").column("e")]


def _listed(editions: Iterable[str]) -> str:
    return ", ".join(map(last_part, editions)) or "none in this graph"
