"""The explanations of a review: where periods come from, and which sentences have no row."""

from pathlib import Path

import pytest

import tipgraph
from draft.tests.drafted import FOLDER, make_draft
from tipgraph_draft.candidate import PERIOD_SOURCES
from tipgraph_draft.drafting import draft
from tipgraph_draft.page import cells
from tipgraph_draft.review_file import open_session

ROOT = Path(__file__).parents[1]
TEXT = (
    "The government maintained its efforts to protect victims."
    " In 2029, police identified 12 victims. NGOs assisted all 12 victims."
    " The law of 1999 remained in force.\n"
    "Labor inspectors identified 15 victims, compared with nine in 2028."
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An edition's folder with a draft, in the working folder."""
    monkeypatch.chdir(tmp_path)
    make_draft(tmp_path, TEXT)
    return tmp_path


def test_source_of_a_period_is_explained_beside_the_row(folder: Path) -> None:
    place = str(folder / FOLDER), str(folder / "protection.txt")
    session = open_session(tipgraph.open().engine, *place, "ml")
    shown = {
        (str(row.value), row.period_from): cell.text
        for row in session.rows
        for cell in cells(session, row.as_row())
        if cell.column == "period_from"
    }

    assert "another sentence of the paragraph states it" in shown["12", "paragraph"]
    assert "a comparison with an earlier year implies it" in shown["15", "assumed"]
    assert shown["9", "sentence"] == "sentence: the sentence states it"


def test_every_source_of_a_period_is_documented() -> None:
    text = (ROOT.parent / "docs/drafting.md").read_text(encoding="utf-8")

    for each in PERIOD_SOURCES:
        assert f"| `{each}` " in text


@pytest.mark.parametrize(
    ("text", "class_", "reason"),
    [
        ("The government maintained its efforts.", "no number, claim or gap", ""),
        ("The law of 1999 remained in force.", "numbers that need no row", ""),
        ("Seven did so.", "not understood", "a numeral is not understood"),
        ("NGOs stated so in 2029.", "claim", ""),
    ],
)
def test_sentence_has_a_class_that_says_why_it_has_no_row(text, class_, reason):
    (row,) = [each for each in draft(text, 2030).numbers if each.what == "sentence"]

    assert (row.class_, row.reason) == (class_, reason)
