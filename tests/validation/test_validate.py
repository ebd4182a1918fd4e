"""What is at fault is found; what was not looked at does not pass."""

from pathlib import Path

import pytest

import tipgraph
from tipgraph import InputError, LocalGraph

PREFIXES = """
    @prefix tip: <https://w3id.org/tipgraph/ns#> .
    @prefix code: <https://w3id.org/tipgraph/code/> .
    @prefix id: <https://w3id.org/tipgraph/id/> .
    @prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(PREFIXES + text, encoding="utf-8")
    return path


def test_that_the_data_conform_and_the_style_of_the_ontology_is_not_asked(
    graph: LocalGraph,
) -> None:
    report = graph.validate()

    assert report.conforms
    assert report.findings == ()
    assert (len(report.shapes), report.focus_nodes) == (2, 5)


def test_that_a_violation_is_told_in_full(mini: Path, tmp_path: Path) -> None:
    own = written(tmp_path, "own.ttl", "id:x a tip:Finding .")

    report = tipgraph.open(own, bundled=False).validate()

    (finding,) = report.findings
    assert not report.conforms
    assert finding.severity == "Violation"
    assert finding.focus == "https://w3id.org/tipgraph/id/x"
    assert finding.path == "https://w3id.org/tipgraph/ns#evidence"
    assert finding.message == "Name the passage that the statement rests on."
    assert finding.shape == "https://w3id.org/tipgraph/shapes#Statement-evidence"
    assert finding.component == "http://www.w3.org/ns/shacl#MinCountConstraintComponent"
    assert str(finding.place) == f"{own}:6:1"
    assert report.name(finding.shape) == "tipsh:Statement-evidence"


def test_that_a_warning_does_not_fail_and_codes_are_known(mini: Path, tmp_path: Path) -> None:
    own = written(
        tmp_path,
        "own.ttl",
        "id:x a tip:Observation ; tip:evidence id:p ; tip:indicator code:victims-assisted .",
    )

    report = tipgraph.open(own, bundled=False).validate()

    assert [finding.severity for finding in report.findings] == ["Warning"]
    assert report.conforms


def test_that_findings_stand_in_the_order_of_the_text_and_a_path_is_written_out(
    mini: Path, tmp_path: Path
) -> None:
    own = written(tmp_path, "own.ttl", "id:x a tip:Observation ; tip:indicator id:none .")

    report = tipgraph.open(own, bundled=False).validate()

    places = [(each.place.line, each.place.column) for each in report.findings if each.place]
    assert len(places) == 3
    assert places == sorted(places)
    severities = sorted(finding.severity for finding in report.findings)
    assert severities == ["Violation", "Violation", "Warning"]
    assert "tip:indicator/skos:inScheme" in {report.name(each.path) for each in report.findings}


def test_that_ones_own_shapes_take_the_place_of_ours(graph: LocalGraph, tmp_path: Path) -> None:
    shapes = written(
        tmp_path,
        "shapes.ttl",
        "id:Shape a sh:NodeShape ; sh:targetClass tip:Actor ; sh:nodeKind sh:Literal .",
    )

    report = graph.validate([shapes])

    assert len(report.findings) == report.focus_nodes == 4


@pytest.mark.parametrize(
    ("data", "shapes", "problem"),
    [
        ("id:x a id:Y .", None, "select no node of the data"),
        ("id:x a tip:Finding .", "id:x a id:Y .", "there is no shape"),
        (
            "id:x a tip:Finding .",
            "id:S a sh:NodeShape ; sh:targetClass tip:Actor ; sh:nodeKind sh:IRI .",
            "select no node",
        ),
        (
            "id:x a tip:Finding .",
            "id:S a sh:NodeShape ; sh:targetNode id:z ; sh:nodeKind sh:IRI .",
            "select no node",
        ),
        (
            "id:x a tip:Finding .",
            "id:S a sh:PropertyShape ; sh:targetClass tip:Finding ; sh:minCount 1 .",
            "a property shape needs a sh:path",
        ),
    ],
)
def test_that_nothing_passes_unlooked_at(
    mini: Path, tmp_path: Path, data: str, shapes: str | None, problem: str
) -> None:
    graph = tipgraph.open(written(tmp_path, "own.ttl", data), bundled=False)
    given = [] if shapes is None else [written(tmp_path, "shapes.ttl", shapes)]

    with pytest.raises(InputError, match=problem):
        graph.validate(given)


def test_that_a_node_named_by_a_shape_that_looks_at_the_whole_is_found(tmp_path: Path) -> None:
    own = written(tmp_path, "own.ttl", "id:typed a tip:Period . id:untyped tip:evidense id:typed .")

    report = tipgraph.open(own, bundled=False).validate()

    assert ("tipsh:DeclaredProperty", "id:untyped") in {
        (report.name(finding.shape), report.name(finding.value)) for finding in report.findings
    }
