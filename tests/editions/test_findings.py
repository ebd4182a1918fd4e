"""The result of a check as text, as JSON and in Python."""

from dataclasses import replace

import pytest

from tipgraph.editions.folder import CheckResult, Completeness, EditionFinding
from tipgraph.validate.report import Location

PARTIAL = Completeness(
    statements=3,
    figures=1,
    citations=2,
    sentences=0,
    covered=0,
    coverage="partial",
    text_checked=False,
)
COMPLETE = replace(PARTIAL, sentences=5, covered=4, coverage="complete", text_checked=True)
NOT_READ = "some files could not be read, so the checks that need them were left out"


def text(completeness: Completeness, *findings: EditionFinding) -> str:
    return CheckResult("tip-2021-be", findings, completeness).as_text()


@pytest.mark.parametrize(
    ("completeness", "summary"),
    [
        (PARTIAL, "3 statements (1 figure), 2 citations; no text is pinned, read in part"),
        (
            replace(PARTIAL, coverage="complete", text_checked=True),
            "3 statements (1 figure), 2 citations; no text is pinned, read in full",
        ),
        (
            replace(PARTIAL, statements=1, figures=0, citations=1),
            "1 statement, 1 citation; no text is pinned, read in part",
        ),
        (
            COMPLETE,
            "3 statements (1 figure), 2 citations; 4 of 5 sentences covered, read in full",
        ),
        (
            replace(COMPLETE, figures=2, coverage="partial", text_checked=False),
            "3 statements (2 figures), 2 citations; 4 of 5 sentences covered, read in part;"
            " quotes not compared with the text (use --text FILE)",
        ),
    ],
)
def test_summary_states_what_was_read_and_checked(completeness: Completeness, summary: str) -> None:
    assert text(completeness) == f"tip-2021-be: no findings; {summary}\n"


@pytest.mark.parametrize(
    ("kind", "is_readable"),
    [
        ("syntax", False),
        ("unreadable", False),
        ("shape", True),
        ("table", True),
    ],
)
def test_result_is_readable_unless_a_file_could_not_be_read(kind: str, is_readable: bool) -> None:
    other = EditionFinding("a.ttl", 1, 1, "style", "a message")
    finding = EditionFinding("b.ttl", 2, 1, kind, "a message")
    result = CheckResult("tip-2021-be", (other, finding), PARTIAL)

    assert result.as_dict()["readable"] is result.readable is is_readable
    assert result.as_text().endswith("read in part\n" if is_readable else f"; {NOT_READ}\n")
    assert "2 findings" in result.as_text()


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Location("a.ttl", 3, 7), "a.ttl:3:7"),
        (Location("a.ttl"), "a.ttl"),
    ],
)
def test_finding_is_one_line_with_place_and_kind(place: Location, shown: str) -> None:
    finding = EditionFinding.at(place, "style", "two\n  lines")

    assert text(PARTIAL, finding) == (
        f"{shown}: style: two lines\n"
        "tip-2021-be: 1 finding; 3 statements (1 figure), 2 citations; no text is pinned, read in"
        " part\n"
    )
