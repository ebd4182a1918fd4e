"""The network: edges say what statements say, with their evidence; other tools read the file."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import tipgraph
from tipgraph import LocalGraph
from tipgraph.export.network import EDGES, NODES, Network, graphml, network
from tipgraph.namespaces import RDF, RDFS, TIP, last_part
from tipgraph.rdf.terms import Value
from tipgraph.render.formats import plain
from tipgraph.store.engine import Rows

from .quads import graph_of

SPACE = "{http://graphml.graphdrawing.org/xmlns}"
SHELTERS = "three specialised NGO-run shelters (Belgium)"
CHILDREN = "shelters for foreign unaccompanied children"
COMMISSION = "Commission for Financial Assistance to Victims of Intentional Acts of Violence"
OWN = """
@prefix tip: <https://w3id.org/tipgraph/ns#> . @prefix code: <https://w3id.org/tipgraph/code/> .
@prefix id: <https://w3id.org/tipgraph/id/> .
@prefix be: <https://w3id.org/tipgraph/id/tip-2021-be/> .
@prefix measure: <http://purl.org/linked-data/sdmx/2009/measure#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""

EDGE = ("subject", "relation", "object", "hedge")

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
    ("law enforcement (Belgium)", "identifies", "victim", "S06"),
    ("first responders", "applies a referral protocol to", "victim", "S08"),
    ("Government of Belgium", "reaches out to", "hospital workers", "S08"),
    ("Government of Belgium", "speaks of", "labor inspectors", "S04"),
    ("Government of Belgium", "does not report on", "law enforcement (Belgium)", "S13"),
    ("Government of Belgium", "allocates money to", SHELTERS, "S14"),
    ("authorities (Belgium)", "places persons with", CHILDREN, "S18"),
    ("GRETA", "speaks of", "child safety services of the government", "S20"),
    ("Government of Belgium", "issues permits to", "victim", "S30"),
    ("public prosecutors (Belgium)", "has a power against", "suspected traffickers", "S33"),
    (COMMISSION, "awards money to", "victim", "S35"),
    ("Government of Belgium", "cooperates with", "Luxembourg (the state)", "S39"),
    ("Government of Belgium", "publishes for", "the public", "S39"),
    ("Netherlands (the state)", "holds a role in", "Benelux Union", "S39"),
}
# Pairs of properties of one statement that make no edge, each with the reason. Parties that one
# property names, such as two partners, are stated beside each other and not of each other.
NO_EDGE = {
    ("Entitlement", "beneficiary", "exercisedBefore"): "a place to claim or ask, not who grants",
    ("Finding", "about", "agent"): "a judgement, often of what was not done",
    ("Finding", "about", "affects"): "a judgement",
    ("Finding", "affects", "agent"): "a judgement",
    ("Observation", "countedBy", "counts"): "presumed victims whom the police did not identify",
    ("Observation", "countedBy", "place"): "who counted the children is not stated",
    ("Observation", "counts", "place"): "children who went missing from shelters",
    ("Observation", "counts", "recipient"): "who referred them is not stated",
    ("WordedQuantity", "counts", "recipient"): "both have an edge from those who referred",
    ("Placement", "beneficiary", "place"): "both have an edge from those who placed",
    ("PublishedFigure", "countedBy", "speaker"): "the network is of editions",
    ("Recommendation", "addressee", "speaker"): "the network is of editions",
    ("Power", "directedAgainst", "inFavourOf"): "both have an edge from the holder",
    ("Project", "beneficiary", "target"): "whom the targets of a project help is its purpose",
    ("Proposal", "agent", "beneficiary"): "a proposal is no service",
    ("Proposal", "approvedBy", "beneficiary"): "a proposal is no service",
    ("Publication", "partner", "target"): "who of the three published is not stated",
    ("ServiceProvision", "beneficiary", "place"): "who assigned the mentors is not stated",
}


@pytest.fixture(scope="module")
def found(shipped: LocalGraph) -> Network:
    return network(shipped.engine, shipped.queries)


@pytest.fixture(scope="module")
def document(found: Network) -> ElementTree.Element:
    return ElementTree.fromstring(graphml(found))


def test_relations_of_the_source_are_edges(found: Network) -> None:
    columns = ("source_label", "label", "target_label", "place")

    assert {tuple(row[name] for name in columns) for row in found.edges} >= STATED


def test_every_direct_edge_of_a_rule_is_an_edge(found: Network, shipped: LocalGraph) -> None:
    derived = shipped.engine.select(
        "SELECT ?source ?relation ?target { ?edge a tip:DirectEdge ; tip:subject ?source ;"
        " tip:relation ?relation ; tip:object ?target . ?source ?relation ?target }"
    )

    edges, expected = Counter(cells(found.edges, derived.columns)), Counter(cells(derived))
    assert expected
    assert {edge: edges[edge] for edge in expected} == expected


def test_parties_of_one_statement_have_an_edge_or_a_reason_for_none(found, shipped: LocalGraph):
    """The author of the document is left aside, and so are parts of a figure."""
    named = shipped.rows(
        "SELECT DISTINCT ?statement ?kind ?property ?party {"
        " ?statement a tip:Statement , ?kind ; ?property ?party . ?kind a tip:Kind ."
        " ?party a tip:Party FILTER(?property != tip:reporter)"
        " FILTER NOT EXISTS { ?property a tip:Shorthand }"
        " FILTER NOT EXISTS { ?statement tip:reporter ?party }"
        " FILTER NOT EXISTS { ?statement tip:part ?part FILTER(?part != code:total) } }"
    )
    parties = defaultdict(list)
    for row in named:
        kind, property_ = (last_part(str(row[name])) for name in ("kind", "property"))
        parties[row["statement"]].append((kind, property_, row["party"]))
    edges = {(row["statement"], frozenset((row["source"], row["target"]))) for row in found.edges}

    without = {
        (kind, *sorted((one, other)))
        for statement, pairs in parties.items()
        for (kind, one, first), (_, other, second) in combinations(pairs, 2)
        if one != other and first != second
        if (statement, frozenset((first, second))) not in edges
    }
    assert without == set(NO_EDGE)


def test_isolated_actor_is_named_with_no_other_party(found: Network, shipped: LocalGraph) -> None:
    connected = {*found.edges.column("source"), *found.edges.column("target")}
    isolated = {row["label"]: row["iri"] for row in found.nodes if row["iri"] not in connected}

    # It is not stated who trained them, who sent the notices and whom they identified.
    assert {"social security inspectors", "health workers (Belgium)"} <= isolated.keys()
    # The other editions state figures, and who counted, more than who did what to whom.
    belgian = [row["label"] for row in found.nodes if "-be" in str(row["editions"])]
    assert len(isolated.keys() & {*belgian}) < len(belgian) / 4


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_statement_of_one_party_or_of_nothing_done_gives_no_edge(shipped: LocalGraph, tmp_path):
    """A non-report on a trainer is no training."""
    own = """
        be:one a tip:Training , tip:Statement ; tip:hedge code:may ; tip:agent id:myria ;
            tip:target be:labor-inspectors .
        be:two a tip:Training , tip:Statement ; tip:target be:labor-inspectors .
        be:three a tip:NonReport , tip:Statement ; tip:nonReporter id:greta ; tip:about id:myria .
        be:four a tip:Observation , tip:Statement ; tip:indicator code:victims-identified ;
            tip:part code:total ; tip:countedBy id:myria ; tip:counts tip:Victim .
        be:five a tip:Observation , tip:Statement ; tip:indicator code:victims-identified ;
            tip:part code:total ; tip:countedBy id:greta ; tip:counts tip:Victim ;
            measure:obsValue 0 .
        be:six a tip:Allocation , tip:Statement ; tip:funder id:myria ; tip:recipient id:greta ;
            tip:amount be:nothing . be:nothing tip:amountValue 0.0 .
    """
    common = "".join(
        f"be:{name} tip:edition id:tip-2021-be ; tip:reporter id:us-department-of-state ;"
        " tip:speaker id:us-department-of-state ; tip:evidence be:S01 ; rdfs:label 'a'@en . "
        for name in ("one", "two", "three", "four", "five", "six")
    )
    file = tmp_path / "own.ttl"
    file.write_text(OWN + own + common, encoding="utf-8")
    graph = tipgraph.open(file)
    known = set(shipped.rows("relations", edition="all").column("statement"))

    rows = [row for row in graph.rows("relations", edition="all") if row["statement"] not in known]
    assert [[last_part(str(row[name])) for name in EDGE] for row in rows] == [
        ["greta", "does-not-report-on", "myria", "None"],
        ["myria", "identifies", "Victim", "None"],
        ["myria", "trains", "labor-inspectors", "may"],
    ]


def test_relations_of_a_query_are_edges(found: Network, shipped: LocalGraph) -> None:
    rows = shipped.rows("relations", edition="all")

    assert {*cells(rows, ("subject", "relation", "object", "statement"))} <= {
        *cells(found.edges, ("source", "relation", "target", "statement"))
    }


def test_edge_has_its_evidence(found: Network) -> None:
    (row,) = [row for row in found.edges if row["label"] == "oversees"]

    assert row["kind"] == "relationship"
    assert row["source"] == "https://w3id.org/tipgraph/id/myria"
    assert row["relation"] == "https://w3id.org/tipgraph/ns#oversees"
    assert (row["source_kind"], row["target_kind"]) == ("independent body", "shelter group")
    assert row["capacity"] == "national rapporteur"
    assert row["speaker"] == "US Department of State"
    assert row["quote"] == "oversight and coordination"
    assert str(row["link"]).endswith("#:~:text=provided-,oversight%20and%20coordination,-for")
    assert str(row["statement"]).endswith("/tip-2021-be/myria-oversees-specialised-shelters")
    assert (row["country"], row["edition"], row["edition_id"]) == ("BEL", "2021", "tip-2021-be")


def test_every_actor_is_a_node_with_its_kind_and_editions(found, shipped: LocalGraph):
    actors = shipped.rows("SELECT DISTINCT ?actor { ?actor a tip:Actor }").column("actor")
    by_label = {row["label"]: row for row in found.nodes}

    assert len(actors) > 40
    assert set(actors) <= set(found.nodes.column("iri"))
    assert by_label["GRETA"]["kind"] == "monitoring body"
    assert by_label["GRETA"]["editions"] == "tip-2018-be | tip-2021-be | tip-2022-mt | tip-2023-mt"
    assert by_label["Myria"]["editions"] == "tip-2021-be"


def test_projects_and_categories_of_persons_are_nodes_and_no_actors(found: Network) -> None:
    others = {row["iri"]: row["kind"] for row in found.nodes if not row["actor"]}

    persons = {"category of victims", "category of persons"}
    assert set(others.values()) == {"project", *persons, "country"}
    every = (found.edges, found.records)
    assert set(others) <= {
        end for rows in every for end in (*rows.column("source"), *rows.column("target"))
    }


def test_figure_of_an_edge_keeps_its_caveats(found: Network) -> None:
    (row,) = [row for row in found.edges if str(row["statement"]).endswith("/allocation-2020")]

    assert row["period"] == "2020"
    assert "worded differently" in str(row["caveat"])


def test_hedge_is_on_its_edge(mini: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix tip: <https://w3id.org/tipgraph/ns#> ."
        " @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        " @prefix xx: <https://w3id.org/tipgraph/id/tip-2021-xx/> ."
        ' xx:oversight tip:hedge xx:may . xx:may rdfs:label "may" .',
        encoding="utf-8",
    )
    graph = tipgraph.open(own)
    (row,) = network(graph.engine, graph.queries).edges

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
    assert (len(nodes), len(edges)) == (len(found.nodes), len(found.edges) + len(found.records))
    assert list(graph) == [*nodes, *edges]
    ids = [element.get("id", "") for element in (*keys.values(), *graph)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[\w.:-]+", each) for each in ids)
    types = {str(key.get("attr.name")): key.get("attr.type") for key in keys.values()}
    assert {name: kind for name, kind in types.items() if kind != "string"} == {
        "actor": "boolean",
        "edition": "int",
    }
    for element in graph:
        for data in element:
            assert keys[data.get("key")].get("for") == element.tag.removeprefix(SPACE)


def test_graphml_has_the_same_values_as_the_tables(document, found):
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
    assert [{**node, "actor": node["actor"] == "true"} for node in nodes.values()] == [
        without_empty(row, NODES) for row in found.nodes
    ]
    assert edges == [
        without_empty(row, set(EDGES) - ends) for row in (*found.edges, *found.records)
    ]


def test_networkx_reads_what_was_written(found: Network) -> None:
    """A directed graph with parallel edges, each with a key of its own, and typed attributes."""
    import networkx

    graph = networkx.parse_graphml(graphml(found))
    iris = networkx.get_node_attributes(graph, "iri")

    assert graph.is_directed()
    assert graph.is_multigraph()
    assert [data["actor"] for _, data in graph.nodes(data=True)] == found.nodes.column("actor")
    edges = list(graph.edges(keys=True, data=True))
    assert len({key for _, _, key, _ in edges}) == len(edges)
    assert len(edges) == len(found.edges) + len(found.records)
    stated = [edge for edge in edges if edge[-1]["kind"] != "record"]
    read = Counter(
        (iris[source], data["relation"], iris[target], data["statement"], data["edition"])
        for source, target, _, data in stated
    )
    columns = ("source", "relation", "target", "statement", "edition")
    assert read == Counter(
        (*(row[name] for name in columns[:-1]), int(str(row["edition"]))) for row in found.edges
    )
    assert all(data["place"] and data["label"] for *_, data in stated)

    # By records it is one network; whom no record relates to a country stays apart.
    labels = networkx.get_node_attributes(graph, "label")
    largest, *others = sorted(networkx.weakly_connected_components(graph), key=len, reverse=True)
    assert {labels[node] for part in others for node in part} == {
        *("Global Slavery Index", "International Labour Organization", "tipgraph (inference)")
    }
    stars = networkx.MultiDiGraph()
    stars.add_nodes_from(graph)
    stars.add_edges_from((source, target) for source, target, *_ in stated)
    assert networkx.number_weakly_connected_components(stars) > 20
    assert len(largest) == len(graph) - 3


def test_record_has_its_publication_and_no_words_of_a_source(found, shipped: LocalGraph):
    rows = [row for row in found.records if row["edition_id"] == "tip-2021-be"]
    publishes, *_ = [row for row in rows if row["label"] == "publishes a report on"]

    assert (publishes["source_label"], publishes["target_label"]) == (
        "US Department of State",
        "Belgium",
    )
    assert str(publishes["page"]).startswith("https://www.state.gov/")
    assert not any(row["speaker"] or row["quote"] or row["statement"] for row in found.records)
    # An actor who is not named is no counterpart in two countries.
    assert "somebody (not stated who)" not in found.records.column("source_label")
    parts = {
        (row["source"], row["target"]) for row in found.records if row["label"] == "is part of"
    }
    stated = shipped.rows(
        "SELECT ?part ?body { ?part org:subOrganizationOf ?body . ?part a tip:Actor }"
    )
    assert parts == {(row["part"], row["body"]) for row in stated}


def cells(rows: Rows, columns: Sequence[str] = ()) -> list[tuple[str, ...]]:
    return list(map(tuple, plain(rows.only(columns) if columns else rows)))


def without_empty(row: dict[str, Value], columns: Collection[str]) -> dict[str, Value]:
    return {name: row[name] for name in row if name in columns and row[name] is not None}


def test_characters_that_xml_forbids_are_replaced(shipped: LocalGraph) -> None:
    kind, label, actor = map(NamedNode, (RDF + "type", RDFS + "label", TIP + "Actor"))
    thing, name = NamedNode("urn:x"), NamedNode("urn:g")
    odd = [Quad(thing, kind, actor, name), Quad(thing, label, Literal("a<&\x0b\r\n>"), name)]

    document = ElementTree.fromstring(
        graphml(network(graph_of(odd, shipped).engine, shipped.queries))
    )

    assert [data.text for data in document.iter(f"{SPACE}data")][1] == "a<&\ufffd\r\n>"
