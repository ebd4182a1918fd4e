"""What all formats have in common, and the files that each is known by."""

from pathlib import Path
from subprocess import run
from sys import executable

import pytest

from tests.validation.formats.reports import FULL, REPORTS
from tipgraph.errors import UsageError
from tipgraph.validate.formats import FORMATS, render, sarif
from tipgraph.validate.report import Report

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("name", REPORTS)
def test_that_a_report_is_written_as_it_is_known(monkeypatch, name, style):
    monkeypatch.setattr(sarif, "VERSION", "1.2.3")

    assert render(style, REPORTS[name]) == (GOLDEN / f"{name}.{style}").read_text("utf-8")


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("most", [None, 0, 1, 100])
def test_that_what_is_written_ends_with_one_line_end(style, most):
    text = render(style, FULL, most)

    assert text.rstrip("\n") + "\n" == text


@pytest.mark.parametrize("style", FORMATS)
def test_that_more_findings_may_be_asked_for_than_there_are(style):
    assert render(style, FULL, len(FULL.findings)) == render(style, FULL)


def test_that_an_unknown_format_is_refused_with_those_that_there_are():
    with pytest.raises(UsageError, match="'yaml'; take one of text, json, turtle, junit"):
        render("yaml", Report())


def test_that_a_format_is_loaded_when_it_is_asked_for():
    program = (
        "import sys; from tipgraph.validate.formats import render;"
        "from tipgraph.validate.report import Report;"
        "render('text', Report()); assert 'junitparser' not in sys.modules;"
        "render('junit', Report()); assert 'junitparser' in sys.modules"
    )

    assert run([executable, "-c", program], check=False).returncode == 0
