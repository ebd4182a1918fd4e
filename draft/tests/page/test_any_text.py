"""The page of a review on any text."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from draft.tests.drafted import make_draft
from draft.tests.page.reviewing import fields_of, hidden, reviewing
from tipgraph_draft.page import CHANGES, LABELS, MOVES

MARKUP = "<script>alert(1)</script>"
TEXT = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    [MARKUP, "r1", "S01", "figure", "1" * 5000]
)
FIELDS = st.dictionaries(st.sampled_from(["token", "version", "sentence", "kind", *LABELS]), TEXT)


@given(action=st.sampled_from([*CHANGES, *MOVES, "shortcuts"]), row=TEXT, fields=FIELDS)
def test_no_form_breaks_the_page_or_the_file(action, row, fields, browser):
    own = hidden(browser.get())
    # Each second form is one of this review, so that its cells are read.
    sent = fields if "token" in fields else {**own, **fields}
    known = browser.rows[0]["id"] if row == "r1" else row
    given = {**sent, action: known}
    page = browser.post(
        {key: each.encode("utf-8", "replace").decode() for key, each in given.items()}
    )

    assert page.status_code < 500
    assert MARKUP not in page.text
    assert browser.get().status_code == 200
    assert all(each["quote"] for each in browser.rows)


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
        assert not re.search(
            r'<script(?! src="/-/(?:scripts/)?\w+\.js" defer></script>)', page.text
        )
        assert "<img" not in page.text
        assert "<b>" not in page.text
        assert "60481729" not in page.text
        assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page.text)
    assert {**changed, "note": "", "reviewer": ""} == quote
    assert "&lt;script&gt;alert(" in pages[0].text
