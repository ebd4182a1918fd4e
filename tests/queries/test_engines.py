"""pyoxigraph and rdflib, over the same quads in named graphs, give the same by value."""

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from tipgraph.entities.editions import ALL
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import XSD
from tipgraph.queries.catalogue import EDITION, StoredQuery
from tipgraph.rdf.terms import Term
from tipgraph.store.engine import Rows

from .cells import Key, key
from .files import NAMES
from .rdflib_engine import Rdflib

pytestmark = [
    pytest.mark.conformance,
    # rdflib warns of itself, half a million times.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib"),
]


# rdflib evaluates a subselect in an OPTIONAL, and a path in a MINUS, again for each row: it takes
# ten seconds to minutes. Jena and the stores answer these.
TOO_SLOW = {
    *("actors", "benefits", "compare-countries", "compare-sources", "criticism", "definitions"),
    *("evidence", "evidence-by-criterion", "exchange-rates", "mentions", "norm-changes"),
    *("revisions", "series", "unmentioned-topics", "unreachable-entitlements"),
}


def by_value(rows: Rows) -> Counter[tuple[Key, ...]]:
    return Counter(tuple(map(key, row)) for row in rows.terms)


def bindings(query: StoredQuery, graph: LocalGraph) -> Iterator[dict[str, Term | str]]:
    """The needed parameters with the default editions and with all, then with each other one."""
    sample: dict[str, Term | str] = {
        each.name: each.term(graph.engine, each.example) for each in query.params
    }
    needed = {each.name: sample[each.name] for each in query.params if each.required}
    yield needed
    if query.has_editions:
        yield {**needed, EDITION: ALL}
    yield from ({**needed, name: term} for name, term in sample.items() if name not in needed)


@pytest.mark.parametrize("name", [each for each in NAMES if each not in TOO_SLOW])
def test_both_engines_give_the_same_rows(name: str, shipped: LocalGraph, rdflib: Rdflib) -> None:
    """With the needed parameters; Jena has all editions, and all parameters."""
    query = shipped.queries[name]
    text = query.bound(shipped.engine, next(bindings(query, shipped)))
    ours, theirs = shipped.engine.select(text), rdflib.select(text)

    assert ours.columns == theirs.columns
    assert by_value(ours) == by_value(theirs)


def triples(found: Iterable[Triple]) -> set[tuple[Key, ...]]:
    return {(key(t.subject), key(t.predicate), key(t.object)) for t in found}  # type: ignore[arg-type]


def test_data_are_in_named_graphs(shipped: LocalGraph, rdflib: Rdflib) -> None:
    ours = {graph.value for graph in shipped.engine.store.named_graphs() if graph}
    theirs = {str(graph.identifier) for graph in rdflib.dataset.graphs() if len(graph)}

    assert len(ours) > 4
    assert ours == theirs


def test_comparison_distinguishes_values_and_not_spellings() -> None:
    def number(text: str, kind: str) -> Key:
        return key(Literal(text, datatype=NamedNode(XSD + kind)))

    assert number("13", "integer") == number("13.0", "decimal") == number("1.3E1", "double")
    assert number("13", "integer") != key(Literal("13"))
    assert key(Literal("a", language="en")) != key(Literal("a"))
    assert key(Literal(True)) != key(Literal("true"))
