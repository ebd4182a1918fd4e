"""CONSTRUCT rules: derive triples from the statements, into a graph of their own.

Strata run one after the other. Within a stratum, rounds of the recursive rules repeat until they
add nothing; all rules of a round see the same snapshot. So the result does not depend on the order
of the rules.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from os.path import basename

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QueryTriples, Store, Triple

from tipgraph.errors import InputError
from tipgraph.files import read_text
from tipgraph.namespaces import DERIVED_GRAPH, PREFIXES
from tipgraph.rdf import sparql
from tipgraph.rdf.front_matter import front_matter
from tipgraph.store.engine import Embedded

KEYS = {"summary", "description", "stratum", "recursive"}
UNREPEATABLE = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
ROUNDS = 100
GROWTH = 100


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT query and its stratum.

    A recursive rule can match what rules of its own stratum give; the others run once.
    """

    path: str
    stratum: int
    text: str
    is_recursive: bool


def read_rule(path: str) -> Rule:
    """Read the rule in a file.

    Raises InputError when it is not valid SPARQL, is not a CONSTRUCT, has no stratum, or uses a
    function whose result changes from run to run.
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
        raise InputError(f"{path}: a rule must not use {changing[0]}(): its result would change")
    header = front_matter(text, path, KEYS)
    stratum = header.get("stratum")
    if type(stratum) is not int:
        raise InputError(f"{path}: the header needs 'stratum', a whole number")
    return Rule(path, stratum, text, is_recursive=bool(header.get("recursive", False)))


def derive(store: Store, rules: Iterable[Rule], is_merged: bool = False) -> None:
    """Run the rules to their fixpoint and add the result to the store's derived graph.

    If `is_merged`, the default graph has all statements and gets the result, with blank nodes if
    there are any: this takes three quarters of the time. Rules with GRAPH look at the named graphs.
    Raises InputError when a rule creates a blank node, or when the rules do not terminate.
    """
    limit = GROWTH * (len(store) + 1)
    by_stratum = sorted(rules, key=lambda rule: rule.stratum)
    for stratum, members in groupby(by_stratum, key=lambda rule: rule.stratum):
        _to_fixpoint(store, list(members), stratum, limit, is_merged)


def _to_fixpoint(
    store: Store, rules: list[Rule], stratum: int, limit: int, is_merged: bool
) -> None:
    into = DefaultGraph() if is_merged else NamedNode(DERIVED_GRAPH)
    for _ in range(ROUNDS):
        recursive = [rule for rule in rules if rule.is_recursive]
        # The engine counts all quads, which takes as long as a rule.
        size = len(store) if recursive else 0
        new: list[Triple] = []
        for rule in rules:
            triples = _triples(store, rule) if is_merged else _new_triples(store, rule)
            new += islice(triples, limit)
            if len(new) >= limit:
                raise InputError(f"{rule.path}: it derives without end ({limit} triples)")
        store.extend(Quad(t.subject, t.predicate, t.object, into) for t in new)
        rules = recursive
        if not rules or len(store) == size:
            return
    names = ", ".join(basename(rule.path) for rule in rules)
    raise InputError(f"rules of stratum {stratum} ({names}) still derive after {ROUNDS} rounds")


def _triples(store: Store, rule: Rule) -> Iterable[Triple]:
    triples = store.query(rule.text, prefixes=PREFIXES)
    assert isinstance(triples, QueryTriples)
    return triples


def _new_triples(store: Store, rule: Rule) -> Iterator[Triple]:
    for triple in Embedded(store).construct(rule.text):
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            raise InputError(f"{rule.path}: a rule must not make a blank node; give it an IRI")
        if not is_known(store, triple):
            yield triple


def is_known(store: Store, triple: Triple) -> bool:
    """Return whether any graph of the store has the triple."""
    return next(iter(store.quads_for_pattern(*triple)), None) is not None
