"""The page of a review: it does what the terminal does, for its own forms alone."""

import os
import re
import socket
import sys
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.editions.draft.drafted import FOLDER, make_draft
from tests.editions.draft.pseudo_terminal import Terminal
from tests.explorer.reviewing import (
    CLIENT,
    Browser,
    copied,
    fields_of,
    hidden,
    problem,
    reviewing,
    selected,
    sentence,
)
from tests.explorer.test_words import END, START, Interface, pseudo
from tipgraph.cli import review_screen
from tipgraph.editions.draft.candidate import KINDS
from tipgraph.explorer import review

PROMPT = "? all keys"
# A row that is added: what is asked for, and the answers.
CELLS = ("value", "unit", "indicator", "period", "part", "axis", "counted_by", "speaker", "note")
NEW = ("5", "EUR", "funding", "2029", "", "", "", "report", "derived: 3 and 2")
FORGED = {
    "no token": {"token": ""},
    "wrong token": {"token": "x" * 43},
    "token that is not ASCII": {"token": "\u00e9"},
}
FOREIGN = {
    "foreign origin": {"origin": "https://evil.example"},
    "unknown origin": {"origin": "null"},
    "origin of another port": {"origin": "http://127.0.0.1:1"},
    "no origin": {"origin": ""},
}
CHANGES = ("accept", "reject", "later", "accept-sentence", "edit", "take", "add", "undo")


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_draft(tmp_path_factory.mktemp("draft"))


@pytest.fixture
def folder(drafted: Path, tmp_path: Path) -> Path:
    return copied(drafted, tmp_path)


@pytest.fixture
def browser(folder: Path) -> Iterator[Browser]:
    with reviewing(folder) as opened:
        yield opened


# ── What it does ────────────────────────────────────────────────────────────────────────────────


def test_buttons_decide_and_each_is_saved_at_once(browser: Browser) -> None:
    first, second = (row["id"] for row in browser.rows[:2])

    page = browser.do(accept=first)
    assert browser.statuses == ["yes", "open", "open", "open", "open", "open"]
    assert "1 of 6 rows decided" in page.text
    assert selected(page) == second
    page = browser.do(reject=second)
    assert browser.statuses[:2] == ["yes", "no"]
    assert sentence(page) == "S02"
    browser.do(later=browser.rows[2]["id"])
    assert browser.statuses[:4] == ["yes", "no", "later", "open"]
    assert {row["reviewer"] for row in browser.rows} == {"ml", ""}


def test_sentence_is_shown_between_two_others_with_its_quotes(browser: Browser) -> None:
    page = browser.do(accept_sentence="")

    assert sentence(page) == "S02"
    assert '<p class="neighbour">In 2029, the government identified' in page.text
    assert "Of these, <mark>70 were victims of labor</mark> exploitation" in page.text
    assert "observers noted.</p>" in page.text
    assert browser.statuses == ["yes", "yes", "open", "open", "open", "open"]


def test_numeral_that_was_not_understood_is_marked(folder: Path) -> None:
    numbers = folder / "draft/numbers.csv"
    text = numbers.read_text(encoding="utf-8")
    changed = text.replace("S01,48,51,120,120,figure,", "S01,48,51,120,120,not understood,")
    assert changed != text
    numbers.write_text(changed, encoding="utf-8", newline="")

    with reviewing(folder) as browser:
        page = browser.get().text

    assert "<mark><u>120</u></mark><mark> victims</mark>" in page
    assert "a number that no rule understood" in page


def test_cells_are_edited_with_completion_and_undone(browser: Browser) -> None:
    row = browser.rows[0]["id"]
    form = browser.get(f"?edit={row}")
    assert '<option value="victims-identified">' in form.text
    cells = fields_of(form)

    page = browser.do(**{**cells, "edit": row, "value": "121", "unit": "perm",
                         "note": " derived: 120 and 1 "})  # fmt: skip
    changed = browser.rows[0]
    assert (changed["value"], changed["unit"], changed["note"]) == (
        *("121", "permits", "derived: 120 and 1"),
    )
    assert changed["original"] == '{"value": "120", "unit": "persons"}'
    assert selected(page) == row
    assert "The machine had" in page.text
    page = browser.do(take=f"{row} machine")
    assert (browser.rows[0]["value"], browser.rows[0]["original"]) == ("120", "")
    assert "Undo: take machine" in page.text
    for _ in range(2):
        page = browser.do(undo="")
    assert set(browser.rows[0].values()) & {"121", "derived: 120 and 1", "ml"} == set()
    assert 'name="undo"' not in page.text


def test_names_of_actors_complete_cells(browser: Browser) -> None:
    """Those of the country of the edition and of none, as in the completion of the terminal."""
    page = browser.get(f"?edit={browser.rows[0]['id']}").text

    for column in ("counted_by", "speaker"):
        known = re.findall(rf'<datalist id="known-{column}">(.*?)</datalist>', page, re.DOTALL)[0]
        values = {unescape(each) for each in re.findall(r'<option value="([^"]*)"', known)}
        assert {"GRETA", "Group of Experts on Action against Trafficking in Human Beings"} <= values
        assert "Belgian government" in values
        assert "INM (Mexico)" not in values


def test_new_name_is_shown_as_such_with_similar_ones(browser: Browser) -> None:
    row = browser.rows[0]["id"]
    browser.do(edit=row, indicator_code="new: victims identifyed")
    page = browser.do(edit=row, act="new: murmured").text

    assert "new: victims" not in page
    assert re.search(
        r"victims identifyed <span[^>]*>new: the graph has no such indicator;"
        r" similar: victims-identified",
        page,
    )
    assert re.search(r"murmured <span[^>]*>new: the graph has no such speech act", page)


def test_cell_that_does_not_fit_is_shown_again_and_changes_nothing(browser: Browser) -> None:
    row = browser.rows[0]["id"]
    before = browser.file.read_bytes()

    page = browser.send(browser.get(), edit=row, value="many", note="seen")
    assert page.status_code == 400
    assert problem(page).startswith("column value: 'many' is no number; write up to 15 digits")
    assert (fields_of(page)["value"], fields_of(page)["note"]) == ("many", "seen")
    page = browser.send(browser.get(), add="", kind="claim", quote="nobody", speaker="police")
    assert page.status_code == 400
    assert "S01 does not have these words: 'nobody'" in problem(page)
    assert (fields_of(page)["kind"], fields_of(page)["speaker"]) == ("claim", "police")
    assert problem(browser.send(browser.get(), add="", quote="the")) == (
        "Choose the kind of the row."
    )
    assert browser.send(browser.get(), accept=browser.rows[-1]["id"]).status_code == 400
    assert browser.file.read_bytes() == before


def test_missed_row_is_added_and_selected(browser: Browser) -> None:
    kinds = re.findall(r'<button name="add" value="([\w-]+)"', browser.get("?add=").text)
    assert kinds == [*KINDS]
    fields = fields_of(browser.get("?add=amount"))
    page = browser.do(**{**fields, "add": "", "kind": "amount", "quote": "the government",
                         "value": "5", "unit": "EUR", "recipient": "NGOs",
                         "note": "derived: 3 and 2"})  # fmt: skip

    (added,) = [row for row in browser.rows if row["kind"] == "amount"]
    assert (added["quote"], added["value"], added["readers"]) == ("the government", "5", "person")
    assert added["recipient"] == "NGOs"
    assert selected(page) == added["id"]


def test_forms_have_the_columns_of_a_kind_and_what_a_row_has(browser: Browser) -> None:
    def columns(query: str) -> set[str]:
        return {*fields_of(browser.get(query))} - {"token", "version", "sentence", "edit", "add"}

    assert columns("?add=claim") == {
        *("kind", "quote", "indicator", "qualifier", "speaker", "act", "note")
    }
    assert {"recipient", "converted"} <= columns("?add=amount")
    assert not {"recipient", "converted"} & columns("?add=figure")
    row = browser.rows[0]["id"]
    assert "recipient" not in columns(f"?edit={row}")
    browser.do(edit=row, recipient="NGOs")
    assert "recipient" in columns(f"?edit={row}")
    # What was entered is shown again too.
    page = browser.send(browser.get(), edit=row, converted="true", value="many")
    assert fields_of(page)["converted"] == "true"


def test_figure_to_compare_with_is_chosen_among_those_nearby(browser: Browser) -> None:
    first, prior, part = browser.rows[:3]
    form = browser.get(f"?edit={prior['id']}").text
    choices = re.findall(r'<select id="edit-compared_with".*?</select>', form, re.DOTALL)[0]

    offered = re.findall(r'<option value="(\w*)"', choices)
    assert offered == ["", first["id"], *(row["id"] for row in browser.rows[2:4])]
    assert "S02: 70 persons | victims identified" in choices
    page = browser.do(edit=prior["id"], compared_with=part["id"])
    assert browser.rows[1]["compared_with"] == part["id"]
    assert part["id"] not in re.sub(r'(id|href|value|aria-\w+)="[^"]*"', "", page.text)


def test_moves_change_no_file_and_undecided_rows_come_again(browser: Browser) -> None:
    before = browser.file.read_bytes()

    assert sentence(browser.do(next="")) == "S02"
    assert sentence(browser.do(go="S04")) == "S04"
    assert sentence(browser.do(next="")) == "S01"
    browser.do(go="S04")
    assert sentence(browser.do(back="")) == "S03"
    assert browser.send(browser.get(), go="S99").status_code == 400
    assert browser.file.read_bytes() == before


def test_review_ends_when_every_row_is_decided_and_can_go_back(browser: Browser) -> None:
    for _ in range(3):
        browser.do(accept_sentence="")
    page = browser.do(later=browser.rows[-1]["id"])

    assert "1 row is left for later." in page.text
    assert "tipgraph draft" in page.text
    left = re.findall(r'<button form="review" name="go" value="(\w+)"', page.text)
    assert left == ["S04"]
    assert sentence(browser.do(go=left[0])) == "S04"
    browser.do(next="")
    assert sentence(browser.do(undo="")) == "S04"
    assert "Every row is decided." in browser.do(accept_sentence="").text
    assert sentence(browser.do(back="")) == "S04"


def test_end_names_sentences_without_a_row(tmp_path: Path) -> None:
    folder = make_draft(
        tmp_path, "The law is old.\nIn 2029, the government identified five victims."
    )

    with reviewing(folder) as browser:
        page = browser.do(accept_sentence="")

    assert "Sentences without a row: S01. Read them too." in page.text


def test_decisions_write_the_same_file_as_at_a_terminal(drafted: Path, tmp_path: Path) -> None:
    (tmp_path / "terminal").mkdir()
    (tmp_path / "page").mkdir()
    one = copied(drafted, tmp_path / "terminal")
    other = copied(drafted, tmp_path / "page")
    text = str(one.parent / "protection.txt")
    terminal = Terminal(["review", str(one), "--text", text, "--reviewer", "ml"], tmp_path)
    terminal.wait_for(PROMPT)
    added = (("m", "kind ("), ("claim\n", "sentence: "), ("observers\n", f"{CELLS[0]}: "))
    cells = (*((f"{cell}\n", f"{name}: ") for cell, name in zip(NEW, CELLS[1:], strict=False)),)
    for keys, shown in (
        ("a", PROMPT), ("r", PROMPT), ("e", "column: "), ("part\n", "]: "), ("labour\n", PROMPT),
        ("v", PROMPT), ("a", PROMPT), ("e", "column: "), ("note\n", "]: "),
        ("-1, “see”\n", PROMPT), ("l", PROMPT), *added, *cells, (f"{NEW[-1]}\n", PROMPT),
        ("a", PROMPT), ("a", PROMPT), ("u", PROMPT), ("r", PROMPT), ("A", "q quits"),
        ("g", "sentence: "), ("s01\n", PROMPT), ("n", PROMPT), ("a", "q quits"), ("q", "1 row"),
    ):  # fmt: skip
        terminal.press(keys)
        terminal.wait_for(shown)
    assert terminal.end() == 0

    with reviewing(other) as browser:
        ids = [row["id"] for row in browser.rows]
        browser.do(accept=ids[0])
        browser.do(reject=ids[1])
        browser.do(edit=ids[2], part="labour")
        browser.do(take=f"{ids[2]} machine")
        browser.do(accept=ids[2])
        browser.do(edit=ids[3], note="-1, “see”")
        browser.do(later=ids[3])
        new = dict(zip(CELLS, NEW, strict=True))
        page = browser.do(add="", kind="claim", quote="observers", **new)
        browser.do(accept=selected(page))
        browser.do(accept=ids[4])
        browser.do(undo="")
        browser.do(reject=ids[4])
        browser.do(accept_sentence="")
        browser.do(go="S01")
        browser.do(accept=ids[1])

    assert (other / "draft/review.csv").read_bytes() == (one / "draft/review.csv").read_bytes()


def test_alias_is_asked_for_and_never_guessed(folder: Path) -> None:
    with reviewing(folder, reviewer="") as browser:
        page = browser.get()
        assert "the government" not in page.text
        token = re.findall(r'name="token" value="([^"]*)"', page.text)[0]
        wrong = browser.post({"token": token, "start": "", "alias": "a;b"})
        assert (wrong.status_code, "invalid alias 'a;b'" in problem(wrong)) == (400, True)
        assert browser.post({"token": token, "start": "", "alias": " ml "}).status_code == 303
        browser.do(accept=browser.rows[0]["id"])

    assert browser.rows[0]["reviewer"] == "ml"


def test_alias_is_shown_and_can_be_changed(browser: Browser) -> None:
    """Every browser has the alias of this run, until it is changed on the page."""
    browser.do(accept=browser.rows[0]["id"])
    assert "reviewer: ml" in browser.get().text
    assert "reviewer: anna" in browser.do(rename=" anna ").text
    browser.do(accept=browser.rows[1]["id"])
    assert [row["reviewer"] for row in browser.rows[:3]] == ["ml", "anna", ""]
    assert "invalid alias 'a;b'" in problem(browser.send(browser.get(), rename="a;b"))
    assert "reviewer: anna" in browser.get().text


def test_form_that_is_too_long_says_so_in_the_page(browser: Browser) -> None:
    row = browser.rows[0]["id"]
    before = browser.file.read_bytes()
    form = browser.get(f"?edit={row}")
    # A browser lets nobody enter as much.
    assert re.search(r'name="note"[^>]* maxlength="2000"', form.text)
    page = browser.send(form, edit=row, note="x" * 40_000)

    assert page.status_code == 413
    assert problem(page) == "A cell is too long for this form, or is no text. Nothing was saved."
    assert 'href="/-/review"' in page.text
    assert browser.file.read_bytes() == before


def test_long_sentence_has_its_rows_on_several_pages(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "MOST_ROWS", 1)

    with reviewing(folder) as browser:
        page = browser.get()
        assert page.text.count("<article") == 1
        further = re.findall(r'href="([^"]*)">Further rows', page.text)[0]
        page = CLIENT.get(browser.origin + further)
        assert selected(page) == browser.rows[1]["id"]
        assert "Earlier rows" in page.text
        assert "Further rows" not in page.text


def test_keys_are_those_of_the_terminal() -> None:
    assert [*review.KEYS] == [*review_screen.KEYS]


# ── Whom it answers ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", FORGED)
def test_form_without_the_token_of_this_run_changes_nothing(browser: Browser, name: str) -> None:
    page = browser.get()
    before = browser.file.read_bytes()

    for action in (*CHANGES, "next", "quit", "start", "rename", "shortcuts"):
        fields = {**hidden(page), **FORGED[name], action: browser.rows[0]["id"]}
        answer = browser.post(fields)
        assert answer.status_code == 403
        assert "Nothing was changed" in problem(answer)
        assert answer.headers["cache-control"] == "no-store"
    assert browser.file.read_bytes() == before
    assert browser.get().text == page.text


@pytest.mark.parametrize("name", FOREIGN)
def test_form_of_another_origin_changes_nothing(browser: Browser, name: str) -> None:
    page = browser.get()
    before = browser.file.read_bytes()
    fields = {**hidden(page), "accept": browser.rows[0]["id"]}

    assert browser.post(fields, **FOREIGN[name]).status_code == 403
    assert browser.file.read_bytes() == before


def test_unknown_host_gets_neither_the_page_nor_a_change(browser: Browser) -> None:
    fields = {**hidden(browser.get()), "accept": browser.rows[0]["id"]}
    evil = {"host": "evil.example", "origin": "http://evil.example"}

    assert browser.get(**evil).status_code == 421
    assert browser.post(fields, **evil).status_code == 421
    assert browser.statuses[0] == "open"
    local = browser.origin.replace("127.0.0.1", "localhost")
    named = {"host": local.removeprefix("http://"), "origin": local}
    assert browser.post(fields, **named).status_code == 303


def test_reading_changes_nothing(browser: Browser) -> None:
    page = browser.get()
    before = browser.file.read_bytes()
    row, token = browser.rows[0]["id"], hidden(page)["token"]

    for name in (*CHANGES, "next", "back", "go", "quit", "rename", "shortcuts"):
        assert browser.get(f"?{name}={row}&token={token}").status_code == 200
    assert browser.get().text == page.text
    assert browser.file.read_bytes() == before
    assert CLIENT.put(f"{browser.origin}{review.ADDRESS}").status_code == 405


def test_every_answer_is_stored_nowhere(browser: Browser) -> None:
    page = browser.get()
    row = browser.rows[0]["id"]
    answers = [
        page,
        browser.get(f"?edit={row}"),
        browser.send(page, go="S99"),
        browser.send(page, accept=row),
        browser.send(page, accept=row),
        browser.post({}),
        browser.post({"x": "y" * 40_000}),
        CLIENT.head(f"{browser.origin}{review.ADDRESS}"),
    ]

    assert [each.status_code for each in answers] == [200, 200, 400, 303, 409, 403, 413, 200]
    for each in answers:
        assert each.headers["cache-control"] == "no-store"
        assert each.headers.get_list("referrer-policy") == ["same-origin"]
        assert "unsafe" not in each.headers["content-security-policy"]
        assert not {"set-cookie", "etag"} & {*each.headers}


def test_nothing_of_the_text_is_in_a_title_an_address_or_a_log(
    browser: Browser, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    words = ("government", "victims", "police", "observers", "100", "120")
    for query in ("", f"?edit={browser.rows[0]['id']}", "?add=", "?add=claim"):
        page = browser.get(query).text
        title = re.findall(r"<title>(.*?)</title>", page)[0]
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page)
        # The addresses of terms of the graph have words, not those of the text.
        own = [each for each in addresses if not each.startswith("/code/")]
        assert not [each for each in (title, *own) for word in words if word in each]
    browser.do(accept_sentence="")
    browser.send(browser.get(), edit=browser.rows[2]["id"], value="many police")

    assert capfd.readouterr() == ("", "")


def test_bug_is_reported_without_the_text(
    browser: Browser, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("120 victims")

    monkeypatch.setattr("tipgraph.explorer.review._act", broken)
    capfd.readouterr()
    answer = browser.send(browser.get(), accept=browser.rows[0]["id"])

    assert answer.status_code == 500
    assert "120 victims" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert capfd.readouterr() == ("", "tipgraph: a bug in a private page: RuntimeError\n")


def test_server_without_a_review_has_no_such_page(client: Callable[..., object]) -> None:
    assert client.get(review.ADDRESS).status_code == 404  # type: ignore[attr-defined]


def test_options_that_do_not_fit_are_one_line(run: Run, folder: Path) -> None:
    review = ("review", folder, "--text", folder.parent / "protection.txt")
    for options, message in (
        (("--port", "0"), "--port is for the page; add --browser"),
        (("--browser", "--html", "review.html"), "choose one of --browser and --html"),
        (("--browser", "--reviewer", "a;b"), "invalid alias 'a;b'"),
    ):
        outcome = run(*review, *options)
        assert (outcome.code, message in outcome.err) == (2, True)
        assert outcome.err.count("\n") == 1


def test_program_needs_a_draft_a_free_port_and_the_extra(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = ("review", folder, "--text", folder.parent / "protection.txt", "--browser")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = run(*review, "--port", taken.getsockname()[1])
    assert outcome.code == 4
    assert outcome.err.endswith("; choose another --port\n")
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "uvicorn", None)
        outcome = run(*review)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "run pip install '.[explorer]'" in outcome.err
    file = folder / "draft/review.csv"
    file.write_bytes(file.read_bytes().replace(b",open,", b",ok,"))
    outcome = run(*review)
    assert outcome.code == 3
    assert "review.csv: line 2, column status: 'ok' is none of" in outcome.err
    file.unlink()
    assert "run 'tipgraph draft" in run(*review).err


# ── What else changes the file ──────────────────────────────────────────────────────────────────


def test_form_of_an_earlier_file_is_refused_and_keeps_what_was_entered(browser: Browser) -> None:
    row = browser.rows[0]["id"]
    early = browser.get()
    browser.do(accept=browser.rows[1]["id"])
    before = browser.file.read_bytes()

    for fields in ({"accept": row}, {"undo": ""}, {"accept_sentence": ""}):
        page = browser.send(early, **fields)
        assert (page.status_code, "was changed meanwhile" in problem(page)) == (409, True)
    page = browser.send(early, edit=row, value="121", note="derived: 120 and 1")
    assert page.status_code == 409
    # What would be overwritten stands beside it.
    assert re.findall(r"in the file: (\w+)", page.text) == ["120", "nothing"]
    assert (fields_of(page)["value"], fields_of(page)["note"]) == ("121", "derived: 120 and 1")
    assert browser.file.read_bytes() == before
    # The page that refuses has the file as it is, so that sending it again is a decision.
    assert browser.send(page, edit=row, value="121", note="derived").status_code == 303
    assert browser.rows[0]["value"] == "121"


def test_change_by_another_program_stays_and_is_shown(browser: Browser) -> None:
    row = browser.rows[0]["id"]
    early = browser.get()
    text = browser.file.read_text(encoding="utf-8")
    browser.file.write_text(text.replace(",high,", ",middling,"), encoding="utf-8", newline="")
    before = browser.file.read_bytes()

    page = browser.send(early, accept=row)
    assert page.status_code == 409
    assert "confidence: middling" in page.text
    assert browser.file.read_bytes() == before
    assert browser.send(page, accept=row).status_code == 303
    assert browser.rows[0]["status"] == "yes"
    assert browser.file.read_text(encoding="utf-8").count(",middling,") == 6


def test_broken_edit_is_reported_by_line_and_column_until_it_is_fixed(browser: Browser) -> None:
    early = browser.get()
    good = browser.file.read_bytes()
    browser.file.write_bytes(good.replace(b",open,", b",ok,"))

    for page in (browser.get(), browser.send(early, accept=browser.rows[0]["id"])):
        assert page.status_code == 409
        assert problem(page) == "The file has cells that cannot be read. Correct them there:"
        assert "line 2, column status: &#39;ok&#39; is none of" in page.text
        assert "line 7, column status" in page.text
    assert browser.file.read_bytes() == good.replace(b",open,", b",ok,")
    browser.file.write_bytes(good)
    assert browser.send(browser.get(), accept=browser.rows[0]["id"]).status_code == 303


def test_file_that_is_gone_is_reported(browser: Browser) -> None:
    early = browser.get()
    browser.file.rename(browser.file.with_suffix(".old"))

    answer = browser.send(early, accept="0")
    assert answer.status_code == 409
    assert "review.csv" in problem(answer)


def test_what_cannot_be_written_is_shown_again(browser: Browser) -> None:
    row, before = browser.rows[0]["id"], browser.file.read_bytes()
    # What the new file is called until it is complete, in this process.
    obstacle = browser.file.with_name(f"review.csv.{os.getpid()}")
    obstacle.mkdir()
    page = browser.send(browser.get(), edit=row, note="my own words")
    obstacle.rmdir()

    assert (page.status_code, problem(page)) == (500, "Not saved: Is a directory")
    assert fields_of(page)["note"] == "my own words"
    assert browser.file.read_bytes() == before
    assert browser.send(page, edit=row, note="my own words").status_code == 303


# ── Any text ────────────────────────────────────────────────────────────────────────────────────


def test_markup_and_controls_of_a_text_are_text(tmp_path: Path) -> None:
    hostile = (
        "In 2029, police <script>alert(1)</script>\"'> \x1b]0;owned\x07 identified 12 \u202evictims"
        " and 7 {{ 7777 * 7777 }} boys. Then, 6 <img src=x onerror=alert(1)> girls were assisted."
    )
    folder = make_draft(tmp_path, hostile)

    with reviewing(folder) as browser:
        pages = [browser.get(), browser.get(f"?edit={browser.rows[0]['id']}"), browser.get("?add=")]
        quote = next(row for row in browser.rows if "\u202e" in row["quote"])
        form = browser.get(f"?edit={quote['id']}")
        cells = fields_of(form)
        browser.do(**{**cells, "edit": quote["id"], "note": "<b>bold</b>"})
        pages.append(browser.get())
        changed = next(row for row in browser.rows if row["id"] == quote["id"])

    for page in pages:
        assert not re.search(r'<script(?! src="/-/scripts/\w+\.js" defer></script>)', page.text)
        assert "<img" not in page.text
        assert "<b>" not in page.text
        assert "60481729" not in page.text
        assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page.text)
    assert {**changed, "note": "", "reviewer": ""} == quote
    assert "&lt;script&gt;alert(" in pages[0].text


def test_page_shows_no_string_of_ours_untranslated(folder: Path) -> None:
    ours = Interface()
    pages = []
    with reviewing(folder, translations=pseudo()) as browser:
        row = browser.rows[0]["id"]
        pages += [browser.get(), browser.get(f"?edit={row}"), browser.get("?add=")]
        pages += [browser.get("?add=claim")]
        pages += [browser.send(browser.get(), add="", quote="the"), browser.post({})]
        pages.append(browser.post({"x": "y" * 40_000}))
        browser.do(edit=row, value="121", note="derived")
        pages += [browser.send(pages[0], accept=row), browser.do(shortcuts="off")]
        for _ in range(4):
            pages.append(browser.do(accept_sentence=""))
    with reviewing(folder, reviewer="", translations=pseudo()) as browser:
        pages.append(browser.get())

    assert {text for page in pages for text in ours.left(page.text)} == set()
    assert f"<h1>{START}Review of {FOLDER}{END}</h1>" in pages[0].text
