"""The W3C report in Turtle, parsed with other libraries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize
from rdflib import RDF, SH, Graph
from rdflib.compare import isomorphic

from tests.validate.formats.reports import EX, FULL, triples
from tipgraph.namespaces import XSD
from tipgraph.validate.formats import render
from tipgraph.validate.report import ValidationReport

HEAD = BlankNode("head")
TYPE = NamedNode(str(RDF.type))
REPORT = NamedNode(str(SH.ValidationReport))
RESULT = NamedNode(str(SH.result))
PROPERTIES = [
    NamedNode(str(each))
    for each in (SH.focusNode, SH.value, SH.detail, RDF.first, RDF.rest, RDF.type, EX + "p")
]
NAMES = [EX, EX + "a", EX + "ü", EX + "ª", EX + "a.", EX + "a/b", "urn:x", str(RDF.nil)]

BLANK = st.integers(0, 6).map(lambda number: BlankNode(f"b{number}"))
LITERALS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])).map(Literal),
    st.integers().map(Literal),
    st.booleans().map(Literal),
    st.sampled_from(
        [
            Literal("01", datatype=NamedNode(XSD + "integer")),
            Literal("-.5", datatype=NamedNode(XSD + "decimal")),
            Literal("1.", datatype=NamedNode(XSD + "decimal")),
            Literal("1", datatype=NamedNode(XSD + "boolean")),
            Literal("Haus", language="de"),
        ]
    ),
)
OBJECTS = st.one_of(BLANK, BLANK, st.just(HEAD), st.sampled_from(NAMES).map(NamedNode), LITERALS)
TRIPLES = st.builds(Triple, BLANK | st.just(HEAD), st.sampled_from(PROPERTIES), OBJECTS)


def read(content):
    return Graph().parse(data=serialize(content, format=RdfFormat.N_TRIPLES), format="nt")


def written(content, limit=None):
    prefixes = {"ex": EX, "": EX + "a/"}
    text = render("turtle", ValidationReport(triples=tuple(content), prefixes=prefixes), limit)
    assert list(parse(text, format=RdfFormat.TURTLE))  # the stricter parser
    return Graph().parse(data=text, format="turtle")


def reachable(content, node):
    """The triples reachable from a node."""
    nodes = {node}
    while more := {each.object for each in content if each.subject in nodes} - nodes:
        nodes |= more
    return [each for each in content if each.subject in nodes]


@given(st.lists(TRIPLES, max_size=15), st.lists(BLANK, max_size=3))
def test_report_round_trips(others, results):
    content = [
        Triple(HEAD, TYPE, REPORT),
        *(Triple(HEAD, RESULT, result) for result in results),
        *others,
    ]

    assert isomorphic(written(content), read(reachable(content, HEAD)))


def test_output_does_not_depend_on_order_or_labels():
    def renamed(term):
        own = isinstance(term, BlankNode) and term.value != "stay1"
        return BlankNode(f"other-{term.value}") if own else term

    results = [Triple(*map(renamed, triple)) for triple in reversed(FULL.triples)]

    text = render("turtle", ValidationReport(triples=tuple(results), prefixes=FULL.prefixes))

    assert text == render("turtle", FULL)


def test_long_lists_and_deep_nesting_round_trip():
    members = " ".join(f'"{number}"' for number in range(5_000))
    deep = "[ ex:p " * 300 + "1" + " ]" * 300
    content = triples(
        f"[] a sh:ValidationReport ; sh:result"
        f" [ sh:sourceShape [ sh:in ( {members} ) ] ; sh:detail {deep} ] ."
    )

    assert len(written(content)) == len(content)


def test_data_node_keeps_its_label():
    text = render(
        "turtle",
        ValidationReport(
            triples=triples(
                "[] a sh:ValidationReport ; sh:result [ sh:focusNode _:stay1 ; sh:value _:stay2 ] ."
            )
        ),
    )

    assert "sh:focusNode _:stay1 ;" in text
    assert "sh:value _:stay2 " in text


def test_new_labels_avoid_labels_of_the_data():
    content = triples(
        """
        [] a sh:ValidationReport ; sh:result [ sh:focusNode _:b1 ; sh:sourceShape _:shape ],
          [ sh:focusNode _:b2 ; sh:sourceShape _:shape ] .
        _:shape sh:minCount 1 .
        """
    )

    assert isomorphic(written(content), read(content))


def test_limit_keeps_most_severe_results_and_their_shapes():
    head = "_:report a sh:ValidationReport ; sh:conforms false ; sh:result"
    info = "[ sh:focusNode ex:a ; sh:resultSeverity sh:Info ; sh:sourceShape [ sh:minCount 1 ] ]"
    severe = (
        "[ sh:focusNode ex:b ; sh:resultSeverity ex:Severe ; sh:sourceShape [ sh:minCount 2 ] ]"
    )

    found = written(triples(f"{head} {info}, {severe} ."), 1)

    assert isomorphic(found, read(triples(f"{head} {severe} .")))
    assert render("turtle", FULL, 1).endswith("\n# … and 3 more findings\n")


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("sh:focusNode ex:a ; sh:value 2", "sh:focusNode ex:b ; sh:value 1"),
        ("sh:focusNode ex:a ; sh:resultPath ex:p", "sh:focusNode ex:a ; sh:resultPath ex:q"),
        ("sh:focusNode ex:a ; sh:value ex:v", "sh:focusNode ex:a ; sh:value ex:w"),
    ],
    ids=["focus node", "path", "value"],
)
def test_limit_keeps_first_of_equally_severe_results(first, second, is_reversed):
    head = "_:report a sh:ValidationReport ; sh:result"
    one, other = (f"[ {each} ; sh:resultSeverity sh:Info ]" for each in (first, second))
    results = f"{other}, {one}" if is_reversed else f"{one}, {other}"

    found = written(triples(f"{head} {results} ."), 1)

    assert isomorphic(found, read(triples(f"{head} {one} .")))


def test_limit_keeps_result_without_severity_before_a_warning():
    head = "_:report a sh:ValidationReport ; sh:result"
    warning = "[ sh:focusNode ex:a ; sh:resultSeverity sh:Warning ]"
    unknown = "[ sh:focusNode ex:b ]"

    found = written(triples(f"{head} {warning}, {unknown} ."), 1)

    assert isomorphic(found, read(triples(f"{head} {unknown} .")))


def test_report_without_results_has_verdict():
    found = written([])

    assert found.value(found.value(None, RDF.type, SH.ValidationReport), SH.conforms).toPython()
