"""Known differences between the fast engine and pySHACL, and what the fast engine refuses.

`docs/engines.md` lists each difference by name. A difference that disappears fails a test too.
"""

import re
import sys
from collections.abc import Set
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import BlankNode

from tipgraph.errors import InputError, UsageError
from tipgraph.namespaces import XSD
from tipgraph.validate.engines import REFERENCE, load_engine
from tipgraph.validate.triples import Triples, sh, shorten, to_text

from .engine_results import FAST, found, query, thing, turtle, values

DOCS = Path(__file__).parents[2] / "docs" / "engines.md"


class Difference(NamedTuple):
    """Triples of `ex:a`, a constraint on it, and what only one of the engines finds."""

    data: str
    constraint: str
    only_pyshacl: Set[str] = frozenset()
    only_fast: Set[str] = frozenset()


def finds(name: str, data: str, constraint: str) -> set[str]:
    """Component, path and value of each of an engine's results."""
    results = found(name, turtle(f"ex:a a ex:Thing ; {data} ."), thing(constraint))
    return {
        f"{_short(each.component)} {_short(each.path)} {_short(each.value)}" for each in results
    }


def _short(term: str) -> str:
    return shorten(term, {"ex": "http://example.org/", "xsd": XSD}) or "-"


DIFFERENCES = {
    "Ranges of another type": Difference(
        'ex:v true , "2020"^^xsd:gYear',
        values("sh:maxExclusive 5"),
        only_fast={'MaxExclusive ex:v "true"^^xsd:boolean', 'MaxExclusive ex:v "2020"^^xsd:gYear'},
    ),
    "Values without an order": Difference(
        'ex:v "a" ; ex:w ex:b',
        values("sh:lessThan ex:w"),
        only_fast={'LessThan ex:v "a"'},
    ),
    "Times without a time zone": Difference(
        'ex:v "2021-01-01T00:00:00"^^xsd:dateTime',
        values('sh:minInclusive "2020-01-01T00:00:00Z"^^xsd:dateTime'),
        only_pyshacl={'MinInclusive ex:v "2021-01-01T00:00:00"^^xsd:dateTime'},
    ),
    "Decimals with an exponent": Difference(
        'ex:v "1e5"^^xsd:decimal',
        values("sh:datatype xsd:decimal"),
        only_fast={'Datatype ex:v "1e5"^^xsd:decimal'},
    ),
    "Datatypes outside SPARQL": Difference(
        'ex:v "0g"^^xsd:hexBinary',
        values("sh:datatype xsd:hexBinary"),
        only_pyshacl={'Datatype ex:v "0g"^^xsd:hexBinary'},
    ),
    "Booleans written as 1": Difference(
        'ex:v "a"@en , "b"@en',
        values('sh:uniqueLang "1"^^xsd:boolean'),
        only_pyshacl={"UniqueLang ex:v -"},
    ),
    "Flags of patterns": Difference(
        'ex:v "a\\nb"',
        values('sh:pattern "^a.b$" ; sh:flags "s"'),
        only_pyshacl={r'Pattern ex:v "a\nb"'},
    ),
    "Character class operators": Difference(
        'ex:v "a"',
        values('sh:pattern "[a-z&&[^b]]"'),
        only_pyshacl={'Pattern ex:v "a"'},
    ),
    "Inverse sequence paths": Difference(
        "ex:n 1 . ex:b ex:v ex:c . ex:c ex:w ex:a",
        "sh:property [ sh:path [ sh:inversePath ( ex:v ex:w ) ] ; sh:maxCount 0 ]",
        only_fast={"MaxCount ^(ex:v/ex:w) -"},
    ),
    "Values computed by a query": Difference(
        "ex:v 2",
        query("SELECT $this ?value { $this ex:v ?v BIND (?v * 3 AS ?value) }"),
        only_pyshacl={'SPARQL - "6"^^xsd:decimal'},
        only_fast={"SPARQL - -"},
    ),
    "Paths returned by a query": Difference(
        "ex:w 1",
        values(query("SELECT $this ?path { $this ?path 1 }")),
        only_pyshacl={"SPARQL ex:w -"},
        only_fast={"SPARQL ex:v ex:a"},
    ),
    "Comparisons in queries": Difference(
        'ex:v "174"',
        query("SELECT $this ?value { $this ex:v ?value FILTER (?value >= 10) }"),
        only_pyshacl={'SPARQL - "174"'},
    ),
    "Numbers as text in queries": Difference(
        "ex:v 2.50",
        query('SELECT $this { $this ex:v ?v FILTER (STR(?v) = "2.50") }'),
        only_pyshacl={"SPARQL - ex:a"},
    ),
    "Values of custom components": Difference(
        "ex:v 1",
        values("ex:kind ex:Other")
        + """ . ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:kind ] ;
            sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { $value a $kind }" ]""",
        only_pyshacl={"ex:Component ex:v -"},
        only_fast={'ex:Component ex:v "1"^^xsd:integer'},
    ),
}
REFUSED = {
    "look-around in a pattern": ("ex:v 1", values('sh:pattern "^(?!x)"')),
    "look-around in a query": (
        'ex:v "a"',
        query(r'SELECT $this { $this ex:v ?v FILTER REGEX(?v, "^(?!x)") }'),
    ),
    "a back-reference in a query": (
        'ex:v "aa"',
        query(r'SELECT $this { $this ex:v ?v FILTER REGEX(?v, "(a)\\\\1") }'),
    ),
    "a comparison of dates in a query": (
        'ex:v "2020-01-01"^^xsd:date ; ex:w "2020-01-02"^^xsd:date',
        query("SELECT $this { $this ex:v ?v ; ex:w ?w FILTER (?v < ?w) }"),
    ),
    "the year of a date in a query": (
        'ex:v "2020-01-01"^^xsd:date',
        query("SELECT $this { $this ex:v ?v FILTER (YEAR(?v) = 2020) }"),
    ),
    "dates that differ in a query": (
        'ex:v "2020-01-01"^^xsd:date , "2020-01-02"^^xsd:date',
        query("SELECT $this { $this ex:v ?v , ?w FILTER (?v != ?w) }"),
    ),
    "a graph in a query": ("ex:v 1", query("SELECT $this FROM ex:g { $this ex:v ?v }")),
    "a custom target type": (
        "ex:v 1",
        """sh:target [ a ex:Kind ; ex:kind ex:Thing ] . ex:Kind a sh:SPARQLTargetType ;
            rdfs:subClassOf sh:Target ; sh:parameter [ sh:path ex:kind ] ;
            sh:select "SELECT ?this { ?this a $kind }" """,
    ),
    "a custom function": (
        "ex:v 1",
        query("SELECT $this { $this ex:v ?v FILTER (ex:more(?v) = 2) }")
        + """ . ex:more a sh:SPARQLFunction ; sh:parameter [ sh:path ex:op ] ;
            sh:returnType xsd:integer ; sh:select "SELECT ($op + 1 AS ?result) {}" """,
    ),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_engines_differ_only_as_documented(name: str):
    data, constraint, only_pyshacl, only_fast = DIFFERENCES[name]

    reference, fast = (finds(engine, data, constraint) for engine in (REFERENCE, FAST))

    assert reference - fast == only_pyshacl
    assert fast - reference == only_fast


@pytest.mark.parametrize("name", REFUSED)
def test_fast_engine_refuses_unsupported_features(name: str):
    data, constraint = REFUSED[name]

    finds(REFERENCE, data, constraint)
    with pytest.raises(InputError, match=r"^the fast engine .*; use --engine pyshacl$"):
        finds(FAST, data, constraint)


def test_fast_engine_accepts_dates_that_no_query_compares():
    data = 'ex:v "2020-01-01"^^xsd:date'
    constraint = query("SELECT $this ?value { $this ex:v ?value FILTER isLiteral(?value) }")

    assert finds(FAST, data, constraint) == finds(REFERENCE, data, constraint) != set()


def test_docs_list_each_difference():
    rows = re.findall(r"^\| ([A-Z][^|]*?) +\|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [*DIFFERENCES]


def test_fast_engine_keeps_blank_node_labels():
    engine = load_engine(FAST)
    engine.load(turtle("_:first a ex:Thing . ex:a ex:v _:other . _:second ex:w _:first ."))
    shapes = turtle("_:shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:nodeKind sh:IRI .")

    report = Triples(engine.run(shapes, lambda done, total: None))

    (result,) = report.subjects(sh("focusNode"))
    assert report.values(result, sh("focusNode")) == [BlankNode("first")]
    assert report.values(result, sh("sourceShape")) == [BlankNode("shape")]


def test_fast_engine_adds_missing_messages():
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


def test_missing_engine_is_a_usage_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "shacl", None)
    monkeypatch.delitem(sys.modules, "tipgraph.validate.engines.rust_engine", raising=False)

    with pytest.raises(UsageError, match="'fast' is not installed; run pip install shacl"):
        load_engine(FAST)
