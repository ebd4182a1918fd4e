"""The choice of an engine: the fast one exactly where it finds the same as pySHACL.

`test_engines.py` and `test_w3c.py` compare what the two find.
"""

import sys
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Triple

from tests.conftest import Run
from tipgraph.errors import UsageError
from tipgraph.validate.engines import (
    AUTO,
    FAST,
    REFERENCE,
    UnusableShapes,
    choose_engine,
    is_portable,
    load_engine,
)
from tipgraph.validate.literals import LiteralKinds
from tipgraph.validate.triples import Triples, sh, to_text

from .conftest import Write
from .engine_results import found, kinds, query, thing, turtle, values

# The triples of a thing, a constraint on it, and why the fast engine does not validate it. With a
# mark, the engines differ: one of them finds more, refuses the shapes or fails.
DIFFERENT = {
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
    "a part of a language": (
        'ex:v "a"@en-Latn-GB',
        values('sh:languageIn ( "en-Latn" )'),
        "sh:languageIn with parts of a language is not supported",
    ),
    "flags": (
        'ex:v "a b"',
        values('sh:pattern "^a[ ]b$" ; sh:flags "x"'),
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
    "a no-break space": (
        'ex:v "a\u00a0b"^^ex:own',
        values('sh:pattern "^[^\\\\s]*$"'),
        "sh:pattern is not supported for text that contains a control character or rare white"
        " space",
    ),
    "siblings with one qualified shape": (
        "ex:v ex:b . ex:b a ex:X",
        "sh:property ex:One , ex:Two . ex:X a sh:NodeShape ; sh:class ex:X"
        " . ex:One sh:path ex:v ; sh:qualifiedValueShape ex:X ; sh:qualifiedMinCount 1"
        " ; sh:qualifiedValueShapesDisjoint true"
        " . ex:Two sh:path ex:v ; sh:qualifiedValueShape ex:X ; sh:qualifiedMinCount 1",
        "sh:qualifiedValueShapesDisjoint with one shape twice is not supported",
    ),
    "sh:closed in a property shape": (
        "ex:v ex:b . ex:b ex:w 1",
        values("sh:closed true ; sh:ignoredProperties ( ex:w )"),
        "sh:closed in a property shape is not supported",
    ),
    "a value of a custom component": (
        "ex:v 1",
        values("ex:kind ex:Other")
        + """ . ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:kind ] ;
            sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { $value a $kind }" ]""",
        "sh:parameter is not supported",
    ),
    "a blank node as a target": (
        "ex:v _:x . _:x ex:w 1",
        "sh:nodeKind sh:IRI ; sh:targetNode _:x ; sh:property [ sh:path ex:w ; sh:maxCount 0 ]",
        "a blank node in sh:targetNode is not supported",
    ),
    "shapes that refer to themselves": (
        "ex:v ex:a",
        "sh:property [ sh:path ex:v ; sh:node ex:Shape ; sh:maxCount 0 ]",
        "shapes that refer to themselves are not supported",
    ),
}
# No difference is known; the list of what is supported leaves them out.
LEFT_OUT = {
    "an inverse sequence": (
        "ex:n 1 . ex:b ex:v ex:c . ex:c ex:w ex:a",
        "sh:property [ sh:path [ sh:inversePath ( ex:v ex:w ) ] ; sh:maxCount 0 ]",
        "the inverse of a path with several steps is not supported",
    ),
    "a rule": ("ex:v 1", "sh:rule ex:Rule", "sh:rule is not supported"),
    "a query": (
        "ex:v 1",
        query("SELECT $this { $this ex:v ?v }"),
        "a query that is not one of the default shapes is not supported",
    ),
    "a decimal with an exponent": (
        'ex:v "1e5"^^xsd:decimal',
        values("sh:datatype xsd:decimal"),
        'the data contains "1e5"^^xsd:decimal, which engines may read differently',
    ),
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
    "a range for the node itself": (
        "ex:v true",
        "sh:targetObjectsOf ex:v ; sh:property"
        " [ sh:path [ sh:zeroOrOnePath ex:w ] ; sh:maxInclusive 5 ]",
        "sh:maxInclusive is not supported for values of different or other types",
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


def test_long_chain_of_shapes_is_no_circle() -> None:
    chain = "".join(f" . ex:S{n} a sh:NodeShape ; sh:node ex:S{n + 1}" for n in range(3_000))
    shapes = thing(f"sh:node ex:S0 {chain} . ex:S3000 a sh:NodeShape ; sh:nodeKind sh:IRI")

    assert choose_engine(AUTO, Triples(shapes), kinds("ex:a ex:v 1 .")).name == FAST


@pytest.mark.parametrize("name", LEFT_OUT)
def test_pyshacl_validates_what_is_not_listed_as_supported(name: str) -> None:
    data, constraint, reason = LEFT_OUT[name]

    assert choose_engine(AUTO, Triples(thing(constraint)), kinds(f"ex:a {data} .")) == (
        REFERENCE,
        reason,
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ('ex:v "174" , 5', "whose values have different or unusual types"),
        ("ex:v 2.50", "whose values have different or unusual types"),
        ('ex:v "x"^^xsd:hexBinary', "whose values have different or unusual types"),
        ('ex:v "a\u00a0"', "whose values have different or unusual types"),
        ("ex:w 1 . _:n ex:v 5", "which blank nodes have"),
    ],
)
def test_tested_query_needs_values_of_one_type(data: str, reason: str) -> None:
    shapes = thing(query("SELECT $this ?value { $this ex:v ?value FILTER (STR(?value) > 10) }"))
    tested = set(shapes)

    assert choose_engine(AUTO, Triples(shapes), kinds("ex:a ex:v 1 , 2 ."), tested).name == FAST
    assert choose_engine(AUTO, Triples(shapes), kinds(f"ex:a {data} ."), tested) == (
        REFERENCE,
        f"a query uses http://example.org/v, {reason}",
    )


def test_fast_engine_that_is_asked_for_refuses_what_is_not_supported() -> None:
    with pytest.raises(
        UnusableShapes,
        match=r"^the fast engine cannot validate this: sh:rule is not .*; use --engine auto$",
    ):
        choose_engine(FAST, Triples(thing(LEFT_OUT["a rule"][1])), LiteralKinds())


def test_pyshacl_is_chosen_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tipgraph.validate.engines.find_spec", lambda name: None)

    choice = choose_engine(AUTO, Triples(thing("sh:nodeKind sh:IRI")), LiteralKinds())

    assert choice == (REFERENCE, "the fast engine is not installed")


def test_a_missing_engine_that_is_asked_for_is_a_usage_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "shacl", None)
    monkeypatch.delitem(sys.modules, "tipgraph.validate.engines.rust_engine", raising=False)

    with pytest.raises(UsageError, match="'fast' is not installed; run pip install shacl"):
        load_engine(FAST)


def test_command_names_the_engine_and_why(write: Write, shapes: Path, run: Run) -> None:
    data = write("data.ttl", 'ex:a a ex:Human ; ex:name "A" .')
    rules = write(
        "rules.ttl", "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:entailment sh:Rules ."
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
