"""`tipgraph review`: the screen, the page, and what is stored."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

import tipgraph
from tests.editions.draft.drafted import FOLDER, TEXT, make_draft
from tests.editions.draft.pseudo_terminal import Terminal
from tipgraph.cli import main
from tipgraph.editions.draft.review_file import open_session

ARGUMENTS = ["review", FOLDER, "--text", "protection.txt"]
PROMPT = "? all keys"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An edition's folder with a draft, in the working folder."""
    monkeypatch.chdir(tmp_path)
    make_draft(tmp_path)
    return tmp_path


def table(folder: Path) -> list[dict[str, str]]:
    text = (folder / FOLDER / "draft/review.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def statuses(folder: Path) -> list[str]:
    return [row["status"] for row in table(folder)]


class Review(Terminal):
    """A review in a terminal, by somebody who calls themselves ml."""

    def __init__(self, folder: Path, columns: int = 80, **environment: str) -> None:
        super().__init__([*ARGUMENTS, "--reviewer", "ml"], folder, columns, **environment)

    def key(self, key: str, until: str = PROMPT) -> str:
        self.press(key)
        return self.wait_for(until)


def test_keys_decide_and_each_is_saved_at_once(folder: Path) -> None:
    review = Review(folder)
    review.wait_for(PROMPT)

    for key, expected in (("a", "yes"), ("r", "no")):
        review.key(key)
        assert expected in statuses(folder)
    review.key("l")
    assert statuses(folder)[:4] == ["yes", "no", "later", "open"]
    assert {row["reviewer"] for row in table(folder)} == {"ml", ""}
    review.press("q")
    assert review.end() == 0


def test_one_sentence_is_shown_between_two_others_with_its_quotes(folder: Path) -> None:
    review = Review(folder)
    first = review.wait_for(PROMPT)

    # The parts do not sum, so the first sentence comes first; the next stands between two others.
    assert first.startswith("\nS01 (1 of 4)")
    assert "\x1b[1m120 victims\x1b[22m" in first
    review.key("a")
    second = review.key("a")
    assert "… In 2029, the government identified" in " ".join(second.split())
    assert "observers noted. …" in " ".join(second.split())
    review.press("q")
    assert review.end() == 0


def test_no_styles_are_used_where_none_are_wanted(folder: Path) -> None:
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        review = Review(folder, 80, **{name: value})
        shown = review.wait_for(PROMPT)
        review.press("q")
        assert review.end() == 0
        assert "[120 victims]" in shown
        assert "\x1b" not in shown


def test_narrow_terminal_has_short_lines(folder: Path) -> None:
    review = Review(folder, columns=40, NO_COLOR="1")
    shown = review.wait_for("a accept")
    review.press("q")

    assert review.end() == 0
    # A word that is longer than a line stands alone.
    assert max(len(line) for line in shown.splitlines()) <= 44


@pytest.mark.usefixtures("spacy_model")
def test_key_takes_the_version_of_a_second_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who were in the shelter were not referred to it: the dependency parse has the other verb."""
    monkeypatch.chdir(tmp_path)
    text = "In 2029, NGOs reported referring 12 victims to a shelter that housed 3 children."
    make_draft(tmp_path, text, "--reader", "grammar,parse")
    review = Review(tmp_path)
    review.wait_for(PROMPT)
    review.key("n")
    review.key("v")
    review.press("q")

    assert review.end() == 0
    agreed, taken = table(tmp_path)
    assert (agreed["readers"], agreed["doubt"]) == ("grammar, parse", "")
    assert "readers differ in indicator, stage" in taken["doubt"]
    assert (taken["indicator"], taken["stage"]) == ("victims housed", "sheltered")
    assert '"indicator": "victims referred to a shelter"' in taken["original"]


def test_cell_is_edited_and_undone(folder: Path) -> None:
    review = Review(folder)
    review.wait_for(PROMPT)
    review.key("e", "column: ")
    review.key("valu\n", "value [120]: ")
    review.key("121\n", "does not have the number 121; correct one of them")
    review.key("e", "column: ")
    review.key("valu\n", "value [120]: ")
    review.key("\n")
    assert (table(folder)[0]["value"], table(folder)[0]["original"]) == ("", '{"value": "120"}')

    review.key("e", "column: ")
    review.key("value\n", "]: ")
    review.key("many\n", "'many' is no number")
    assert "undone: edit value" in review.key("u")
    assert (table(folder)[0]["value"], table(folder)[0]["original"]) == ("120", "")
    review.key("u", "there is nothing to undo")
    review.press("q")
    assert review.end() == 0


def test_tab_completes_the_words_of_a_cell(folder: Path) -> None:
    pytest.importorskip("readline")
    review = Review(folder)
    review.wait_for(PROMPT)
    review.key("e", "column: ")
    review.key("indicator_c\t\n", "]: ")
    review.key("victims-identified-and-ass\t\n")

    assert table(folder)[0]["indicator_code"] == "victims-identified-and-assisted"
    review.press("q")
    assert review.end() == 0


def test_axes_are_offered_in_the_words_of_the_draft(folder: Path) -> None:
    text = str(folder / "protection.txt")
    session = open_session(tipgraph.open().engine, str(folder / FOLDER), text, "ml")

    assert "sex and age" in session.completions("axis", "sex")
    assert not session.completions("axis", "by ")


def test_missed_row_is_added_to_the_sentence(folder: Path) -> None:
    review = Review(folder)
    review.wait_for(PROMPT)
    review.key("m", "kind (")
    review.key("amount\n", "in the sentence: ")
    review.key("the government\n", "value: ")
    for question, answer in (
        ("unit: ", "5"), ("indicator: ", "EUR"), ("period: ", "funding"), ("part: ", "2029"),
        ("axis: ", ""), ("counted_by: ", ""), ("speaker: ", ""), ("note: ", ""),
        (PROMPT, "derived: 3 and 2"),
    ):  # fmt: skip
        review.key(f"{answer}\n", question)
    (added,) = [row for row in table(folder) if row["kind"] == "amount"]
    assert (added["quote"], added["value"], added["readers"]) == ("the government", "5", "person")
    review.press("q")
    assert review.end() == 0

    assert main(["draft", FOLDER, "--text", "protection.txt"]) == 0
    assert added in table(folder)


def test_sentence_without_rows_is_reached_by_its_name(folder: Path) -> None:
    (folder / "plain.txt").write_text(f"Shelters were open.\n{TEXT}", encoding="utf-8")
    assert main(["new", "tip-2031-be", "--text", "plain.txt"]) == 0
    assert main(["draft", "tip-2031-be", "--text", "plain.txt"]) == 0
    arguments = ["review", "tip-2031-be", "--text", "plain.txt", "--reviewer", "ml"]
    review = Terminal(arguments, folder)
    assert "S02 (1 of 5)" in review.wait_for(PROMPT)
    review.press("g")
    review.wait_for("sentence: ")
    review.press("s01\n")

    assert "no rows" in review.wait_for(PROMPT)
    review.press("a")
    review.wait_for("this sentence has no row; m adds one")
    review.press("q")
    assert review.end() == 0


def test_numerals_that_were_not_understood_are_marked_and_shown(folder: Path) -> None:
    numbers = folder / FOLDER / "draft/numbers.csv"
    text = numbers.read_text(encoding="utf-8")
    assert "S01,48,51,120,120,figure," in text
    changed = text.replace("S01,48,51,120,120,figure,", "S01,48,51,120,120,not understood,")
    numbers.write_text(changed, encoding="utf-8", newline="")

    review = Review(folder, NO_COLOR="1")

    assert "[{120} victims]" in review.wait_for(PROMPT)
    review.press("q")
    assert review.end() == 0


def test_review_ends_when_every_row_is_decided_and_can_go_back(folder: Path) -> None:
    review = Review(folder)
    review.wait_for(PROMPT)
    for _ in range(3):
        review.key("A")
    shown = review.key("A", "q quits")

    assert "every row is decided; u undoes" in shown
    assert set(statuses(folder)) == {"yes"}
    assert "S04" in review.key("u")
    review.press("q")
    assert review.end() == 0
    assert statuses(folder).count("open") == 1


def test_interrupted_review_keeps_what_was_decided(folder: Path) -> None:
    review = Review(folder)
    review.wait_for(PROMPT)
    review.key("a")
    review.press("\x03")

    assert review.end() == 130
    assert statuses(folder)[0] == "yes"


def test_alias_is_asked_for_once_and_never_guessed(folder: Path) -> None:
    review = Terminal(ARGUMENTS, folder, USER="somebody", LOGNAME="somebody")
    review.wait_for("Your alias")
    review.press("\n")
    review.press("ml\n")
    review.wait_for(PROMPT)
    review.press("a")
    review.wait_for(PROMPT)
    review.press("q")

    assert review.end() == 0
    assert table(folder)[0]["reviewer"] == "ml"


def test_file_that_another_program_changed_is_not_overwritten(folder: Path) -> None:
    review = Review(folder)
    review.wait_for(PROMPT)
    file = folder / FOLDER / "draft/review.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("open", "later"), encoding="utf-8")

    review.key("a", "changed by another program; start the review again")
    assert review.end() == 3
    assert set(statuses(folder)) == {"later"}


def test_controls_of_a_text_do_not_reach_the_terminal(folder: Path) -> None:
    hostile = "In 2029, police \x1b]0;owned\x07identified 12 victims\u202e and \x1b[2J7 boys."
    (folder / "hostile.txt").write_text(hostile, encoding="utf-8")
    assert main(["new", "tip-2030-mt", "--text", "hostile.txt"]) == 0
    assert main(["draft", "tip-2030-mt", "--text", "hostile.txt"]) == 0

    review = Terminal(
        ["review", "tip-2030-mt", "--text", "hostile.txt", "--reviewer", "ml"], folder, NO_COLOR="1"
    )
    shown = review.wait_for(PROMPT)
    review.press("q")

    assert review.end() == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_review_without_a_terminal_is_refused_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    assert main([*ARGUMENTS, "--reviewer", "ml"]) == 2
    assert capsys.readouterr().err == (
        "tipgraph: a review needs a terminal; use a page with --browser, edit draft/review.csv"
        " instead, or read it with --html FILE\n"
    )


def test_page_has_the_sentences_and_their_rows_and_fetches_nothing(folder: Path) -> None:
    assert main([*ARGUMENTS, "--html", "review.html"]) == 0
    page = (folder / "review.html").read_text(encoding="utf-8")

    assert "<mark>120 victims</mark>" in page
    assert "120 persons | victims identified and assisted | 2029" in page
    assert "<script" not in page
    assert "src=" not in page


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
def test_broken_edit_is_reported_by_review_and_draft(
    folder: Path, capsys: pytest.CaptureFixture[str], column: str, cell: str, message: str
) -> None:
    file = folder / FOLDER / "draft/review.csv"
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
    rows[1][rows[0].index(column)] = cell
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
    before = {each: each.read_bytes() for each in _files(folder)}
    capsys.readouterr()

    assert main([*ARGUMENTS, "--html", "review.html"]) == 3
    assert message in capsys.readouterr().err
    if column == "status":
        assert main(["draft", FOLDER, "--text", "protection.txt"]) == 3
        assert message in capsys.readouterr().err
    assert {each: each.read_bytes() for each in _files(folder)} == before


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in folder.rglob("*") if each.is_file())
