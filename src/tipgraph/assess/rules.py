"""The rules that hold a case against norms, run within the engine.

They are CONSTRUCT queries as all rules are. Here each is run as the INSERT that it amounts to, so
that conclusions need not pass through Python: within a stratum rules only add to one another, and
what they negate lies in lower ones, so the outcome is that of rounds on one snapshot.
"""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from os.path import relpath
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode, Quad, Store

from tipgraph.errors import InputError
from tipgraph.namespaces import PREFIXES, RDF
from tipgraph.rdf import sparql
from tipgraph.resources.cache import prepared
from tipgraph.resources.folders import Resources

if TYPE_CHECKING:
    from tipgraph.store.rules import Rule

# More rounds than any chain of requirements within requirements is long.
ROUNDS = 100
FILE = "case-rules.json"
# What this rule adds is for those who read the proof, and for nothing else.
PROOF = "proof.rq"
TYPE = NamedNode(RDF + "type")


class Insert(NamedTuple):
    """A rule, as an update of a store's default graph."""

    name: str
    stratum: int
    text: str


class Part(NamedTuple):
    """Rules that run together, and the IRIs that they speak of."""

    inserts: tuple[Insert, ...]
    iris: tuple[str, ...]

    def apply(self, store: Store, whole: Store) -> None:
        """Add to the store's default graph what follows from it and from the whole.

        Of the whole just what the rules speak of is copied into the store.
        """
        _copy(self.iris, whole, store)
        run(self.inserts, store)


class RuleSet(NamedTuple):
    """The rules that draw conclusions, and those that tell where these come from."""

    concluding: Part
    proving: Part


def rulebook(resources: Resources) -> RuleSet:
    """The resources's rules for cases: as prepared, or read and kept.

    Raises InputError when a rule is broken.
    """
    parts = json.loads(prepared(resources, FILE, lambda: make_rulebook(resources)))
    return RuleSet(*(Part(tuple(Insert(*each) for each in i), tuple(iris)) for i, iris in parts))


def make_rulebook(resources: Resources) -> bytes:
    """The same as JSON, which is read far faster than the rules and their headers."""
    from tipgraph.store.rules import read_rule

    rules = {relpath(path, resources.root): read_rule(path) for path in resources.case_rules()}
    proving = {name: rule for name, rule in rules.items() if name.endswith(PROOF)}
    concluding = {name: rule for name, rule in rules.items() if name not in proving}
    return json.dumps([_part(concluding), _part(proving)]).encode()


def _part(rules: Mapping[str, "Rule"]) -> Part:
    inserts = (Insert(n, r.stratum, sparql.as_insert(r.text)) for n, r in rules.items())
    spoken = set().union(*(sparql.iris(rule.text) for rule in rules.values()))
    return Part(tuple(inserts), tuple(sorted(spoken - {TYPE.value})))


def _copy(iris: Iterable[str], whole: Store, store: Store) -> None:
    """The triples with one of the IRIs as their property; of types, those that are among them."""
    for iri in map(NamedNode, iris):
        for predicate, value in ((iri, None), (TYPE, iri)):
            found = whole.quads_for_pattern(None, predicate, value)
            store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in found)


def run(inserts: Iterable[Insert], store: Store) -> None:
    """Run rules in a store, stratum by stratum."""
    by_stratum = sorted(inserts, key=lambda each: each.stratum)
    for _, members in groupby(by_stratum, key=lambda each: each.stratum):
        _to_fixpoint(list(members), store)


def _to_fixpoint(inserts: list[Insert], store: Store) -> None:
    for _ in range(ROUNDS):
        before = len(store)
        for each in inserts:
            store.update(each.text, prefixes=PREFIXES)
        if len(store) == before:
            return
    names = ", ".join(each.name for each in inserts)
    raise InputError(f"{names}: they still derive after {ROUNDS} rounds")
