"""`tipgraph attach`: texts of editions in the user's folder."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("user_data", "mini")
EDITION = "tip-2021-xx"


def test_text_is_attached_listed_and_removed(run, texts, user_data: Path):
    file = user_data / "texts" / f"{EDITION}.txt"

    assert run("attach", "--list") == (0, "", "tipgraph: no text is attached\n")
    assert run("attach", EDITION, texts / f"{EDITION}.txt") == (
        0,
        f"{EDITION}: text attached, 3 sentences, {file}\n",
        "",
    )
    assert file.read_bytes() == (texts / f"{EDITION}.txt").read_bytes()
    assert run("attach", "--list").out == f"{EDITION}  3 sentences, {file}\n"
    assert run("attach", "--remove", EDITION).out == f"{EDITION}: text removed, {file}\n"
    assert not file.exists()


def test_text_that_differs_is_refused(run, texts, tmp_path: Path):
    copy = tmp_path / "copy.txt"
    copy.write_bytes((texts / f"{EDITION}.txt").read_bytes().replace(b"12", b"13"))

    assert run("attach", EDITION, copy) == (
        3,
        "",
        f"tipgraph: {copy}: not the text that the graph pins for {EDITION}; first difference:"
        " S01, line 1: the quote 'identified 12 victims' is not in the text with its prefix and"
        " suffix\n",
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "give one of: EDITION and FILE, --list, --remove EDITION"),
        (["--list", "--remove", EDITION], "give one of"),
        ([EDITION], "name the file with the text"),
        (["tip-1999-xx", "file"], "unknown edition 'tip-1999-xx'"),
        (["--remove", EDITION], f"no text of {EDITION} is attached; attached: none"),
    ],
)
def test_wrong_use_is_one_line(run, arguments, problem):
    code, out, err = run("attach", *arguments)

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert problem in err


def test_another_text_in_the_folder_is_listed_as_such(run, user_data: Path):
    (user_data / "texts").mkdir(parents=True)
    (user_data / "texts" / f"{EDITION}.txt").write_text("another")

    assert "not the text that the graph pins" in run("attach", "--list").out


def test_folder_that_cannot_be_written_is_an_error(run, texts, user_data: Path):
    user_data.parent.mkdir()
    user_data.write_text("a file in the place of the folder")

    code, _, err = run("attach", EDITION, texts / f"{EDITION}.txt")

    assert (code, len(err.splitlines())) == (3, 1)
