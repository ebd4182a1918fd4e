"""Severities that fail, baselines, and limits of output."""

import json
import os
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from tests.conftest import Run
from tests.validate.conftest import Write

INVALID = """\
ex:a a ex:Human .
ex:b a ex:Human ; ex:name "B" ; ex:nick "one" , "two" .
"""


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ('ex:a a ex:Human ; ex:name "A" .', {"violation": 0, "warning": 0, "info": 0, "never": 0}),
        (
            'ex:a a ex:Human ; ex:name "A" ; ex:nick 1 , 2 .',
            {"violation": 0, "warning": 1, "info": 1, "never": 0},
        ),
        ("ex:a a ex:Human .", {"violation": 1, "warning": 1, "info": 1, "never": 0}),
    ],
)
def test_fail_on_compares_severity_of_each_finding(shapes, write, run, data, codes):
    write("data.ttl", data)

    found = {
        least: run("validate", "data.ttl", "--shapes", shapes, "--fail-on", least).code
        for least in codes
    }

    assert found == codes


def test_violation_in_property_of_warning_shape_fails(write: Write, run: Run) -> None:
    """The severity of the property shape counts, not that of the shape around it."""
    write("data.ttl", "ex:a a ex:Human .")
    write(
        "shapes.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:severity sh:Warning ;"
        " sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:severity sh:Violation ] .",
    )

    assert run("validate", "data.ttl", "--shapes", "shapes.ttl").code == 1


def test_fail_on_never_still_fails_on_errors(shapes: Path, write: Write, run: Run) -> None:
    write("data.ttl", INVALID)

    outcome = run("validate", "data.ttl", "none.ttl", "--shapes", shapes, "--fail-on", "never")

    assert outcome.code == 3


def test_baseline_lets_only_new_findings_fail(shapes: Path, write: Write, run: Run) -> None:
    options = ("--shapes", shapes, "--baseline", "known.json")
    write("data.ttl", INVALID)

    first = run("validate", "data.ttl", *options)
    second = run("validate", "data.ttl", *options)
    write("data.ttl", "# a line more\n\n" + INVALID + "ex:c a ex:Human .\n")
    third = run("validate", "data.ttl", *options, "--format", "json")
    write("data.ttl", 'ex:a a ex:Human ; ex:name "A" .\n')
    fourth = run("validate", "data.ttl", *options)

    assert [each.code for each in (first, second, third, fourth)] == [1, 0, 1, 0]
    assert "recorded 2 findings; only new ones fail from now on" in first.err
    assert "conforms" in second.out
    assert "the baseline contains 2 known findings" in second.out
    (new,) = json.loads(third.out)["findings"]
    assert (new["focus_node"], new["line"]) == ("http://example.org/c", 8)
    assert "2 recorded findings no longer occur" in fourth.err


# The path leads to the node itself.
SELF = "sh:path [ sh:zeroOrOnePath ex:q ]"


@pytest.mark.parametrize(
    "constraint",
    [
        "sh:property [ sh:path ex:p ; sh:hasValue {} ]",
        'sh:sparql [ sh:select "SELECT $this {{ FILTER NOT EXISTS {{ $this ?p {} }} }}" ]',
        f"sh:property [ {SELF} ; sh:node [ sh:property [ sh:path ex:p ; sh:hasValue {{}} ] ] ]",
        f"sh:property [ {SELF} ; sh:qualifiedMinCount 1 ;"
        " sh:qualifiedValueShape [ sh:property [ sh:path ex:p ; sh:hasValue {} ] ] ]",
        f"sh:property [ {SELF} ; ex:has {{}} ]",
    ],
)
def test_finding_of_another_constraint_of_the_shape_is_new(constraint, write, run):
    both = " ; ".join(map(constraint.format, (1, 2)))
    component = """<http://example.org/#C> a sh:ConstraintComponent ;
        sh:parameter [ sh:path ex:has ] ;
        sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { $value ?p $has }" ] ."""
    shape = f"ex:S a sh:NodeShape ; sh:targetClass ex:A ; {both} ."
    shapes = write("shapes.ttl", f"{component} {shape}")

    def validated(value):
        write("data.ttl", f"ex:a a ex:A ; ex:p {value} .")
        options = ("--shapes", shapes, "--baseline", "known.json")
        return run("validate", "data.ttl", *options).code

    assert [validated(value) for value in (1, 1, 2)] == [1, 0, 1]


@pytest.mark.parametrize("syntax", [RdfFormat.TURTLE, RdfFormat.RDF_XML])
def test_baseline_identifies_blank_nodes_by_description(syntax, shapes, write, run):
    options = ("--shapes", shapes, "--baseline", "known.json")

    def validated(turtle):
        file = write("data.ttl", turtle)
        data = file.with_suffix(f".{syntax.file_extension}")
        serialize([*parse(path=file)], data, format=syntax)
        return run("validate", data, *options).code

    validated("[] a ex:Human ; ex:age 7 .\n")
    moved = validated('[] a ex:Human ; ex:name "New" .\n[] a ex:Human ; ex:age 7 .\n')
    another = validated("[] a ex:Human ; ex:age 7 .\n[] a ex:Human ; ex:age 8 .\n")
    twin = validated("[] a ex:Human ; ex:age 7 .\n[] a ex:Human ; ex:age 7 .\n")

    assert (moved, another, twin) == (0, 1, 1)


def test_known_finding_with_other_severity_is_new(shapes: Path, write: Write, run: Run) -> None:
    options = ("--shapes", shapes, "--baseline", "known.json")
    write("data.ttl", 'ex:b a ex:Human ; ex:name "B" ; ex:nick "one" , "two" .')
    run("validate", "data.ttl", *options)

    before = run("validate", "data.ttl", *options)
    shapes.write_text(shapes.read_text().replace("sh:Warning", "sh:Violation"))
    after = run("validate", "data.ttl", *options)

    assert (before.code, after.code) == (0, 1)


def test_incomplete_validation_records_no_baseline(shapes, write, run, folder):
    write("data.ttl", INVALID)

    outcome = run("validate", "data.ttl", "none.ttl", "--shapes", shapes, "--baseline", "k.json")

    assert outcome.code == 3
    assert "not recorded" in outcome.err
    assert not (folder / "k.json").exists()


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "[" * 100_000, '{"tipgraph_baseline": 9, "findings": []}']
)
def test_invalid_baseline_is_an_error(shapes, write, run, folder, content):
    write("data.ttl", INVALID)
    (folder / "known.json").write_text(content)

    outcome = run("validate", "data.ttl", "--shapes", shapes, "--baseline", "known.json")

    assert (outcome.code, outcome.out) == (3, "")
    assert "known.json: not a baseline" in outcome.err
    assert (folder / "known.json").read_text() == content


def test_max_limits_output_but_not_verdict(shapes, write, run, folder):
    write("data.ttl", INVALID + "ex:c a ex:Human .\n")

    outcome = run(
        "validate", "data.ttl", "--shapes", shapes, "--max", 0,
        "--output", "json=all.json", "--output", "sarif=all.sarif",
    )  # fmt: skip

    assert outcome.code == 1
    assert "data.ttl:" not in outcome.out
    assert "2 violations, 1 warning" in outcome.out
    assert len(json.loads((folder / "all.json").read_text())["findings"]) == 3
    assert len(json.loads((folder / "all.sarif").read_text())["runs"][0]["results"]) == 3


def test_github_format_writes_annotations_and_summary(shapes, write, run, folder, monkeypatch):
    write("data.ttl", INVALID)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    (folder / "summary.md").write_text("# Before\n")

    outcome = run("validate", "data.ttl", "--shapes", shapes, "--format", "github")

    assert outcome.out.startswith("::error file=data.ttl,line=4,col=1,")
    summary = (folder / "summary.md").read_text()
    assert summary.startswith("# Before\n")
    assert "Give a name." in summary


def test_summary_names_a_file_whose_name_is_no_utf_8(shapes, write, run, folder, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    (folder / "own").mkdir()
    write(os.fsdecode(b"own/\xff.ttl"), INVALID)

    assert run("validate", "own", "--shapes", shapes, "--format", "github").code == 1

    assert r"own/\udcff.ttl" in (folder / "summary.md").read_text()


def test_unwritable_report_is_an_error(shapes: Path, write: Write, run: Run, folder: Path) -> None:
    write("data.ttl", INVALID)

    outcome = run("validate", "data.ttl", "--shapes", shapes, "--output", "json=no/where.json")

    assert (outcome.code, outcome.out) == (3, "")
    assert len(outcome.err.splitlines()) == 1
