"""`tipgraph draft`: the files in a folder, JSON of a text, and errors."""

import csv
import json
import os
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import Run
from tests.editions.conftest import PAGE
from tipgraph_draft import review_file
from tipgraph_draft.candidate import COLUMNS, KINDS

STORY = """\
In 2029, authorities identified 12 victims, compared with nine in 2028. Experts believed so.
The government did not report training police under Article 7.
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a text."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def folder(here: Path, run: Run) -> Path:
    """A folder that pins the text."""
    assert run("new", "tip-2030-be", "--text", "story.txt", "--page", PAGE).code == 0
    return here / "tip-2030-be"


def test_text_without_a_folder_is_printed_as_json(here: Path, run: Run) -> None:
    code, out, _ = run("draft", "--text", "story.txt", "--edition-year", "2030")

    rows = json.loads(out)
    assert code == 0
    assert all(tuple(each) == COLUMNS and each["kind"] in KINDS for each in rows)
    assert [(each["kind"], each["value"], each["prior"], each["period"]) for each in rows] == [
        ("figure", 12, False, "2029"),
        ("figure", 9, True, "2028"),
        ("claim", None, False, ""),
        ("non-report", None, False, "not stated"),
    ]
    assert [*here.iterdir()] == [here / "story.txt"]


def test_draft_of_a_folder_is_written_beside_its_turtle(folder: Path, run: Run) -> None:
    code, out, err = run("draft", "tip-2030-be", "--text", "story.txt")

    assert (code, out) == (0, "")
    assert "tip-2030-be/draft/candidates.jsonl: written with 4 candidates" in err
    lines = (folder / "draft/candidates.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(each)["sentence"] for each in lines] == ["S01", "S01", "S02", "S03"]
    with (folder / "draft/numbers.csv").open(encoding="utf-8", newline="") as opened:
        numbers = [each for each in csv.DictReader(opened) if each["what"] == "numeral"]
    assert [(each["text"], each["class"]) for each in numbers] == [
        ("2029", "year"),
        ("12", "figure"),
        ("nine", "figure"),
        ("2028", "year"),
        ("7", "reference"),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes")
@pytest.mark.parametrize("name", ["numbers.csv", "review.csv"])
def test_pipe_in_the_place_of_a_file_of_the_draft_is_an_error(folder, run, name):
    (folder / "draft").mkdir()
    os.mkfifo(folder / "draft" / name)
    code, out, err = run("draft", "tip-2030-be", "--text", "story.txt")

    assert (code, out) == (3, "")
    assert f"{name}: cannot be read (it is no file)" in err


def test_damaged_list_of_taken_rows_is_reported(folder: Path, run: Run) -> None:
    command = ("draft", "tip-2030-be", "--text", "story.txt")
    assert run(*command).code == 0
    for text in ("id,value\nabc\n", f"id,value\n{'x' * 140_000},1\n"):
        (folder / "draft/taken.csv").write_text(text, encoding="utf-8")
        outcome = run(*command, "--take")

        assert outcome.code == 3
        assert "taken.csv: this is not as 'tipgraph draft' wrote it" in outcome.err


def test_text_that_is_a_pdf_is_an_error(here: Path, run: Run) -> None:
    (here / "report.pdf").write_text("%PDF-1.4\nAuthorities identified 12 victims.\n")
    code, out, err = run("draft", "--text", "report.pdf")

    assert (code, out) == (3, "")
    assert "report.pdf: is a PDF; save its text as UTF-8" in err


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no lock there")
def test_folder_is_locked_while_decisions_are_merged_and_written(folder, run, monkeypatch):
    from fcntl import LOCK_EX, LOCK_NB, flock

    locked = []

    def watched(module: ModuleType, name: str) -> None:
        work = getattr(module, name)

        def watching(*arguments: object) -> object:
            opened = os.open(folder, os.O_RDONLY)
            with pytest.raises(BlockingIOError):
                flock(opened, LOCK_EX | LOCK_NB)
            os.close(opened)
            locked.append(name)
            return work(*arguments)

        monkeypatch.setattr(module, name, watching)

    watched(review_file, "merged_review")
    watched(review_file, "write_review")
    watched(review_file, "write_draft")

    assert run("draft", "tip-2030-be", "--text", "story.txt").code == 0
    assert locked == ["merged_review", "write_review", "write_draft"]


def test_figure_unlike_that_of_another_edition_is_doubted(here: Path, run: Run) -> None:
    text = "In 2020, the government identified and assisted 92 victims.\n"
    (here / "revised.txt").write_text(text, encoding="utf-8")
    run("new", "tip-2031-be", "--text", "revised.txt", "--page", PAGE)
    run("draft", "tip-2031-be", "--text", "revised.txt")

    line = (here / "tip-2031-be/draft/candidates.jsonl").read_text(encoding="utf-8")
    assert json.loads(line)["doubt"] == "another edition has 91: a possible revision"


def test_second_run_writes_the_same(folder: Path, run: Run) -> None:
    run("draft", "tip-2030-be", "--text", "story.txt")
    first = (folder / "draft/candidates.jsonl").read_bytes()
    run("draft", "tip-2030-be", "--text", "story.txt")

    assert (folder / "draft/candidates.jsonl").read_bytes() == first


def test_year_or_paragraph_that_is_no_number_is_left_out(folder: Path, run: Run) -> None:
    """A shape reports it."""
    for file, name in (("edition.ttl", "tip:year"), ("text.ttl", "tip:paragraph")):
        turtle = (folder / file).read_text(encoding="utf-8")
        changed = re.sub(rf"{name}(\s+)\d+", rf'{name}\1"x"', turtle)
        assert changed != turtle
        (folder / file).write_text(changed, encoding="utf-8")

    code, _, err = run("draft", "tip-2030-be", "--text", "story.txt")

    assert (code, "review.csv: written" in err) == (0, True)


@pytest.mark.parametrize("line", ["[]", "{}", "[" * 100_000])
def test_damaged_draft_is_an_error(folder: Path, run: Run, line: str) -> None:
    (folder / "draft").mkdir()
    (folder / "draft/candidates.jsonl").write_text(line)

    code, _, err = run("draft", "tip-2030-be", "--text", "story.txt")

    assert (code, err.count("\n")) == (3, 1)
    assert err.startswith("tipgraph: tip-2030-be/draft/candidates.jsonl: line 1: ")


def test_number_of_very_many_digits_is_listed_and_no_row(here: Path, run: Run) -> None:
    """A cell that the review could not have is refused before it is stored."""
    (here / "story.txt").write_text(
        "In 2029, police identified 999,999,999,999 trillion victims and 12 children.", "utf-8"
    )
    assert run("new", "tip-2030-be", "--text", "story.txt", "--page", PAGE).code == 0

    for _ in range(2):
        assert run("draft", "tip-2030-be", "--text", "story.txt").code == 0

    numbers = (here / "tip-2030-be/draft/numbers.csv").read_text(encoding="utf-8")
    assert "the value has a sign or too many digits" in numbers
    review = (here / "tip-2030-be/draft/review.csv").read_text(encoding="utf-8")
    assert "trillion" not in review
    assert "12 children" in review


def test_another_text_is_refused(folder: Path, here: Path, run: Run) -> None:
    (here / "other.txt").write_text(STORY.replace("12", "13"), encoding="utf-8")
    code, _, err = run("draft", "tip-2030-be", "--text", "other.txt")

    assert code == 3
    assert "other.txt: this is not the text that tip-2030-be pins" in err
    assert not (folder / "draft").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "Missing option '--text'"),
        (("--text", "none.txt"), 3, "none.txt: cannot be read"),
        (("missing", "--text", "story.txt"), 3, "missing: no such folder"),
    ],
)
def test_error_is_one_line(run: Run, arguments: tuple[str, ...], code: int, message: str) -> None:
    outcome = run("draft", *arguments)

    assert outcome.code == code
    assert message in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_folder_without_a_text_is_refused(here: Path, run: Run) -> None:
    run("new", "tip-2030-mt", "--page", PAGE)
    code, _, err = run("draft", "tip-2030-mt", "--text", "story.txt")

    assert code == 3
    assert "tip-2030-mt: the folder pins no text" in err
