"""`tipgraph review`: the words that complete cells, and broken edits."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

import tipgraph
from draft.tests.drafted import FOLDER, make_draft
from tipgraph.cli import main
from tipgraph_draft.review_file import open_session

ARGUMENTS = ["review", FOLDER, "--text", "protection.txt", "--reviewer", "ml"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An edition's folder with a draft, in the working folder."""
    monkeypatch.chdir(tmp_path)
    make_draft(tmp_path)
    return tmp_path


def test_axes_are_offered_in_the_words_of_the_draft(folder: Path) -> None:
    text = str(folder / "protection.txt")
    session = open_session(tipgraph.open().engine, str(folder / FOLDER), text, "ml")

    known = session.known_words("axis")
    assert "sex and age" in known
    assert not [each for each in known if each.startswith("by ")]


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("status", "ok", "line 2, column status: 'ok' is none of"),
        (
            "quote",
            "121 victims",
            "line 2, column quote: the text does not have '121 victims' at 48 in S01",
        ),
    ],
)
def test_broken_edit_is_reported_by_review_and_draft(folder, capsys, column, cell, message):
    file = folder / FOLDER / "draft/review.csv"
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
    rows[1][rows[0].index(column)] = cell
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
    before = {each: each.read_bytes() for each in _files(folder)}
    capsys.readouterr()

    assert main(ARGUMENTS) == 3
    assert message in capsys.readouterr().err
    if column == "status":
        assert main(["draft", FOLDER, "--text", "protection.txt"]) == 3
        assert message in capsys.readouterr().err
    assert {each: each.read_bytes() for each in _files(folder)} == before


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in folder.rglob("*") if each.is_file())
