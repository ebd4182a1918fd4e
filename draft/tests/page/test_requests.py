"""The page of a review answers its own forms alone, and shows the text nowhere else."""

import re

from draft.tests.page.reviewing import CLIENT, Browser, hidden, problem
from tipgraph_draft import page as review

# None, a wrong one, one that is not ASCII, and one that is too long.
TOKENS = ("", "x" * 43, "\u00e9", "x" * 99)
# A foreign one, an unknown one, that of another port, and none.
ORIGINS = ("https://evil.example", "null", "http://127.0.0.1:1", "")
CHANGES = ("accept", "reject", "later", "accept-sentence", "edit", "restore", "add", "undo")


def test_form_of_another_run_or_origin_changes_nothing(browser: Browser) -> None:
    page = browser.get()
    before = browser.file.read_bytes()
    row = browser.rows[0]["id"]

    for action, token in zip(("accept", "next", "quit", "shortcuts"), TOKENS, strict=True):
        answer = browser.post({**hidden(page), "token": token, action: row})
        assert answer.status_code == 403
        assert "Nothing was changed" in problem(answer)
        assert answer.headers["cache-control"] == "no-store"
    for origin in ORIGINS:
        fields = {**hidden(page), "accept": row}
        assert browser.post(fields, origin=origin).status_code == 403
    assert browser.file.read_bytes() == before
    assert browser.get().text == page.text


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

    for name in (*CHANGES, "next", "back", "go", "quit", "shortcuts"):
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
        browser.post({"x": "y"}),
        browser.post({"x": "y" * 40_000}),
        CLIENT.head(f"{browser.origin}{review.ADDRESS}"),
    ]

    assert [each.status_code for each in answers] == [200, 200, 400, 303, 409, 415, 403, 413, 200]
    for each in answers:
        assert each.headers["cache-control"] == "no-store"
        assert each.headers.get_list("referrer-policy") == ["same-origin"]
        assert "unsafe" not in each.headers["content-security-policy"]
        assert not {"set-cookie", "etag"} & {*each.headers}


def test_nothing_of_the_text_is_in_a_title_an_address_or_a_log(browser, capfd):
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


def test_bug_is_reported_without_the_text(browser, capfd, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("120 victims")

    monkeypatch.setattr("tipgraph_draft.page._act", broken)
    capfd.readouterr()
    answer = browser.send(browser.get(), accept=browser.rows[0]["id"])

    assert answer.status_code == 500
    assert "120 victims" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert capfd.readouterr() == ("", "tipgraph: a bug in a private page: RuntimeError\n")
