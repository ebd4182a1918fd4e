"""What conformed and is unchanged is skipped, and nothing is skipped whose result may differ."""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Run
from tests.validate.conftest import PREFIXES, Write
from tipgraph.graph import validation_defaults
from tipgraph.namespaces import RDFS
from tipgraph.resources.folders import shipped
from tipgraph.validate import Defaults, ValidationReport, ValidationRequest, validate
from tipgraph.validate.formats import FORMATS, render
from tipgraph.validate.unchanged import Conformed

SHARED = "ex:BE a ex:Land ; ex:code 'BE' . ex:Belgium a ex:Land ; ex:code 'BEL' ."
REPORT = """
ex:{name} a ex:Report ; ex:of ex:BE ; ex:year {year} ; ex:label '{name}' .
ex:{name}-1 a ex:Figure ; ex:in ex:{name} ; ex:counts ex:found ; ex:value {year} .
ex:{name}-2 a ex:Figure ; ex:in ex:{name} ; ex:counts ex:helped ; ex:value 7 .
"""
ONTOLOGY = f"""
@prefix rdfs: <{RDFS}> .
<urn:ontology> a <http://www.w3.org/2002/07/owl#Ontology> .
ex:Land rdfs:subClassOf ex:Place . ex:found a ex:Indicator . ex:helped a ex:Indicator .
"""
# What each shape looks at is the part of the test that matters: other folders, by every way.
SHAPES = """
<urn:shapes> a <http://www.w3.org/2002/07/owl#Ontology> ;
    <http://www.w3.org/2002/07/owl#imports> <urn:imported> .
ex:ReportShape a sh:NodeShape ; sh:targetClass ex:Report ;
    sh:property [ sh:path ex:of ; sh:class ex:Place ; sh:node ex:PlaceShape ] ;
    sh:property [ sh:path ( ex:label [ sh:inversePath ex:label ] ) ; sh:maxCount 1 ] ;
    sh:property [ sh:path [ sh:inversePath ex:in ] ;
        sh:qualifiedValueShape [ sh:path ex:counts ; sh:hasValue ex:found ] ;
        sh:qualifiedMaxCount 1 ] .
ex:PlaceShape a sh:NodeShape ; sh:property [ sh:path ex:code ; sh:maxLength 2 ; sh:minCount 1 ] .
ex:CountedShape a sh:NodeShape ; sh:targetObjectsOf ex:counts ; sh:class ex:Indicator .
ex:FigureShape a sh:NodeShape ; sh:targetClass ex:Figure ; sh:sparql ex:Once , ex:Total .
ex:Once a sh:SPARQLConstraint ; sh:prefixes ex: ; sh:select '''
    SELECT $this ?value WHERE {
        $this ex:counts ?what ; ex:in ?report . ?value ex:counts ?what ; ex:in ?report .
        FILTER ($this != ?value)
    }''' .
ex:Total a sh:SPARQLConstraint ; sh:prefixes ex: ; sh:select '''
    SELECT $this (SUM(?number) AS ?value) WHERE {
        $this ex:counts ex:found ; ex:in/ex:of ?place .
        ?other ex:counts ex:found ; ex:in/ex:of ?place ; ex:value ?number .
    } GROUP BY $this HAVING (SUM(?number) > 5000)''' .
ex: sh:declare [ sh:prefix 'ex' ; sh:namespace 'http://example.org/' ] .
"""
IMPORTED = """
<urn:imported> a <http://www.w3.org/2002/07/owl#Ontology> .
ex:YearShape a sh:NodeShape ; sh:targetSubjectsOf ex:year ;
    sh:property [ sh:path ex:year ; sh:maxInclusive 2100 ] .
"""

Validate = Callable[..., ValidationReport]


class Memory(Conformed):
    """What conformed, kept as long as the test."""

    def __init__(self) -> None:
        self.content = b""
        super().__init__(lambda: self.content, self._write)

    def _write(self, content: bytes) -> None:
        self.content = content
        self.__dict__.pop("_known", None)


@pytest.fixture
def request_(write: Write, fast_engine: None) -> ValidationRequest:
    """Three reports in folders of their own, what they share, ontology and shapes."""
    for number, name in enumerate("abc"):
        write(f"data/{name}/report.ttl", REPORT.format(name=name, year=2000 + number % 2))
    write("data/shared.ttl", SHARED)
    write("ontology.ttl", ONTOLOGY)
    write("shapes.ttl", SHAPES)
    imported = write("imported.ttl", IMPORTED)
    # Anything but the reports conforms: the sum of the three is above the limit of the shapes.
    Path("shapes.ttl").write_text(Path("shapes.ttl").read_text().replace("5000", "7000"))
    return ValidationRequest(
        data=["data"],
        shapes=["shapes.ttl"],
        ontology=["ontology.ttl"],
        defaults=Defaults(shapes=[str(imported)]),
        check_shapes=False,
        conformed=Memory(),
    )


def findings(report: ValidationReport) -> set[tuple[str, ...]]:
    """What a report finds, comparably."""
    assert not report.errors, [*map(str, report.errors)]
    return {(each.focus_node, each.path, each.value, each.shape) for each in report.findings}


def test_unchanged_input_is_skipped(request_: ValidationRequest):
    first, second = validate(request_), validate(request_)

    assert (first.conforms, first.skipped, first.focus_nodes) == (True, (), 11)
    assert (second.conforms, second.skipped, second.focus_nodes) == (True, second.files, 0)
    assert second.skipped_nodes == 11


def test_only_changed_folder_is_validated(request_: ValidationRequest):
    validate(request_)
    report = Path("data/a/report.ttl")
    report.write_text(
        report.read_text() + "ex:a-3 a ex:Figure ; ex:in ex:a ; ex:counts ex:helped ."
    )

    found = validate(request_)

    assert {file for file in found.files if file not in found.skipped} == {"data/a/report.ttl"}
    assert {each.focus_node for each in found.findings} == {
        "http://example.org/a-2",
        "http://example.org/a-3",
    }
    # Findings are shown again.
    assert findings(validate(request_)) == findings(found)


# What is damaged in which file, and a node with a finding: in its own or in another file.
DAMAGES = {
    "own folder": ("data/b/report.ttl", "ex:year 2001", "ex:year 3000", "b"),
    "other folder by a label": ("data/b/report.ttl", "'b'", "'a'", "a"),
    "other folder by a sum": ("data/b/report.ttl", "ex:value 2001", "ex:value 9000", "c-1"),
    "other folder by an inverse path": (
        "data/c/report.ttl",
        "ex:c-1 a ex:Figure ; ex:in ex:c",
        "ex:c-1 a ex:Figure ; ex:in ex:a",
        "a",
    ),
    "shared file": ("data/shared.ttl", "'BE'", "'Belgium'", "a"),
    "ontology's classes": ("ontology.ttl", "ex:Land rdfs:subClassOf ex:Place .", "", "a"),
    "ontology's codes": ("ontology.ttl", "ex:found a ex:Indicator .", "", "found"),
    "shape": ("shapes.ttl", "sh:maxLength 2", "sh:maxLength 1", "a"),
    "query": ("shapes.ttl", "7000", "6000", "a-1"),
    "declared prefix": ("shapes.ttl", "FILTER ($this != ?value)", "", "a-1"),
    "imported shape": ("imported.ttl", "2100", "1999", "a"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_after_conforming_run_is_found(request_: ValidationRequest, damage: str):
    file, old, new, node = DAMAGES[damage]
    assert validate(request_).conforms
    text = Path(file).read_text()
    assert old in text

    Path(file).write_text(text.replace(old, new))

    damaged = validate(request_)
    assert f"http://example.org/{node}" in {each.focus_node for each in damaged.findings}
    assert findings(damaged) == findings(validate(replace(request_, conformed=None)))
    Path(file).write_text(text)
    assert validate(request_).skipped


def test_new_and_removed_files_are_changes(request_: ValidationRequest, write: Write):
    validate(request_)
    added = write("data/d/report.ttl", REPORT.format(name="d", year=2000))

    report = validate(request_)
    added.unlink()

    assert {each.focus_node for each in report.findings} == {
        f"http://example.org/{name}-1" for name in "abcd"
    }
    assert "data/d/report.ttl" not in report.skipped
    restored = validate(request_)
    assert restored.skipped == restored.files


def test_other_engine_and_options_are_changes(request_: ValidationRequest):
    validate(request_)

    assert not validate(replace(request_, engine="fast")).skipped
    assert not validate(replace(request_, data_nodes_only=True, engine="fast")).skipped
    assert not validate(replace(request_, each_graph=True, engine="fast")).skipped


@pytest.mark.parametrize(
    "shape",
    [
        "ex:T a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select 'SELECT ?this { }' ]",
        "ex:R a sh:NodeShape ; sh:targetClass ex:Report ; sh:rule [ a sh:TripleRule ]",
    ],
)
def test_unknown_constraints_validate_all_after_any_change(
    request_: ValidationRequest, write: Write, shape: str
):
    own = write("own.ttl", shape + ".")
    request = replace(request_, more_shapes=[str(own)], engine="pyshacl")
    validate(request)
    Path("data/a/more.ttl").write_text("<urn:x> <urn:y> <urn:z> .")

    assert not validate(request).skipped


def test_nodes_without_names_are_validated_again(write: Write, shapes: Path):
    for name in "ab":
        write(f"{name}/data.ttl", f"ex:{name} ex:knows [ a ex:Human ; ex:name '{name}' ] .")
    request = ValidationRequest(
        data=["a", "b"], shapes=[str(shapes)], check_shapes=False, conformed=Memory()
    )
    assert validate(request).conforms
    write("b/data.ttl", "ex:b ex:knows [ a ex:Human ; ex:nick 'b' ] .")

    report = validate(request)

    assert report.skipped == ("a/data.ttl",)
    assert [each.message for each in report.findings] == ["Give a name."]


def test_volatile_query_is_never_skipped(request_: ValidationRequest):
    text = Path("shapes.ttl").read_text()
    Path("shapes.ttl").write_text(text.replace("$this != ?value", "$this != ?value && NOW() != 1"))

    assert validate(request_).conforms
    assert not validate(request_).skipped


def test_command_reports_what_it_skips(mini: Path, run: Run, cache: Path):
    full = "conforms (2 shapes, 5 nodes, 5 files)\n"
    note = "tipgraph: skipped 5 of 5 files, unchanged since they last conformed; --all validates"

    assert run("validate") == (0, full, "")
    assert run("validate") == (
        0,
        "conforms (2 shapes, 0 nodes, 0 of 5 files)\n",
        f"{note} everything\n",
    )
    assert run("validate", "--all") == (0, full, "")


def test_findings_and_baseline_are_as_before(request_: ValidationRequest, run: Run, cache: Path):
    Path("data/shared.ttl").write_text(PREFIXES + SHARED.replace("'BE'", "'B E'"))
    command = ["validate", "data", "--shapes", "shapes.ttl", "--add-shapes", "imported.ttl"]
    command += ["--ontology", "ontology.ttl", "--no-shape-checks"]

    assert [run(*command).code for _ in range(2)] == [1, 1]
    assert [run(*command, "--baseline", "known.json").code for _ in range(3)] == [1, 0, 0]
    assert "3 known findings" in run(*command, "--baseline", "known.json").out


def test_cache_that_cannot_be_written_is_no_error(mini: Path, run: Run, cache: Path):
    cache.parent.mkdir()
    cache.write_text("a file")

    assert [run("validate").out for _ in range(2)] == [
        "conforms (2 shapes, 5 nodes, 5 files)\n"
    ] * 2


def test_damaged_memory_is_no_error(mini: Path, run: Run, cache: Path):
    run("validate")
    (cache / "conformed").write_bytes(b"\xff\n")

    assert run("validate").out == "conforms (2 shapes, 5 nodes, 5 files)\n"


def test_reports_state_what_was_skipped():
    files = ("a.ttl", "b.ttl")
    report = ValidationReport(files=files, skipped=files[:1], focus_nodes=2, skipped_nodes=3)
    text = {format: render(format, report) for format in FORMATS}
    remark = "skipped 1 of 2 files, unchanged since it last conformed"

    assert json.loads(text["json"])["skipped"] == ["a.ttl"]
    assert json.loads(text["json"])["skipped_nodes"] == 3
    (invocation,) = json.loads(text["sarif"])["runs"][0]["invocations"]
    assert invocation["properties"] == {"skipped": ["a.ttl"]}
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == remark
    assert text["junit"].count("<skipped") == 1
    assert f"# {remark}" in text["turtle"]
    assert remark in text["github"]
    assert "1 of 2 files" in text["text"]
    assert "1 of 2 files" in text["markdown"]


# Any triples, and shapes that look at them by any way that is understood.
NODES = [f"ex:{name}" for name in "abcdef"]
WAYS = [f"ex:{name}" for name in "pqr"]
ANY_SHAPES = """
ex:S1 a sh:NodeShape ; sh:targetClass ex:C ;
    sh:property [ sh:path ( ex:p [ sh:inversePath ex:q ] ) ; sh:maxCount 1 ] ;
    sh:property [ sh:path ex:r ; sh:not [ sh:class ex:D ; sh:closed true ] ] .
ex:S2 a sh:NodeShape ; sh:targetSubjectsOf ex:p ;
    sh:or ( [ sh:path [ sh:zeroOrMorePath ex:r ] ; sh:hasValue ex:a ]
            [ sh:path ex:p ; sh:equals ex:q ] [ sh:property [ sh:path ex:q ; sh:node ex:S3 ] ] ) .
ex:S3 a sh:NodeShape ; sh:targetObjectsOf ex:r ;
    sh:not [ sh:path [ sh:alternativePath ( ex:p [ sh:inversePath ex:p ] ) ] ; sh:minCount 2 ] .
ex:S4 a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql ex:Q1 , ex:Q2 , ex:Q3 , ex:Q4 .
ex:Q1 a sh:SPARQLConstraint ; sh:prefixes ex: ; sh:select '''SELECT $this ?value {
    $this ex:p ?value . OPTIONAL { ?value ex:q ?o } ?o ex:r ?z
    FILTER NOT EXISTS { ?z ex:p* ?value } }''' .
ex:Q2 a sh:SPARQLConstraint ; sh:prefixes ex: ; sh:select '''SELECT $this ?value {
    { $this ex:p ?value } UNION { ?value ex:q ?x . ?x ex:r $this } ?value ?any ?y
    FILTER (?y != $this && EXISTS { { ?y ex:q ?w } UNION { ?w ex:q|^ex:r ?y } }) }''' .
ex:Q3 a sh:SPARQLConstraint ; sh:prefixes ex: ; sh:select '''SELECT $this ?value {
    { SELECT $this (COUNT(?o) AS ?n) { $this ex:p ?m . ?o ex:p ?m } GROUP BY $this }
    $this ex:q ?value . FILTER (?n > 1) }''' .
ex:Q4 a sh:SPARQLConstraint ; sh:prefixes ex: ; sh:select '''SELECT $this ?path ?value {
    BIND (ex:r AS ?path) ?value ?path $this . ?other ex:q ?value . ?other a ex:D
    { ?other ex:p ?z FILTER NOT EXISTS { ?value ex:r ?z } }
    FILTER (NOT EXISTS { ?other ?path ?late } || ?other = $this) }''' .
ex: sh:declare [ sh:prefix 'ex' ; sh:namespace 'http://example.org/' ] .
"""
TYPES = st.tuples(st.sampled_from(NODES), st.just("a"), st.sampled_from(["ex:C", "ex:D"]))
TRIPLES = TYPES | st.tuples(*map(st.sampled_from, (NODES, WAYS, NODES)))
FOLDERS = st.lists(st.sets(TRIPLES, max_size=3), min_size=4, max_size=4)
EDITS = st.lists(st.tuples(st.integers(0, 3), TRIPLES), min_size=1, max_size=8)
Line = tuple[str, str, str]


def check_history(
    root: Path, folders: Sequence[Iterable[Line]], edits: Sequence[tuple[int, Line]]
) -> None:
    """Compare results with memory to those without, after each triple is added or removed."""
    (root / "shapes.ttl").write_text(PREFIXES + ANY_SHAPES)
    request = ValidationRequest(
        data=[str(root / str(number)) for number in range(len(folders))],
        shapes=[str(root / "shapes.ttl")],
        check_shapes=False,
    )
    state, memory = [set(each) for each in folders], Memory()
    for changed, triple in [(0, ("ex:a", "a", "ex:C")), *edits]:
        state[changed] ^= {triple}
        for number, triples in enumerate(state):
            lines = (f"{' '.join(each)} .\n" for each in sorted(triples))
            (root / str(number)).mkdir(exist_ok=True)
            (root / str(number) / "data.ttl").write_text("".join([PREFIXES, *lines]))
        with_memory = findings(validate(replace(request, conformed=memory)))
        assert with_memory == findings(validate(request))


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(folders=FOLDERS, edits=EDITS)
def test_results_with_memory_equal_those_without(fast_engine: None, tmp_path: Path, folders, edits):
    check_history(tmp_path, folders, edits)


@pytest.mark.slow(reason="some hundred validations")
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(folders=FOLDERS, edits=EDITS)
def test_more_results_with_memory_equal_those_without(
    fast_engine: None, tmp_path: Path, folders, edits
):
    check_history(tmp_path, folders, edits)


@pytest.mark.slow(reason="some dozen validations by pySHACL")
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(folders=FOLDERS, edits=EDITS)
def test_results_of_pyshacl_with_memory_equal_those_without(tmp_path: Path, folders, edits):
    check_history(tmp_path, folders, edits)


@pytest.mark.slow(reason="validates the shipped data some twenty times")
def test_damage_to_shipped_data_is_found_as_without_memory(tmp_path: Path, fast_engine: None):
    resources, random = shipped(), Random(16)
    for file in resources.data():
        copy = tmp_path / os.path.relpath(file, resources.root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(Path(file).read_bytes())
    request = ValidationRequest(
        data=[str(tmp_path / "data")],
        defaults=validation_defaults(resources),
        # The engine cannot name the ontology's blank nodes.
        data_nodes_only=True,
        conformed=Memory(),
    )
    assert validate(request).conforms
    number = 0
    for damaged in random.sample(sorted(tmp_path.rglob("*.ttl")), 8):
        text = damaged.read_text()
        lines = text.splitlines(keepends=True)
        line = random.choice([each for each in lines if each.startswith("    ") and ";" in each])
        damaged.write_text(text.replace(line, "", 1))
        report = validate(request)
        assert findings(report) == findings(validate(replace(request, conformed=None)))
        number += len(report.findings)
        damaged.write_text(text)
    assert number
