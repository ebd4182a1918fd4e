"""`tipgraph review` in Chromium: by keyboard, by mouse, without scripts; its looks."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from draft.tests.drafted import TEXT, copied, make_draft
from draft.tests.page.reviewing import Browser
from draft.tests.rows import rows_of
from tests.explorer.conftest import PROGRAM
from tests.explorer.looks import check_html, check_looks
from tests.explorer.test_browser import TRACES
from tests.tools import chromium, needs, needs_command
from tipgraph_draft.review_file import write_review

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow(reason="starts a server and opens its page in Chromium")
# PROGRAM imports the tests of tipgraph.
ROOT = Path(__file__).parents[3]
ADDRESS = re.compile(r"Reviewing on (http://127\.0\.0\.1:(\d+)/-/review) \(Ctrl-C ends it\)\n")
# Origins of victims, for a sentence that is longer than a phone is high.
ORIGINS = (
    *("women from Romania", "men from Bulgaria", "girls from Nigeria", "boys from Albania"),
    *("women from Hungary", "men from Morocco", "girls from Brazil", "boys from India"),
    *("women from Ukraine", "men from Tunisia", "girls from Serbia", "boys from Poland"),
)


class Program(NamedTuple):
    """A running review, its address, and what it has saved."""

    process: "subprocess.Popen[str]"
    address: str
    saved: Browser


@contextmanager
def started(folder: Path, *options: str) -> Iterator[Program]:
    """The program, which ends without a message: by itself, or at the end of the block."""
    errors = folder.parent / "errors"
    text = str(folder.parent / "protection.txt")
    command = [sys.executable, "-c", PROGRAM, "review", str(folder), "--text", text]
    with errors.open("w") as file:
        process = subprocess.Popen(
            [*command, "--port", "0", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )
    assert process.stdout
    found = ADDRESS.fullmatch(process.stdout.readline())
    assert found, errors.read_text()
    try:
        yield Program(process, found[1], Browser(found[1], folder))
    finally:
        process.terminate()
        process.wait(10)
    assert errors.read_text() == ""


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a draft in which one sentence is doubtful.

    A person has changed the unit of its first row.
    """
    folder = make_draft(tmp_path_factory.mktemp("draft"))
    review = folder / "draft/review.csv"
    whole, earlier, first, *others = rows_of(review)
    first = replace(first, unit="permits", doubt="see the unit")
    write_review(str(review), [replace(whole, doubt=""), earlier, first, *others])
    return folder


@pytest.fixture
def program(drafted: Path, tmp_path: Path) -> Iterator[Program]:
    with started(copied(drafted, tmp_path), "--reviewer", "ml") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> "Iterator[Chromium]":
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: "Chromium") -> "Iterator[Page]":
    """A page that shares nothing with those of other tests."""
    with browser.new_context() as context:
        opened = context.new_page()
        problems: list[str] = []
        opened.on("console", lambda message: problems.append(message.text))
        yield opened
        # A form that is refused is a 4xx; nothing breaks the policy of the page.
        assert not [each for each in problems if "status of 4" not in each]


def headline(page: "Page") -> str:
    """Return what the selected row states."""
    return page.locator("article.selected h3").inner_text()


def press(page: "Page", key: str) -> None:
    """Press a key that sends a form, or follows a link."""
    with page.expect_navigation():
        page.keyboard.press(key)
    if key == "e":
        # The browser moves the focus to the first field after the page has loaded.
        page.locator("[autofocus]:focus").wait_for()


@needs_command("chromium")
def test_keyboard_does_all_that_a_review_needs(program: Program, page: "Page") -> None:
    page.goto(program.address)
    # The doubtful sentence comes first.
    assert headline(page).startswith("70 permits")
    press(page, "v")
    assert headline(page).startswith("70 persons")
    # The row is as the machine read it.
    assert page.get_by_role("button", name="Restore this").count() == 0
    press(page, "e")
    page.get_by_label("Unit", exact=True).fill("families")
    press(page, "Enter")
    assert program.saved.rows[2]["unit"] == "families"
    press(page, "u")
    assert headline(page).startswith("70 persons")
    page.keyboard.press("n")
    assert headline(page).startswith("40 persons")
    page.keyboard.press("p")
    assert headline(page).startswith("70 persons")
    press(page, "a")
    press(page, "r")
    assert program.saved.statuses == ["open", "open", "yes", "no", "open", "open"]
    # A capital letter accepts the rest of one sentence, and none of the next.
    assert page.locator("#sentence").inner_text().startswith("S01")
    press(page, "Shift+A")
    assert program.saved.statuses == ["yes", "yes", "yes", "no", "open", "open"]
    press(page, "l")
    press(page, "b")
    assert page.locator("#sentence").inner_text().startswith("S03")
    press(page, "s")
    assert page.locator("#sentence").inner_text().startswith("S04")
    press(page, "a")
    assert program.saved.statuses == ["yes", "yes", "yes", "no", "later", "yes"]
    assert "1 row is left for later." in page.inner_text("main")
    page.keyboard.press("g")
    assert page.evaluate("document.activeElement.id") == "go"
    page.keyboard.type("S03")
    page.keyboard.press("Tab")
    press(page, "Enter")
    assert page.locator("#sentence").inner_text().startswith("S03")
    press(page, "q")

    assert "The review has ended." in page.inner_text("main")
    assert program.process.wait(10) == 0


@needs_command("chromium")
def test_keys_do_nothing_while_one_types(program: Program, page: "Page") -> None:
    page.goto(program.address)
    press(page, "e")
    # The first field has the focus.
    assert page.evaluate("document.activeElement.name") == "quote"
    page.get_by_label("Note", exact=True).fill("")
    page.get_by_label("Note", exact=True).press_sequentially("arlq sb")
    assert program.saved.statuses == ["open"] * 6
    # Neither outside of the field: what is in it is not saved yet.
    page.locator("h1").click()
    page.keyboard.press("a")
    page.keyboard.press("s")
    page.get_by_label("Unit", exact=True).fill("quarls")
    press(page, "Enter")

    saved = program.saved.rows[2]
    assert (saved["note"], saved["unit"], saved["status"]) == ("arlq sb", "quarls", "open")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("alq")
    page.locator("h1").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Alt+r")
    assert program.saved.statuses == ["open"] * 6
    page.keyboard.press("?")
    with page.expect_navigation():
        page.get_by_role("button", name="Turn the keys off").click()
    page.keyboard.press("a")
    assert page.locator("kbd").count() == 0
    assert program.saved.statuses == ["open"] * 6
    with page.expect_navigation():
        page.get_by_role("button", name="Turn the keys on").click()
    press(page, "a")
    assert program.saved.statuses[2] == "yes"


@needs_command("chromium")
def test_caps_lock_accepts_no_sentence_and_a_key_counts_once(program, page):
    page.goto(program.address)
    with page.expect_navigation():
        page.evaluate("""() => {
            for (const key of ["A", "A", "a"]) {
                const event = new KeyboardEvent("keydown", { key, bubbles: true });
                document.body.dispatchEvent(event);
            }
        }""")

    assert program.saved.statuses == ["open", "open", "yes", "open", "open", "open"]


@needs_command("chromium")
@pytest.mark.parametrize("has_scripts", [True, False])
def test_mouse_does_all_that_a_review_needs(program, page, has_scripts):
    assert page.context.browser
    context = page.context.browser.new_context(java_script_enabled=has_scripts)
    opened = context.new_page()
    opened.goto(program.address)

    def click(name: str, row: str = "") -> None:
        place = opened.locator("article", has_text=row) if row else opened
        links, buttons = (place.get_by_role(role, name=name) for role in ("link", "button"))
        links.or_(buttons).first.click()

    click("Restore this", "70 permits")
    assert program.saved.rows[2]["unit"] == "persons"
    click("Undo: restore")
    click("Reject", "40 persons")
    click("Later", "70 permits")
    assert program.saved.statuses[2:4] == ["later", "no"]
    click("Edit", "120 persons")
    opened.get_by_label("Value", exact=True).fill("many")
    click("Save the cells")
    assert "'many' is no number" in opened.get_by_role("alert").inner_text()
    opened.get_by_label("Value", exact=True).fill("119")
    opened.get_by_label("Note", exact=True).fill("derived: 120 less 1")
    click("Save the cells")
    assert program.saved.rows[0]["value"] == "119"
    click("Add a missed row")
    click("claim")
    opened.get_by_label("Quote (needed)").fill("the government")
    opened.get_by_label("Speaker").fill("police")
    click("Add the row")
    assert [row["speaker"] for row in program.saved.rows if row["reader"] == "person"] == ["police"]
    click("Accept the 3 rows of this sentence that are left")
    assert [row["status"] for row in program.saved.rows if row["sentence"] == "S01"] == ["yes"] * 3
    click("Next sentence")
    click("Back")
    opened.get_by_label("Go to").select_option("S04")
    opened.get_by_role("button", name="Go", exact=True).click()
    assert opened.locator("#sentence").inner_text().startswith("S04")
    # Keys are shown where they work.
    assert (opened.locator("kbd:visible").count() > 0) == has_scripts
    click("Quit")
    assert "The review has ended." in opened.inner_text("main")
    assert program.process.wait(10) == 0


@needs_command("chromium")
def test_sentence_stays_in_view_on_a_phone(tmp_path: Path, page: "Page") -> None:
    """Beside the selected row and the field with the focus, and never over most of the page."""
    long = ", ".join(f"{number} {each}" for number, each in enumerate(ORIGINS, 31))
    folder = make_draft(tmp_path, f"In 2029, the government identified victims: {long}.")
    with started(folder, "--reviewer", "ml") as program:
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(program.address)
        sentence = page.locator("#text")

        def check(below: str) -> None:
            box, other = sentence.bounding_box(), page.locator(below).bounding_box()
            assert box
            assert other
            assert (box["y"] >= 0, box["height"] <= 320) == (True, True)
            assert box["y"] + box["height"] <= other["y"] < 800
            assert sentence.evaluate("element => element.scrollHeight > element.clientHeight")

        assert len(program.saved.rows) > 3
        page.keyboard.press("n")
        check(".selected h3")
        page.keyboard.press("p")
        check(".selected h3")
        press(page, "a")
        check(".selected h3")
        press(page, "e")
        for _ in range(4):
            page.keyboard.press("Tab")
            check(":focus")
        for _ in range(3):
            page.keyboard.press("Shift+Tab")
            check(":focus")


@needs_command("chromium")
@pytest.mark.parametrize("width", [390, 1280])
def test_problem_is_in_view_at_its_field(program: Program, page: "Page", width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(program.address)

    def focus_beside_the_problem() -> str:
        """The name of what has the focus; it and the alert are in view, not below the sentence."""
        alert, focused = page.get_by_role("alert"), page.locator(":focus")
        over = page.locator("#text").bounding_box() if width == 390 else None
        for each in (alert, focused):
            box = each.bounding_box()
            assert box
            top, end = box["y"], box["y"] + box["height"]
            assert 0 <= top < end <= 800
            assert not over or end <= over["y"] or over["y"] + over["height"] <= top
        return str(focused.get_attribute("name") or focused.get_attribute("role"))

    press(page, "e")
    page.get_by_label("Value", exact=True).fill("many")
    press(page, "Enter")
    assert focus_beside_the_problem() == "value"
    value = page.get_by_label("Value", exact=True)
    assert value.get_attribute("aria-invalid") == "true"
    # The field has the cell of the file beside it too.
    assert str(value.get_attribute("aria-describedby")).split() == ["edit-value-hint", "problem"]
    assert page.locator("[aria-invalid]").count() == 1
    press(page, "Escape")
    assert program.saved.rows[2]["value"] == "70"
    press(page, "e")
    page.get_by_label("Quote", exact=True).fill("nobody")
    press(page, "Enter")
    assert focus_beside_the_problem() == "quote"
    # A problem of the file is about no field: the alert itself has the focus.
    text = program.saved.file.read_text(encoding="utf-8")
    program.saved.file.write_text(text.replace(",open,", ",no,", 1), encoding="utf-8", newline="")
    press(page, "Enter")
    assert focus_beside_the_problem() == "alert"
    press(page, "Escape")
    program.saved.file.write_text(text, encoding="utf-8", newline="")
    press(page, "a")
    assert "The file was changed meanwhile" in page.get_by_role("alert").inner_text()
    assert focus_beside_the_problem() == "alert"


@needs_command("chromium")
def test_keys_work_in_the_list_of_sentences_and_in_forms(program: Program, page: "Page") -> None:
    page.goto(program.address)
    page.keyboard.press("g")
    page.keyboard.press("ArrowDown")
    press(page, "Enter")
    assert page.locator("#sentence").inner_text().startswith("S03")
    for key in ("e", "m"):
        press(page, key)
        if key == "m":
            # The first kind gets the focus.
            page.locator("button[name=add]:focus").first.wait_for()
            press(page, "Enter")
        page.locator("form.fields input[id]").first.press_sequentially("the")
        press(page, "Escape")
        assert page.locator("form.fields").count() == 0
    assert program.saved.statuses == ["open"] * 6
    page.keyboard.press("?")
    assert page.evaluate("document.activeElement.localName") == "summary"
    assert page.locator("#keys kbd").first.is_visible()


@needs_command("chromium")
def test_cells_break_between_words_on_a_phone(program: Program, page: "Page") -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(program.address)
    press(page, "e")
    page.get_by_label("Stage", exact=True).fill("presumed+identified+repatriated")
    page.get_by_label("Period from", exact=True).select_option("paragraph")
    press(page, "Enter")
    cells = page.locator(".selected > .cells > li")
    stage = cells.filter(has_text="Stage")
    lines = stage.evaluate("""cell => {
        const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) for (const word of walker.currentNode.data.matchAll(/\\w+/g)) {
            const range = new Range();
            range.setStart(walker.currentNode, word.index);
            range.setEnd(walker.currentNode, word.index + word[0].length);
            found.push([word[0], range.getClientRects().length]);
        }
        return found;
    }""")
    assert lines[-3:] == [["presumed", 1], ["identified", 1], ["repatriated", 1]]
    # The long explanation has a line of its own.
    period, every = (
        cells.filter(has_text="Period from").bounding_box(),
        page.locator(".selected > .cells").bounding_box(),
    )
    assert period
    assert every
    assert period["width"] == every["width"]


@needs_command("chromium")
def test_browser_keeps_nothing(program: Program, page: "Page") -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(program.address)
    press(page, "a")
    press(page, "e")
    page.get_by_label("Note", exact=True).fill("Shelters lacked places")
    press(page, "Enter")

    cookie, local, session, address, title = page.evaluate(TRACES)
    assert (cookie, local, session) == ("", 0, 0)
    assert re.fullmatch(re.escape(program.address) + r"\?row=\w{12}#row-\w{12}", address)
    assert title == "Review of tip-2030-be – tipgraph"  # noqa: RUF001
    assert page.context.cookies() == []
    words = [word for word in TEXT.split() if len(word) > 4]
    assert not [url for url in requested for word in words if word in url]


@needs_command("chromium")
@needs_command("tidy")
@needs("node_modules/axe-core")
def test_page_is_accessible_and_valid_and_fits_a_phone(drafted, tmp_path, page):
    def check(name: str) -> None:
        check_looks(page, name)
        check_html(page.request.get(page.url).text(), name)

    with started(copied(drafted, tmp_path), "--reviewer", "ml") as program:
        page.goto(program.address)
        check("doubtful sentence")
        press(page, "r")
        press(page, "s")
        page.keyboard.press("?")
        check("plain sentence")
        for query in (f"?edit={program.saved.rows[0]['id']}", "?add=", "?add=amount"):
            page.goto(program.address + query)
            check(query)
        page.get_by_label("Quote (needed)").fill("nobody")
        press(page, "Enter")
        page.get_by_role("alert").wait_for()
        check_looks(page, "problem")
        page.goto(program.address)
        while page.locator("#sentence").count():
            press(page, "a")
        check("every row is decided")
        press(page, "q")
        check_looks(page, "end")
        assert program.process.wait(10) == 0


def test_program_listens_here_alone_and_a_signal_ends_it(drafted: Path, tmp_path: Path) -> None:
    with started(copied(drafted, tmp_path), "--reviewer", "ml") as program:
        port = int(program.address.split(":")[2].partition("/")[0])
        others = {str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None)}
        for address in others - {"127.0.0.1", "::1"}:
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((address, port), timeout=5)

        program.process.send_signal(signal.SIGINT)
        assert program.process.wait(10) == 128 + signal.SIGINT
