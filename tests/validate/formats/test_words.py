"""The words of a finding of the shipped shapes, complete, in each format."""

from dataclasses import replace
from pathlib import Path

import pytest

from tipgraph.graph import validation_defaults
from tipgraph.resources.folders import shipped
from tipgraph.validate import ValidationReport, ValidationRequest, validate
from tipgraph.validate.formats import FORMATS, render, sarif

GOLDEN = Path(__file__).with_name("golden")
PERIOD = """\
@prefix id:   <https://w3id.org/tipgraph/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix tip:  <https://w3id.org/tipgraph/ns#> .
@prefix xsd:  <http://www.w3.org/2001/XMLSchema#> .

id:2031
    a          tip:Period ;
    rdfs:label "2031" ;
    tip:start  "2031-01-01T00:00:00Z"^^xsd:dateTime ;
    tip:end    "2032-12-31T23:59:59Z"^^xsd:dateTime .
"""


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ValidationReport:
    """The report on a period with one fault, without the other shapes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sarif, "VERSION", "1.2.3")
    Path("period.ttl").write_text(PERIOD, encoding="utf-8")
    defaults = validation_defaults(shipped())

    found = validate(ValidationRequest(["period.ttl"], defaults=replace(defaults, data=())))

    (finding,) = found.findings
    name = {finding.shape: found.shape_names[finding.shape]}
    return replace(found, shapes={finding.shape: 1}, shape_names=name)


def test_words_of_a_finding_are_those_of_the_golden_files(report: ValidationReport) -> None:
    for format in FORMATS:
        assert render(format, report) == (GOLDEN / f"period.{format}").read_text("utf-8")
