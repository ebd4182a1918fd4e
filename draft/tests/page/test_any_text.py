"""The page of a review on any text."""

import re
from pathlib import Path

from draft.tests.drafted import make_draft
from draft.tests.page.reviewing import fields_of, reviewing


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
