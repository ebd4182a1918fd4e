"""The fast engine and pySHACL find the same.

Known differences are in `test_engine_differences.py`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Triple

from tests.conftest import Run
from tipgraph.resources.folders import shipped
from tipgraph.validate.engines import ENGINES, REFERENCE

from .engine_results import FAST, found, query, read, thing, turtle, values

FIXTURES = Path(__file__).parents[1] / "shapes"


@pytest.fixture(scope="module")
def ontology() -> list[Triple]:
    return read(*shipped().ontology())


@pytest.fixture(scope="module")
def shapes() -> list[Triple]:
    return read(*shipped().shapes())


@pytest.mark.conformance
def test_engines_agree_on_every_fixture(ontology: list[Triple], shapes: list[Triple]):
    context = read(FIXTURES / "context.ttl")
    data = [*ontology, *context, *fixtures({triple.subject for triple in context})]

    reference = found(REFERENCE, data, shapes)

    assert {each.shape for each in reference} == set(expected_shapes())
    assert found(FAST, data, shapes) == reference


def fixtures(shared: set[object]) -> Iterator[Triple]:
    """All fixtures in one graph: each gets its own names for what is not shared."""
    for file in sorted(FIXTURES.glob("*/*valid.ttl")):
        triples = read(file)
        own = {triple.subject for triple in triples} - shared

        def renamed(term, own=own, file=file):
            is_own = isinstance(term, NamedNode) and term in own
            return NamedNode(f"{term.value}/{file.parent.name}-{file.stem}") if is_own else term

        for triple in triples:
            yield Triple(renamed(triple.subject), triple.predicate, renamed(triple.object))


def expected_shapes() -> Iterator[str]:
    """The shapes named in the first lines of the fixtures."""
    for file in FIXTURES.glob("*/invalid.ttl"):
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        for name in re.findall(r"tipsh:(\S+)", first):
            yield f"https://w3id.org/tipgraph/shapes#{name}"


@pytest.mark.conformance
def test_engines_agree_on_damaged_data(ontology: list[Triple], shapes: list[Triple]):
    data = read(*shipped().data())
    holed = [triple for place, triple in enumerate(data) if place % 5]

    reference = found(REFERENCE, ontology + holed, shapes)

    assert len(reference) > 500
    assert found(FAST, ontology + holed, shapes) == reference


def test_shipped_data_conforms(ontology: list[Triple], shapes: list[Triple]):
    assert found(FAST, ontology + read(*shipped().data()), shapes) == set()


ADVANCED = {
    "a deactivated query": """sh:nodeKind sh:Literal ; sh:sparql [ sh:deactivated true ;
        sh:select "SELECT $this { $this <http://example.org/v> ?v }" ]""",
    "a target that is a query": """sh:nodeKind sh:Literal ; sh:target [ a sh:SPARQLTarget ;
        sh:select "SELECT ?this { ?this <http://example.org/v> 2 }" ]""",
    "a class that is a shape": """sh:nodeKind sh:Literal . ex:Kind rdfs:subClassOf rdfs:Class .
        ex:Other a sh:NodeShape , ex:Kind ; sh:property [ sh:path ex:v ; sh:maxCount 0 ]""",
    "a rule": """sh:property [ sh:path ex:new ; sh:maxCount 0 ] ; sh:rule [ a sh:TripleRule ;
        sh:subject sh:this ; sh:predicate ex:new ; sh:object [ sh:path ex:v ] ]""",
    "a rule with a condition": """sh:property [ sh:path ex:new ; sh:maxCount 0 ] ;
        sh:rule [ a sh:TripleRule ; sh:condition [ sh:property [ sh:path ex:v ; sh:hasValue 1 ] ] ;
        sh:subject sh:this ; sh:predicate ex:new ; sh:object 1 ]""",
    "rules applied once": """sh:property [ sh:path ex:next ; sh:nodeKind sh:Literal ] ;
        sh:rule [ a sh:SPARQLRule ; sh:construct '''
            CONSTRUCT { ?x <http://example.org/next> ?z }
            WHERE { ?x <http://example.org/next> ?y . ?y <http://example.org/next> ?z }''' ]""",
    "an expression": """sh:expression [ sh:path ex:ok ]""",
    "a path in a query": values(query("SELECT $this ?value { $this $PATH ?value }")),
}


@pytest.mark.parametrize("name", ADVANCED)
def test_engines_agree_on_advanced_features(name: str):
    data = turtle("""
        ex:a a ex:Thing ; ex:v 1 , 2 ; ex:ok true ; ex:next ex:b .
        ex:b a ex:Thing ; ex:v 2 ; ex:ok false ; ex:next ex:c .
        ex:c a ex:Other ; ex:v 3 ; ex:next ex:d . ex:d ex:next ex:e .""")
    shapes = thing(ADVANCED[name])

    assert found(FAST, data, shapes) == found(REFERENCE, data, shapes) != set()


@pytest.mark.parametrize("engine", ENGINES)
def test_messages_show_the_values_of_variables(engine: str, tmp_path: Path, run: Run):
    prefixes = "@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(f"{prefixes} ex:a a ex:Thing ; ex:v 2 .", encoding="utf-8")
    shapes.write_text(
        f"""{prefixes} ex:shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:sparql [
            sh:message "Give {{$this}} another value than {{?value}}."@en ;
            sh:select "SELECT $this ?value {{ $this <http://example.org/v> ?value }}" ] .""",
        encoding="utf-8",
    )

    out = run("validate", data, "--shapes", shapes, "--engine", engine, "--format", "json").out

    (finding,) = json.loads(out)["findings"]
    assert finding["message"] == "Give http://example.org/a another value than 2."


NODES = ("ex:a", "ex:b", "_:x", "_:y")
VALUES = (*NODES, "1", "2", "3.5", '"a"', '"ab"', '"b"@en', '"c"@de', '"x"@en', "true")
PATHS = (
    "ex:p",
    "[ sh:inversePath ex:p ]",
    "( ex:p ex:q )",
    "[ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ]",
    "( [ sh:zeroOrMorePath ex:p ] ex:q )",
    "[ sh:oneOrMorePath ex:q ]",
    "[ sh:zeroOrOnePath ex:p ]",
)
ABOUT_A_NODE = (
    "sh:class ex:A",
    "sh:datatype xsd:integer",
    "sh:datatype rdf:langString",
    "sh:nodeKind sh:BlankNodeOrIRI",
    "sh:nodeKind sh:Literal",
    "sh:minLength 2",
    'sh:pattern "^A" ; sh:flags "i"',
    'sh:languageIn ( "en" )',
    'sh:in ( 1 "a" ex:a )',
    "sh:hasValue ex:b",
)
ABOUT_VALUES = (
    "sh:minCount 1",
    "sh:maxCount 1",
    "sh:uniqueLang true",
    "sh:equals ex:q",
    "sh:disjoint ex:q",
)
triples = st.builds(
    "{} {} {} .".format,
    st.sampled_from(NODES),
    st.sampled_from(("ex:p", "ex:q")),
    st.sampled_from(VALUES),
)
types = st.builds("{} a {} .".format, st.sampled_from(NODES), st.sampled_from(("ex:A", "ex:B")))
constraints = st.recursive(
    st.sampled_from(ABOUT_A_NODE),
    lambda inner: st.one_of(
        st.builds(
            "sh:{} ( [ {} ] [ {} ] )".format, st.sampled_from(("and", "or", "xone")), inner, inner
        ),
        st.builds("sh:{} [ {} ]".format, st.sampled_from(("not", "node")), inner),
        st.builds(
            "sh:property [ sh:path {} ; {} ]".format,
            st.sampled_from(PATHS),
            st.one_of(inner, st.sampled_from(ABOUT_VALUES)),
        ),
        st.builds(
            "sh:property [ sh:path {} ; sh:qualifiedValueShape [ {} ] ; sh:{} 1 ]".format,
            st.sampled_from(PATHS),
            inner,
            st.sampled_from(("qualifiedMinCount", "qualifiedMaxCount")),
        ),
    ),
    max_leaves=4,
)
targets = st.sampled_from(
    (
        "sh:targetClass ex:A",
        "sh:targetSubjectsOf ex:p",
        "sh:targetObjectsOf ex:q",
        "sh:targetNode ex:a",
    )
)


@pytest.mark.conformance
@settings(max_examples=300, deadline=None)
@given(st.lists(triples, max_size=12), st.lists(types, max_size=4), targets, constraints)
def test_engines_agree_on_random_input(triples, types, target, constraint):
    data = turtle("\n".join([*triples, *types, "ex:B rdfs:subClassOf ex:A ."]))
    shapes = turtle(f"ex:Shape a sh:NodeShape ; {target} ; {constraint} .")

    assert found(FAST, data, shapes) == found(REFERENCE, data, shapes)
