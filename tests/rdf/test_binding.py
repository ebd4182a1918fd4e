"""Terms are bound in each group that an engine evaluates by itself, and no answer changes by it."""

import pytest
from pyoxigraph import NamedNode, Quad, Store

from tipgraph.rdf import sparql
from tipgraph.rdf.binding import bind
from tipgraph.store.engine import Embedded

X = "http://example.org/"
GRAPH = (
    *("one p a", "one q b", "two p a", "two q one", "three p b", "three r one"),
    *("a q b", "b q a", "b r two"),
)
ONE = (("s",), ((NamedNode(X + "one"),),))
PAIRS = (("one", "a"), ("two", "b"))
BOTH = (("s", "o"), tuple((NamedNode(X + s), NamedNode(X + o)) for s, o in PAIRS))
# Queries, and the number of groups that begin with the terms.
QUERIES = {
    "SELECT * { ?s :p ?o }": 1,
    "SELECT * { { ?s :p ?o } UNION { ?s :q ?o } UNION { ?t :r ?o } }": 3,
    "SELECT * { { { ?s :p ?o } UNION { ?s :q ?o } } ?s :r ?t }": 3,
    "SELECT * { ?s :p ?o { SELECT DISTINCT ?s WHERE { ?s :q ?t } } }": 2,
    "SELECT * { ?s :p ?o { SELECT DISTINCT ?o WHERE { ?o :q ?s } } }": 1,
    "SELECT * { { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } }": 2,
    "SELECT * { { SELECT ?o (MIN(?s) AS ?n) { ?s ?p ?o } GROUP BY ?o } }": 1,
    "SELECT * { { SELECT ?p (COUNT(?s) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING (?n > 1) } }": 1,
    "SELECT * { { SELECT (COUNT(?s) AS ?n) { ?s :p ?o } } }": 1,
    "SELECT * { { SELECT DISTINCT (STR(?s) AS ?t) { ?s :p ?o } } }": 1,
    "SELECT * { { SELECT ?s { ?s :p ?o } ORDER BY ?s LIMIT 2 } }": 1,
    "SELECT * { { SELECT (?o AS ?s) { ?t :p ?o } } }": 1,
    "SELECT * { ?s :p ?o OPTIONAL { ?s :q ?t { ?s :r ?o } } }": 3,
    "SELECT * { ?s :p ?o OPTIONAL { SELECT ?s (COUNT(*) AS ?n) { ?s ?q ?t } GROUP BY ?s } }": 2,
    "SELECT * { OPTIONAL { ?s :r ?t } ?s :p ?o }": 1,
    "SELECT * { ?o :p ?t OPTIONAL { ?s :q ?o } }": 1,
    "SELECT * { ?o :p ?t OPTIONAL { ?s :q ?o OPTIONAL { ?s :r ?u } } }": 1,
    "SELECT * { ?s :p ?o MINUS { ?s :q ?t } FILTER NOT EXISTS { { ?s :r ?o } } }": 2,
    "SELECT * { ?o :p ?t MINUS { ?s :q ?o } }": 1,
    "SELECT * { { ?t :p ?o BIND(?t AS ?s) } UNION { ?s :q ?t } }": 2,
    "SELECT * { { VALUES ?s { :one } ?t :p ?o } UNION { ?t :q ?o FILTER(?s = :one) } }": 1,
    "SELECT * { GRAPH ?g { ?s :p ?o } { ?s :q ?t OPTIONAL { ?s :r ?o } } }": 3,
    "SELECT * { { SELECT ?s (MAX(?o) AS ?n) { SELECT ?s ?o { ?s :p ?o } } GROUP BY ?s } }": 2,
    "CONSTRUCT { ?s :p ?o } WHERE { { ?s :p ?o } UNION { ?s :q ?o } }": 3,
}


@pytest.fixture(scope="module")
def engine() -> Embedded:
    store = Store()
    for line in GRAPH:
        subject, predicate, value = (NamedNode(X + each) for each in line.split())
        store.add(Quad(subject, predicate, value, NamedNode(X + "g")))
    return Embedded(store)


@pytest.mark.parametrize(("query", "groups"), QUERIES.items())
def test_terms_begin_the_groups_that_they_limit(query: str, groups: int) -> None:
    assert bind(query, [ONE]).count("VALUES (?s)") == groups


@pytest.mark.parametrize("table", [ONE, BOTH], ids=["one", "both"])
@pytest.mark.parametrize("query", QUERIES)
def test_terms_in_inner_groups_change_no_answer(engine, query, table):
    text = f"PREFIX : <{X}> {query}"
    head, rest = sparql.split_at_where(text)
    read = engine.select if sparql.form(text) == "SELECT" else engine.construct

    expected, found = (
        sorted(map(str, getattr(answer, "terms", answer)))
        for answer in (read(head + sparql.values_clause(table) + rest), read(bind(text, [table])))
    )
    assert found == expected
