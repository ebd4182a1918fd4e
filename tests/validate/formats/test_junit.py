"""JUnit XML, parsed with a JUnit library."""

from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml

from tests.validate.formats.reports import EX, FINDINGS
from tipgraph.validate.formats import render
from tipgraph.validate.report import Diagnostic, Finding, Location, ValidationReport

# XML 1.0 allows no control characters and no non-characters.
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")


def read(report):
    return JUnitXml.fromstring(render("junit", report).encode())


def cases(report):
    return {(case.classname, case.name): case for suite in read(report) for case in suite}


def test_finding_below_fail_on_has_its_own_severity_by_name():
    finding = replace(FINDINGS[4], severity=EX + "Remark", message="A remark.")
    report = ValidationReport(findings=(finding,), fail_on="never", prefixes={"ex": EX})

    (case,) = cases(report).values()

    assert case.system_out.startswith("ex:Remark: A remark.")


def test_case_names_are_unique():
    findings = (FINDINGS[1], replace(FINDINGS[1], value='"few"'), FINDINGS[2])

    assert len(cases(ValidationReport(findings=findings))) == 3


@given(st.text(), st.text(), st.text(min_size=1))
def test_any_text_gives_valid_xml(name, message, file):
    location = Location(file, 1, 1, 1)
    finding = Finding("Violation", name, name, name, message, name, name, "", name, location)
    error = Diagnostic(name, message, location, name)
    text = render("junit", ValidationReport((finding,), (finding,), (error,), (file,)))

    ElementTree.fromstring(text.encode())
    (suite,) = JUnitXml.fromstring(text.encode())
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (3, 1, 1, 1)


@given(st.text(LETTERS), st.text(LETTERS, min_size=1))
def test_xml_text_round_trips(message, file):
    finding = replace(FINDINGS[1], message=message, location=Location(file, 5, 2, 3))

    (case,) = cases(ValidationReport(findings=(finding,))).values()

    assert (case.result[0].message or "") == " ".join(message.split())
    assert case.classname == " ".join(file.split())
