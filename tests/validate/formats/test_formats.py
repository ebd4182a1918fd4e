"""All formats report the same findings, and each has its golden file."""

from pathlib import Path
from subprocess import run
from sys import executable

import pytest

from tests.validate.formats.reports import FULL, REPORTS
from tipgraph.errors import UsageError
from tipgraph.validate.formats import FORMATS, render, sarif
from tipgraph.validate.report import ValidationReport

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", REPORTS)
def test_report_equals_golden_file(monkeypatch, name, format):
    monkeypatch.setattr(sarif, "VERSION", "1.2.3")

    assert render(format, REPORTS[name]) == (GOLDEN / f"{name}.{format}").read_text("utf-8")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("limit", [None, 0, 1, 100])
def test_output_ends_with_one_line_end(format, limit):
    text = render(format, FULL, limit)

    assert text.rstrip("\n") + "\n" == text


def test_unknown_format_lists_known_formats():
    with pytest.raises(UsageError, match="'yaml'; use one of text, json, turtle, junit"):
        render("yaml", ValidationReport())


def test_format_module_is_imported_on_use():
    program = (
        "import sys; from tipgraph.validate.formats import render;"
        "from tipgraph.validate.report import ValidationReport;"
        "render('text', ValidationReport()); assert 'junitparser' not in sys.modules;"
        "render('junit', ValidationReport()); assert 'junitparser' in sys.modules"
    )

    assert run([executable, "-c", program], check=False).returncode == 0
