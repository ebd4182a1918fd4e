"""The graph as a Python object."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import tipgraph
from tipgraph import InputError, LocalGraph, Rows, UsageError

EDITION = "https://w3id.org/tipgraph/id/tip-2021-xx"


def test_stored_query_returns_python_values(graph: LocalGraph) -> None:
    rows = graph.rows("figures", edition="tip-2021-xx")

    assert rows.columns == ("edition", "value", "statement", "passage")
    assert [row["value"] for row in rows] == rows.column("value") == [12]
    assert rows[0]["edition"] == EDITION
    assert rows.terms[0][0] == NamedNode(EDITION)


def test_parameters_may_be_python_values_or_terms(graph: LocalGraph) -> None:
    assert len(graph.rows("figures", least=10)) == 1
    assert len(graph.rows("figures", least=Literal(9))) == 2
    assert len(graph.rows("figures", edition=NamedNode(EDITION))) == 1


def test_own_query_may_declare_parameters(graph: LocalGraph) -> None:
    query = "#+ params: {amount: {type: xsd:decimal}}\nSELECT ?amount WHERE { }"

    assert graph.rows(query, amount=Decimal("1.50")).column("amount") == [Decimal("1.5")]


def test_query_form_decides_the_result_type(graph: LocalGraph) -> None:
    assert graph.query("any-actor") is True
    network = graph.query("network")
    assert isinstance(network, list)
    assert [triple.object for triple in network] == [
        NamedNode("https://w3id.org/tipgraph/id/shelters")
    ]
    with pytest.raises(UsageError, match=r"rows\(\) is for SELECT"):
        graph.rows("any-actor")


def test_rows_convert_to_a_data_frame(graph: LocalGraph) -> None:
    pytest.importorskip("pandas")

    frame = graph.labelled(graph.rows("figures")).frame()

    assert list(frame["value"]) == [9, 12]
    assert list(frame["passage"]) == ["S01 (2022-xx)", "S01 (2021-xx)"]


def test_quotes_follow_their_sentences(graph: LocalGraph) -> None:
    rows = graph.quoted(graph.rows("figures", edition="tip-2021-xx"))

    assert rows.columns[-3:] == ("passage", "passage_quote", "passage_link")
    assert rows[0]["passage_quote"] == "identified 12 victims"
    assert str(rows[0]["passage_link"]).endswith(
        "/2021/xland/#:~:text=Xland-,identified%2012%20victims,-%2C%20and"
    )


def test_graph_contains_derived_triples_and_no_shapes(graph: LocalGraph):
    assert graph.query("ASK { ?shape a sh:NodeShape }") is False
    assert graph.query("ASK { GRAPH graph:derived { ?each a tip:Statement } }") is True
    assert graph.query("ASK { GRAPH graph:tip-2021-xx { ?each a tip:Statement } }") is False
    assert graph.query("ASK { GRAPH graph:actors { id:shelters a tip:Actor } }") is True


def test_no_triple_is_in_two_graphs(mini: Path) -> None:
    graph = tipgraph.open(mini / "data" / "actors.ttl", mini / "data")

    twice = "SELECT ?s { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(STR(?g) < STR(?h)) }"
    assert len(graph.rows(twice)) == 0


def test_own_files_are_added_or_replace_the_shipped_data(mini: Path, tmp_path: Path) -> None:
    own = tmp_path / "my data.ttl"
    own.write_text(
        "@prefix tip: <https://w3id.org/tipgraph/ns#> . <urn:x> a tip:Observation .",
        encoding="utf-8",
    )
    statements = "SELECT DISTINCT ?each { ?each a tip:Statement }"

    beside, instead = tipgraph.open(own), tipgraph.open(own, bundled=False)

    assert "urn:x" in beside.rows(statements).column("each")
    assert len(beside.rows(statements)) == len(tipgraph.open().rows(statements)) + 1
    assert instead.rows(statements).column("each") == ["urn:x"]
    assert instead.query("ASK { GRAPH graph:my-data { <urn:x> a tip:Observation } }") is True


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.nt", "<urn:x> <urn:p> <urn:y> ."),
        ("a.nq", "<urn:x> <urn:p> <urn:y> <urn:g> ."),
        ("a.trig", "<urn:g> { <urn:x> <urn:p> <urn:y> }"),
        ("a.jsonld", '{"@id": "urn:x", "urn:p": {"@id": "urn:y"}}'),
        (
            "a.rdf",
            '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
            '<r:Description r:about="urn:x"><u:p r:resource="urn:y"/></r:Description></r:RDF>',
        ),
    ],
)
def test_any_rdf_syntax_is_read(mini: Path, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / name).write_text(content, encoding="utf-8")
    (tmp_path / "own" / "notes.txt").write_text("no RDF", encoding="utf-8")

    assert tipgraph.open(tmp_path / "own").query("ASK { <urn:x> <urn:p> <urn:y> }") is True


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("bad.ttl", "<urn:x> <urn:p> .\n", r"bad\.ttl:1:1[67]: "),
        ("bad.ttl", "<urn:a> <urn:b> <urn:c> .\n<urn:x> x:p <urn:y> .\n", r"bad\.ttl:2:9: .*x:"),
        ("bad.csv", "a,b\n", "unknown RDF file extension"),
        ("empty/none.txt", "", "no RDF file in this folder"),
    ],
)
def test_broken_file_is_reported_with_its_place(mini, tmp_path, name, content, problem):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")

    with pytest.raises(InputError, match=problem):
        tipgraph.open(path if path.suffix != ".txt" else path.parent)


def test_same_graph_gives_the_same_bytes(mini: Path, cache: Path) -> None:
    written = []
    for _ in range(2):
        written.append(tipgraph.open().nquads)
        shutil.rmtree(cache)

    assert written[0] == written[1]


def test_labels_are_returned(graph: LocalGraph) -> None:
    assert graph.label("xland-government") == "Government of Xland"
    assert isinstance(graph.rows("SELECT * { ?s ?p ?o }"), Rows)
