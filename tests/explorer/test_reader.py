"""A reader who has the address: six questions, the keyboard, a chart in a foreign page."""

import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.explorer.test_browser import Server, started
from tests.tools import browser_page, needs_command
from tipgraph import LocalGraph
from tipgraph.resources import folders

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.slow(reason="serves the whole graph and reads its pages in Chromium"),
    needs_command("chromium"),
]
# The keys from the first page to a figure, and the clicks to an answer.
MOST_KEYS, MOST_CLICKS = 15, 3
PUBLISHER = "US Department of State"

IN_VIEW = """() => {
  const main = document.querySelector("main");
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const seen = [];
  while (walker.nextNode()) {
    range.selectNodeContents(walker.currentNode);
    const { top, bottom, height } = range.getBoundingClientRect();
    if (height && top >= 0 && bottom <= innerHeight) seen.push(walker.currentNode.data);
  }
  return seen.join(" ");
}"""


class Question(NamedTuple):
    """A question with the first path to its answer, and what has to be in view there.

    A step is the beginning of a link, or `find: ` with words for the search.
    """

    question: str
    steps: tuple[str, ...]
    figure: str
    counter: str
    speaker: str
    caveat: str
    quote: str


QUESTIONS = (
    Question(
        "How many victims did Belgium identify in 2020?",
        ("Belgium", "91 victims"),
        "91 persons", "Government of Belgium", PUBLISHER,
        "the two are worded differently", "formally identified and assisted 91 victims",
    ),
    Question(
        "How much did Belgium pay each shelter in 2020?",
        ("Belgium", "The government allocated approximately EUR 419,000"),
        "approximately 419,000 EUR", "Government of Belgium", PUBLISHER,
        "marks the euro amount alone as approximate", "approximately €419,000",
    ),
    Question(
        "How many children went missing from shelters in Belgium in 2020?",
        ("find: children missing Belgium 2020", "583 children"),
        "583 persons", "somebody (not stated who)", "agency responsible for the shelters",
        "may have been victims of trafficking", "583 going missing in 2020",
    ),
    Question(
        "How many victims did Kenya identify in 2021?",
        ("Kenya", "482 victims"),
        "482 persons", "Government of Kenya", PUBLISHER,
        "the period is inferred", "482 victims",
    ),
    Question(
        "How many children were identified in Denmark in 2021?",
        ("find: how many children identified in Denmark in 2021", "5 trafficking victims"),
        "5 persons", "authorities", PUBLISHER,
        "adult foreign nationals", "five were children",
    ),
    Question(
        "How much did Estonia give for women in prostitution in 2018?",
        ("Estonia", "Allocation to an NGO"),
        "100,000 EUR", "social board", PUBLISHER,
        "may have been sex trafficking victims", "€100,000",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def server(everything: LocalGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the editions of all countries."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv(folders.VARIABLE)
        running = started(tmp_path_factory.mktemp("server") / "errors")
    yield running
    running.process.terminate()
    assert running.process.wait(10) == 128 + signal.SIGTERM


@pytest.fixture(scope="module")
def page() -> "Iterator[Page]":
    with browser_page(is_online=True) as opened:
        opened.set_default_timeout(90_000)
        opened.set_viewport_size({"width": 1280, "height": 800})
        yield opened


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.question)
def test_first_path_answers_in_three_clicks_without_scrolling(server, page, asked):
    page.goto(server.address)
    for step in asked.steps:
        words = step.removeprefix("find: ")
        if words != step:
            page.get_by_role("combobox").fill(words)
            page.get_by_role("button", name="Find").click()
        else:
            page.locator("main a", has_text=words).first.click()

    assert len(asked.steps) <= MOST_CLICKS
    view = in_view(page)
    for wanted in asked[2:]:
        assert wanted in view, wanted


def in_view(page: "Page") -> str:
    """The text of the lines of a page that are whole in the window, once all of it is there."""
    page.wait_for_load_state()
    return " ".join(str(page.evaluate(IN_VIEW)).split())


def test_keyboard_leads_from_the_first_page_to_a_figure(server: Server, page: "Page") -> None:
    keys = 0

    def press(*names: str) -> None:
        nonlocal keys
        for name in names:
            page.keyboard.press(name)
            keys += 1

    page.goto(server.address)
    # The link to the content, and the search in it.
    press("Tab", "Enter", "Tab", *"KEN", "Enter")
    page.wait_for_url("**/-/search?q=KEN")
    press("Tab", "Enter", "Tab", "Enter")
    page.wait_for_url("**/-/country/KEN")
    press("Tab", "Enter", "Tab", "Enter")
    page.wait_for_url("**/id/tip-*-ke/**")

    assert "482 persons" in in_view(page)
    assert keys <= MOST_KEYS


def test_only_the_page_to_embed_is_shown_in_a_foreign_page(server: Server, page: "Page") -> None:
    chart = "-/embed/series?indicator=residence-permits-issued&area=BEL"
    frames = "".join(f'<iframe src="{server.address}{each}"></iframe>' for each in (chart, ""))

    class Foreign(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(frames.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Foreign) as foreign:
        Thread(target=foreign.serve_forever, daemon=True).start()
        page.goto(f"http://localhost:{foreign.server_address[1]}/")
        shown, refused = page.frames[1:]
        shown.locator("p", has_text="Source: US Department of State").last.wait_for()
        width = shown.evaluate("document.querySelector('img').naturalWidth")
        foreign.shutdown()

    assert width > 0
    assert "tipgraph" not in refused.content()
