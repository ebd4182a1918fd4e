"""JUnit XML, read with a reader of it."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml

from tests.validation.formats.reports import FINDINGS, FULL
from tipgraph.validate.formats import render
from tipgraph.validate.report import Fault, Finding, Place, Report

# XML 1.0 has no control characters and no non-characters.
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")


def read(report, most=None):
    return JUnitXml.fromstring(render("junit", report, most).encode())


def cases(report, most=None):
    return {(case.classname, case.name): case for suite in read(report, most) for case in suite}


def test_that_what_is_counted_is_what_failed():
    suites = read(FULL)

    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == (11, 4, 2, 1)


def test_that_each_file_is_a_suite():
    assert {*FULL.files, "data/broken, 100%.ttl"} <= {suite.name for suite in read(FULL)}


def test_that_a_file_without_findings_has_a_case_that_passes():
    found = cases(FULL)

    assert found["data/towns.ttl", "conforms"].is_passed
    assert [file for file, name in found if name == "conforms"] == ["data/towns.ttl"]


def test_that_a_finding_below_what_fails_passes_and_tells():
    case = cases(FULL)["data/shelters.ttl", "ex:LabelShape ex:star rdfs:label"]

    assert case.is_passed
    assert case.system_out.startswith("warning: A label is a name")


def test_that_a_known_finding_is_skipped():
    case = cases(FULL)["data/old shelters.ttl", "ex:ShelterShape-beds ex:old ex:beds"]

    assert [result.message for result in case.result] == ["known in the baseline"]
    assert case.is_skipped


def test_that_findings_of_one_name_are_told_apart():
    findings = (FINDINGS[1], replace(FINDINGS[1], value='"few"'), FINDINGS[2])

    assert len(cases(Report(findings=findings))) == 3


@pytest.mark.parametrize("most", range(len(FINDINGS) + 1))
def test_that_no_suite_passes_as_its_failures_are_left_out(most):
    def failing(suites):
        return {suite.name for suite in suites if suite.failures}

    assert failing(read(FULL, most)) == failing(read(FULL))


def test_that_findings_that_are_left_out_do_not_fail_unless_they_would():
    report = Report(findings=FINDINGS[3:5], files=("data/shelters.ttl",))

    (case,) = cases(report, 0).values()

    assert (case.is_passed, case.system_out) == (True, "… and 2 more findings")


@settings(deadline=None)
@given(st.text(), st.text(), st.text(min_size=1))
def test_that_any_text_is_read(name, message, file):
    place = Place(file, 1, 1, 1)
    finding = Finding("Violation", name, name, name, message, name, name, "", name, place)
    fault = Fault(name, message, place, name)
    text = render("junit", Report((finding,), (finding,), (fault,), (file,)))

    ElementTree.fromstring(text.encode())
    (suite,) = JUnitXml.fromstring(text.encode())
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (3, 1, 1, 1)


@settings(deadline=None)
@given(st.text(LETTERS), st.text(LETTERS, min_size=1))
def test_that_what_xml_can_hold_comes_through(message, file):
    finding = replace(FINDINGS[1], message=message, place=Place(file, 5, 2, 3))

    (case,) = cases(Report(findings=(finding,))).values()

    assert (case.result[0].message or "") == " ".join(message.split())
    assert case.classname == " ".join(file.split())
