"""`Graph.validate`: violations are found, and nothing passes unchecked."""

import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib.plugins.sparql import evaluate

import tipgraph
from tipgraph import InputError, LocalGraph
from tipgraph.namespaces import ID, XSD
from tipgraph.validate import Defaults, ValidationRequest, validate
from tipgraph.validate.engines import ENGINES

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


def test_violation_has_all_fields(mini: Path, tmp_path: Path) -> None:
    own = written(tmp_path, "own.ttl", "id:x a tip:Finding .")

    report = tipgraph.open(own, bundled=False).validate()

    (finding,) = report.findings
    assert not report.conforms
    assert finding.severity == "Violation"
    assert finding.focus_node == "https://w3id.org/tipgraph/id/x"
    assert finding.path == "https://w3id.org/tipgraph/ns#evidence"
    assert finding.message == "Name the passage that the statement rests on."
    assert finding.shape == "https://w3id.org/tipgraph/shapes#Statement-evidence"
    assert finding.component == "http://www.w3.org/ns/shacl#MinCountConstraintComponent"
    assert str(finding.location) == f"{own}:6:1"
    assert report.name(finding.shape) == "tipsh:Statement-evidence"


def test_warning_conforms_and_codes_are_known(mini: Path, tmp_path: Path) -> None:
    own = written(
        tmp_path,
        "own.ttl",
        "id:x a tip:Observation ; tip:evidence id:p ; tip:indicator code:victims-assisted .",
    )

    report = tipgraph.open(own, bundled=False).validate()

    assert [finding.severity for finding in report.findings] == ["Warning"]
    assert report.conforms


def test_findings_are_in_text_order_with_sparql_paths(mini: Path, tmp_path: Path) -> None:
    own = written(tmp_path, "own.ttl", "id:x a tip:Observation ; tip:indicator id:none .")

    report = tipgraph.open(own, bundled=False).validate()

    places = [
        (each.location.line, each.location.column) for each in report.findings if each.location
    ]
    assert len(places) == 3
    assert places == sorted(places)
    severities = sorted(finding.severity for finding in report.findings)
    assert severities == ["Violation", "Violation", "Warning"]
    assert "tip:indicator/skos:inScheme" in {report.name(each.path) for each in report.findings}


def test_own_shapes_replace_shipped_shapes(graph: LocalGraph, tmp_path: Path) -> None:
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
        ("id:x a id:Y .", None, "select no nodes in the data"),
        ("id:x a tip:Finding .", "id:x a id:Y .", "contain no shapes"),
        (
            "id:x a tip:Finding .",
            "id:S a sh:NodeShape ; sh:targetClass tip:Actor ; sh:nodeKind sh:IRI .",
            "select no nodes",
        ),
        (
            "id:x a tip:Finding .",
            "id:S a sh:NodeShape ; sh:targetNode id:z ; sh:nodeKind sh:IRI .",
            "select no nodes",
        ),
        (
            "id:x a tip:Finding .",
            "id:S a sh:PropertyShape ; sh:targetClass tip:Finding ; sh:minCount 1 .",
            "a property shape needs sh:path",
        ),
    ],
)
def test_validation_that_checks_nothing_raises(mini, tmp_path, data, shapes, problem):
    graph = tipgraph.open(written(tmp_path, "own.ttl", data), bundled=False)
    paths = [] if shapes is None else [written(tmp_path, "shapes.ttl", shapes)]

    with pytest.raises(InputError, match=problem):
        graph.validate(paths)


def test_value_of_whole_graph_shape_is_reported(tmp_path: Path) -> None:
    own = written(tmp_path, "own.ttl", "id:typed a tip:Period . id:untyped tip:evidense id:typed .")

    report = tipgraph.open(own, bundled=False).validate()

    assert ("tipsh:DeclaredProperty", "id:untyped") in {
        (report.name(finding.shape), report.name(finding.value)) for finding in report.findings
    }


def test_request_without_defaults_uses_only_its_own_files(tmp_path: Path) -> None:
    data = written(tmp_path, "data.ttl", "id:x a tip:Finding .")
    shapes = written(
        tmp_path, "shapes.ttl", "id:S a sh:NodeShape ; sh:targetClass tip:Finding ; sh:class id:Y ."
    )

    report = validate(ValidationRequest(data=[str(data)], shapes=[str(shapes)]))
    empty = validate(ValidationRequest())

    assert [finding.focus_node for finding in report.findings] == [f"{ID}x"]
    assert (report.errors, list(report.shapes)) == ((), [f"{ID}S"])
    assert [error.code for error in empty.errors] == ["no-shapes"]


def test_default_prefixes_shorten_names_without_overriding_those_of_files(tmp_path: Path) -> None:
    data = written(tmp_path, "data.ttl", "id:x a tip:Finding .")
    shapes = written(
        tmp_path, "shapes.ttl", "id:S a sh:NodeShape ; sh:targetClass tip:Finding ; sh:class id:Y ."
    )
    defaults = Defaults(prefixes={"ex": "http://example.org/", "id": "http://example.org/id/"})

    report = validate(ValidationRequest(data=[str(data)], shapes=[str(shapes)], defaults=defaults))

    assert report.name("http://example.org/y") == "ex:y"
    assert report.name(f"{ID}x") == "id:x"


def test_ontology_of_others_has_no_part_in_a_validation_of_own_data_and_shapes(mini, tmp_path):
    data = written(tmp_path, "data.ttl", "id:x a id:Thing ; id:type id:code .")
    ontology = written(tmp_path, "ontology.ttl", "id:code a id:Concept .")
    shapes = written(
        tmp_path,
        "shapes.ttl",
        "id:S a sh:NodeShape ; sh:targetClass id:Thing ; sh:property id:P ."
        " id:P sh:path id:type ; sh:class id:Concept .",
    )
    request = ValidationRequest(
        data=[str(data)],
        shapes=[str(shapes)],
        defaults=Defaults(ontology=[str(ontology)]),
    )

    assert [each.value for each in validate(request).findings] == [f"{ID}code"]
    assert not validate(replace(request, ontology=[str(ontology)])).findings


def test_threads_validate_one_after_the_other(tmp_path: Path) -> None:
    """A run replaces streams and functions of the whole process, and puts back the old ones."""
    own = written(tmp_path, "own.ttl", "".join(f"id:{n} tip:year {n} . " for n in range(40)))
    query = "SELECT $this { $this <https://w3id.org/tipgraph/ns#year> ?v FILTER(?v > 9) }"
    shapes = written(
        tmp_path,
        "shapes.ttl",
        f'[] a sh:NodeShape ; sh:targetSubjectsOf tip:year ; sh:sparql [ sh:select "{query}" ] .',
    )
    request = ValidationRequest([str(own)], shapes=[str(shapes)], engine="pyshacl")
    before = sys.stdout, logging.root.manager.disable, evaluate.evalServiceQuery

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(validate, [request] * 8))

    assert {(len(each.findings), each.errors) for each in reports} == {(30, ())}
    assert (sys.stdout, logging.root.manager.disable, evaluate.evalServiceQuery) == before


@pytest.mark.parametrize("engine", ENGINES)
def test_shape_that_is_a_class_by_two_steps_selects_its_instances(tmp_path, engine):
    """Section 2.1.3.3 of SHACL; pySHACL takes one step."""
    data = written(tmp_path, "data.ttl", "id:a a id:T .")
    shapes = written(
        tmp_path,
        "shapes.ttl",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        "id:T a id:Kind , sh:NodeShape ; sh:nodeKind sh:Literal . id:Kind rdfs:subClassOf id:Meta ."
        "id:Meta rdfs:subClassOf rdfs:Class . id:S sh:targetNode id:a ; sh:nodeKind sh:IRI .",
    )

    report = validate(ValidationRequest(data=[str(data)], shapes=[str(shapes)], engine=engine))

    assert [(each.shape, each.focus_node) for each in report.findings] == [(ID + "T", ID + "a")]


@pytest.mark.parametrize("name", ["data.ttl", "shapes.ttl"])
@pytest.mark.parametrize("engine", ENGINES)
def test_file_that_is_cut_off_between_two_readings_is_an_error(tmp_path, name, engine):
    """The rest of it may conform."""
    data = written(tmp_path, "data.ttl", "id:a a id:T ; id:p 1 .\nid:b a id:T .")
    shape = "sh:property [ sh:path id:p ; sh:minCount 1 ] .\nid:S sh:nodeKind sh:BlankNode ."
    shapes = written(tmp_path, "shapes.ttl", f"id:S a sh:NodeShape ; sh:targetClass id:T ; {shape}")
    request = ValidationRequest(data=[str(data)], shapes=[str(shapes)], engine=engine)

    def cut() -> None:
        path = tmp_path / name
        path.write_text(path.read_text().rpartition("\nid:")[0])

    with pytest.raises(InputError, match=rf"{name}: the file changed while it was read"):
        validate(request, after_reading=cut)


def test_functions_of_shapes_end_with_the_run(tmp_path: Path) -> None:
    data = written(tmp_path, "data.ttl", "id:a a id:T ; id:p 1 .")
    cast = f"<{XSD}integer> a sh:SPARQLFunction ; sh:parameter [ sh:path id:x ] ;"
    query = "SELECT $this { $this id:p ?x FILTER(xsd:integer(?x) = 1) }"
    shape = f"id:S a sh:NodeShape ; sh:targetClass id:T ; sh:sparql [ sh:select '{query}' ] ."
    own = written(tmp_path, "own.ttl", f"{shape} {cast} sh:select 'SELECT (7 AS ?r) {{}}' .")
    others = written(tmp_path, "others.ttl", shape)

    reports = [
        validate(ValidationRequest(data=[str(data)], shapes=[str(each)], engine="pyshacl"))
        for each in (own, others)
    ]

    assert [(len(each.findings), each.errors) for each in reports] == [(0, ()), (1, ())]


def test_query_has_the_prefixes_of_the_shapes_alone(tmp_path: Path) -> None:
    """rdflib has another `dc`, and data may declare any."""
    data = written(tmp_path, "data.ttl", "@prefix own: <urn:other> . id:a a id:T ; id:p 1 .")
    own = "@prefix {}: <https://w3id.org/tipgraph/id/> . id:{} a sh:NodeShape ;"
    own += " sh:targetClass id:T ; sh:sparql [ sh:select 'SELECT $this {{ $this {}:p ?x }}' ] ."
    shapes = [
        str(written(tmp_path, f"{name}.ttl", own.format(name, f"S-{name}", name)))
        for name in ("own", "dc")
    ]
    other = str(written(tmp_path, "other.ttl", "@prefix own: <urn:other> ."))

    report = validate(ValidationRequest(data=[str(data)], shapes=shapes))
    unclear = validate(ValidationRequest(data=[str(data)], shapes=[*shapes, other]))

    assert not report.errors
    assert len(report.findings) == len(shapes)
    assert [each.code for each in unclear.errors] == ["undeclared-prefix"]


def test_equal_findings_stay_two(tmp_path: Path) -> None:
    data = written(tmp_path, "data.ttl", "id:x a id:Thing ; id:p 1 .")
    shapes = written(
        tmp_path,
        "shapes.ttl",
        "id:S a sh:NodeShape ; sh:targetClass id:Thing ; sh:property"
        " [ sh:path id:p ; sh:maxInclusive 0 ] , [ sh:path id:p ; sh:maxInclusive 0 ] .",
    )

    for engine in ENGINES:
        report = validate(ValidationRequest(data=[str(data)], shapes=[str(shapes)], engine=engine))
        assert len(report.findings) == 2
        assert report.findings[0] == report.findings[1]
