"""The graph as RDF: read back it is the same, and written twice it is the same text."""

import random
import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from tipgraph import InputError, UsageError
from tipgraph.export.graph import graph
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import GRAPH, ID, RDF, TIP, XSD

from .quads import alike, holding, merged, read, read_by_rdflib

DATASETS, TRIPLES = ("trig", "nquads", "jsonld"), ("turtle", "ntriples")


@pytest.mark.parametrize("style", DATASETS)
def test_that_the_shipped_graph_reads_back_as_it_is(style: str, shipped: LocalGraph) -> None:
    assert read(graph(shipped, style=style), style) == alike(shipped.engine.store)


@pytest.mark.parametrize("style", TRIPLES)
def test_that_syntaxes_of_triples_have_all_graphs_as_one(style: str, shipped: LocalGraph) -> None:
    assert read(graph(shipped, style=style), style) == merged(shipped.engine.store)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_that_another_reader_finds_the_same_in_json_ld(
    shipped: LocalGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdflib.NORMALIZE_LITERALS", False)

    assert read_by_rdflib(graph(shipped, style="jsonld")) == alike(shipped.engine.store)


@pytest.mark.parametrize("style", DATASETS + TRIPLES)
def test_that_the_order_of_the_store_does_not_show(style: str, shipped: LocalGraph) -> None:
    quads = list(shipped.engine.store)
    random.Random(4).shuffle(quads)

    assert graph(holding(renamed(quads), shipped), style=style) == graph(shipped, style=style)


def renamed(quads: Iterable[Quad]) -> Iterable[Quad]:
    """The quads with other names for their blank nodes."""
    names: dict[object, BlankNode] = {}
    for quad in quads:
        subject, object_ = (
            names.setdefault(term, BlankNode()) if isinstance(term, BlankNode) else term
            for term in (quad.subject, quad.object)
        )
        yield Quad(subject, quad.predicate, object_, quad.graph_name)  # type: ignore[arg-type]


TERMS = [TIP + name for name in ("speaker", "rank", "amountValue", "approximate", "section")]
OTHERS = ["http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2002/07/owl#unionOf"]
ODD = [TIP + "of/this", TIP + "graph", TIP + "currency", ID + "//x", "urn:x", "mailto:a@b", TIP, ID]
LISTS = [RDF + name for name in ("first", "rest", "nil", "type")]
DATATYPES = [XSD + name for name in ("string", "integer", "decimal", "boolean", "dateTime")]
TEXTS = ["", "1", "01", "-7", "1.50", "true", "0", "99999999999999999999", "2020-01-01T00:00:00Z"]

iris = st.sampled_from([*TERMS, *OTHERS, *ODD, *LISTS]).map(NamedNode)
blanks = st.sampled_from(["a", "b", "c", "d"]).map(BlankNode)
texts = st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
typed = st.builds(
    lambda text, kind: Literal(text, datatype=NamedNode(kind)),
    texts,
    st.sampled_from([*DATATYPES, "urn:kind", RDF + "JSON"]),
)
tagged = st.builds(
    lambda text, language: Literal(text, language=language),
    texts,
    st.sampled_from(["en", "de", "en-GB"]),
)
objects, graphs = iris | blanks | typed | tagged, iris | blanks | st.just(DefaultGraph())
quads = st.builds(Quad, iris | blanks, iris, objects, graphs)


@pytest.mark.parametrize("style", DATASETS)
@given(st.lists(quads, max_size=12))
def test_that_any_quads_read_back_as_they_are(
    style: str, shipped: LocalGraph, any_quads: list[Quad]
) -> None:
    held = holding(any_quads, shipped)

    assert read(graph(held, style=style), style) == alike(held.engine.store)


@given(st.lists(typed | iris | blanks, max_size=5), st.data())
def test_that_lists_read_back_whole_or_broken(
    shipped: LocalGraph, items: list[NamedNode], data: st.DataObject
) -> None:
    cells = [BlankNode(f"l{number}") for number in range(len(items))] + [NamedNode(RDF + "nil")]
    name, first, rest = (NamedNode(each) for each in (GRAPH + "g", RDF + "first", RDF + "rest"))
    whole = [Quad(NamedNode("urn:x"), NamedNode(OTHERS[1]), cells[0], name)]
    for item, cell, following in zip(items, cells, cells[1:], strict=False):
        whole += [Quad(cell, first, item, name), Quad(cell, rest, following, name)]
    wound = data.draw(st.sampled_from(whole))
    other = data.draw(objects | st.sampled_from(cells))
    more = Quad(data.draw(iris | st.just(wound.subject)), data.draw(iris), other, name)

    away = Quad(wound.subject, wound.predicate, wound.object, NamedNode("urn:other"))
    less = [each for each in whole if each != wound]

    for some in (whole, less, [*whole, more], [*less, away]):
        held = holding(some, shipped)
        assert read(graph(held, style="jsonld"), "jsonld") == alike(held.engine.store)


def test_that_a_list_is_written_as_one(shipped: LocalGraph) -> None:
    written = graph(shipped, ["ontology"], "jsonld")

    assert '"@list"' in written
    assert "rdf:first" not in written


def test_that_a_number_is_bare_where_every_tool_reads_it_exactly(shipped: LocalGraph) -> None:
    thing, rank = NamedNode("urn:x"), NamedNode(TIP + "rank")

    def written(text: str) -> str:
        number = Literal(text, datatype=NamedNode(XSD + "integer"))
        return graph(holding([Quad(thing, rank, number)], shipped), style="jsonld")

    assert '"rank": 900000000000000' in written("900000000000000")
    assert '"rank": "9007199254740993"' in written("9007199254740993")


@pytest.mark.parametrize(
    ("turtle", "problem"),
    [
        ("<urn:x> <urn:p> <code:shelter> .", "code: is a prefix"),
        ("<urn:x> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> .", "a triple in the place of a term"),
        ('<urn:x> <urn:p> "a"@en--ltr .', "has a direction"),
    ],
)
def test_that_what_json_ld_cannot_hold_is_told(
    shipped: LocalGraph, turtle: str, problem: str
) -> None:
    odd = holding(parse(turtle, RdfFormat.TURTLE), shipped)

    with pytest.raises(InputError, match=problem):
        graph(odd, style="jsonld")
    assert read(graph(odd, style="trig"), "trig") == alike(odd.engine.store)


def test_that_graphs_are_chosen_by_iri_or_last_part(shipped: LocalGraph) -> None:
    store = shipped.engine.store
    wanted = [NamedNode(GRAPH + name) for name in ("series", "periods")]

    written = graph(shipped, ["series", GRAPH + "periods", "series"], "nquads")

    assert read(written, "nquads") == alike(quad for quad in store if quad.graph_name in wanted)


def test_that_an_unknown_graph_is_told_the_nearest(shipped: LocalGraph) -> None:
    with pytest.raises(UsageError, match="no graph is called 'tip-2021-b'; nearest: tip-2021-be"):
        graph(shipped, ["tip-2021-b"])
    with pytest.raises(
        UsageError,
        match="there are actors, countries, derived, ontology, periods, provisions, series",
    ):
        graph(shipped, ["zzzzz"])


def test_that_a_last_part_of_two_graphs_is_no_name(shipped: LocalGraph) -> None:
    thing = NamedNode("urn:x")
    both = [Quad(thing, thing, thing, NamedNode(f"http://{host}/g")) for host in ("a", "b")]

    with pytest.raises(UsageError, match="'g' may be any of: http://a/g, http://b/g"):
        graph(holding(both, shipped), ["g"])
    assert graph(holding(both, shipped), style="ntriples") == "<urn:x> <urn:x> <urn:x> .\n"


def test_that_turtle_is_read_by_people(shipped: LocalGraph) -> None:
    written = graph(shipped, ["tip-2021-be"], "turtle")

    assert '\ntip-2021-be:victims-2020 a tip:Observation ;\n\trdfs:label "91 victims' in written
    declared = re.findall(r"@prefix (\S+): <https://w3id.org/tipgraph/id/", written)
    assert sorted(declared) == ["id", "period", "provision", "tip-2021-be"]
    assert written.count("<https://w3id.org/tipgraph/id/") == len(declared)
