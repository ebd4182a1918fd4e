"""Terms are bound where they limit rows and nowhere else; nothing given becomes query text."""

import subprocess
import sys
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from tests.listener import listening
from tipgraph.errors import InputError
from tipgraph.namespaces import RDF
from tipgraph.rdf import sparql
from tipgraph.rdf.binding import bind
from tipgraph.rdf.terms import Term
from tipgraph.store.engine import Embedded

EMPTY = Embedded(Store())


def one(term: Term) -> sparql.Table:
    """A table that binds ?x to one term."""
    return ("x",), ((term,),)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_bound_unchanged(text: str) -> None:
    query = bind("SELECT ?x WHERE { }", [one(Literal(text))])

    assert EMPTY.select(query).terms == ((Literal(text),),)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s ?p ?o FILTER(EXISTS { ?s ?p ?o }) } ORDER BY ?s LIMIT 1",
        "SELECT ?s { { SELECT ?s { ?s ?p ?o } GROUP BY ?s } } VALUES ?s { <urn:a> }",
        "SELECT (STR(?o) AS ?t) { ?s ?p ?o . BIND('}' AS ?end) # }\n}",
    ],
)
def test_query_in_a_graph_has_the_rows_of_that_graph(query: str) -> None:
    store = Store()
    store.load(
        b"GRAPH <urn:g> { <urn:a> <urn:p> 1 } GRAPH <urn:h> { <urn:b> <urn:p> 2 }", RdfFormat.TRIG
    )

    text = sparql.in_graph(query, "urn:g")

    assert text is not None
    here, there = store.query(query, default_graph=NamedNode("urn:g")), store.query(text)
    assert [*map(str, cast(Any, there))] == [*map(str, cast(Any, here))]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?s FROM <urn:h> { ?s ?p ?o }",
        "DESCRIBE <urn:a>",
        "CONSTRUCT WHERE { ?s ?p ?o }",
    ],
)
def test_query_that_names_graphs_is_put_in_no_graph(query: str) -> None:
    assert sparql.in_graph(query, "urn:g") is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x WHERE { }",
        "select ?x { }",
        "# a brace { in a comment\nSELECT ?x WHERE { }",
        "PREFIX a: <http://example.org/#> SELECT ?x WHERE { }",
        'SELECT ?x ("}{" AS ?y) WHERE { }',
        "SELECT ?x ('''it's {''' AS ?y) FROM <http://example.org/#> { }",
        "SELECT ?x (EXISTS { ?a ?b ?c } AS ?y) WHERE { }",
        "SELECT ?x WHERE { { SELECT ?y WHERE { } } }",
    ],
)
def test_outermost_group_is_found(query: str) -> None:
    rows = EMPTY.select(bind(query, [one(NamedNode("http://example.org/x"))]))

    assert rows.column("x") == ["http://example.org/x"]


def test_construct_is_bound_after_its_template() -> None:
    query = "CONSTRUCT { ?x ?x ?x } WHERE { }"
    term = NamedNode("http://example.org/x")

    (triple,) = EMPTY.construct(bind(query, [one(term)]))

    assert list(triple) == [term, term, term]


def test_short_construct_takes_no_parameter() -> None:
    with pytest.raises(InputError, match="write out its template"):
        bind("CONSTRUCT WHERE { ?x ?y ?z }", [one(Literal(""))])


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT ?a ?b WHERE { ?a ?c ?b }", ["a", "b"]),
        ("SELECT DISTINCT ?a (COUNT(DISTINCT ?c) AS ?n) { ?a ?b ?c } GROUP BY ?a", ["a", "n"]),
        ("SELECT (IF(?a = 1, ?b, ?c) AS ?d) ?e { }", ["d", "e"]),
        ("SELECT (EXISTS { SELECT (1 AS ?in) { } } AS ?out) { }", ["out"]),
        ("SELECT ?a FROM <http://example.org/> { }", ["a"]),
        ("SELECT * { ?a ?b ?c }", None),
    ],
)
def test_columns_are_known(query: str, columns: list[str] | None) -> None:
    assert sparql.projection(query) == columns


@pytest.mark.parametrize("character", [*"\u00b7\u0301\u200c\u2040\u3001"])
def test_names_may_have_every_character_of_the_grammar(character: str) -> None:
    """Python counts none of these as a letter."""
    name = f"x{character}y"
    query = f"PREFIX {name}: <urn:p:> SELECT ?{name} {{ ?{name} a {name}:{name[:2]} }}"
    sparql.check(query)

    assert sparql.variables(query) == {name}
    assert sparql.projection(query) == [name]
    assert sparql.iris(query) == {f"urn:p:{name[:2]}", RDF + "type"}


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("SELECT ?x\nWHERE { ?x ?y }", r"query:2:16: syntax error near"),
        ("SELECT ?x WHERE { ?x ?y ?z", r"query:1:27: it ends too early near"),
        ("SELECT ?x WHERE {\n ?x foo:bar ?z }", r"query:2:5: the prefix foo: is not declared"),
        ("DELETE WHERE { ?x ?y ?z }", "must be a SELECT"),
        ("", "must be a SELECT"),
        ("SELECT ?x { SERVICE <http://localhost:1/> { ?x ?y ?z } }", "SERVICE is not supported"),
        ("SELECT ?x { SERVICE SILENT ?x { ?x ?y ?z } }", "SERVICE is not supported"),
    ],
)
def test_broken_query_is_reported_with_its_place(query: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        sparql.check(query)


def test_word_service_in_a_string_is_no_service() -> None:
    sparql.check('# SERVICE\nSELECT ?service { ?service <http://e.org/SERVICE> "SERVICE"@service }')


@pytest.mark.parametrize(
    "hidden",
    [
        "FILTER(?a<2)SERVICE#>\n<{url}> {{}}",
        "FILTER(?a<2&&?b='>' ) service <{url}> {{}} #'\n",
        "FILTER(?a<2#> '''\n) SERVICE SILENT <{url}> {{}} #'''\n",
    ],
)
def test_service_behind_a_comparison_sends_nothing(hidden: str) -> None:
    with listening() as listener:
        query = f"SELECT ?a {{ BIND(1 AS ?a) BIND('>' AS ?b) {hidden.format(url=listener.url)} }}"

        with pytest.raises(InputError, match="query:"):
            sparql.check(query)
        assert sparql.syntax_error(query, {})
        assert not listener.connections


def test_comparison_beside_the_word_service_is_no_service() -> None:
    query = "SELECT ?a { BIND(1 AS ?a) FILTER(?a<2#>\n) BIND('service' AS ?b) }"

    sparql.check(query)
    assert not sparql.is_federated(query)


@pytest.mark.parametrize(
    ("group", "looked_up"),
    [
        ("?a ?b ?c OPTIONAL { ?a ?d ?e } optional { ?c ?f ?g FILTER(?g > 1) }", 2),
        ("?a ?b ?c { ?a ?h ?i OPTIONAL { ?a ?d ?e } }", 1),
        ("?a ?b ?c OPTIONAL { ?a ?d ?e OPTIONAL { ?e ?f ?g } }", 0),
        ("?a ?b ?c OPTIONAL { ?a ?d ?e { ?e ?f ?g } } OPTIONAL { ?a ?h ?i }", 1),
        ("?a ?b ?c MINUS { ?a ?b ?c OPTIONAL { ?a ?d ?e } FILTER(?e > 1) }", 0),
        ("?a ?b ?c OPTIONAL { BIND(1 AS ?d) }", 0),
        ("?a ?b 'OPTIONAL { ?a ?d ?e }' # OPTIONAL { ?a ?d ?e }", 0),
        ("?a ?b ?c OPTIONAL { ?a ?d '}' }", 0),
        ("?a ?b ?optional { ?optional ?d ?e }", 0),
    ],
)
def test_optional_of_triples_alone_is_looked_up_for_each_row(group: str, looked_up: int) -> None:
    changed = sparql.with_lateral(f"SELECT * {{ {group}\n}}")

    assert changed.count("LATERAL {") == looked_up
    a, b, c = (NamedNode(f"urn:{each}") for each in "abc")
    store = Store()
    store.extend([Quad(a, b, Literal(1)), Quad(a, b, c), Quad(c, b, Literal(2))])
    plain, rows = (
        sorted(map(str, cast(QuerySolutions, store.query(text))))
        for text in (f"SELECT * {{ {group}\n}}", changed)
    )
    assert plain == rows


def test_long_string_is_read_in_little_memory() -> None:
    code = (
        "import resource; from tipgraph.rdf.sparql import tokens, with_lateral;"
        "from tipgraph.validate.triples import shorten;"
        "resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20)); text = 'x' * (8 << 20);"
        """[len(list(tokens(quote + text + quote))) for quote in ('"', "'", '""' + '"')];"""
        """with_lateral('OPTIONAL "' + text + '"'); shorten('"' + text + '"', {})"""
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
