"""The fast engine and pySHACL find the same where `auto` chooses the fast one.

`test_supported.py` has what it does not choose it for.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple
from rdflib import URIRef

from tests.shapes.harness import (
    CASE_SHAPES,
    WHOLE,
    Shapes,
    by_subject,
    graph,
    shape_name,
    with_terms,
)
from tipgraph.resources.folders import shipped
from tipgraph.validate.engines import (
    ENGINES,
    FAST,
    REFERENCE,
    load_engine,
    queried_graph,
    unsupported,
)
from tipgraph.validate.literals import LiteralKinds
from tipgraph.validate.triples import Triples, lexical, sh

from .engine_results import found, kinds, query, read, thing, turtle, values

FIXTURES = Path(__file__).parents[1] / "shapes"
# An edition and two documents on one country, with what all share.
SOURCES = ("data", "tip-2021-be", "greta-2022-be", "myria-2019-be")
ACTORS = ("shared.ttl", "belgium.ttl")


@pytest.fixture(scope="module")
def ontology() -> list[Triple]:
    return read(*shipped().ontology())


@pytest.fixture(scope="module")
def shapes() -> list[Triple]:
    return read(*shipped().shapes())


@pytest.mark.conformance
def test_engines_agree_on_every_fixture_of_a_case(ontology: list[Triple]):
    context = read(FIXTURES / "context.ttl")
    own = fixtures({triple.subject for triple in context}, "cases/*")
    data, shapes = [*ontology, *context, *own], read(CASE_SHAPES)

    reference = found(REFERENCE, data, shapes)

    assert {each.shape for each in reference} >= set(expected_shapes("cases/*"))
    assert found(FAST, data, shapes) == reference


def fixtures(shared: set[object], folders: str = "*") -> Iterator[Triple]:
    """All fixtures of faults in one graph: each gets its own names for what is not shared.

    In the others the fast engine finds nothing: tests of the shapes look at each.
    """
    for file in sorted(FIXTURES.glob(f"{folders}/invalid.ttl")):
        triples = read(file)
        own = {triple.subject for triple in triples} - shared

        def renamed(term, own=own, file=file):
            is_own = isinstance(term, NamedNode) and term in own
            return NamedNode(f"{term.value}/{file.parent.name}-{file.stem}") if is_own else term

        for triple in triples:
            yield Triple(renamed(triple.subject), triple.predicate, renamed(triple.object))


def expected_shapes(folders: str) -> Iterator[str]:
    """The shapes named in the first lines of the fixtures."""
    for file in FIXTURES.glob(f"{folders}/invalid.ttl"):
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        for name in re.findall(r"tipsh:(\S+)", first):
            yield f"https://w3id.org/tipgraph/shapes#{name}"


@pytest.mark.conformance
def test_engines_agree_on_every_fixture_and_on_damaged_data(ontology, shapes):
    """So does the short way of the tests of shapes, which runs pySHACL on a few nodes alone.

    All are in one graph, since pySHACL takes as long for the terms of the ontology as for the rest.
    """
    files = (
        file
        for file in map(Path, shipped().data())
        if file.parent.name in SOURCES or file.name in ACTORS
    )
    holed = [triple for place, triple in enumerate(read(*files)) if place % 5]
    # With faults at what is no focus node by its class: the graph as a whole, and a norm with two
    # readings of who is covered.
    holed += turtle(
        """
        @prefix tip: <https://w3id.org/tipgraph/ns#> .
        ex:a tip:concerns ex:norm ; tip:narrowerCovers ex:a ; tip:colour "red" .
        ex:b tip:concerns ex:norm ; tip:narrowerCovers ex:b .
        """
    )
    context = read(FIXTURES / "context.ttl")
    own = fixtures({triple.subject for triple in context})
    data = with_terms([*holed, *context, *own], by_subject(ontology))

    reference = found(REFERENCE, data, shapes)

    assert {each.shape for each in reference} == set(expected_shapes("*"))
    assert len(reference) > 300
    assert found(FAST, data, shapes) == reference
    damaged = graph(data)
    # One node at which each shape finds something, and others. Blank nodes have other names there.
    named = [each for each in sorted(reference) if not each.focus.startswith("_:")]
    first = {each.shape: URIRef(each.focus) for each in named}
    others = sorted(node for node in damaged.all_nodes() if isinstance(node, URIRef))[::16]
    some = {WHOLE, *first.values(), *others}
    short = {
        (str(focus), shape)
        for focus, shape in Shapes(graph(shapes), graph(ontology)).findings(damaged, some)
    }
    expected = {(each.focus, shape_name(each.shape)) for each in named}
    assert short == {each for each in expected if URIRef(each[0]) in some}
    assert {shape for _, shape in short} == {shape for _, shape in expected}


def test_fast_engine_is_chosen_for_the_shipped_shapes(ontology: list[Triple], shapes: list[Triple]):
    data = [*ontology, *read(*shipped().data())]
    literals = LiteralKinds()
    for triple in data:
        literals.add(Quad(*triple))

    assert not [*unsupported(Triples(shapes), literals, queries(shapes))]

    value = NamedNode("http://purl.org/linked-data/sdmx/2009/measure#obsValue")
    literals.add(Quad(value, value, Literal("12")))
    assert [*unsupported(Triples(shapes), literals, queries(shapes))]


def queries(shapes: list[Triple]) -> set[Triple]:
    return {triple for triple in shapes if triple.predicate == sh("select")}


SUPPORTED = {
    "a deactivated query": """sh:nodeKind sh:Literal ; sh:sparql [ sh:deactivated true ;
        sh:select "SELECT $this { $this <http://example.org/v> ?v }" ]""",
    "a class that is a shape": """sh:nodeKind sh:Literal . ex:Kind rdfs:subClassOf rdfs:Class .
        ex:Other a sh:NodeShape , ex:Kind ; sh:property [ sh:path ex:v ; sh:maxCount 0 ]""",
    "a path in a query": values(query("SELECT $this ?value { $this $PATH ?value }")),
    "a path that is only in a query": query(
        "SELECT $this ?path ?value { BIND (ex:unknown AS ?path) $this ex:v ?value }"
    ),
    "a list in a query": query("SELECT $this { $this ex:v ?v FILTER (?v NOT IN (ex:b, ex:c)) }"),
    "a sum": query("SELECT $this { $this ex:v ?v } GROUP BY $this HAVING (SUM(?v) > 2)"),
    "a number without its end": query(
        """SELECT $this { $this ex:v ?v FILTER (REPLACE(STR(?v), "[.]0*$", "") = "2") }"""
    ),
    "no length of a blank node": "sh:property [ sh:path ex:at ; sh:minLength 0 ]",
}


@pytest.mark.parametrize("name", SUPPORTED)
def test_engines_agree_on_special_cases(name: str):
    text = """
        ex:a a ex:Thing ; ex:v 1 , 2 ; ex:ok true ; ex:next ex:b .
        ex:b a ex:Thing ; ex:v 2 ; ex:ok false ; ex:at [] ; ex:next ex:c .
        ex:c a ex:Other ; ex:v 3 ; ex:next ex:d . ex:d ex:next ex:e ."""
    data, shapes = turtle(text), thing(SUPPORTED[name])

    assert not [*unsupported(Triples(shapes), kinds(text), queries(shapes))]
    assert found(FAST, data, shapes) == found(REFERENCE, data, shapes) != set()


# Shapes that the data violates, where pySHACL or rdflib finds nothing: triples of `ex:a`, and a
# constraint (SHACL, sections 2.3, 5 and 6; SPARQL 1.1, sections 9 and 17).
VIOLATED = {
    "the inverse of a sequence": (
        "ex:n 1 . ex:b ex:v ex:c . ex:c ex:w ex:a",
        "sh:property [ sh:path [ sh:inversePath ( ex:v ex:w ) ] ; sh:maxCount 0 ]",
    ),
    "a class of literals as a datatype": (
        "ex:v 1",
        values("sh:datatype <http://www.w3.org/2000/01/rdf-schema#Literal>"),
    ),
    "the blanks of a token": ("ex:v ' a  b '^^xsd:token", values("sh:maxLength 4")),
    "a pattern whose point takes a line": ("ex:v 'ab'", values('sh:pattern "a.b" ; sh:flags "s"')),
    "a pattern with blanks": ("ex:v 'a b'", values('sh:pattern "^a b$" ; sh:flags "x"')),
    "a pattern of plain text": ("ex:v 'ab'", values('sh:pattern "a." ; sh:flags "q"')),
    "plain text in a query": (
        "ex:v 'a.b'",
        query("SELECT $this { $this ex:v ?v FILTER(REPLACE(?v, '.', '$1', 'q') = 'a$1b') }"),
    ),
    "a variable behind a sign": (
        "ex:v 1",
        query("SELECT * { ?s ex:v ?v FILTER(?s=$this) }"),
    ),
    "the path behind a semicolon": (
        "ex:w 1",
        values(query("SELECT $this { FILTER NOT EXISTS { $this ex:w ?w;$PATH ?v } }")),
    ),
    "a name that begins with PATH": (
        "ex:w 1",
        values(query("SELECT $this ?value { $this $PATHS ?value }")),
    ),
    "a prefix of the path that the query declares otherwise": (
        "ex:v 1",
        values(
            """sh:sparql [ sh:prefixes ex:p ; sh:select
            "PREFIX e: <urn:> SELECT $this ?value { $this $PATH ?value }" ]"""
        )
        + ' . ex:p sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/" ]',
    ),
    "a prefix that another ontology declares otherwise": (
        "ex:v 1",
        """sh:sparql [ sh:prefixes ex:p ; sh:select "SELECT $this { $this e:v ?v }" ] .
        <urn:o> a <http://www.w3.org/2002/07/owl#Ontology> ;
            sh:declare [ sh:prefix "e" ; sh:namespace "urn:" ] .
        ex:p sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/" ]""",
    ),
    "a subselect without the focus node": (
        "ex:v 1",
        query("SELECT $this { { SELECT (MAX(?v) AS ?m) { ?s ex:v ?v } } FILTER(?m = 1) }"),
    ),
    "a typed string": ('ex:v "x"', query("SELECT $this { $this ex:v 'x'^^xsd:string }")),
    "a number as it is written": ("ex:v 1e0", query("SELECT $this { $this ex:v 1e0 }")),
    "an equal value in a list": (
        "ex:v 1.0",
        query("SELECT $this { $this ex:v ?v FILTER(?v IN (1)) }"),
    ),
    "a number with a zero before it": (
        'ex:v "-01"^^xsd:integer',
        query("SELECT $this { $this ex:v -01 }"),
    ),
    "the type of an integer": (
        'ex:v "5"^^xsd:int',
        query("SELECT $this { $this ex:v ?v FILTER(DATATYPE(?v) = xsd:int) }"),
    ),
    "the text of a number": (
        "ex:v 1.50",
        query("SELECT $this { $this ex:v ?v FILTER(STRENDS(STR(?v), '0')) }"),
    ),
    "an error beside a false condition": (
        "ex:v 1",
        query("SELECT $this { FILTER(!(?none > 3 && 1 = 2)) }"),
    ),
    "a cast of a decimal": (
        "ex:v 2.5",
        query("SELECT $this { $this ex:v ?v FILTER(xsd:integer(?v) = 2) }"),
    ),
    "an inverse in a negated path": (
        "ex:v ex:b",
        query("SELECT $this { ex:b !(ex:w|^ex:w) $this }"),
    ),
    "groups of no rows": (
        "ex:v 1",
        query(
            """SELECT $this { FILTER NOT EXISTS {
            SELECT $this (COUNT(?w) AS ?n) { $this ex:w ?w } GROUP BY $this } }"""
        ),
    ),
    "a look-ahead in a pattern": (
        'ex:v "abc"',
        query("SELECT $this { $this ex:v ?v FILTER(!REGEX(?v, '^(?!a)')) }"),
    ),
    "white space that XPath does not know in a query": (
        'ex:v "a\u00a0b"',
        query("SELECT $this { $this ex:v ?v FILTER(!REGEX(?v, 'a[\\\\\\\\s]b')) }"),
    ),
    "white space that XPath does not know": ('ex:v "a\u00a0b"', values('sh:pattern "a\\\\sb"')),
    "white space that XPath does not know in a class": (
        'ex:v "a\u00a0b"',
        values('sh:not [ sh:pattern "a[\\\\S]b" ]'),
    ),
    "a line feed at the end": ('ex:v "a\\n"', values('sh:pattern "^a$"')),
    "a carriage return": ('ex:v "a\\rb"', values('sh:pattern "^a.b$"')),
    "values without an order": (
        'ex:v "abc"',
        query("SELECT $this { FILTER NOT EXISTS { $this ex:v ?v FILTER(?v > 5) } }"),
    ),
}
# Names and variables with the letters of keywords that a constraint cannot have, and a blank node.
VIOLATED |= {
    f"the name {name}": (
        f"ex:{name} ex:b",
        query(f"SELECT $this ?{name} {{ $this ex:{name} ?{name} . _:b ex:{name} ?{name} }}"),
    )
    for name in ("accessService", "service", "values", "terminus")
}
COMPONENT = """ . ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:k ] ; {} """
ASKED = COMPONENT.format("""sh:validator [ a sh:SPARQLAskValidator ;
    sh:ask "ASK { FILTER(?value < $k) }" ]""")
SELECTED = COMPONENT.format("""sh:propertyValidator [ a sh:SPARQLSelectValidator ;
    sh:select "SELECT $this { FILTER NOT EXISTS { $this $PATH ?v } }" ]""")
VIOLATED |= {
    "a parameter with several values": ("ex:v 5", values("ex:k 1 , 9") + ASKED),
    "a component for no value": ("ex:w 5", values("ex:k 1") + SELECTED),
    "a path that is repeated": (
        "ex:v ex:b . ex:b ex:w ex:c . ex:c ex:v ex:d . ex:d ex:w ex:e",
        "sh:property [ sh:path ( ex:v ex:w ) ; "
        + query("SELECT $this { $this $PATH+ ?v FILTER(?v = ex:e) }")
        + " ]",
    ),
    "a target with several values of a parameter": (
        "ex:w 5",
        """sh:nodeKind sh:IRI . ex:Other a sh:NodeShape ; sh:nodeKind sh:Literal ;
        sh:target [ a ex:Target ; ex:k ex:r , ex:s , ex:t , ex:u , ex:v , ex:w ] .
        ex:Target a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ;
            sh:parameter [ sh:path ex:k ] ; sh:select "SELECT ?this { ?this $k ?any }" """,
    ),
}
RULE = "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:made ; sh:object {} ]"
VIOLATED |= {
    "a rule of a shape that is not active": (
        "ex:v 1",
        f"""sh:property [ sh:path ex:made ; sh:minCount 1 ] .
        ex:Off a sh:NodeShape ; sh:targetNode ex:a ; sh:deactivated true ; {RULE.format(1)}""",
    ),
    "many unions within each other": (
        "ex:v 1",
        "sh:property [ sh:path ex:made ; sh:maxCount 0 ] ; "
        + RULE.format(f"{'[ sh:union ( ' * 12}[ sh:path ex:v ]{' ) ]' * 12}"),
    ),
}
# An error to the query that calls it.
VIOLATED["a function without a value"] = (
    "ex:v 1",
    query("SELECT $this { $this ex:v ?v FILTER(COALESCE(ex:f(?v), 5) = 5) }")
    + """ . ex:f a sh:SPARQLFunction ; sh:parameter [ sh:path ex:k ] ;
        sh:select "SELECT ?w { OPTIONAL { $k <http://example.org/w> ?w } }" """,
)
# Values that are false in Python.
NOT_FOUND = COMPONENT.format("""sh:validator [ a sh:SPARQLAskValidator ;
    sh:ask "ASK { ?any <http://example.org/w> ?value }" ]""")
VIOLATED |= {
    f"a component for the value {value}": (f"ex:v {value} ; ex:w 5", values("ex:k 1") + NOT_FOUND)
    for value in ("0", "false", "''")
}


@pytest.mark.parametrize("name", VIOLATED)
def test_violation_that_libraries_do_not_find_is_found(name: str):
    data, constraint = VIOLATED[name]

    assert found(REFERENCE, turtle(f"ex:a a ex:Thing ; {data} ."), thing(constraint))


@pytest.mark.parametrize(
    ("value", "constraint"),
    [
        ('"2001-01-01"^^xsd:date', "sh:maxInclusive 18"),
        ("18", 'sh:minInclusive "2020-12-31"^^xsd:date'),
        ('"NaN"^^xsd:double', "sh:maxInclusive 100.5"),
        ('"2020-13-01"^^xsd:date', 'sh:minInclusive "2020-01-01"^^xsd:date'),
        ('"2020-01-01"^^xsd:date ; ex:w "2021-01-01T00:00:00"^^xsd:dateTime', "sh:lessThan ex:w"),
        ('"a"^^xsd:anyURI ; ex:w "b"', "sh:lessThanOrEquals ex:w"),
        ("ex:a ; ex:w ex:b", "sh:lessThanOrEquals ex:w"),
        ('"2020-01-01Z"^^xsd:date', 'sh:minInclusive "2020-01-01"^^xsd:date'),
        ('"0a"^^xsd:hexBinary', 'sh:minInclusive "0A"^^xsd:hexBinary'),
    ],
)
def test_values_that_cannot_be_compared_are_a_violation(value: str, constraint: str):
    assert found(REFERENCE, turtle(f"ex:a a ex:Thing ; ex:v {value} ."), thing(values(constraint)))


def test_signal_in_a_function_of_a_query_ends_the_validation(monkeypatch: pytest.MonkeyPatch):
    calls = []

    def stopped(*arguments: object) -> None:
        calls.append(arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(queried_graph, "matches", stopped)
    matched = query("SELECT $this { $this ex:v ?v FILTER(REGEX(?v, 'a')) }")

    with pytest.raises(KeyboardInterrupt):
        found(REFERENCE, turtle("ex:a a ex:Thing ; ex:v 'a' , 'b' ."), thing(matched))
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("less", "more", "datatype"),
    [
        ("2020-01-01+14:00", "2020-01-01-12:00", "date"),
        ("2020-01-01Z", "2020-06-01", "date"),
        ("2020-01-01T00:00:00", "2020-06-01T00:00:00Z", "dateTime"),
        ("2010", "2019", "gYear"),
        ("2019-02", "2019-11Z", "gYearMonth"),
        ("--05", "--11", "gMonth"),
        ("--02-28", "--02-29", "gMonthDay"),
        ("---09", "---31", "gDay"),
        ("P1Y", "P13M", "yearMonthDuration"),
    ],
)
def test_dates_and_durations_have_the_order_of_xml_schema(less: str, more: str, datatype: str):
    data = turtle(f'ex:a a ex:Thing ; ex:v "{less}"^^xsd:{datatype} .')

    for limit, number in (("maxExclusive", 0), ("minInclusive", 1)):
        shapes = thing(values(f'sh:{limit} "{more}"^^xsd:{datatype}'))
        assert len(found(REFERENCE, data, shapes)) == number


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        ("NaN", "decimal"),
        ("1e5", "decimal"),
        ("1_0", "integer"),
        ("Infinity", "double"),
        ("2020-01-01", "dateTime"),
        ("2020-W01-1", "date"),
        ("1200", "time"),
        ("99", "gYear"),
        ("en_GB", "language"),
    ],
)
def test_value_that_is_none_of_its_datatype_is_a_violation(value: str, datatype: str):
    data = f'ex:a a ex:Thing ; ex:v "{value}"^^xsd:{datatype} .'
    shapes = thing(values(f"sh:datatype xsd:{datatype}"))

    assert found(REFERENCE, turtle(data), shapes)
    assert any(unsupported(Triples(shapes), kinds(data))) or found(FAST, turtle(data), shapes)


@pytest.mark.parametrize(
    ("value", "datatype"),
    [("हिन्दी", "NCName"), ("e\u0301t\u00e9", "Name"), (r"TWFu\nTWFu TQ==", "base64Binary")],
)
def test_name_in_any_script_and_divided_text_are_values_of_their_datatype(value, datatype):
    data = turtle(f'ex:a a ex:Thing ; ex:v "{value}"^^xsd:{datatype} .')

    assert not found(REFERENCE, data, thing(values(f"sh:datatype xsd:{datatype}")))


@pytest.mark.parametrize("engine", ENGINES)
def test_messages_show_the_values_of_variables(engine: str):
    data = turtle("ex:a a ex:Thing ; ex:v 2 .")
    select = query("SELECT $this ?value ?more { $this ex:v ?value BIND (?value + 1 AS ?more) }")
    text = "Give {$this} another value than {?value}, such as {?more}."

    found = set()
    for constraint in (
        f'sh:message "{text}"@en ; {select}',
        select.replace("[", f'[ sh:message "{text}"@en ;', 1),
    ):
        loaded = load_engine(engine)
        loaded.load(data)
        report = Triples(loaded.run(thing(constraint), lambda done, total: None))
        found |= {str(each.object) for each in report.match(None, sh("resultMessage"))}

    # pySHACL leaves out the language.
    text = '"Give http://example.org/a another value than 2, such as 3."'
    assert found <= {text, f"{text}@en"}
    assert found


def test_messages_of_a_component_are_about_one_value_each():
    constraint = values(r"ex:k '\\d'") + COMPONENT.format("""sh:validator [
        sh:ask "ASK { FILTER REGEX(?value, $k) }" ; sh:message "{?value} is no {$k}" ]""")
    loaded = load_engine(REFERENCE)
    loaded.load(turtle(r"ex:a a ex:Thing ; ex:v 'a' , '\\d{?k}' ."))

    report = Triples(loaded.run(thing(constraint), lambda done, total: None))

    results = Counter(each.subject for each in report.match(None, sh("resultMessage")))
    texts = {lexical(each.object) for each in report.match(None, sh("resultMessage"))}
    assert [*results.values()] == [1, 1]
    assert texts == {r"a is no \d", r"\d{?k} is no \d"}


NODES = ("ex:a", "ex:b", "_:x", "_:y")
VALUES = (
    *(*NODES, "1", "2", "3.5", "01", "2.50", "1e3", '"a"', '"ab"', '"b"@en', '"c"@de', '"x"@en'),
    *("true", '"2020-01-01"^^xsd:date', '"2020"^^xsd:gYear', '"x"^^xsd:integer', '"a\\n"'),
    *('"2020-01-01T00:00:00Z"^^xsd:dateTime', '"2020-01-01T00:00:00"^^xsd:dateTime'),
    *('"http://example.org/a"^^xsd:anyURI', '"1"^^xsd:int', '"1"^^ex:mine'),
)
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
    "sh:minInclusive 2",
    'sh:maxExclusive "2020-06-01"^^xsd:date',
    "sh:datatype xsd:date",
)
ABOUT_VALUES = (
    "sh:minCount 1",
    "sh:maxCount 1",
    "sh:uniqueLang true",
    "sh:equals ex:q",
    "sh:disjoint ex:q",
    "sh:lessThan ex:q",
    "sh:lessThanOrEquals ex:q",
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
@settings(max_examples=100, deadline=None)
@given(
    st.lists(triples, max_size=12),
    st.lists(types, max_size=4),
    targets,
    constraints,
)
def test_engines_agree_on_random_input(triples, types, target, constraint):
    text = "\n".join([*triples, *types, "ex:B rdfs:subClassOf ex:A ."])
    shapes = turtle(f"ex:Shape a sh:NodeShape ; {target} ; {constraint} .")
    assume(not any(unsupported(Triples(shapes), kinds(text))))
    data = turtle(text)

    assert found(FAST, data, shapes) == found(REFERENCE, data, shapes)
