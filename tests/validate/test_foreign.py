"""Shapes as other projects write them: the same results as pySHACL alone, at the right lines.

The folders in `tests/fixtures/foreign` are ours, each with the constructions of one kind of
published shapes. `# errors:` and `# warnings:` name what the checks of the shapes find, and
`# ←` the constraint components of the findings at a line.
"""

import re
from collections import Counter
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import BlankNode
from rdflib import RDF, SH

from tipgraph.validate import ValidationReport, ValidationRequest, validate

FOREIGN = Path(__file__).parents[1] / "fixtures" / "foreign"
FOLDERS = sorted(each for each in FOREIGN.iterdir() if each.is_dir())
MARK = re.compile(r"  # ← (.+)$")
# Focus node, path, value, component and severity; blank nodes have no name.
PROPERTIES = (
    *(SH.focusNode, SH.resultPath, SH.value),
    *(SH.sourceConstraintComponent, SH.resultSeverity),
)
Results = Counter[tuple[str, ...]]


def shapes_file(folder: Path) -> Path:
    (file,) = folder.glob("shapes.*")
    return file


def names(folder: Path, kind: str) -> list[str]:
    """The checks that the file does not pass, as its first lines state."""
    text = shapes_file(folder).read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if line.startswith(f"# {kind}:"))
    return line.partition(":")[2].split()


def marks(file: Path) -> set[tuple[int, str]]:
    return {
        (number, component)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for mark in MARK.findall(line)
        for component in mark.split(", ")
    }


def direct_results(folder: Path) -> Results:
    """The results of pySHACL on graphs that rdflib reads."""
    data, shapes = rdflib.Graph(), rdflib.Graph()
    data.parse(folder / "data.ttl", format="turtle")
    shapes.parse(shapes_file(folder), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, inference="none")
    assert isinstance(report, rdflib.Graph)
    return results_of(report)


def results_of(report: rdflib.Graph) -> Results:
    """The results in a report of pySHACL."""
    found: Results = Counter()
    for head in report.subjects(RDF.type, SH.ValidationReport):
        for result in report.objects(head, SH.result):
            values = (report.value(result, each) for each in PROPERTIES)
            found[
                tuple("_" if isinstance(each, rdflib.BNode) else str(each) for each in values)
            ] += 1
    return found


def own_results(report: ValidationReport) -> Results:
    """The results in the triples of the findings."""
    found: Results = Counter()
    for finding in report.findings:
        result = finding.triples[0].subject
        terms = {
            each.predicate.value: each.object for each in finding.triples if each.subject == result
        }
        values = (terms.get(str(each)) for each in PROPERTIES)
        found[
            tuple(
                "_" if isinstance(each, BlankNode) else str(getattr(each, "value", each))
                for each in values
            )
        ] += 1
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_results_are_those_of_pyshacl_at_the_right_lines(folder: Path) -> None:
    request = ValidationRequest(
        data=[str(folder / "data.ttl")],
        shapes=[str(shapes_file(folder))],
        ignore=names(folder, "errors"),
        jobs=1,
    )

    report = validate(request)

    assert not report.errors
    assert own_results(report) == direct_results(folder) != Counter()
    found = {
        (
            each.location.line,
            each.component.removeprefix(str(SH)).removesuffix("ConstraintComponent"),
        )
        for each in report.findings
        if each.location
    }
    assert found == marks(folder / "data.ttl")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_checks_of_the_shapes_are_named(folder: Path) -> None:
    report = validate(ValidationRequest(shapes=[str(shapes_file(folder))], shapes_only=True))

    assert sorted(each.code for each in report.errors) == sorted(names(folder, "errors"))
    assert {each.code for each in report.warnings} == set(names(folder, "warnings"))
