"""An export conforms to the shipped shapes, whole or by edition, with what the rules derive."""

import json
from pathlib import Path

import pytest

from tipgraph.export.graph import SYNTAXES
from tipgraph.namespaces import PREFIXES, TIP

EDITION = "tip-2021-be"
EACH_GRAPH = ("--engine", "fast", "--each-graph")
HEAD = f"@prefix tip: <{TIP}> . @prefix id: <https://w3id.org/tipgraph/id/> .\n"


@pytest.fixture
def validated(run, tmp_path: Path):
    """Export in a syntax, and return what `validate` finds in the file."""

    def validated(syntax: str, *options: str, check: tuple[str, ...] = ()) -> list[object]:
        extension = SYNTAXES[syntax].file_extension
        file = tmp_path / f"export.{extension}"
        exported = run("export", "graph", *options, "--format", syntax, "--output", file)
        assert exported == (0, "", "")
        outcome = run("validate", file, "--format", "json", *(check or ("--engine", "fast")))
        report = json.loads(outcome.out)
        has_derived_nodes = (
            PREFIXES["tipsh"] + "Derived" not in report["shapes_without_focus_nodes"]
        )
        assert report["focus_nodes"] > 20
        assert has_derived_nodes == (not options)
        return list(report["findings"])

    return validated


@pytest.mark.slow(reason="validates the whole graph")
def test_export_conforms(validated) -> None:
    """Nodes that the rules derive too: the shapes for those have focus nodes."""
    assert validated("turtle") == []


@pytest.mark.slow(reason="checks a folder with all shapes")
def test_exported_edition_conforms(validated) -> None:
    assert validated("turtle", "--graph", EDITION) == []


@pytest.mark.slow(reason="validates the graph many times")
class TestOtherSyntaxes:
    """That the syntaxes carry the same graph is tested in `test_graph.py`."""

    def test_each_graph_conforms(self, validated) -> None:
        """An edition and what editions share, each validated alone."""
        graphs = ("--graph", "tip-2022-hu", "--graph", "actors")
        assert validated("jsonld", *graphs, check=EACH_GRAPH) == []

    def test_pyshacl_agrees(self, validated) -> None:
        assert validated("turtle", "--graph", EDITION, check=("--jobs", "1")) == []


@pytest.mark.parametrize("syntax", ["turtle", "ntriples"])
def test_asserted_export_keeps_the_graphs_that_statements_have_their_edition_from(run, syntax):
    code, out, err = run("export", "graph", "--asserted", "--format", syntax)

    assert (code, out) == (2, "")
    assert "use --format trig or nquads, or one --graph" in err


def test_asserted_export_of_the_derived_graph_is_an_error(run) -> None:
    code, out, err = run("export", "graph", "--asserted", "--graph", "derived")

    assert (code, out) == (2, "")
    assert err == (
        "tipgraph: the derived graph has nothing that is asserted; leave out --asserted\n"
    )


@pytest.mark.slow(reason="validates the whole graph")
def test_export_with_more_than_the_rules_add_does_not_conform(run, tmp_path: Path) -> None:
    """Asserted triples conform: all findings are on what is added."""
    file, more = tmp_path / "export.trig", tmp_path / "more.ttl"
    run("export", "graph", "--asserted", "--output", file)
    more.write_text(
        HEAD
        + "id:greta a tip:Organisation . id:greta tip:oversees id:belgium-government ; tip:rank 1 ."
    )

    outcome = run("validate", file, more, "--format", "json", "--engine", "fast")

    findings = json.loads(outcome.out)["findings"]
    shapes = {each["shape"].rpartition("#")[2] for each in findings}
    assert shapes == {"OneType", "DirectTriple", "MonitoringBody"}


@pytest.mark.slow(reason="validates an edition three times")
def test_damage_in_an_exported_edition_is_found(run, tmp_path: Path) -> None:
    """The edition's graph is not completed from the shipped graph, but by rules alone."""
    file = tmp_path / "edition.nt"
    run("export", "graph", "--graph", EDITION, "--output", file)
    lines = file.read_text().splitlines(keepends=True)
    node = f"<https://w3id.org/tipgraph/id/{EDITION}/less-funding>"
    for gone in ("ns#topic>", "rdf-syntax-ns#type>"):
        file.write_text("".join(e for e in lines if not (e.startswith(node) and gone in e)))

        outcome = run("validate", file, "--format", "json", "--engine", "fast")

        found = {each["focus_node"] for each in json.loads(outcome.out)["findings"]}
        assert node.strip("<>") in found


@pytest.mark.slow(reason="validates an edition")
def test_reference_to_what_nobody_describes_is_found(run, tmp_path: Path) -> None:
    file = tmp_path / "edition.ttl"
    run("export", "graph", "--graph", EDITION, "--output", file)
    file.write_text(file.read_text().replace("id:greta", "id:great"))

    outcome = run("validate", file, "--format", "json", "--engine", "fast")

    values = {each["value"] for each in json.loads(outcome.out)["findings"]}
    assert values == {"https://w3id.org/tipgraph/id/great"}


def test_blank_node_that_refers_to_the_shipped_graph_is_found(run, tmp_path, mini):
    file = tmp_path / "own.ttl"
    file.write_text(HEAD + "[] a tip:Statement ; tip:speaker id:xland-government .")

    outcome = run("validate", file, "--format", "json")

    found = {each["shape"].rpartition("#")[2] for each in json.loads(outcome.out)["findings"]}
    assert found == {"Statement-evidence"}
