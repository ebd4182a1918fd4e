"""The graph as RDF: parsed again it is the same, and the text is the same each time."""

import random
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from tipgraph import InputError, UsageError
from tipgraph.export.graph import named_graphs, serialize_quads
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import DERIVED_GRAPH, GRAPH, ID, RDF, TIP, XSD
from tipgraph.resources.folders import Resources
from tipgraph.store import build
from tipgraph.store.engine import Embedded

from .quads import canonical, graph_of, merged, read, read_by_rdflib

DATASETS, TRIPLES = ("trig", "nquads", "jsonld"), ("turtle", "ntriples")


def export(graph: LocalGraph, names: Iterable[str] = (), syntax: str = "trig") -> str:
    """The named graphs in a syntax, as the command writes them."""
    return serialize_quads(named_graphs(graph.engine, names), syntax, graph.resources)


@pytest.fixture(scope="module")
def small(small_resources: Path, shared_graph: None) -> LocalGraph:
    """The graph with one edition."""
    resources = Resources(str(small_resources))
    engine = Embedded(build.open_graph(resources))
    return LocalGraph(engine, resources, own=(), bundled=True)


@pytest.fixture(scope="module")
def exported(small: LocalGraph) -> Callable[[str], str]:
    """The graph in a syntax, each written once."""
    return cache(lambda syntax: export(small, syntax=syntax))


@pytest.fixture(scope="module")
def quads_of_graph(small: LocalGraph) -> set[str]:
    """The graph as canonical quads."""
    return canonical(named_graphs(small.engine))


@pytest.mark.slow(reason="describes, writes or asks everything")
@pytest.mark.parametrize("syntax", DATASETS)
def test_graph_round_trips(syntax, exported, quads_of_graph):
    assert read(exported(syntax), syntax) == quads_of_graph


@pytest.mark.slow(reason="describes, writes or asks everything")
@pytest.mark.parametrize("syntax", TRIPLES)
def test_triple_syntaxes_merge_all_graphs(syntax, exported, small: LocalGraph):
    assert read(exported(syntax), syntax) == merged(named_graphs(small.engine))


def test_asserted_export_leaves_out_what_is_derived(small: LocalGraph) -> None:
    derived = NamedNode(DERIVED_GRAPH)
    stated = {quad.triple for quad in small.engine.store if quad.graph_name != derived}
    exported = named_graphs(small.engine, asserted=True)

    assert len(exported) == len(stated)
    assert derived not in {quad.graph_name for quad in exported}


@pytest.mark.conformance
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdflib_parses_the_same_quads_from_json_ld(exported, quads_of_graph, monkeypatch):
    monkeypatch.setattr("rdflib.NORMALIZE_LITERALS", False)

    assert read_by_rdflib(exported("jsonld")) == quads_of_graph


@pytest.mark.slow(reason="serializes the graph twice")
@pytest.mark.parametrize("syntax", ["trig", "jsonld"])
def test_output_is_independent_of_store_order_and_blank_node_names(
    syntax: str, exported: Callable[[str], str], small: LocalGraph
) -> None:
    quads = list(small.engine.store)
    random.Random(4).shuffle(quads)

    assert export(graph_of(renamed(quads), small), syntax=syntax) == exported(syntax)


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


@pytest.mark.parametrize("syntax", DATASETS)
@given(st.lists(quads, max_size=12))
def test_any_quads_round_trip(syntax: str, shipped: LocalGraph, any_quads: list[Quad]) -> None:
    graph = graph_of(any_quads, shipped)

    assert read(export(graph, syntax=syntax), syntax) == canonical(graph.engine.store)


def test_integer_is_a_json_number_only_if_every_parser_reads_it_exactly(shipped: LocalGraph):
    thing, rank = NamedNode("urn:x"), NamedNode(TIP + "rank")

    def written(text: str) -> str:
        number = Literal(text, datatype=NamedNode(XSD + "integer"))
        return export(graph_of([Quad(thing, rank, number)], shipped), syntax="jsonld")

    assert '"rank": 900000000000000' in written("900000000000000")
    assert '"rank": "9007199254740993"' in written("9007199254740993")


@pytest.mark.parametrize(
    ("turtle", "problem"),
    [
        ("<urn:x> <urn:p> <code:shelter> .", "code: is a prefix"),
        ("<urn:x> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> .", "a triple as subject or object"),
        ('<urn:x> <urn:p> "a"@en--ltr .', "has a direction"),
    ],
)
def test_quads_that_json_ld_cannot_express_are_an_error(shipped: LocalGraph, turtle, problem):
    odd = graph_of(parse(turtle, RdfFormat.TURTLE), shipped)

    with pytest.raises(InputError, match=problem):
        export(odd, syntax="jsonld")
    assert read(export(odd, syntax="trig"), "trig") == canonical(odd.engine.store)


def test_graphs_are_selected_by_iri_or_last_part(shipped: LocalGraph) -> None:
    store = shipped.engine.store
    wanted = [NamedNode(GRAPH + name) for name in ("series", "periods")]

    written = export(shipped, ["series", GRAPH + "periods", "series"], "nquads")

    assert read(written, "nquads") == canonical(quad for quad in store if quad.graph_name in wanted)


def test_unknown_graph_suggests_nearest(shipped: LocalGraph) -> None:
    with pytest.raises(UsageError, match="unknown graph 'tip-2021-b'; did you mean 'tip-2021-be'"):
        export(shipped, ["tip-2021-b"])
    with pytest.raises(
        UsageError,
        match=r"there are actors, .*countries, datasets, derived, .*notions, ontology, .*periods",
    ):
        export(shipped, ["zzzzz"])


def test_last_part_of_two_graphs_is_ambiguous(shipped: LocalGraph) -> None:
    thing = NamedNode("urn:x")
    both = [Quad(thing, thing, thing, NamedNode(f"http://{host}/g")) for host in ("a", "b")]

    with pytest.raises(UsageError, match="'g' is ambiguous; use one of: http://a/g, http://b/g"):
        export(graph_of(both, shipped), ["g"])
    assert export(graph_of(both, shipped), syntax="ntriples") == "<urn:x> <urn:x> <urn:x> .\n"


def test_turtle_uses_readable_prefixes(shipped: LocalGraph) -> None:
    written = export(shipped, ["tip-2021-be"], "turtle")

    assert '\ntip-2021-be:victims-2020 a tip:Observation ;\n\trdfs:label "91 victims' in written
    declared = re.findall(r"@prefix (\S+): <https://w3id.org/tipgraph/id/", written)
    assert sorted(declared) == ["id", "period", "provision", "tip-2021-be"]
    assert written.count("<https://w3id.org/tipgraph/id/") == len(declared)
