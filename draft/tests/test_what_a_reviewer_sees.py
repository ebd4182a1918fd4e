"""The explanations of a review: where periods come from, and which sentences have no row."""

from pathlib import Path

import pytest

from draft.tests.drafted import FOLDER, make_draft
from tipgraph.cli import main
from tipgraph_draft.candidate import PERIOD_SOURCES
from tipgraph_draft.drafting import draft
from tipgraph_draft.review_page import details

ROOT = Path(__file__).parents[1]
TEXT = (
    "The government maintained its efforts to protect victims."
    " In 2029, police identified 12 victims. NGOs assisted all 12 victims."
    " The law of 1999 remained in force.\n"
    "Labor inspectors identified 15 victims, compared with nine in 2028."
)
REVIEW = ["review", FOLDER, "--text", "protection.txt"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An edition's folder with a draft, in the working folder."""
    monkeypatch.chdir(tmp_path)
    make_draft(tmp_path, TEXT)
    return tmp_path


def test_source_of_a_period_is_explained_beside_the_row() -> None:
    shown = {
        (str(row.value), row.period_from): "\n".join(details(row))
        for row in draft(TEXT, 2030).candidates
    }

    assert "another sentence of the paragraph states it" in shown["12", "paragraph"]
    assert "a comparison with an earlier year implies it" in shown["15", "assumed"]
    assert "period from" not in shown["9", "sentence"]


def test_every_source_of_a_period_is_documented() -> None:
    text = (ROOT / "docs/drafting.md").read_text(encoding="utf-8")

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
def test_sentence_has_a_class_that_says_why_it_has_no_row(
    text: str, class_: str, reason: str
) -> None:
    (row,) = [each for each in draft(text, 2030).numbers if each.what == "sentence"]

    assert (row.class_, row.reason) == (class_, reason)


def test_page_names_the_sentences_without_a_row(folder: Path) -> None:
    assert main([*REVIEW, "--html", "review.html"]) == 0
    assert "No row in S01 and S04: read them too." in (folder / "review.html").read_text("utf-8")
