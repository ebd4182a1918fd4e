"""The actor network: each edge has its evidence, and other tools can open the file."""

import re
from collections.abc import Collection
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import tipgraph
from tipgraph import LocalGraph
from tipgraph.export.network import EDGES, NODES, Network, graphml, network
from tipgraph.namespaces import DERIVED_GRAPH, RDF, RDFS, TIP
from tipgraph.rdf.terms import Value

from .quads import graph_of

SPACE = "{http://graphml.graphdrawing.org/xmlns}"
SHELTERS = "three specialised NGO-run shelters (Belgium)"

# Read from the text: source, relation, target and sentences.
STATED = {
    ("Government of Belgium", "funds", SHELTERS, "S14"),
    ("regional governments (Belgium)", "funds", SHELTERS, "S14"),
    ("local governments (Belgium)", "funds", SHELTERS, "S14"),
    ("NGOs (Belgium)", "runs", SHELTERS, "S14"),
    ("Myria", "oversees", SHELTERS, "S17"),
    ("Myria", "coordinates", SHELTERS, "S17"),
    ("Government of Belgium", "works with", "Netherlands (the state)", "S39"),
    ("Government of Belgium", "works with", "Luxembourg (the state)", "S39"),
}


@pytest.fixture(scope="module")
def found(shipped: LocalGraph) -> Network:
    return network(shipped.engine)


@pytest.fixture(scope="module")
def document(found: Network) -> ElementTree.Element:
    return ElementTree.fromstring(graphml(found))


def test_relations_of_the_source_are_edges(found: Network) -> None:
    columns = ("source_label", "label", "target_label", "sentence")

    assert {tuple(row[name] for name in columns) for row in found.edges} >= STATED


def test_edges_are_exactly_the_derived_ones(found: Network, shipped: LocalGraph) -> None:
    derived = shipped.rows(
        "SELECT ?source ?relation ?target { ?edge a tip:DirectEdge ; tip:subject ?source ;"
        " tip:relation ?relation ; tip:object ?target . ?source ?relation ?target }"
    )

    edges = [(row["source"], row["relation"], row["target"]) for row in found.edges]
    assert sorted(map(str, edges)) == sorted(str(tuple(row.values())) for row in derived)
    stated = [quad for quad in shipped.engine.store if str(quad.graph_name) != f"<{DERIVED_GRAPH}>"]
    assert len(network(graph_of(stated, shipped).engine).edges) == 0


def test_edge_has_its_evidence(found: Network) -> None:
    (row,) = [row for row in found.edges if row["label"] == "oversees"]

    assert row["source"] == "https://w3id.org/tipgraph/id/myria"
    assert row["relation"] == "https://w3id.org/tipgraph/ns#oversees"
    assert (row["source_kind"], row["target_kind"]) == ("independent body", "shelter group")
    assert row["capacity"] == "national rapporteur"
    assert row["speaker"] == "US Department of State"
    assert row["quote"] == "oversight and coordination"
    assert str(row["link"]).endswith("#:~:text=provided-,oversight%20and%20coordination,-for")
    assert str(row["statement"]).endswith("/tip-2021-be/myria-oversees-specialised-shelters")
    assert (row["country"], row["edition"], row["edition_id"]) == ("BEL", "2021", "tip-2021-be")


def test_every_actor_is_a_node_with_its_kind_and_editions(
    found: Network, shipped: LocalGraph
) -> None:
    actors = shipped.rows("SELECT DISTINCT ?actor { ?actor a tip:Actor }").column("actor")
    by_label = {row["label"]: row for row in found.nodes}

    assert len(actors) > 40
    assert set(actors) <= set(found.nodes.column("iri"))
    assert by_label["GRETA"]["kind"] == "monitoring body"
    assert by_label["GRETA"]["editions"] == "tip-2018-be | tip-2021-be"
    assert by_label["Myria"]["editions"] == "tip-2021-be"


def test_target_of_an_edge_may_be_no_actor(found: Network) -> None:
    (project,) = [row for row in found.nodes if row["kind"] == "project"]

    assert project["iri"] in found.edges.column("target")


def test_hedge_is_on_its_edge(mini: Path, tmp_path: Path) -> None:

    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix tip: <https://w3id.org/tipgraph/ns#> ."
        " @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        " @prefix xx: <https://w3id.org/tipgraph/id/tip-2021-xx/> ."
        ' xx:oversight tip:hedge xx:may . xx:may rdfs:label "may" .',
        encoding="utf-8",
    )
    (row,) = network(tipgraph.open(own).engine).edges

    assert (row["source_label"], row["label"]) == ("Government of Xland", "oversees")
    assert row["hedge"] == "may"
    assert row["speaker"] == "officials (unnamed)"
    assert row["page"] == "https://example.org/2021/xland/"


def test_graphml_is_valid(document: ElementTree.Element, found: Network) -> None:
    """By its schema: keys first, identifiers are name tokens, data have declared keys."""
    graph = document.find(f"{SPACE}graph")
    assert graph is not None
    keys = {key.get("id"): key for key in document.findall(f"{SPACE}key")}
    nodes, edges = graph.findall(f"{SPACE}node"), graph.findall(f"{SPACE}edge")

    assert document.tag == f"{SPACE}graphml"
    assert [child.tag for child in document] == [f"{SPACE}key"] * len(keys) + [f"{SPACE}graph"]
    assert graph.get("edgedefault") == "directed"
    assert (len(nodes), len(edges)) == (len(found.nodes), len(found.edges))
    assert list(graph) == [*nodes, *edges]
    ids = [element.get("id", "") for element in (*keys.values(), *graph)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[\w.:-]+", each) for each in ids)
    assert {key.get("attr.type") for key in keys.values()} == {"string"}
    for element in graph:
        for data in element:
            assert keys[data.get("key")].get("for") == element.tag.removeprefix(SPACE)


def test_graphml_has_the_same_values_as_the_tables(
    document: ElementTree.Element, found: Network
) -> None:
    names = {key.get("id"): str(key.get("attr.name")) for key in document.iter(f"{SPACE}key")}

    def attributes(element: ElementTree.Element) -> dict[str, Value]:
        return {names[data.get("key")]: data.text for data in element}

    nodes = {node.get("id"): attributes(node) for node in document.iter(f"{SPACE}node")}
    edges = [
        {
            **attributes(edge),
            "source": nodes[edge.get("source")]["iri"],
            "target": nodes[edge.get("target")]["iri"],
        }
        for edge in document.iter(f"{SPACE}edge")
    ]
    ends = {f"{end}_{name}" for end in ("source", "target") for name in ("label", "kind")}
    assert list(nodes.values()) == [without_empty(row, NODES) for row in found.nodes]
    assert edges == [without_empty(row, set(EDGES) - ends) for row in found.edges]


def without_empty(row: dict[str, Value], columns: Collection[str]) -> dict[str, Value]:
    return {name: row[name] for name in row if name in columns and row[name] is not None}


def test_characters_that_xml_forbids_are_replaced(shipped: LocalGraph) -> None:
    kind, label, actor = map(NamedNode, (RDF + "type", RDFS + "label", TIP + "Actor"))
    thing, name = NamedNode("urn:x"), NamedNode("urn:g")
    odd = [Quad(thing, kind, actor, name), Quad(thing, label, Literal("a<&\x0b\r\n>"), name)]

    document = ElementTree.fromstring(graphml(network(graph_of(odd, shipped).engine)))

    assert [data.text for data in document.iter(f"{SPACE}data")][1] == "a<&\ufffd\r\n>"
