"""The text report: the marked range of the source line, and the last lines."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validate.formats.reports import EX, FINDINGS, FULL, WARNED
from tipgraph.validate.formats import render
from tipgraph.validate.formats.text import excerpt
from tipgraph.validate.report import Diagnostic, Location, ValidationReport

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]) | st.sampled_from("\t "))
RANGES = TEXT.filter(lambda text: text and text == text.strip())
GUTTER = len("    7 | ")


def marked(location):
    """The source line as shown, and the part of it above the carets."""
    _, source, marks = (line[GUTTER:] for line in excerpt(location))
    return source, "".join(
        letter for letter, mark in zip(source, marks, strict=False) if mark == "^"
    )


@given(before=TEXT, excerpted=RANGES, after=TEXT)
def test_carets_mark_the_range(before, excerpted, after):
    line = (before + excerpted + after)[:120]
    column = len(before) + 1

    source, shown = marked(Location("a.ttl", 7, column, column + len(excerpted), line))

    assert source == line.rstrip()
    assert shown == line[column - 1 :][: len(excerpted)]


@given(before=TEXT)
def test_tabs_before_the_range_are_kept(before):
    column = len(before) + 1

    _, source, marks = excerpt(Location("a.ttl", 7, column, column + 1, before + "x"))

    tabs = [index for index, letter in enumerate(marks) if letter == "\t"]
    assert tabs == [index for index, letter in enumerate(source) if letter == "\t"]


@pytest.mark.parametrize("column", [1, 39, 41, 500, 9_998])
def test_long_line_is_shown_around_the_range(column):
    line = "".join(chr(0x4E00 + index) for index in range(10_000))

    source, shown = marked(Location("a.ttl", 7, column, column + 3, line))

    assert len(source) <= 120
    assert shown == line[column - 1 : column + 2]
    assert source.startswith("…") == (column > 40)
    assert source.endswith("…") == (column < 9_900)


def test_range_beyond_line_is_marked_to_its_end():
    assert excerpt(Location("a.ttl", 7, 5, 9, "ex:a"))[2] == "      |     ^"
    assert excerpt(Location("a.ttl", 7, 2, 99, "ex:a"))[2] == "      |  ^^^"


@pytest.mark.parametrize(
    ("length", "column", "shown"),
    [
        (120, 1, "x" * 120),
        (121, 1, "x" * 119 + "…"),
        (160, 80, "…" + "x" * 119),
        (161, 80, "…" + "x" * 118 + "…"),
    ],
)
def test_only_what_is_left_out_has_an_ellipsis(length, column, shown):
    source, _ = marked(Location("a.ttl", 7, column, column + 1, "x" * length))

    assert source == shown


def test_location_without_line_has_no_excerpt():
    assert excerpt(Location("a.jsonld")) == []
    assert excerpt(Location("a.ttl", 7, 1, 1, "  ")) == []


def test_control_characters_are_replaced():
    finding = replace(
        FINDINGS[1],
        message="\x1b[2J gone",
        value='"\x9b"',
        location=Location("a", 1, 1, 2, "\x1b]0;"),
    )

    text = render("text", ValidationReport(findings=(finding,)))

    assert finding.location
    assert "␛]0;" in excerpt(finding.location)[1]
    assert "␛[2J gone" in text
    assert not any(letter < " " or "\x7f" <= letter < "\xa0" for letter in text if letter != "\n")


def test_long_values_are_truncated():
    finding = replace(FINDINGS[1], value='"' + "many " * 100 + '"')

    (value,) = re.findall("value (.*)", render("text", ValidationReport(findings=(finding,))))

    assert len(value) == 80
    assert value.endswith("many man…")


def test_limit_keeps_most_severe_in_file_order():
    lines = render("text", FULL, 3).splitlines()

    assert [
        line.split(": ")[0] for line in lines if ": violation: " in line or "Urgent: " in line
    ] == [
        "data/compass.jsonld",
        "data/shelters.ttl:7:10",
        "data/shelters.ttl:7:10",
    ]
    assert "… and 4 more findings" in lines
    assert lines[-1] == render("text", FULL).splitlines()[-1]


@pytest.mark.parametrize(
    ("number", "note"),
    [
        (1, "1 shape has no focus nodes: ex:Shape0"),
        (5, "5 shapes have no focus nodes: ex:Shape0, ex:Shape1, ex:Shape2, ex:Shape3, ex:Shape4"),
        (
            8,
            "8 shapes have no focus nodes: ex:Shape0, ex:Shape1, ex:Shape2, ex:Shape3, ex:Shape4,"
            " … and 3 more",
        ),
    ],
)
def test_note_names_up_to_five_shapes_without_focus_nodes(number, note):
    shapes = {f"{EX}Shape{index}": 0 for index in range(number)}

    text = render("text", ValidationReport(shapes=shapes, prefixes={"ex": EX}))

    assert text == f"note: {note}\n\nconforms ({number} shape{'s'[: number - 1]}, 0 nodes)\n"


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (ValidationReport(), "conforms (0 shapes, 0 nodes)"),
        (
            ValidationReport(files=("a",), shapes={EX: 1}, focus_nodes=1),
            "conforms (1 shape, 1 node, 1 file)",
        ),
        (replace(WARNED, fail_on="violation"), "conforms: 1 warning (1 shape, 1 node, 1 file)"),
        (WARNED, "conforms: 1 warning (1 shape, 1 node, 1 file; fails with --fail-on warning)"),
        (
            ValidationReport(findings=FINDINGS[1:3], fail_on="never"),
            "does not conform: 2 violations (0 shapes, 0 nodes; passes with --fail-on never)",
        ),
        (
            ValidationReport(
                errors=(Diagnostic("endpoint", "connection refused"),), fail_on="never"
            ),
            "not validated: 1 error",
        ),
        (
            ValidationReport(findings=FINDINGS[:1] * 2, prefixes={"ex": EX}),
            "does not conform: 2 ex:Urgent (0 shapes, 0 nodes)",
        ),
        (
            ValidationReport(shapes={EX: 1}, shapes_only=True),
            "the shapes are usable (1 shape)",
        ),
        (
            ValidationReport(
                shapes={EX: 1}, shapes_only=True, errors=(Diagnostic("syntax", "no list"),)
            ),
            "the shapes are not usable: 1 error (1 shape)",
        ),
    ],
)
def test_last_line_is_the_verdict(report, verdict):
    assert render("text", report).splitlines()[-1] == verdict
