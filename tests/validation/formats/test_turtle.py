"""The W3C report in Turtle, read with another library than the one that wrote it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize
from rdflib import RDF, SH, Graph
from rdflib.compare import isomorphic

from tests.validation.formats.reports import EX, FULL, triples
from tipgraph.namespaces import XSD
from tipgraph.validate.formats import render
from tipgraph.validate.report import Report

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


def written(content, most=None):
    prefixes = {"ex": EX, "": EX + "a/"}
    text = render("turtle", Report(results=tuple(content), prefixes=prefixes), most)
    assert list(parse(text, format=RdfFormat.TURTLE))  # which is the stricter reader
    return Graph().parse(data=text, format="turtle")


def led_to(content, node):
    """The triples that a node leads to."""
    nodes = {node}
    while more := {each.object for each in content if each.subject in nodes} - nodes:
        nodes |= more
    return [each for each in content if each.subject in nodes]


@settings(deadline=None)
@given(st.lists(TRIPLES, max_size=15), st.lists(BLANK, max_size=3))
def test_that_what_the_report_leads_to_is_read_again(others, results):
    content = [
        Triple(HEAD, TYPE, REPORT),
        *(Triple(HEAD, RESULT, result) for result in results),
        *others,
    ]

    assert isomorphic(written(content), read(led_to(content, HEAD)))


def test_that_neither_the_order_of_the_triples_nor_their_labels_matter():
    def renamed(term):
        own = isinstance(term, BlankNode) and term.value != "stay1"
        return BlankNode(f"other-{term.value}") if own else term

    results = [Triple(*map(renamed, triple)) for triple in reversed(FULL.results)]

    text = render("turtle", Report(results=tuple(results), prefixes=FULL.prefixes))

    assert text == render("turtle", FULL)


def test_that_long_lists_and_deep_nesting_are_read_again():
    members = " ".join(f'"{number}"' for number in range(5_000))
    deep = "[ ex:p " * 300 + "1" + " ]" * 300
    content = triples(
        f"[] a sh:ValidationReport ; sh:result"
        f" [ sh:sourceShape [ sh:in ( {members} ) ] ; sh:detail {deep} ] ."
    )

    assert len(written(content)) == len(content)


def test_that_a_node_of_the_data_keeps_its_label():
    text = render(
        "turtle",
        Report(
            results=triples(
                "[] a sh:ValidationReport ; sh:result [ sh:focusNode _:stay1 ; sh:value _:stay2 ] ."
            )
        ),
    )

    assert "sh:focusNode _:stay1 ;" in text
    assert "sh:value _:stay2\n" in text


def test_that_a_label_of_the_data_is_given_to_nothing_else():
    content = triples(
        """
        [] a sh:ValidationReport ; sh:result [ sh:focusNode _:b1 ; sh:sourceShape _:shape ],
          [ sh:focusNode _:b2 ; sh:sourceShape _:shape ] .
        _:shape sh:minCount 1 .
        """
    )

    assert isomorphic(written(content), read(content))


def test_that_shortening_keeps_the_gravest_results_and_what_they_need():
    head = "_:report a sh:ValidationReport ; sh:conforms false ; sh:result"
    info = "[ sh:focusNode ex:a ; sh:resultSeverity sh:Info ; sh:sourceShape [ sh:minCount 1 ] ]"
    grave = "[ sh:focusNode ex:b ; sh:resultSeverity ex:Grave ; sh:sourceShape [ sh:minCount 2 ] ]"

    found = written(triples(f"{head} {info}, {grave} ."), 1)

    assert isomorphic(found, read(triples(f"{head} {grave} .")))
    assert render("turtle", FULL, 1).endswith("\n# … and 3 more findings\n")


def test_that_without_results_the_verdict_is_there():
    found = written([])

    assert found.value(found.value(None, RDF.type, SH.ValidationReport), SH.conforms).toPython()
