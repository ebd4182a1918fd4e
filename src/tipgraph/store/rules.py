"""The CONSTRUCT rules: what follows from the statements, in a graph of its own.

Strata run one after the other. Within one, every round shows all rules the same snapshot, and
rounds go on until nothing new comes; so the outcome does not depend on the order of the rules.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from os.path import basename

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from tipgraph.errors import InputError
from tipgraph.namespaces import DERIVED_GRAPH
from tipgraph.rdf import sparql
from tipgraph.rdf.front_matter import header, read_text
from tipgraph.store.embedded import Embedded

KEYS = {"summary", "description", "stratum"}
UNREPEATABLE = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
ROUNDS = 100
GROWTH = 100


@dataclass(frozen=True)
class Rule:
    """One CONSTRUCT query, and the stratum it belongs to."""

    path: str
    stratum: int
    text: str


def read_rule(path: str) -> Rule:
    """The rule in a file.

    Raises InputError when it is broken, is no CONSTRUCT, has no stratum, or uses a function whose
    outcome changes from run to run.
    """
    text = read_text(path)
    try:
        sparql.check(text)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    if sparql.form(text) != "CONSTRUCT":
        raise InputError(f"{path}: a rule must be a CONSTRUCT query")
    changing = sorted(UNREPEATABLE & sparql.words(text))
    if changing:
        raise InputError(f"{path}: a rule must not use {changing[0]}(): its outcome would change")
    stratum = header(text, path, KEYS).get("stratum")
    if type(stratum) is not int:
        raise InputError(f"{path}: the header needs 'stratum', a whole number")
    return Rule(path, stratum, text)


def derive(store: Store, rules: Iterable[Rule]) -> None:
    """Add to the store's derived graph what the rules give, to the fixpoint.

    Raises InputError when a rule makes a blank node or the rules never come to an end.
    """
    limit = GROWTH * (len(store) + 1)
    by_stratum = sorted(rules, key=lambda rule: rule.stratum)
    for stratum, members in groupby(by_stratum, key=lambda rule: rule.stratum):
        _to_fixpoint(store, list(members), stratum, limit)


def _to_fixpoint(store: Store, rules: list[Rule], stratum: int, limit: int) -> None:
    for _ in range(ROUNDS):
        new: set[Triple] = set()
        room = limit - len(store)
        for rule in rules:
            for triple in _new_triples(store, rule):
                new.add(triple)
                if len(new) > room:
                    raise InputError(f"{rule.path}: it derives without end ({limit} triples)")
        if not new:
            return
        derived = NamedNode(DERIVED_GRAPH)
        store.extend(Quad(t.subject, t.predicate, t.object, derived) for t in new)
    names = ", ".join(basename(rule.path) for rule in rules)
    raise InputError(f"rules of stratum {stratum} ({names}) still derive after {ROUNDS} rounds")


def _new_triples(store: Store, rule: Rule) -> Iterator[Triple]:
    for triple in Embedded(store).construct(rule.text):
        if any(isinstance(term, BlankNode) for term in triple):
            raise InputError(f"{rule.path}: a rule must not make a blank node; give it an IRI")
        if next(iter(store.quads_for_pattern(*triple)), None) is None:
            yield triple
