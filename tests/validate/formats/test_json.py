"""The JSON report."""

from dataclasses import fields
from json import loads

from tests.validate.formats.reports import FULL, WARNED
from tipgraph.validate.formats import render
from tipgraph.validate.report import Diagnostic, Finding


def names(class_):
    return {field.name for field in fields(class_)} - {"location", "triples"} | {
        "file",
        "line",
        "column",
        "end_column",
    }


def test_findings_and_errors_have_all_fields():
    report = loads(render("json", FULL))

    assert all(set(finding) == names(Finding) for finding in report["findings"])
    warnings = loads(render("json", WARNED))["warnings"]
    fields = names(Diagnostic) - {"is_warning", "occurrences"}
    assert all(set(each) == fields for each in [*report["errors"], *warnings])


def test_limit_leaves_nothing_out():
    assert render("json", FULL, 1) == render("json", FULL)
