"""Where the fast engine differs from pySHACL, and what it refuses so as not to.

`docs/engines.md` tells each difference under its name. One that vanishes is a failure too.
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
from tipgraph.validate.engines import REFERENCE, engine
from tipgraph.validate.findings import spelled
from tipgraph.validate.names import shortened
from tipgraph.validate.triples import Triples, sh

from .engine_results import FAST, found, query, thing, turtle, values

DOCS = Path(__file__).parents[2] / "docs" / "engines.md"


class Difference(NamedTuple):
    """What is said of `ex:a`, a constraint on it, and what only one of the engines finds."""

    data: str
    constraint: str
    only_pyshacl: Set[str] = frozenset()
    only_fast: Set[str] = frozenset()


def finds(name: str, data: str, constraint: str) -> set[str]:
    """What an engine finds: component, path and value of each."""
    told = found(name, turtle(f"ex:a a ex:Thing ; {data} ."), thing(constraint))
    return {f"{_short(each.component)} {_short(each.path)} {_short(each.value)}" for each in told}


def _short(term: str) -> str:
    return shortened(term, {"ex": "http://example.org/", "xsd": XSD}) or "-"


DIFFERENCES = {
    "Ranges of another kind": Difference(
        'ex:v true , "2020"^^xsd:gYear',
        values("sh:maxExclusive 5"),
        only_fast={'MaxExclusive ex:v "true"^^xsd:boolean', 'MaxExclusive ex:v "2020"^^xsd:gYear'},
    ),
    "Values that have no order": Difference(
        'ex:v "a" ; ex:w ex:b',
        values("sh:lessThan ex:w"),
        only_fast={'LessThan ex:v "a"'},
    ),
    "Times without a zone": Difference(
        'ex:v "2021-01-01T00:00:00"^^xsd:dateTime',
        values('sh:minInclusive "2020-01-01T00:00:00Z"^^xsd:dateTime'),
        only_pyshacl={'MinInclusive ex:v "2021-01-01T00:00:00"^^xsd:dateTime'},
    ),
    "Decimals with an exponent": Difference(
        'ex:v "1e5"^^xsd:decimal',
        values("sh:datatype xsd:decimal"),
        only_fast={'Datatype ex:v "1e5"^^xsd:decimal'},
    ),
    "Datatypes outside of SPARQL": Difference(
        'ex:v "0g"^^xsd:hexBinary',
        values("sh:datatype xsd:hexBinary"),
        only_pyshacl={'Datatype ex:v "0g"^^xsd:hexBinary'},
    ),
    "Switches that are 1": Difference(
        'ex:v "a"@en , "b"@en',
        values('sh:uniqueLang "1"^^xsd:boolean'),
        only_pyshacl={"UniqueLang ex:v -"},
    ),
    "Flags of patterns": Difference(
        'ex:v "a\\nb"',
        values('sh:pattern "^a.b$" ; sh:flags "s"'),
        only_pyshacl={r'Pattern ex:v "a\nb"'},
    ),
    "Classes in patterns": Difference(
        'ex:v "a"',
        values('sh:pattern "[a-z&&[^b]]"'),
        only_pyshacl={'Pattern ex:v "a"'},
    ),
    "Sequences walked backwards": Difference(
        "ex:n 1 . ex:b ex:v ex:c . ex:c ex:w ex:a",
        "sh:property [ sh:path [ sh:inversePath ( ex:v ex:w ) ] ; sh:maxCount 0 ]",
        only_fast={"MaxCount ^(ex:v/ex:w) -"},
    ),
    "Values that a query makes": Difference(
        "ex:v 2",
        query("SELECT $this ?value { $this ex:v ?v BIND (?v * 3 AS ?value) }"),
        only_pyshacl={'SPARQL - "6"^^xsd:decimal'},
        only_fast={"SPARQL - -"},
    ),
    "Paths that a query names": Difference(
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
    "Values of own components": Difference(
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
    "a reference back in a query": (
        'ex:v "aa"',
        query(r'SELECT $this { $this ex:v ?v FILTER REGEX(?v, "(a)\\\\1") }'),
    ),
    "an order of dates in a query": (
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
    "a kind of target": (
        "ex:v 1",
        """sh:target [ a ex:Kind ; ex:kind ex:Thing ] . ex:Kind a sh:SPARQLTargetType ;
            rdfs:subClassOf sh:Target ; sh:parameter [ sh:path ex:kind ] ;
            sh:select "SELECT ?this { ?this a $kind }" """,
    ),
    "a function": (
        "ex:v 1",
        query("SELECT $this { $this ex:v ?v FILTER (ex:more(?v) = 2) }")
        + """ . ex:more a sh:SPARQLFunction ; sh:parameter [ sh:path ex:op ] ;
            sh:returnType xsd:integer ; sh:select "SELECT ($op + 1 AS ?result) {}" """,
    ),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_that_the_engines_differ_where_it_is_known(name: str):
    data, constraint, only_pyshacl, only_fast = DIFFERENCES[name]

    believed, fast = (finds(engine, data, constraint) for engine in (REFERENCE, FAST))

    assert believed - fast == only_pyshacl
    assert fast - believed == only_fast


@pytest.mark.parametrize("name", REFUSED)
def test_that_the_fast_engine_refuses_what_it_would_get_wrong(name: str):
    data, constraint = REFUSED[name]

    finds(REFERENCE, data, constraint)
    with pytest.raises(InputError, match=r"^the fast engine .*; use --engine pyshacl$"):
        finds(FAST, data, constraint)


def test_that_dates_that_no_query_compares_are_no_obstacle():
    data = 'ex:v "2020-01-01"^^xsd:date'
    constraint = query("SELECT $this ?value { $this ex:v ?value FILTER isLiteral(?value) }")

    assert finds(FAST, data, constraint) == finds(REFERENCE, data, constraint) != set()


def test_that_each_difference_is_told():
    rows = re.findall(r"^\| ([A-Z][^|]*?) +\|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [*DIFFERENCES]


def test_that_blank_nodes_are_called_as_in_data_and_shapes():
    chosen = engine(FAST)
    chosen.load(turtle("_:first a ex:Thing . ex:a ex:v _:other . _:second ex:w _:first ."))
    shapes = turtle("_:shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:nodeKind sh:IRI .")

    report = Triples(chosen.run(shapes, lambda done, total: None))

    (result,) = report.subjects(sh("focusNode"))
    assert report.values(result, sh("focusNode")) == [BlankNode("first")]
    assert report.values(result, sh("sourceShape")) == [BlankNode("shape")]


def test_that_a_result_without_a_message_says_what_is_not_met():
    chosen = engine(FAST)
    chosen.load(turtle("ex:a a ex:Thing ; ex:v 1 ."))
    constraints = ["sh:minCount 2", "sh:class ex:Other", "sh:not [ sh:nodeKind sh:Literal ]"]
    shapes = thing(" ; ".join(map(values, constraints)))

    report = Triples(chosen.run(shapes, lambda done, total: None))

    assert {spelled(triple.object) for triple in report.match(None, sh("resultMessage"))} == {
        '"This does not meet sh:minCount 2."',
        '"This does not meet sh:class http://example.org/Other."',
        '"This does not meet sh:not."',
    }


def test_that_an_engine_that_is_not_there_is_no_surprise(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "shacl", None)

    with pytest.raises(UsageError, match=r"pip install 'tipgraph\[fast\]'"):
        engine(FAST)
