"""The report for people: what is marked in the source, and what the last lines say."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validation.formats.reports import EX, FINDINGS, FULL, WARNED
from tipgraph.validate.formats import render
from tipgraph.validate.formats.text import excerpt
from tipgraph.validate.report import Fault, Place, Report

WRITTEN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]) | st.sampled_from("\t "))
STRETCHES = WRITTEN.filter(lambda text: text and text == text.strip())
GUTTER = len("    7 | ")


def marked(place):
    """The source as it is shown, and what of it stands above the marks."""
    _, source, marks = (line[GUTTER:] for line in excerpt(place))
    return source, "".join(
        letter for letter, mark in zip(source, marks, strict=False) if mark == "^"
    )


@given(before=WRITTEN, stretch=STRETCHES, after=WRITTEN)
def test_that_the_stretch_is_marked(before, stretch, after):
    line = (before + stretch + after)[:120]
    column = len(before) + 1

    source, shown = marked(Place("a.ttl", 7, column, column + len(stretch), line))

    assert source == line.rstrip()
    assert shown == line[column - 1 :][: len(stretch)]


@given(before=WRITTEN)
def test_that_a_tab_before_the_stretch_stands_above_a_tab(before):
    column = len(before) + 1

    _, source, marks = excerpt(Place("a.ttl", 7, column, column + 1, before + "x"))

    tabs = [place for place, letter in enumerate(marks) if letter == "\t"]
    assert tabs == [place for place, letter in enumerate(source) if letter == "\t"]


@pytest.mark.parametrize("column", [1, 39, 41, 500, 9_998])
def test_that_a_long_line_is_shown_around_the_stretch(column):
    line = "".join(chr(0x4E00 + place) for place in range(10_000))

    source, shown = marked(Place("a.ttl", 7, column, column + 3, line))

    assert len(source) <= 120
    assert shown == line[column - 1 : column + 2]
    assert source.startswith("…") == (column > 40)
    assert source.endswith("…") == (column < 9_900)


def test_that_a_stretch_beyond_the_line_is_marked_at_its_end():
    assert excerpt(Place("a.ttl", 7, 5, 9, "ex:a"))[2] == "      |     ^"


def test_that_there_is_no_excerpt_of_a_place_without_a_line():
    assert excerpt(Place("a.jsonld")) == []
    assert excerpt(Place("a.ttl", 7, 1, 1, "  ")) == []


def test_that_nothing_in_the_data_commands_the_terminal():
    finding = replace(
        FINDINGS[1], message="\x1b[2J gone", value='"\x9b"', place=Place("a", 1, 1, 2, "\x1b]0;")
    )

    text = render("text", Report(findings=(finding,)))

    assert finding.place
    assert "␛]0;" in excerpt(finding.place)[1]
    assert "␛[2J gone" in text
    assert not any(letter < " " or "\x7f" <= letter < "\xa0" for letter in text if letter != "\n")


def test_that_long_values_are_cut():
    finding = replace(FINDINGS[1], value='"' + "many " * 100 + '"')

    (value,) = re.findall("value (.*)", render("text", Report(findings=(finding,))))

    assert len(value) == 80
    assert value.endswith("many man…")


def test_that_the_gravest_are_shown_in_the_order_of_the_files():
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


def test_that_of_many_idle_shapes_a_few_are_named():
    shapes = {f"{EX}Shape{number}": 0 for number in range(8)}

    text = render("text", Report(shapes=shapes, prefixes={"ex": EX}))

    assert text.startswith(
        "note: 8 shapes found nothing to check: ex:Shape0, ex:Shape1, ex:Shape2, ex:Shape3,"
        " ex:Shape4, … and 3 more\n\nconforms (8 shapes, 0 nodes)"
    )


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (Report(), "conforms (0 shapes, 0 nodes)"),
        (Report(files=("a",), shapes={EX: 1}, focus_nodes=1), "conforms (1 shape, 1 node, 1 file)"),
        (replace(WARNED, fail_on="violation"), "conforms: 1 warning (1 shape, 1 node, 1 file)"),
        (WARNED, "conforms: 1 warning (1 shape, 1 node, 1 file; with --fail-on warning it fails)"),
        (
            Report(findings=FINDINGS[1:3], fail_on="never"),
            "does not conform: 2 violations (0 shapes, 0 nodes; with --fail-on never it passes)",
        ),
        (
            Report(faults=(Fault("endpoint", "it refuses"),), fail_on="never"),
            "not validated: 1 fault",
        ),
    ],
)
def test_that_the_last_line_gives_the_verdict(report, verdict):
    assert render("text", report).splitlines()[-1] == verdict


def test_that_faults_are_counted_and_left_to_standard_error():
    text = render("text", FULL)

    assert "2 faults" in text
    assert "expected" not in text
