"""The page of a review: decisions, edits and additions."""

import re
from html import unescape
from pathlib import Path

from draft.tests.drafted import make_draft
from draft.tests.page.reviewing import (
    Browser,
    fields_of,
    problem,
    reviewing,
    selected,
    sentence,
)
from tipgraph_draft.candidate import KINDS


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


def test_numeral_that_is_not_understood_is_marked(tmp_path: Path) -> None:
    with reviewing(make_draft(tmp_path, "Seven did so.\nPolice identified 12.")) as browser:
        page = browser.get().text

    assert "<u>Seven</u>" in page
    assert "a number that no rule understood" in page


def test_cells_are_edited_among_known_words_and_undone(browser: Browser) -> None:
    row = browser.rows[0]["id"]
    form = browser.get(f"?edit={row}")
    assert '<option value="victims-identified">' in form.text
    cells = fields_of(form)

    page = browser.do(**{**cells, "edit": row, "value": "121", "unit": "permits",
                         "note": " derived: 120 and 1 "})  # fmt: skip
    changed = browser.rows[0]
    assert (changed["value"], changed["unit"], changed["note"]) == (
        *("121", "permits", "derived: 120 and 1"),
    )
    assert selected(page) == row
    assert "The machine had" in page.text
    page = browser.do(restore=row)
    assert (browser.rows[0]["value"], browser.rows[0]["unit"]) == ("120", "persons")
    assert "Undo: restore" in page.text
    for _ in range(2):
        page = browser.do(undo="")
    assert set(browser.rows[0].values()) & {"121", "derived: 120 and 1", "ml"} == set()
    assert 'name="undo"' not in page.text


def test_names_of_actors_complete_cells(browser: Browser) -> None:
    """The actors of the country of the edition and of none."""
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
    assert (added["quote"], added["value"], added["reader"]) == ("the government", "5", "person")
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
    # The entered cells are shown again too.
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
    page = browser.do(accept_sentence="")
    assert "Every row is decided." in page.text
    # A form of an older page.
    late = browser.send(page, accept_sentence="")
    assert (late.status_code, problem(late)) == (400, "every row is decided")
    assert sentence(browser.do(back="")) == "S04"


def test_end_names_sentences_without_a_row(tmp_path: Path) -> None:
    folder = make_draft(
        tmp_path, "The law is old.\nIn 2029, the government identified five victims."
    )

    with reviewing(folder) as browser:
        page = browser.do(accept_sentence="")

    assert "Sentences without a row: S01. Read them too." in page.text


def test_form_that_is_too_long_says_so_in_the_page(browser: Browser) -> None:
    row = browser.rows[0]["id"]
    before = browser.file.read_bytes()
    form = browser.get(f"?edit={row}")
    # A browser lets nobody enter as much.
    assert re.search(r'name="note"[^>]* maxlength="2000"', form.text)
    page = browser.send(form, edit=row, note="x" * 40_000)

    assert page.status_code == 413
    assert problem(page) == "The form is too long. Nothing was saved."
    assert 'href="/-/review"' in page.text
    assert browser.file.read_bytes() == before
