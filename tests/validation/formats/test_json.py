"""The report for programs."""

from dataclasses import fields
from json import loads

from tests.validation.formats.reports import FULL, KNOWN
from tipgraph.validate.formats import render
from tipgraph.validate.report import Fault, Finding


def names(kind):
    return {field.name for field in fields(kind)} - {"place"} | {"file", "line", "column", "end"}


def test_that_all_of_a_finding_and_of_a_fault_is_there():
    report = loads(render("json", FULL))

    assert all(set(finding) == names(Finding) for finding in report["findings"])
    assert all(set(fault) == names(Fault) for fault in report["faults"])


def test_that_what_is_not_known_of_a_place_is_null():
    report = loads(render("json", FULL))

    places = {
        (each["file"], each["line"], each["column"], each["end"]) for each in report["findings"]
    }
    assert {
        ("data/shelters.ttl", 7, 10, 16),
        ("data/compass.jsonld", None, None, None),
        (None, None, None, None),
    } < places


def test_that_shortening_leaves_verdict_counts_and_known_findings():
    whole, short = loads(render("json", FULL)), loads(render("json", FULL, 2))

    assert short == whole | {"findings": short["findings"], "more": 5}
    assert [finding["severity"][-9:] for finding in short["findings"]] == ["rg/Urgent", "Violation"]
    assert [finding["fingerprint"] for finding in short["known"]] == [KNOWN.fingerprint]
