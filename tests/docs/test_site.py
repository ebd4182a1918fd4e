"""The site of the documentation: its links lead somewhere, and it looks like the explorer."""

import re
import subprocess
from html import unescape
from pathlib import Path
from shutil import copy
from urllib.parse import unquote, urldefrag

import pytest

from tests.explorer.looks import check_looks
from tests.tools import browser_page, needs, needs_command
from tipgraph import LocalGraph
from tipgraph.explorer.addresses import with_links
from tipgraph.explorer.site import Site

pytestmark = pytest.mark.slow(reason="makes the site of the documentation, which takes seconds")

ROOT = Path(__file__).parents[2]
LINK = re.compile(r'\s(?:href|src|action)="([^"]*)"')
LOADED = re.compile(r'<(?:script|img|iframe)[^>]*\ssrc="([^"]*)"|<link[^>]*\shref="([^"]*)"')
# Sections of a page of reference look alike: axe would look at each of dozens.
FEW = "[...document.querySelectorAll('main section section')].slice(4).forEach(e => e.remove())"
LOOKS = """() => ["body", "header", "header a", ".search button", "h1", "footer"].map(name => {
    const style = getComputedStyle(document.querySelector(name))
    return [name, style.color, style.backgroundColor, style.font, style.padding, style.borderTop]
})"""
# The first page, a guide, a page with wide tables, one with long blocks, and the search.
KINDS = ["index", "comparing", "reference/ontology", "reference/commands", "search"]


@pytest.fixture(autouse=True)
def as_for_readers() -> None:
    """These tests read no graph."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site beside an explorer, made with warnings as errors."""
    folder = tmp_path_factory.mktemp("site")
    made = subprocess.run(
        [
            "make",
            "--assume-old=.venv",
            "docs-site",
            f"DOCS_SITE={folder / 'docs'}",
            "EXPLORER=../index.html",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    (folder / "index.html").touch()
    return folder


def test_every_link_leads_to_a_page_and_an_anchor(site: Path) -> None:
    pages = {file: file.read_text("utf-8") for file in (site / "docs").rglob("*.html")}
    anchors = {file: set(re.findall(r'\sid="([^"]*)"', text)) for file, text in pages.items()}

    broken, links = [], 0
    for file, text in pages.items():
        for link in map(unescape, LINK.findall(text)):
            address, anchor = urldefrag(link)
            if re.match(r"[a-z]+:", address):
                continue
            links += 1
            target = (file.parent / unquote(address)).resolve() if address else file
            target = target / "index.html" if target.is_dir() else target
            if not target.exists() or (anchor and anchor not in anchors[target]):
                broken.append((file.name, link))

    assert broken == []
    assert links > 500


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    for file in (site / "docs").rglob("*.html"):
        loaded = [a or b for a, b in LOADED.findall(file.read_text("utf-8"))]
        assert [each for each in loaded if re.match(r"(?!data:)[a-z]+:|//", each)] == []


@needs("node_modules/axe-core")
@needs_command("chromium")
def test_pages_are_accessible_in_light_and_dark(site: Path) -> None:
    with browser_page() as page:
        for kind in KINDS:
            page.goto((site / "docs" / f"{kind}.html").as_uri())
            page.evaluate(FEW)
            check_looks(page, kind)


@needs_command("chromium")
def test_search_finds_a_page_by_a_word(site: Path) -> None:
    with browser_page() as page:
        page.goto((site / "docs" / "index.html").as_uri())
        page.get_by_role("searchbox").fill("baseline")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="SHACL validation in your CI").last.click()
        assert page.url.split("?")[0].endswith("/docs/shacl-in-ci.html")


@needs_command("chromium")
def test_explorer_looks_alike_and_both_lead_to_each_other(site: Path, graph: LocalGraph) -> None:
    page_of_explorer = Site(graph, is_static=True, docs="/docs/").page("layout.html", "Explorer")
    html = with_links(page_of_explorer.body.decode(), "index.html")
    (site / "index.html").write_text(html, encoding="utf-8")
    (site / "-").mkdir()
    copy(ROOT / "src/tipgraph/explorer/style.css", site / "-")
    with browser_page() as page:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto((site / "index.html").as_uri())
            looks = page.evaluate(LOOKS)
            page.get_by_role("link", name="Documentation").click()
            page.wait_for_url((site / "docs/index.html").as_uri())
            assert page.evaluate(LOOKS) == looks
            page.get_by_role("link", name="Explorer").first.click()
            page.wait_for_url((site / "index.html").as_uri())
