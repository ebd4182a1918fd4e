"""The rules for cases, run within the engine.

They are CONSTRUCT queries like all rules. Each runs as the equivalent INSERT, so that conclusions
do not pass through Python. Within a stratum rules only add triples, and negation looks only at
lower strata, so the result equals that of rounds on one snapshot. Rules that are not recursive read
only what lower strata give, and run once.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from os.path import relpath
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode, Quad, Store

from tipgraph.errors import InputError
from tipgraph.namespaces import RDF, TIP
from tipgraph.rdf import sparql
from tipgraph.resources.cache import prepared
from tipgraph.resources.folders import Resources

if TYPE_CHECKING:
    from tipgraph.store.rules import Rule

# Far more than the depth of any nested requirement.
ROUNDS = 100
FILE = "case-rules.json"
# The result of this rule is part of the proof only; no other rule reads it.
PROOF = "proof.rq"
TYPE, EDITION = NamedNode(RDF + "type"), NamedNode(TIP + "edition")


class Insert(NamedTuple):
    """A rule as an update of a store's default graph."""

    name: str
    stratum: int
    is_recursive: bool
    text: str


class Part(NamedTuple):
    """Rules that run together, and the IRIs that occur in them."""

    inserts: tuple[Insert, ...]
    iris: tuple[str, ...]

    def apply(self, store: Store, graph: Store, edition: str) -> None:
        """Add to the store's default graph what follows from it and from the graph.

        Only the triples of the graph that the rules can match are copied into the store.
        """
        store.extend(self.matched(graph, edition))
        run(self.inserts, store)

    def matched(self, graph: Store, edition: str) -> Iterator[Quad]:
        """The triples that the rules can match, as quads of the default graph.

        Their predicate is one of the IRIs, or they are types among the IRIs. Of what belongs to an
        edition, the rules match that of the one under which a case is assessed.
        """
        for iri in map(NamedNode, self.iris):
            own = NamedNode(edition) if iri == EDITION else None
            for predicate, value in ((iri, own), (TYPE, iri)):
                for quad in graph.quads_for_pattern(None, predicate, value):
                    yield Quad(quad.subject, quad.predicate, quad.object)


class RuleSet(NamedTuple):
    """The rules that draw conclusions, and those that record what these rest on."""

    concluding: Part
    proving: Part


def load_rules(resources: Resources) -> RuleSet:
    """The rules for cases, compiled once and cached.

    Raises InputError when a rule is invalid.
    """
    parts = json.loads(prepared(resources, FILE, lambda: compile_rules(resources)))
    return RuleSet(*(Part(tuple(Insert(*each) for each in i), tuple(iris)) for i, iris in parts))


def compile_rules(resources: Resources) -> bytes:
    """The rules as JSON, which loads much faster than the query files and their headers."""
    from tipgraph.store.rules import read_rule

    rules = {relpath(path, resources.root): read_rule(path) for path in resources.case_rules()}
    proving = {name: rule for name, rule in rules.items() if name.endswith(PROOF)}
    concluding = {name: rule for name, rule in rules.items() if name not in proving}
    return json.dumps([_part(concluding), _part(proving)]).encode()


def _part(rules: Mapping[str, "Rule"]) -> Part:
    inserts = (
        Insert(n, r.stratum, r.is_recursive, sparql.as_insert(r.text)) for n, r in rules.items()
    )
    iris = set().union(*(sparql.iris(rule.text) for rule in rules.values()))
    return Part(tuple(inserts), tuple(sorted(iris - {TYPE.value})))


def run(inserts: Iterable[Insert], store: Store) -> None:
    """Run rules in a store, stratum by stratum."""
    by_stratum = sorted(inserts, key=lambda each: each.stratum)
    for _, members in groupby(by_stratum, key=lambda each: each.stratum):
        _to_fixpoint(list(members), store)


def _to_fixpoint(inserts: list[Insert], store: Store) -> None:
    recursive = [each for each in inserts if each.is_recursive]
    pending = inserts
    for _ in range(ROUNDS):
        # To count the triples takes as long as a rule.
        before = len(store) if recursive else 0
        for each in pending:
            store.update(each.text)
        if not recursive or len(store) == before:
            return
        pending = recursive
    names = ", ".join(each.name for each in inserts)
    raise InputError(f"{names}: these rules still derive triples after {ROUNDS} rounds")
