"""A real server and a real browser: what readers do, and what is left of it."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.request import Request, urlopen

import pytest

from tests.conftest import Run
from tests.explorer.conftest import PROGRAM
from tests.explorer.looks import check_html, check_looks
from tests.tools import browser_page, needs, needs_command, page_with_profile

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow(reason="starts a server and opens its pages in Chromium")

# The program, with the editions that the tests have.
COMMAND = [sys.executable, "-c", PROGRAM, "serve", "--port"]
PAGES = {
    "home": "",
    "about": "-/about",
    "search": "-/search?q=who+pays",
    "figure": "id/tip-2021-be/referrals-2020",
    "sentence": "id/tip-2021-be/S03",
    "edition": "id/tip-2021-be",
    "actor": "id/greta",
    "country": "-/country/BEL",
    "query": "query/funding?area=BEL",
    "chart": "query/series?indicator=residence-permits-issued&area=BEL",
    "questions": "query/",
    "countries": "-/countries",
    "suggestions": "query/evidence?place=tip-2021-be/S03",
    "comparison": "-/compare?earlier=tip-2020-be&later=tip-2021-be",
    "entitlements": "-/entitlements",
    "network": "-/network",
    "case": "-/case",
    "terms": "ns",
    "unknown": "id/gretta",
    "downloads": "-/downloads",
    "several publishers": "query/compare-sources?area=BEL",
    "document of another publisher": "id/greta-2022-be",
    "endpoint": "sparql",
    "a page to embed": "-/embed/series?indicator=residence-permits-issued&area=BEL",
    "several countries": "-/country/BEL?with=HUN",
}
# They look like other pages, or are looked at by another test once scripts have drawn them.
ALIKE = {"actor", "edition", "several publishers", "document of another publisher"}
ALIKE |= {"network", "endpoint"}
FEW_TERMS = "[...document.querySelectorAll('.term')].slice(8).forEach(each => each.remove())"
TRACES = """() => [document.cookie, localStorage.length, sessionStorage.length,
    performance.getEntriesByType('navigation')[0].name, document.title]"""


MARKUP = '<img src="x" onerror="alert(1)"><b>bold</b>'
# Where a line of the network with this relation is, in the drawing.
LINE = """relation => {
    const cy = document.getElementById('drawing')._cyreg.cy
    return cy.edges().filter(each => each.data('relation') === relation)[0].renderedMidpoint()
}"""

# The places of parties and lines in the drawing.
PLACES = """() => {
    const cy = document.getElementById('drawing')._cyreg.cy
    const parties = cy.nodes('.party').map(each => [each.id(), each.position()])
    const of = ['source', 'target', 'through']
    const lines = cy.edges().map(each => of.map(name => each.data(name)))
    return [Object.fromEntries(parties), lines]
}"""


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


def drawn(page: "Page") -> None:
    """Wait until the network is drawn."""
    page.locator("#network[data-state=drawn]").wait_for()


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
    page.get_by_role("combobox").press_sequentially("820 refer")
    option = page.locator('#search-values option[value^="820 referrals"]').first
    option.wait_for(state="attached")
    page.get_by_role("combobox").fill("820 referrals shelters")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="820 referrals").first.click()
    assert page.url == f"{server.address}id/tip-2021-be/referrals-2020"
    evidence = page.get_by_role("region", name="What it says")
    assert "stated by\nUS Department of State" in evidence.inner_text()
    assert "Referrals, not persons" in evidence.inner_text()
    public = evidence.get_by_role("link", name="source").get_attribute("href")
    assert public
    assert "#:~:text=" in public
    evidence.get_by_role("link", name="S03").click()
    assert page.url == f"{server.address}id/tip-2021-be/S03"
    assert "820 referrals" in page.inner_text("main")


@needs_command("chromium")
def test_form_gives_the_file_of_the_command(server: Server, page: "Page", run: Run) -> None:
    page.goto(f"{server.address}query/funding")
    page.get_by_text("Change the question").click()
    page.get_by_label("Area", exact=True).select_option("Belgium")
    page.get_by_role("button", name="Ask").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()

    assert download.value.suggested_filename == "funding.csv"
    content = Path(download.value.path()).read_bytes().decode()
    assert (
        content
        == run("query", "funding", "--area", "BEL", "--format", "csv", "--columns", "all").out
    )


@needs_command("chromium")
def test_address_keeps_the_filter_and_the_columns(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}query/figures?area=BEL")
    table = page.get_by_role("table").first
    assert table.get_by_role("columnheader").count() == 8
    page.get_by_text("Filter the rows, and select columns").click()
    page.locator("#filter-statement").fill("residence permits")
    page.locator("#show-indicator").check()
    page.get_by_role("status").filter(has_text=re.compile("^[0-9]+ of ")).wait_for()
    page.wait_for_url(re.compile("columns="))
    kept, rows = page.url, table.locator("tbody tr:visible").count()
    assert 0 < rows < table.locator("tbody tr").count()

    page.goto(server.address)
    page.goto(kept)
    assert table.get_by_role("columnheader", name="indicator").is_visible()
    assert table.locator("tbody tr:visible").count() == rows
    page.goto(f"{server.address}query/figures?area=BEL&columns=all")
    assert table.get_by_role("columnheader").count() > 8


@needs_command("chromium")
def test_typing_into_a_field_suggests_its_values(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}query/evidence")
    page.get_by_text("Change the question").click()
    field = page.get_by_role("combobox", name="Statement")
    with page.expect_response(re.compile("/-/suggest")):
        field.press_sequentially("820 refer")
    option = page.locator('#statement-values option[value="referrals-2020"]')
    option.wait_for(state="attached")
    label = option.get_attribute("label")
    assert label
    assert label.startswith("820 referrals")
    field.fill("referrals-2020")
    page.get_by_role("button", name="Ask").click()

    assert "820 referrals of victims and potential victims" in page.inner_text("main table")


@needs_command("chromium")
def test_comparison_of_countries_scrolls_beside_its_first_column(server, page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server.address}-/countries")
    region = page.get_by_role("region", name="Table: identified: victims, persons, flow")
    country = region.get_by_role("rowheader", name="Hungary").first
    before = country.bounding_box()
    region.evaluate("each => each.scrollTo(300, 0)")
    after = country.bounding_box()
    assert region.evaluate("each => each.scrollLeft") > 0
    page.set_viewport_size({"width": 1000, "height": 800})
    assert before
    assert after
    assert before["x"] == after["x"]

    mark = region.locator("a.mark").first
    note = mark.get_attribute("href")
    assert note
    mark.click()
    assert page.locator(note).is_visible()
    region.locator("p.figure > a").first.click()
    assert "/id/tip-" in page.url


@needs_command("chromium")
def test_query_is_answered_below_the_editor(server: Server, page: "Page") -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(f"{server.address}sparql")
    editor = page.get_by_label("Query", exact=True).last
    editor.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?greta ?l { ?greta tip:named true ; rdfs:label ?l")
    page.keyboard.type(" FILTER(?greta = id:greta) }")
    # The editor adds this for a prefix that it knows.
    assert page.get_by_text("PREFIX rdfs:").count() == 1
    page.keyboard.press("Control+Enter")
    page.get_by_role("region", name="Rows of the answer").get_by_role(
        "cell", name="GRETA", exact=True
    ).wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "accept"

    page.get_by_role("link", name="id:greta").click()
    assert page.url == f"{server.address}id/greta"
    assert all(url.startswith((server.address, "data:")) for url in requested)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0, 0, "",
    ]  # fmt: skip


@needs_command("chromium")
def test_markup_in_an_answer_is_text(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}sparql")
    page.get_by_label("Query", exact=True).last.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(f"SELECT ('{MARKUP}' AS ?x) (IRI('javascript:alert(1)') AS ?y) {{}}")
    page.keyboard.press("Control+Enter")

    cells = page.get_by_role("region", name="Rows of the answer").get_by_role("cell")
    cells.first.wait_for()
    assert cells.all_inner_texts() == [MARKUP, "javascript:alert(1)"]
    assert cells.locator("*").count() == 0


@needs_command("chromium")
def test_editor_completes_terms_and_marks_errors(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}sparql")
    page.get_by_label("Query", exact=True).last.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT * { ?statement tip:spea")
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hint", has_text="tip:speaker").wait_for()
    page.keyboard.press("Enter")
    assert "tip:speaker" in page.locator(".CodeMirror-code").inner_text()

    page.keyboard.type(" nonsense }")
    icon = page.locator(".parseErrorIcon")
    icon.hover()
    assert icon.get_attribute("title") == "From here on, this is no SPARQL"


@needs_command("chromium")
def test_answer_is_a_file_in_a_format(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}sparql")
    page.get_by_label("Format").select_option("text/csv")
    with page.expect_download() as download:
        page.get_by_role("button", name="Get the answer as a file").click()

    assert Path(download.value.path()).read_text().startswith("edition,label\n")


@needs_command("chromium")
def test_click_on_a_line_of_the_network_leads_to_its_sentence(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}-/network")
    drawn(page)
    place = page.evaluate(LINE, "allocates money to")
    # The library needs a frame to know that the page has moved.
    page.locator("#drawing").hover(position=place)
    page.locator("#drawing").click(position=place)
    facts = page.get_by_role("region", name="Statements of what is selected")

    assert facts.get_by_role("heading", level=2).inner_text() == (
        "Government of Belgium allocates money to three specialised NGO-run shelters (Belgium)"
    )
    assert facts.get_by_text("allocation, stated by US Department of State").count() == 2
    facts.get_by_role("link", name="S14").first.click()
    assert page.url == f"{server.address}id/tip-2021-be/S14"


@needs_command("chromium")
def test_line_crosses_a_column_beside_its_parties(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}-/network")
    drawn(page)
    found = parties, lines = page.evaluate(PLACES)
    places = [(each["x"], each["y"]) for each in parties.values()]
    columns = sorted({x for x, _ in places})
    crossing = 0
    for source, target, through in lines:
        ends = sorted((parties[source]["x"], parties[target]["x"]))
        crossed = [each for each in columns if ends[0] < each < ends[1]]
        assert len(through) == 2 * len(crossed)
        for entry, leave in zip(through[::2], through[1::2], strict=True):
            middle = (entry["x"] + leave["x"]) / 2
            assert entry["y"] == leave["y"]
            assert middle in crossed
            # A box is 196 pixels wide and 44 high.
            assert abs(entry["x"] - middle) > 196 / 2
            assert all(abs(y - entry["y"]) > 44 / 2 for x, y in places if x == middle)
            crossing += 1

    assert len(set(places)) == len(places)
    assert crossing > 10
    page.reload()
    drawn(page)
    assert page.evaluate(PLACES) == found


@needs_command("chromium")
def test_keyboard_goes_through_the_network(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}-/network?actor=greta")
    drawn(page)
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowDown")
    facts = page.get_by_role("region", name="Statements of what is selected")
    assert facts.get_by_role("heading", level=2).inner_text() == "GRETA"
    page.keyboard.press("ArrowRight")
    assert facts.get_by_role("heading", level=2).inner_text().startswith("GRETA speaks of")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "GRETA"
    page.keyboard.press("Escape")
    assert not facts.is_visible()
    assert page.evaluate("document.activeElement.id") == "drawing"


@needs_command("chromium")
@needs("node_modules/axe-core")
def test_what_scripts_draw_is_accessible_and_fits_a_phone(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}-/network")
    drawn(page)
    page.get_by_role("application").focus()
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    check_looks(page, "line of the network")
    page.goto(f"{server.address}sparql")
    check_looks(page, "editor")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("region", name="Rows of the answer").wait_for()
    check_looks(page, "rows")
    page.get_by_role("button", name="Response").click()
    page.get_by_label("Response", exact=True).wait_for(state="attached")
    check_looks(page, "response")


@needs_command("chromium")
def test_network_and_endpoint_work_without_scripts(server: Server, page: "Page") -> None:
    assert page.context.browser
    plain = page.context.browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{server.address}-/network")
    plain.get_by_label("Kind of connection").select_option("funds")
    plain.get_by_role("button", name="Show").click()
    assert plain.url.endswith("connection=funds&actor=")
    assert not plain.locator("#network").is_visible()
    sentence = plain.get_by_role("table").get_by_role("link", name=re.compile(r"S\d+")).first
    name = sentence.inner_text()
    sentence.click()
    assert plain.url == f"{server.address}id/tip-2021-be/{name}"

    plain.goto(f"{server.address}sparql")
    plain.get_by_label("Query").fill("SELECT ?l { id:greta rdfs:label ?l }")
    plain.get_by_label("Format").select_option("text/csv")
    with plain.expect_download() as download:
        plain.get_by_role("button", name="Run").click()
    assert "GRETA" in Path(download.value.path()).read_text()


@needs_command("chromium")
def test_case_leaves_no_trace(server: Server, page: "Page") -> None:
    page.goto(f"{server.address}-/case")
    page.get_by_label("Citizenship", exact=True).fill("ALB")
    page.get_by_label("Age", exact=True).fill("29")
    page.locator("#fact-identified").select_option("met")
    page.get_by_role("button", name="Assess").click()

    assert "citizen of Albania" in page.inner_text("main") or "ALB" in page.inner_text("main")
    *kept, address, title = page.evaluate(TRACES)
    assert kept == ["", 0, 0]
    assert address == f"{server.address}-/case"
    assert title == "Assess a case – tipgraph"  # noqa: RUF001
    assert page.context.cookies() == []
    # Back would not lead to the answer, which is not stored.
    with page.context.expect_page() as opened:
        page.get_by_role("main").get_by_role("link", name=re.compile("^S\\d+$")).first.click()
    opened.value.wait_for_load_state()
    assert "/id/tip-2021-be/S" in opened.value.url
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()
    assert page.get_by_role("heading", name="Another case").is_visible()
    # A page that is left may be kept in memory, and shown again.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.inner_text("main") == ""
    page.goto(f"{server.address}-/case")
    assert page.get_by_label("Age", exact=True).input_value() == ""
    assert server.errors.read_text() == ""


@needs_command("chromium")
@pytest.mark.parametrize(
    ("is_killed", "has_scripts", "is_answered"),
    [(True, True, True), (True, False, True), (False, True, False)],
    ids=["killed", "without scripts", "closed and not answered"],
)
def test_nothing_of_a_case_is_in_the_profile(
    server: Server,
    page: "Page",
    tmp_path: Path,
    is_killed: bool,
    has_scripts: bool,
    is_answered: bool,
) -> None:
    """A browser writes what is sent by POST to its session files, and keeps it to start again."""
    profile = tmp_path / "profile"
    if not is_answered:
        server = started(tmp_path / "errors")
    with page_with_profile(page, profile, has_scripts) as own:
        own.goto(f"{server.address}-/case")
        own.get_by_label("Citizenship", exact=True).fill("ALB")
        own.locator("#fact-identified").select_option("met")
        if not is_answered:
            server.process.kill()
            server.process.wait()
        own.get_by_role("button", name="Assess").click()
        own.locator("h2, [role=alert]").first.wait_for()
        assert own.get_by_role("heading", name="Another case").is_visible() is is_answered
        # It writes its session every few seconds.
        time.sleep(4)
        if is_killed:
            subprocess.run(["pkill", "-9", "-f", str(profile)], check=True)
    written = {file: file.read_bytes() for file in profile.rglob("*") if file.is_file()}

    assert any(b"-/case" in content for content in written.values()), "the session is kept"
    for entered in ("citizenship=ALB", "fact-identified=met", "Another case"):
        for encoded in (entered.encode(), entered.encode("utf-16-le")):
            assert [file for file, content in written.items() if encoded in content] == []


@needs_command("chromium")
@needs_command("tidy")
@needs("node_modules/axe-core")
def test_pages_are_accessible_and_valid_and_fit_a_phone(server: Server, page: "Page") -> None:
    for name, path in PAGES.items():
        page.goto(server.address + path)
        # All terms look alike.
        page.evaluate(FEW_TERMS)
        if name not in ALIKE:
            check_looks(page, name)
        # The page as served, since libraries for browsers add what tidy does not know.
        served = page.request.get(server.address + path, headers={"Accept": "text/html"})
        check_html(served.text(), name)


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
