"""A real server and a real browser: what readers do, and what is left of it."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.request import Request, urlopen

import pytest

from tests.conftest import Run
from tests.tools import AXE, browser_page, needs, needs_command

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow(reason="starts a server and opens its pages in Chromium")

# The program, with the editions that the tests have.
PROGRAM = """
from tests.conftest import of_some_countries
from tipgraph.cli import run
from tipgraph.resources.folders import Resources

for method in ("data", "ingredients"):
    setattr(Resources, method, of_some_countries(getattr(Resources, method)))
run()
"""
COMMAND = [sys.executable, "-c", PROGRAM, "serve", "--port"]
PAGES = {
    "home": "",
    "search": "-/search?q=who+pays",
    "figure": "id/tip-2021-be/referrals-2020",
    "sentence": "id/tip-2021-be/S03",
    "edition": "id/tip-2021-be",
    "actor": "id/greta",
    "country": "-/country/BEL",
    "query": "query/funding?area=BEL",
    "chart": "query/series?indicator=residence-permits-issued&area=BEL",
    "questions": "query/",
    "comparison": "-/compare?earlier=tip-2020-be&later=tip-2021-be",
    "report": "-/report/BEL",
    "entitlements": "-/entitlements",
    "case": "-/case",
    "terms": "ns",
    "unknown": "id/gretta",
    "endpoint": "sparql",
}
# The rules of axe that depend on the colours are tried again.
SCHEMES = {"light": "", "dark": "{runOnly: ['color-contrast']}"}
FEW_TERMS = "[...document.querySelectorAll('.term')].slice(20).forEach(each => each.remove())"
TRACES = """() => [document.cookie, localStorage.length, sessionStorage.length,
    performance.getEntriesByType('navigation')[0].name, document.title]"""


class Server(NamedTuple):
    """A running program, its address, and the file of its standard error."""

    process: subprocess.Popen[str]
    address: str
    errors: Path


def started(errors: Path, port: str = "0") -> Server:
    with errors.open("w") as file:
        process = subprocess.Popen([*COMMAND, port], stdout=subprocess.PIPE, stderr=file, text=True)
    assert process.stdout
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert found, errors.read_text()
    return Server(process, found[0], errors)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = started(tmp_path_factory.mktemp("server") / "errors")
    yield running
    running.process.terminate()
    assert running.process.wait(10) == 128 + signal.SIGTERM


@pytest.fixture(scope="module")
def page(server: Server) -> "Iterator[Page]":
    with browser_page(is_online=True) as opened:
        problems: list[str] = []
        opened.on("console", lambda message: problems.append(message.text))
        yield opened
        # An unknown thing is a 404; nothing breaks the policy of the pages.
        assert not [each for each in problems if "404" not in each]


@needs_command("chromium")
def test_reader_gets_from_a_search_to_the_sentence(server: Server, page: "Page") -> None:
    page.goto(server.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.get_by_role("searchbox").fill("820 referrals shelters")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="820 referrals").first.click()
    assert page.url == f"{server.address}id/tip-2021-be/referrals-2020"
    assert "has speaker: US Department of State" in page.inner_text("main")
    assert "Referrals, not persons" in page.inner_text("main")
    evidence = page.get_by_role("region", name="Evidence")
    public = evidence.get_by_role("link", name="source").get_attribute("href")
    assert public
    assert "#:~:text=" in public
    evidence.get_by_role("link", name="S03").click()
    assert page.url == f"{server.address}id/tip-2021-be/S03"
    assert "820 referrals" in page.inner_text("main")


@needs_command("chromium")
def test_form_gives_the_file_of_the_command(server: Server, page: "Page", run: Run) -> None:
    page.goto(f"{server.address}query/funding")
    page.get_by_label("Area").select_option("Belgium")
    page.get_by_role("button", name="Ask").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()

    assert download.value.suggested_filename == "funding.csv"
    content = Path(download.value.path()).read_bytes().decode()
    assert content == run("query", "funding", "--area", "BEL", "--format", "csv").out


@needs_command("chromium")
def test_query_typed_into_the_form_is_answered(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}sparql")
    page.get_by_label("Query").fill("SELECT ?l { id:greta rdfs:label ?l }")
    page.get_by_label("Format").select_option("text/csv")
    with page.expect_download() as download:
        page.get_by_role("button", name="Run").click()

    assert "GRETA" in Path(download.value.path()).read_text()


@needs_command("chromium")
def test_case_leaves_no_trace(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}-/case")
    page.get_by_label("Citizenship", exact=True).fill("ALB")
    page.get_by_label("Age", exact=True).fill("29")
    page.locator("#fact-identified").select_option("met")
    page.get_by_role("button", name="Assess").click()

    assert "citizen of Albania" in page.inner_text("main") or "ALB" in page.inner_text("main")
    address = f"{server.address}-/case"
    assert page.evaluate(TRACES) == ["", 0, 0, address, "Assess a case – tipgraph"]  # noqa: RUF001
    assert page.context.cookies() == []
    page.goto(f"{server.address}-/case")
    assert page.get_by_label("Age", exact=True).input_value() == ""
    assert server.errors.read_text() == ""


@needs_command("chromium")
@needs_command("tidy")
@needs("node_modules/axe-core")
def test_pages_are_accessible_and_valid_and_fit_a_phone(server: Server, page: "Page") -> None:
    axe = AXE.read_text(encoding="utf-8")
    for name, path in PAGES.items():
        page.goto(server.address + path)
        page.evaluate(axe)
        # All terms look alike.
        page.evaluate(FEW_TERMS)
        for scheme, rules in SCHEMES.items():
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found = page.evaluate(f"axe.run({rules})")
            violations = [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
            assert (name, scheme, violations) == (name, scheme, [])
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        page.set_viewport_size({"width": 1000, "height": 800})
        checked = subprocess.run(
            ["tidy", "-errors", "-quiet"], input=page.content(), capture_output=True, text=True
        )
        assert (name, checked.stderr) == (name, "")


def test_program_listens_here_alone_and_stops_cleanly(server: Server, tmp_path: Path) -> None:
    with urlopen(Request(f"{server.address}id/greta.nt")) as answer:
        assert answer.status == 200
        assert "server" not in answer.headers

    taken = server.address.rstrip("/").rpartition(":")[2]
    refused = subprocess.run([*COMMAND, taken], capture_output=True, text=True)
    assert refused.returncode == 4
    assert re.fullmatch(
        r"tipgraph: cannot listen on \S+: Address already in use; .*\n", refused.stderr
    )
    other = started(tmp_path / "errors")
    other.process.send_signal(signal.SIGINT)
    assert other.process.wait(10) == 128 + signal.SIGINT
    assert other.errors.read_text() == ""
