"""Workflow commands, parsed as GitHub's runner parses them."""

import re
from dataclasses import replace
from os.path import abspath

from hypothesis import given
from hypothesis import strategies as st

from tests.validate.formats.reports import EX, FINDINGS, FULL
from tipgraph.validate.formats import render
from tipgraph.validate.report import Diagnostic, Finding, Location, ValidationReport

COMMAND = re.compile("::(?P<level>[a-z]+) (?P<properties>[^:]*)::(?P<data>[^\r\n]*)\n")
DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}
PROPERTY = {"%3A": ":", "%2C": ","} | DATA


def commands(text):
    found = list(COMMAND.finditer(text))
    assert "".join(command[0] for command in found) == text
    return [
        (each["level"], properties(each["properties"]), unescaped(each["data"], DATA))
        for each in found
    ]


def properties(text):
    pairs = (pair.split("=", 1) for pair in text.split(","))
    return {key: unescaped(value, PROPERTY) for key, value in pairs}


def unescaped(text, escapes):
    return re.sub("%[0-9A-F]{2}", lambda found: escapes[found[0]], text)


@given(message=st.text(min_size=1), name=st.text(), file=st.text(min_size=1))
def test_any_text_round_trips(message, name, file):
    location = Location(file, 3, 5, 8)
    finding = Finding("Warning", "", "", "", message, EX + name, "", location=location)

    ((level, values, data),) = commands(render("github", ValidationReport(findings=(finding,))))

    assert (level, data) == ("warning", message)
    # The path may be shortened.
    assert abspath(values["file"]) == abspath(file)
    assert values == {
        "file": values["file"],
        "line": "3",
        "col": "5",
        "endColumn": "8",
        "title": EX + name,
    }


@given(message=st.text(min_size=1), kind=st.text(), hint=st.text(min_size=1))
def test_errors_have_level_error(message, kind, hint):
    report = ValidationReport(errors=(Diagnostic(kind, message, None, hint),))

    assert commands(render("github", report)) == [
        ("error", {"title": kind}, f"{message}\nhelp: {hint}")
    ]


def test_file_is_relative_to_working_directory(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    locations = [
        Location(str(tmp_path / "data" / "a.ttl")),
        Location("/elsewhere/b.ttl"),
        Location("c.ttl"),
    ]
    report = ValidationReport(
        findings=tuple(replace(FINDINGS[1], location=location) for location in locations)
    )

    files = [values["file"] for _, values, _ in commands(render("github", report))]

    assert files == ["data/a.ttl", "/elsewhere/b.ttl", "c.ttl"]


def test_omitted_findings_are_counted():
    notices = [data for level, _, data in commands(render("github", FULL, 1)) if level == "notice"]

    assert notices[0] == "… and 6 more findings"
    assert notices[1].startswith("2 shapes have no focus nodes")
