"""Workflow commands, read as GitHub's runner reads them."""

import re
from dataclasses import replace
from os.path import abspath

from hypothesis import given
from hypothesis import strategies as st

from tests.validation.formats.reports import EX, FINDINGS, FULL
from tipgraph.validate.formats import render
from tipgraph.validate.report import Fault, Finding, Place, Report

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
def test_that_any_text_comes_through(message, name, file):
    place = Place(file, 3, 5, 8)
    finding = Finding("Warning", "", "", "", message, EX + name, "", place=place)

    ((level, told, data),) = commands(render("github", Report(findings=(finding,))))

    assert (level, data) == ("warning", message)
    # A path may be told by a shorter one.
    assert abspath(told["file"]) == abspath(file)
    assert told == {
        "file": told["file"],
        "line": "3",
        "col": "5",
        "endColumn": "8",
        "title": EX + name,
    }


@given(message=st.text(min_size=1), kind=st.text(), hint=st.text(min_size=1))
def test_that_faults_are_errors(message, kind, hint):
    report = Report(faults=(Fault(kind, message, None, hint),))

    assert commands(render("github", report)) == [
        ("error", {"title": kind}, f"{message}\nhelp: {hint}")
    ]


def test_that_errors_come_first():
    levels = [level for level, _, _ in commands(render("github", FULL))]

    assert levels == ["error"] * 6 + ["warning"] * 2 + ["notice"] * 3


def test_that_nothing_is_written_where_there_is_nothing_to_say():
    assert render("github", Report(files=("a.ttl",))) == ""


def test_that_a_file_is_named_from_the_folder_of_the_run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    places = [Place(str(tmp_path / "data" / "a.ttl")), Place("/elsewhere/b.ttl"), Place("c.ttl")]
    report = Report(findings=tuple(replace(FINDINGS[1], place=place) for place in places))

    files = [told["file"] for _, told, _ in commands(render("github", report))]

    assert files == ["data/a.ttl", "/elsewhere/b.ttl", "c.ttl"]


def test_that_what_is_left_out_is_told():
    notices = [data for level, _, data in commands(render("github", FULL, 1)) if level == "notice"]

    assert notices[0] == "… and 6 more findings"
    assert notices[1].startswith("2 shapes found nothing to check")
