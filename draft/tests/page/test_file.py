"""A file of a review that something else changes, breaks or removes while its page is open."""

import os
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from errno import ENOSPC
from os import rename
from time import sleep
from typing import Any

from draft.tests.page.reviewing import Browser, fields_of, problem, reviewing
from tipgraph.render.formats import csv
from tipgraph_draft.candidate import Candidate
from tipgraph_draft.review_file import write_review


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
    # The cell that would be overwritten stands beside it.
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
    browser.file.write_text(text.replace(",grammar,", ",another,"), encoding="utf-8", newline="")
    before = browser.file.read_bytes()

    page = browser.send(early, accept=row)
    assert page.status_code == 409
    assert "read by another" in page.text
    assert browser.file.read_bytes() == before
    assert browser.send(page, accept=row).status_code == 303
    assert browser.rows[0]["status"] == "yes"
    assert browser.file.read_text(encoding="utf-8").count(",another,") == 6


def test_spreadsheet_that_saves_while_a_decision_is_saved_loses_nothing(browser, monkeypatch):
    first = browser.rows[0]["id"]

    def save_note(note: str) -> None:
        text = browser.file.read_bytes().decode()
        browser.file.write_bytes(f"{text.rstrip().rpartition(',')[0]},{note}\r\n".encode())

    def make_content(*table: Any) -> str:
        save_note("before")
        return csv(*table)

    def replace(new: str, old: str) -> None:
        rename(new, old)
        save_note("after")

    with monkeypatch.context() as patched:
        patched.setattr("tipgraph_draft.review_file.as_csv", make_content)
        assert browser.send(browser.get(), accept=first).status_code == 409
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        browser.do(accept=first)
    browser.do(reject=first)
    assert (browser.rows[0]["status"], browser.rows[-1]["note"]) == ("no", "after")


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


def test_edition_that_cannot_be_read_is_reported(browser: Browser) -> None:
    (browser.file.parent.parent / "edition.ttl").write_text("<")
    page = browser.get()

    assert (page.status_code, "edition.ttl:1:1" in page.text) == (409, True)


def test_what_cannot_be_written_is_shown_again(browser, monkeypatch):
    def full(new: str, old: str) -> None:
        raise OSError(ENOSPC, "No space left on device", new)

    row, before = browser.rows[0]["id"], browser.file.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        page = browser.send(browser.get(), edit=row, note="my own words")

    assert (page.status_code, problem(page)) == (500, "Not saved: No space left on device")
    assert fields_of(page)["note"] == "my own words"
    assert browser.file.read_bytes() == before
    assert browser.send(page, edit=row, note="my own words").status_code == 303


def test_two_servers_of_one_folder_lose_no_decision(folder, browser, monkeypatch):
    def write_slowly(file: str, rows: Iterable[Candidate], replaced: str) -> str:
        sleep(0.05)
        return write_review(file, rows, replaced)

    # So that one of two decisions would be lost, and not one of a hundred.
    monkeypatch.setattr("tipgraph_draft.page.write_review", write_slowly)

    def write_notes(of: Browser, number: int) -> list[str]:
        """Write notes on a row of one's own; returns those that were in the file no longer."""
        row, lost = of.rows[number]["id"], []
        for note in map(str, range(5)):
            while (answer := of.send(of.get(), edit=row, note=note)).status_code == 409:
                assert "changed meanwhile" in problem(answer)
            assert answer.status_code == 303
            sleep(0.1)
            lost += [note] if of.rows[number]["note"] != note else []
        return lost

    with reviewing(folder, "ab") as other, ThreadPoolExecutor() as pool:
        lost = pool.map(write_notes, (browser, other), (0, 1))
        assert list(lost) == [[], []]
