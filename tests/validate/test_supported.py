"""The choice of an engine: the fast one exactly where it finds the same as pySHACL.

`test_engines.py` and `test_w3c.py` compare what the two find.
"""

import sys
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Triple

from tests.conftest import Run
from tipgraph.errors import UsageError
from tipgraph.validate.engines import AUTO, FAST, REFERENCE, UnusableShapes, load_engine
from tipgraph.validate.engines.supported import choose_engine
from tipgraph.validate.engines.supported_queries import is_portable
from tipgraph.validate.literal_kinds import LiteralKinds
from tipgraph.validate.triples import Triples, sh, to_text

from .conftest import Write
from .engine_results import found, kinds, query, thing, turtle, values

# The triples of a thing, a constraint on it, and why the fast engine does not validate it. With a
# mark, the engines differ: one of them finds more, refuses the shapes or fails.
DIFFERENT = {
    "a range of another type": (
        "ex:v true",
        values("sh:maxExclusive 5"),
        "sh:maxExclusive is not supported for values of different or other types",
    ),
    "values without an order": (
        'ex:v "a" ; ex:w ex:b',
        values("sh:lessThan ex:w"),
        "sh:lessThan is not supported for values of different or other types",
    ),
    "years": (
        'ex:v "2020"^^xsd:gYear ; ex:w "2021"^^xsd:gYear',
        values("sh:lessThan ex:w"),
        "sh:lessThan is not supported for values of different or other types",
    ),
    "times with and without a zone": (
        'ex:v "2021-01-01T00:00:00"^^xsd:dateTime',
        values('sh:minInclusive "2020-01-01T00:00:00Z"^^xsd:dateTime'),
        "sh:minInclusive is not supported for values of different or other types",
    ),
    "a decimal with an exponent": (
        'ex:v "1e5"^^xsd:decimal',
        values("sh:datatype xsd:decimal"),
        'the data contains "1e5"^^xsd:decimal, which engines may read differently',
    ),
    "a date in the year zero": (
        'ex:v "0000-01-01"^^xsd:date',
        values("sh:datatype xsd:date"),
        'the data contains "0000-01-01"^^xsd:date, which engines may read differently',
    ),
    "a datatype outside SPARQL": (
        'ex:v "0g"^^xsd:hexBinary',
        values("sh:datatype xsd:hexBinary"),
        "the datatype xsd:hexBinary is not supported",
    ),
    "a boolean in the shapes that is written as 1": (
        'ex:v "a"@en , "b"@en',
        values('sh:uniqueLang "1"^^xsd:boolean'),
        '"1"^^xsd:boolean, which engines may read differently',
    ),
    "flags": (
        'ex:v "a\\nb"',
        values('sh:pattern "^a.b$" ; sh:flags "s"'),
        "sh:flags other than i are not supported",
    ),
    "an operator in a character class": (
        'ex:v "a"',
        values('sh:pattern "[a-z&&[^b]]"'),
        "the pattern has syntax that engines read differently",
    ),
    "look-around": (
        "ex:v 1",
        values('sh:pattern "^(?!x)"'),
        "the pattern has syntax that engines read differently",
    ),
    "a line feed at the end": (
        'ex:v "a\\n"',
        values('sh:pattern "^a$"'),
        "sh:pattern is not supported for text that contains a control character, or ends with"
        " a line feed",
    ),
    "an inverse sequence": (
        "ex:n 1 . ex:b ex:v ex:c . ex:c ex:w ex:a",
        "sh:property [ sh:path [ sh:inversePath ( ex:v ex:w ) ] ; sh:maxCount 0 ]",
        "the inverse of a path with several steps is not supported",
    ),
    "sh:closed in a property shape": (
        "ex:v ex:b . ex:b ex:w 1",
        values("sh:closed true ; sh:ignoredProperties ( ex:w )"),
        "sh:closed in a property shape is not supported",
    ),
    "a value that a query computes": (
        "ex:v 2",
        query("SELECT $this ?value { $this ex:v ?v BIND (?v * 3 AS ?value) }"),
        "a query that computes ?value is not supported",
    ),
    "a path that a query in a property shape returns": (
        "ex:w 1",
        values(query("SELECT $this ?path { $this ?path 1 }")),
        "a query that selects ?path in a property shape is not supported",
    ),
    "text that a query compares with a number": (
        'ex:v "174"',
        query("SELECT $this ?value { $this ex:v ?value FILTER (?value >= 10) }"),
        "a query that compares values of different or other types is not supported",
    ),
    "a year that a query compares": (
        'ex:v "2020"^^xsd:gYear',
        query("SELECT $this ?value { $this ex:v ?value FILTER (?value != 1) }"),
        "a query that compares values without an order with != is not supported",
    ),
    "the text of a number in a query": (
        "ex:v 2.50",
        query('SELECT $this { $this ex:v ?v FILTER (STR(?v) = "2.50") }'),
        "the text of numbers such as 2.50 or 01, or of blank nodes, is not supported",
    ),
    "the text of a sum in a query": (
        "ex:v 2.0",
        query('SELECT $this { $this ex:v ?v FILTER (STR(?v + 1) = "3") }'),
        "the text of numbers such as 2.50 or 01, or of blank nodes, is not supported",
    ),
    "the text of a blank node in a query": (
        "ex:v _:n",
        query('SELECT $this { $this ex:v ?v FILTER (STR(?v) != "a") }'),
        "the text of numbers such as 2.50 or 01, or of blank nodes, is not supported",
    ),
    "an invalid number in a query": (
        'ex:v "x"^^xsd:integer',
        query("SELECT $this { $this ex:v ?v FILTER isNumeric(?v) }"),
        "isNumeric is not supported for values that may be invalid",
    ),
    "a subquery with groups": (
        "ex:v 1",
        query("SELECT $this { { SELECT $this { $this ex:w ?w } GROUP BY $this } $this ex:v 1 }"),
        "a subquery with groups must match for all nodes",
    ),
    "a range for the node itself": (
        "ex:v true",
        "sh:targetObjectsOf ex:v ; sh:property"
        " [ sh:path [ sh:zeroOrOnePath ex:w ] ; sh:maxInclusive 5 ]",
        "sh:maxInclusive is not supported for values of different or other types",
    ),
    "a number in a list of a query": (
        "ex:v 01",
        query("SELECT $this { $this ex:v ?v FILTER (?v IN (1)) }"),
        "IN is only supported for IRIs",
    ),
    "a cast of a boolean": (
        "ex:v true",
        query("SELECT $this { $this ex:v ?v FILTER (xsd:integer(?v) = 1) }"),
        "the text of numbers such as 2.50 or 01, or of blank nodes, is not supported",
    ),
    "a condition that is a text in a language": (
        'ex:v "a"@en',
        query("SELECT $this { $this ex:v ?v FILTER (?v) }"),
        "a condition that is only a variable, IF or COALESCE must be a boolean",
    ),
    "a condition that chooses a text in a language": (
        'ex:v "a"@en',
        query("SELECT $this { $this ex:v ?v FILTER (IF(isIRI(?v), true, ?v)) }"),
        "a condition that is only a variable, IF or COALESCE must be a boolean",
    ),
    "look-around in a query": (
        'ex:v "a"',
        query(r'SELECT $this { $this ex:v ?v FILTER REGEX(?v, "^(?!x)") }'),
        "a regular expression has syntax that engines read differently",
    ),
    "dates that a query compares": (
        'ex:v "2020-01-01"^^xsd:date , "2020-01-02"^^xsd:date',
        query("SELECT $this { $this ex:v ?v , ?w FILTER (?v < ?w) }"),
        "a query that compares values of different or other types is not supported",
    ),
    "a subquery without the focus node": (
        "ex:v 1",
        query("SELECT $this { $this ex:v ?v { SELECT ?v { ?x ex:v ?v } } }"),
        "a subquery must select $this",
    ),
    "a graph in a query": (
        "ex:v 1",
        query("SELECT $this FROM ex:g { $this ex:v ?v }"),
        "FROM is not supported in queries",
    ),
    "a value of a custom component": (
        "ex:v 1",
        values("ex:kind ex:Other")
        + """ . ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:kind ] ;
            sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { $value a $kind }" ]""",
        "sh:parameter is not supported",
    ),
    "a custom function": (
        "ex:v 1",
        query("SELECT $this { $this ex:v ?v FILTER (ex:more(?v) = 2) }")
        + """ . ex:more a sh:SPARQLFunction ; sh:parameter [ sh:path ex:op ] ;
            sh:returnType xsd:integer ; sh:select "SELECT ($op + 1 AS ?result) {}" """,
        "sh:parameter is not supported",
    ),
    "shapes that refer to themselves": (
        "ex:v ex:a",
        "sh:property [ sh:path ex:v ; sh:node ex:Shape ; sh:maxCount 0 ]",
        "shapes that refer to themselves are not supported",
    ),
}
# No difference is known; the list of what is supported leaves them out.
LEFT_OUT = {
    "a rule": ("ex:v 1", "sh:rule ex:Rule", "sh:rule is not supported"),
    "an order of rows": (
        "ex:v 1",
        query("SELECT $this { $this ex:v ?v } ORDER BY ?v"),
        "ORDER is not supported in queries",
    ),
}


def outcome(engine: str, data: str, shapes: list[Triple]) -> object:
    """The results of the engine; its error where it has none."""
    try:
        return found(engine, turtle(f"ex:a a ex:Thing ; {data} ."), shapes)
    except UnusableShapes as error:
        return str(error)


@pytest.mark.parametrize("name", DIFFERENT)
def test_pyshacl_validates_what_the_engines_find_differently(name: str) -> None:
    data, constraint, reason = DIFFERENT[name]
    shapes = thing(constraint)

    choice = choose_engine(AUTO, Triples(shapes), kinds(f"ex:a {data} ."))

    assert choice.name == REFERENCE
    assert choice.reason.endswith(reason)
    assert outcome(REFERENCE, data, shapes) != outcome(FAST, data, shapes)


@pytest.mark.parametrize("name", LEFT_OUT)
def test_pyshacl_validates_what_is_not_listed_as_supported(name: str) -> None:
    data, constraint, reason = LEFT_OUT[name]

    assert choose_engine(AUTO, Triples(thing(constraint)), kinds(f"ex:a {data} .")) == (
        REFERENCE,
        reason,
    )


def test_fast_engine_that_is_asked_for_refuses_what_is_not_supported() -> None:
    with pytest.raises(
        UnusableShapes,
        match=r"^the fast engine cannot validate this: sh:rule is not .*; use --engine auto$",
    ):
        choose_engine(FAST, Triples(thing(LEFT_OUT["a rule"][1])), LiteralKinds())


def test_pyshacl_is_chosen_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tipgraph.validate.engines.supported.find_spec", lambda name: None)

    choice = choose_engine(AUTO, Triples(thing("sh:nodeKind sh:IRI")), LiteralKinds())

    assert choice == (REFERENCE, "the fast engine is not installed")


def test_a_missing_engine_that_is_asked_for_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "shacl", None)
    monkeypatch.delitem(sys.modules, "tipgraph.validate.engines.rust_engine", raising=False)

    with pytest.raises(UsageError, match="'fast' is not installed; run pip install shacl"):
        load_engine(FAST)


def test_command_names_the_engine_and_why(write: Write, shapes: Path, run: Run) -> None:
    data = write("data.ttl", 'ex:a a ex:Human ; ex:name "A" .')
    rules = write(
        "rules.ttl", "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:entailment ex:E ."
    )

    plain = run("validate", data, "--shapes", shapes, "--format", "json")
    other = run("validate", data, "--shapes", shapes, "--add-shapes", rules, "--format", "sarif")

    assert '"engine": "fast"' in plain.out
    assert plain.err == ""
    assert '"engine": "pyshacl"' in other.out
    assert other.err == ("tipgraph: engine pyshacl, not fast: sh:entailment is not supported\n")


def test_fast_engine_that_fails_is_an_input_error() -> None:
    """A year that it cannot read makes it panic; `choose_engine` keeps such data away from it."""
    data = 'ex:v "99999999999999999999-01-01"^^xsd:date'
    shapes = thing(values("sh:datatype xsd:date"))

    assert outcome(FAST, data, shapes) == (
        "the fast engine cannot use the shapes: it failed; use --engine pyshacl"
    )
    assert choose_engine(AUTO, Triples(shapes), kinds(f"ex:a {data} .")).name == REFERENCE


def test_portable_patterns() -> None:
    assert all(
        map(is_portable, ["", "^[0-9]{2,4}$", r"^(19|20)\d\d-\.x*?$", "[a-zA-Z0-9._%+-]+", "(?:é)"])
    )
    assert not any(
        map(
            is_portable,
            [r"\w", r"\b", r"\p{L}", "(?i)a", "(?=a)", r"(a)\1", "a++", "a{", "a]", "[a", "[a--b]"],
        )
    )


def test_fast_engine_keeps_blank_node_labels() -> None:
    engine = load_engine(FAST)
    engine.load(turtle("_:first a ex:Thing . ex:a ex:v _:other . _:second ex:w _:first ."))
    shapes = turtle("_:shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:nodeKind sh:IRI .")

    report = Triples(engine.run(shapes, lambda done, total: None))

    (result,) = report.subjects(sh("focusNode"))
    assert report.values(result, sh("focusNode")) == [BlankNode("first")]
    assert report.values(result, sh("sourceShape")) == [BlankNode("shape")]


def test_fast_engine_adds_missing_messages() -> None:
    engine = load_engine(FAST)
    engine.load(turtle("ex:a a ex:Thing ; ex:v 1 ."))
    constraints = ["sh:minCount 2", "sh:class ex:Other", "sh:not [ sh:nodeKind sh:Literal ]"]
    shapes = thing(" ; ".join(map(values, constraints)))

    report = Triples(engine.run(shapes, lambda done, total: None))

    assert {to_text(triple.object) for triple in report.match(None, sh("resultMessage"))} == {
        '"Does not conform to sh:minCount 2."',
        '"Does not conform to sh:class http://example.org/Other."',
        '"Does not conform to sh:not."',
    }
