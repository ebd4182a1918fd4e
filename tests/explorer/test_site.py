"""The site of files: every page is there, every link leads to one, and the browser answers."""

import gzip
import json
import os
import posixpath
import re
from html import unescape
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

import pytest

import tipgraph
from tests.conftest import Run
from tests.explorer.conftest import written
from tests.explorer.looks import check_html, check_looks
from tests.tools import needs, needs_command
from tipgraph.errors import InputError, UsageError
from tipgraph.explorer import addresses, documents, network
from tipgraph.explorer.addresses import file_of, with_links
from tipgraph.explorer.site import Site
from tipgraph.explorer.write import WRITTEN, write
from tipgraph.files import new_folder
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import OURS, TIP

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Ends the first query and what waits with it a second after the start, and asks again.
BOMB_AND_ANOTHER = """async () => {
  const clock = window.setTimeout;
  const asked = (query) => graph.ask(query).then(() => "OK", ({ message }) => message.slice(-6));
  window.setTimeout = (run, time) => clock(run, time / 60);
  const bomb = asked("SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }");
  const other = asked("ASK {}");
  window.setTimeout = clock;
  return [await bomb, await other, await asked("ASK {}")];
}"""
SLOW = pytest.mark.slow(reason="writes the site of some countries, and opens it in Chromium")
SORTED_COLUMN = """() => {
  const place = document.querySelector("th[aria-sort]").cellIndex;
  const rows = [...document.querySelectorAll("#answer tbody tr")];
  return rows.map((row) => row.cells[place].textContent);
}"""
PAGES = {
    "home": "index.html",
    "about": "-/about.html",
    "search": "-/search.html?q=who+pays",
    "figure": "id/tip-2021-be/referrals-2020.html",
    "sentence": "id/tip-2021-be/S03.html",
    "country": "-/country/BEL.html",
    "query": "query/funding.html",
    "answer": "query/funding/BEL.html?edition=tip-2021-be",
    "comparison": "-/compare/tip-2020-be/tip-2021-be.html",
    "countries": "-/countries/counted-assisted.html",
    "network": "-/network.html",
    "entitlements": "-/entitlements.html",
    "case": "-/case.html",
    "endpoint": "sparql.html",
    "downloads": "-/downloads.html",
}
# The others look as a server shows them, which test_browser.py checks.
OF_FILES = {"search", "answer", "case", "downloads"}
HTML = "text/html; charset=utf-8"
# Words with the same first hit in both searches.
SEARCHES = [
    *("how many children went missing in Belgium in 2020", "permits issued Belgium 2018"),
    *("names of the shelters Belgium", "what did GRETA state about Malta", "zebras in Malta"),
    *("how many victims in Hungary 2022", "victims from Hungary in the Netherlands"),
]


LINK = re.compile(r'\s(?:href|src|action)="([^"]+)"')
ANCHOR = re.compile(r'\sid="([^"]+)"')


class Links(NamedTuple):
    """The links of a page, and its anchors."""

    links: set[str]
    anchors: set[str]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, graph: LocalGraph) -> Site:
    """A site of a few pages."""
    monkeypatch.setattr("tipgraph.explorer.write.KINDS", ())
    monkeypatch.setattr(
        "tipgraph.explorer.assets.files",
        lambda site: iter([("index.html", b""), ("-/data/site.json", b"{}")]),
    )
    return Site(graph, is_static=True)


def test_pages_get_files_that_no_file_system_confuses() -> None:
    expected = {
        "/": "index.html",
        "/query/": "query/index.html",
        "/id/greta?page=2": "id/greta.page-2.html",
        "/query/funding?area=BEL": "query/funding/BEL.html",
        "/query/figures?area=BEL&edition=tip-2021-be": "query/figures/BEL.html",
        "/-/network?edition=all&area=BEL": "-/network/BEL.html",
        "/query/funding.csv": "query/funding.csv",
        "/id/greta": "id/greta.html",
        "/id/greta?page=1": "id/greta.html",
        "/id/greta.ttl": "id/greta.ttl",
        "/id/caf%C3%A9": "id/caf\u00e9.html",
        "/-/qb/Observation": "-/qb/Observation_.html",
        "/-/qb/observation": "-/qb/observation.html",
        "/-/country/BEL": "-/country/BEL.html",
        "/-/compare?earlier=a&later=b": "-/compare/a/b.html",
    }

    assert {address: file_of(address) for address in expected} == expected
    other = file_of("/-/thing?iri=https%3A%2F%2Fexample.org%2Fx&page=2")
    assert re.fullmatch(r"-/thing/[0-9a-f]{16}\.page-2\.html", other)
    assert file_of("/-/thing?iri=https%3A%2F%2Fexample.org%2Fx&format=ttl").endswith(".ttl")


def test_no_iri_gives_a_file_that_no_file_system_has_or_that_another_page_has() -> None:
    iris = [
        *("id/" + "x" * 4000, "id/" + "é" * 150, "y/" * 2000 + "z", "id/" + "x" * 190),
        *("con", "id/AUX.x", "com1/a", "id/a.", "id/b /c", "id/a:b", "id/a%3Fb", "id/a?b", "id/a*"),
        *("index", "id/index", "id/tip/index", "id/tip/Index", "id/tip/index/more", "id/tip"),
    ]
    found = [addresses.address(OURS + each) for each in iris]
    files = [file_of(each).lower() for each in [*found, "/", "/query/", "/id/greta?page=2"]]

    assert len({*files}) == len(files)
    assert max(len(part.encode()) for file in files for part in file.split("/")) < 250
    assert max(map(len, files)) < 1100
    assert not any(PureWindowsPath(file).is_reserved() for file in files)
    assert not [file for file in files if re.search(r'[<>:"|?*\\]|[. ](/|$)', file)]
    assert "index.html" not in files[:-3]
    assert [addresses.iri_at(each) for each in found] == [OURS + each for each in iris]


def test_edition_of_any_name_has_an_address_and_a_file(tmp_path: Path) -> None:
    name = "a&b=%2F..%0D"
    own = tmp_path / "own.ttl"
    own.write_text(
        f"<{OURS}id/{name}> a <{TIP}Edition> ; <{TIP}year> 2022 ;"
        f" <{TIP}coverage> <{OURS}code/complete> ; <http://purl.org/dc/terms/spatial>"
        " <http://publications.europa.eu/resource/authority/country/BEL> ."
    )
    site = Site(tipgraph.open(own), is_static=True)

    for kind, parameter in ((documents.comparisons, "later"), (network.addresses, "edition")):
        pages = [each for group in kind(site) for each in group]
        assert name in [dict(parse_qsl(urlsplit(each).query)).get(parameter) for each in pages]


def test_links_are_relative_to_the_page() -> None:
    html = '<html data-root="/"><a href="/id/b?x=1&amp;y=2#c">/id/b</a><a href="https://e.org/">'

    assert with_links(html, "id/tip/a.html") == (
        '<html data-root="../../"><a href="../b.html?x=1&amp;y=2#c">/id/b</a>'
        '<a href="https://e.org/">'
    )
    assert 'href="./index.html"' in with_links('<a href="/">', "sparql.html")
    assert 'href="./b&#x27;c.html"' in with_links('<a href="/id/b&#x27;c">', "id/a.html")
    assert 'href="../idb/c.html"' in with_links('<a href="/idb/c">', "id/a.html")
    # Without the full stop, `a` would be the scheme of an address.
    assert 'href="./a:b.html"' in with_links('<a href="/a:b">', "sparql.html")


def test_mistakes_are_reported_at_an_address_alone(tmp_path: Path, run: Run) -> None:
    for command in (["site", str(tmp_path / "site")], ["serve"]):
        outcome = run(*command, "--contact", "javascript:alert(1)")

        assert outcome.code == 2
        assert outcome.err.endswith("an address starts with https://, http:// or mailto:\n")
    assert not (tmp_path / "site").exists()


@SLOW
@needs_command("chromium")
@pytest.mark.parametrize("missing", ["nothing", "id/nothing/here", "-/country/XXX"])
def test_page_of_an_address_that_is_none_leads_back(folder, address, page, missing):
    body = (folder / "404.html").read_text(encoding="utf-8")
    page.route(f"{address}{missing}", lambda route: route.fulfill(body=body, content_type=HTML))
    page.goto(address + missing)
    page.get_by_role("link", name="countries and years").click()

    assert page.url == f"{address}index.html"
    assert page.get_by_role("heading", name="Countries and years").is_visible()

    # Two slashes are no other host, where the site is in the first folder.
    first = f"{urljoin(address, '/')}/example.org/{missing}"
    page.route(first, lambda route: route.fulfill(body=body, content_type=HTML))
    page.goto(first)
    hosts = page.evaluate("[...document.querySelectorAll('[data-page]')].map((a) => a.host)")
    assert {*hosts} == {urlsplit(address).netloc}


def test_folder_of_something_else_is_refused(tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    outcome = run("site", str(tmp_path))

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.endswith(
        "mine.txt: no site wrote this; move it, or name another folder for the site\n"
    )
    assert run("site", str(tmp_path / "mine.txt")).code == 2
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine")


@pytest.mark.parametrize("own", [".git/HEAD", "CNAME", "id/notes.txt", "linked"])
def test_site_replaces_only_the_files_that_a_site_wrote(small: Site, tmp_path: Path, own: str):
    place = tmp_path / "site"
    (tmp_path / "link").symlink_to(place)
    write(small, str(place))
    assert write(small, str(tmp_path / "link")) == write(small, f"{place}/")
    assert (tmp_path / "link").is_symlink()
    if own == "linked":
        (place / own).symlink_to(tmp_path)
    else:
        put(place, own)
    before = {each: each.lstat().st_ino for each in place.rglob("*")}

    with pytest.raises(UsageError, match=f"{own}: no site wrote this"):
        write(small, str(place))

    assert {each: each.lstat().st_ino for each in place.rglob("*")} == before
    assert {each.name for each in tmp_path.iterdir()} == {"link", "site"}


def test_no_page_replaces_another(small, tmp_path, monkeypatch):
    """On a system that ignores case, id/a.html and id/A.html are one file."""
    files = [("id/a.html", b"of a"), ("id/a.html", b"of A")]
    monkeypatch.setattr("tipgraph.explorer.assets.files", lambda site: iter(files))

    with pytest.raises(InputError, match=r"id/a\.html: two pages have this name"):
        write(small, str(tmp_path / "site"))

    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("is_new", [True, False])
def test_folder_that_is_filled_while_pages_are_written_is_kept(small, tmp_path, is_new):
    place = tmp_path / "site"
    if not is_new:
        write(small, str(place))

    with pytest.raises(UsageError, match=r"notes\.txt: no site wrote this"):
        write(small, str(place), lambda done, total: put(place, "notes.txt"))

    assert (place / "notes.txt").read_text() == "mine"
    assert (place / "index.html").exists() is not is_new
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


def test_file_that_is_removed_while_pages_are_written_is_missed(
    small: Site, tmp_path: Path
) -> None:
    def remove(done: int, total: int) -> None:
        if done == total:
            next(tmp_path.rglob("index.html")).unlink()

    with pytest.raises(InputError, match="somebody removed files meanwhile"):
        write(small, str(tmp_path / "site"), remove)

    assert not [*tmp_path.iterdir()]


def test_file_with_a_line_separator_in_its_name_is_replaced(small: Site, tmp_path: Path) -> None:
    name = "id/a\u2028b.html"
    write(small, str(tmp_path))
    put(tmp_path, name)
    with gzip.open(tmp_path / WRITTEN, "at", encoding="utf-8") as file:
        file.write(f"{name}\n")

    write(small, str(tmp_path))

    assert not (tmp_path / name).exists()


def test_folder_with_a_damaged_list_is_kept(small: Site, tmp_path: Path) -> None:
    put(tmp_path, WRITTEN)
    listed = tmp_path / WRITTEN
    packed = gzip.compress(b"index.html", mtime=0)
    for content in (packed[:10] + b"\xff" * 50, packed[:15], gzip.compress(b"\xff"), b"{}"):
        listed.write_bytes(content)
        with pytest.raises(UsageError, match="no site wrote this"):
            write(small, str(tmp_path))
    listed.unlink()
    os.mkfifo(listed)

    with pytest.raises(UsageError, match="no site wrote this"):
        write(small, str(tmp_path))


def test_folder_that_is_made_anew_while_the_old_one_is_aside_loses_nothing(tmp_path: Path) -> None:
    place = tmp_path / "site"
    put(place, "notes.txt")

    def check(old: str) -> None:
        put(place, "new.txt")
        raise UsageError("no site wrote this")

    with pytest.raises(UsageError), new_folder(str(place), check):
        pass

    assert {each.name for each in tmp_path.rglob("*.txt")} == {"notes.txt", "new.txt"}


def test_device_or_pipe_is_not_replaced_by_a_site(small: Site, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(UsageError, match="is a file; name a folder"):
        write(small, str(pipe))
    with pytest.raises(OSError, match="Not a directory"), new_folder(str(pipe), lambda old: None):
        pass

    assert [each.is_fifo() for each in tmp_path.iterdir()] == [True]


def paths(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def opened(folder: Path) -> dict[str, Links]:
    """The links of all pages, but for the one that is shown at unknown addresses."""
    pages = {}
    for name in paths(folder):
        if name.endswith(".html") and name != "404.html":
            text = (folder / name).read_text(encoding="utf-8")
            assert text.startswith("<!DOCTYPE html>"), "a browser reads it as a page"
            assert "Content-Security-Policy" in text
            assert 'role="alert"' not in text, name
            links, anchors = ({*map(unescape, each.findall(text))} for each in (LINK, ANCHOR))
            pages[name] = Links(links, anchors)
    return pages


def broken_links(folder: Path, pages: dict[str, Links]) -> list[tuple[str, str]]:
    """The links that lead to no file or to no place of a page, each with its page."""
    files, broken = paths(folder), []
    for name, found in pages.items():
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            path = posixpath.join(posixpath.dirname(name), unquote(parts.path))
            target = posixpath.normpath(path) if parts.path else name
            anchor = unquote(parts.fragment)
            if target not in files or (anchor and anchor not in pages[target].anchors):
                broken.append((name, link))
    return broken


@SLOW
def test_site_of_a_country_leads_nowhere_else(tmp_path: Path) -> None:
    place = tmp_path / "site"
    assert written(place, "--area", "MLT", "--area", "Luxembourg").returncode == 0
    pages = opened(place)

    assert broken_links(place, pages) == []
    assert not (place / "sitemap.xml").exists()
    assert "og:url" not in (place / "-" / "about.html").read_text()
    for name in ("id/tip-2021-lu.html", "id/tip-2023-mt.html", "query/figures/MLT.html"):
        assert name in pages
    belgian = re.compile(r"(id|graph)/[a-z]+-(\d+|undated)-be\b")
    assert [name for name in paths(place) if belgian.match(name)] == []
    assert not (place / "query" / "figures" / "BEL.html").exists()
    # A body of another country is there where a statement names it.
    assert "id/netherlands.html" in pages
    assert "id/netherlands-government-and-civil-society.html" not in pages
    assert "TIP Report 2023, Malta" in (place / "id/tip-2023-mt.html").read_text()


def test_unknown_country_of_a_site_is_named(tmp_path: Path, run: Run) -> None:
    outcome = run("site", str(tmp_path / "site"), "--area", "Maltta")

    assert (outcome.code, outcome.out) == (2, "")
    assert "unknown area 'Maltta'; did you mean 'Malta'" in outcome.err
    assert not (tmp_path / "site").exists()


@SLOW
def test_every_link_of_every_page_resolves(folder: Path) -> None:
    files, pages = paths(folder), opened(folder)

    assert broken_links(folder, pages) == []
    assert len(pages) > 2500
    assert sum(len(each.links) for each in pages.values()) > 50_000
    assert {"id/greta.ttl", "id/greta.jsonld", ".well-known/void"} <= files
    assert {"query/funding.csv", "query/funding.json.gz", "query/funding.xlsx"} <= files
    assert "-/void.ttl" in files


@SLOW
def test_site_is_replaced_by_the_same_bytes(tmp_path: Path) -> None:
    data = tmp_path / "own.ttl"
    data.write_text(
        '<https://example.org/x> <http://www.w3.org/2000/01/rdf-schema#label> "<b>\u202ex</b>" .'
        f"<{OURS}id/{'x' * 4000}> a <{OURS}id/index> . <{OURS}index> a <urn:x> ."
    )
    mistakes = ("--contact", "mailto:us@example.org?subject=")
    place, options = tmp_path / "site", ("--no-bundled", "--data", str(data), *mistakes)
    assert written(place, *options, "--address", "https://example.org/tip").returncode == 0
    robots = (place / "robots.txt").read_text()
    assert "Sitemap: https://example.org/tip/sitemap.xml" in robots
    listed = re.findall("<loc>(.*)</loc>", (place / "sitemap.xml").read_text())
    pages = [each.relative_to(place).as_posix() for each in place.rglob("*.html")]
    assert sorted(listed) == sorted(
        f"https://example.org/tip/{quote(each.removesuffix('index.html'))}"
        for each in pages
        if each != "404.html"
    )
    previews = 'property="og:url" content="https://example.org/tip/-/about.html"'
    assert previews in (place / "-" / "about.html").read_text()
    first = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert written(place, *options, "--address", "https://example.org/tip").returncode == 0
    second = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}

    assert {path for path in first if first[path] != second.get(path)} == set()
    assert first.keys() == second.keys()
    assert {each.name for each in tmp_path.iterdir()} == {"own.ttl", "site"}
    own = [each for path, each in first.items() if path.parent.name == "thing"]
    report = b'href="mailto:us@example.org?subject=https%3A%2F%2Fexample.org%2Fx"'
    assert any(report in each for each in own)
    assert any(b"&lt;b&gt;\\u202ex&lt;/b&gt;" in each for each in own)
    assert not any(b"<b>" in each for each in own if each.startswith(b"<!DOCTYPE"))


@SLOW
@needs_command("chromium")
def test_reader_gets_from_a_search_to_the_sentence(address: str, page: "Page") -> None:
    page.goto(address)
    page.get_by_role("searchbox").fill("820 referrals shelters")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="820 referrals").first.click()
    assert page.url == f"{address}id/tip-2021-be/referrals-2020.html"
    assert "Referrals, not persons" in page.inner_text("main")
    page.get_by_role("region", name="What it says").get_by_role("link", name="S03").click()
    assert page.url == f"{address}id/tip-2021-be/S03.html"

    for words, hit in {"counselling": "counsel", "who pays": "Funders", "mentor": "mentor"}.items():
        page.goto(f"{address}-/search.html?q={words}")
        assert hit in page.locator(".hits li").first.inner_text()
    page.goto(f"{address}-/search.html?q=shelter&area=BEL&kind=statement")
    assert page.locator(".hits .facts").all_inner_texts()
    assert all("-be" in each for each in page.locator(".hits .facts").all_inner_texts())
    page.goto(f"{address}-/search.html?q=victims+assisted&area=BEL")
    labels = page.locator(".hits > li > a").all_inner_texts()
    assert len(set(labels)) == len(labels)
    assert "more like it, of other editions or periods" in page.inner_text(".hits")
    page.goto(f"{address}-/search.html?q=mentor+permits+belgium")
    assert page.inner_text("#answer").startswith("Nothing has all the words.")
    assert all("-be" in each for each in page.locator(".hits .facts").all_inner_texts()[:10])
    page.goto(f"{address}-/search.html?q=qqqqq")
    assert page.inner_text("#answer").startswith("Nothing found.")


@SLOW
@needs_command("chromium")
@pytest.mark.parametrize("words", SEARCHES)
def test_browser_and_command_find_the_same_first(address, page, run, words):
    page.goto(f"{address}-/search.html?q={quote(words)}")
    (command,) = json.loads(run("find", words, "--limit", 1, "--format", "json").out)["hits"]

    hit = page.locator(".hits li").first
    assert hit.locator("a").first.inner_text() == command["label"]
    others = hit.locator("details a")
    assert others.all_text_contents() == [each["label"] for each in command["similar"]]
    if others.count():
        hit.locator("summary").click()
        label = others.first.inner_text()
        others.first.click()
        assert label in page.inner_text("h1")


@SLOW
@needs_command("chromium")
def test_search_offers_a_stored_query_on_the_country_that_is_named(address, page, run):
    words = "what did the government of Malta not report"
    page.goto(f"{address}-/search.html?q={words}")
    first = page.locator("#answer a").first
    assert first.inner_text() == "What did the government not report? (Malta)"
    first.click()
    (offered,) = json.loads(run("find", words, "--format", "json").out)["queries"]

    assert page.url == f"{address}query/{offered['name']}/MLT.html"


@SLOW
@needs_command("chromium")
def test_browser_names_words_that_hits_do_not_have(address: str, page: "Page") -> None:
    page.goto(f"{address}-/search.html?q=share+of+the+91+labor+exploitation")
    lists = page.locator(".hits")

    assert page.locator("#answer h2").all_inner_texts()[1].endswith("without some of the words")
    assert "Without:" not in lists.first.inner_text()
    assert lists.last.get_by_text("Without:").count() == lists.last.locator("> li").count()
    assert "49 of the 91 victims" in lists.last.inner_text()

    page.goto(f"{address}-/search.html?q=zebras+in+Malta")
    hits = page.locator(".hits > li")
    assert page.get_by_text("Without: zebra").count() == hits.count() > 0
    assert page.inner_text("#answer").startswith("No statement on Malta has the word zebras.")

    page.goto(f"{address}-/search.html?q=shelters+in+Malaysia")
    assert page.inner_text("#answer").startswith("No edition or document on Malaysia is here.")
    assert not hits.count()


@SLOW
@needs_command("chromium")
def test_rows_are_filtered_sorted_and_shown_by_column(address: str, page: "Page") -> None:
    page.goto(f"{address}query/figures/BEL.html?edition=tip-2021-be&statement=referrals")
    rows, status = page.locator("#answer tbody tr:visible"), page.get_by_role("status")
    status.wait_for()
    assert page.get_by_label("edition", exact=True).input_value() == "tip-2021-be"
    # A link of own data may be encoded otherwise than pages are.
    page.evaluate("document.querySelector('#answer td a').href = 'https://example.org/%E9'")
    page.get_by_label("statement", exact=True).fill("referrals")
    page.get_by_role("cell", name="820").first.wait_for()
    assert all("referrals" in each for each in rows.all_inner_texts())
    assert re.fullmatch(rf"{rows.count()} of \d+ rows", status.inner_text())

    page.goto(f"{address}query/funding/BEL.html")
    head = page.get_by_role("columnheader", name="amount")
    head.get_by_role("button").focus()
    for order in ("ascending", "descending"):
        page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == order
        column = page.evaluate(SORTED_COLUMN)
        amounts = [float(re.sub(r"[^\d.]", "", each)) for each in column if each.strip()]
        assert amounts == sorted(amounts, reverse=order == "descending")
    page.get_by_text("Filter the rows, and select columns").press("Enter")
    page.locator("#show-funder").uncheck()
    head.wait_for()
    page.get_by_role("columnheader", name="funder").wait_for(state="hidden")

    # All editions are no filter.
    page.goto(f"{address}query/figures/BEL.html?edition=all&statement=referrals")
    status.wait_for()
    assert page.get_by_label("edition", exact=True).input_value() == ""
    assert "820" in " ".join(rows.all_inner_texts())

    page.goto(f"{address}query/claims/BEL.html?topic=shelter")
    assert page.get_by_role("alert").inner_text().startswith("No column shows topic")
    # A rank by value would compare what may not be compared.
    page.goto(f"{address}query/compare-countries.html")
    page.get_by_text("Filter the rows, and select columns").wait_for()
    assert page.locator("#answer .sort").count() == 0


@SLOW
@needs_command("chromium")
def test_query_is_answered_in_the_browser(address: str, page: "Page") -> None:
    page.goto(f"{address}sparql.html")
    page.locator("#sparql[data-state=ready]").wait_for()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("region", name="Rows of the answer").get_by_role(
        "cell", name="TIP Report"
    ).first.wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.locator(".yasr_downloadIcon").click()
    assert Path(download.value.path()).read_text().count("tip-20") == 10
    page.get_by_label("Query", exact=True).last.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT nonsense {")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("alert").wait_for()

    # Of two queries, the first takes too long, and the other waits for the same worker.
    assert page.evaluate(BOMB_AND_ANOTHER) == ["ended.", "ended.", "OK"]


@SLOW
@needs_command("chromium")
def test_site_opens_from_a_folder_and_without_scripts(folder: Path, page: "Page") -> None:
    page.goto((folder / "index.html").as_uri())
    page.get_by_role("searchbox").fill("820 referrals shelters")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="820 referrals").first.click()
    assert page.url.endswith("/id/tip-2021-be/referrals-2020.html")
    page.goto((folder / "-" / "network.html").as_uri())
    page.locator("#network[data-state=drawn]").wait_for()
    page.goto((folder / "query" / "funding.html").as_uri() + "?funder=belgium-government")
    page.get_by_role("status").wait_for()
    assert re.match(r"[1-9]\d* of \d+ rows", page.get_by_role("status").inner_text())
    page.goto((folder / "sparql.html").as_uri())
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert "opened from a file, and browsers run no queries there" in page.inner_text("#answer")

    assert page.context.browser
    plain = page.context.browser.new_context(java_script_enabled=False).new_page()
    for name, link in {
        "query/funding.html": "Belgium",
        "-/network.html": "Netherlands",
        "-/compare.html": "TIP Report 2020, Belgium, and TIP Report 2021, Belgium",
        "-/countries.html": "assisted",
        "-/entitlements.html": "TIP Report 2021, Belgium",
    }.items():
        plain.goto((folder / name).as_uri())
        ways = plain.get_by_role("navigation", name="Pages for other values")
        closed = ways.locator("details:not([open]) > summary")
        while closed.count():
            closed.first.click()
        ways.get_by_role("link", name=link, exact=True).click()
        assert plain.locator("main :is(table, section h2)").first.is_visible(), name
    plain.goto((folder / "-" / "case.html").as_uri())
    assert plain.locator("form.fields").count() == 0
    assert "tipgraph assess --interactive" in plain.inner_text("main")


@SLOW
@needs_command("chromium")
def test_network_is_filtered_in_the_browser(address: str, page: "Page", run: Run) -> None:
    page.goto(f"{address}-/network/tip-2021-be.html")
    page.get_by_label("Kind of connection").select_option("speaks-of")
    page.get_by_label("Actor or persons").select_option("greta")
    page.get_by_role("button", name="Show", exact=True).click()
    page.locator("#network[data-state=drawn]").wait_for()
    assert page.url == f"{address}-/network/tip-2021-be.html?connection=speaks-of&actor=greta"
    assert page.get_by_label("Actor or persons").input_value() == "greta"
    whole = ("--edition", "tip-2021-be", "--format", "csv", "--columns", "all", "--iris")
    answer = run("query", "relations", *whole).out
    expected = [line for line in answer.splitlines() if "/speaks-of," in line and "/greta," in line]
    rows = page.locator("main tbody tr:visible")
    assert rows.count() == len(expected) > 2
    assert all("GRETA" in each for each in rows.all_inner_texts())
    page.get_by_label("Drawing").press("ArrowDown")
    assert page.locator("#statements .go").count() == 3

    page.goto(f"{address}-/network/tip-2021-be.html?connection=funds&actor=greta")
    status = page.get_by_role("status")
    status.wait_for()
    assert re.fullmatch(r"Connections of this kind and party: 0 of \d+", status.inner_text())
    assert not page.locator("#network").is_visible()


@SLOW
@needs_command("chromium")
@needs_command("tidy")
@needs("node_modules/axe-core")
def test_pages_are_accessible_and_valid_and_fit_a_phone(folder, address, page):
    for name, path in PAGES.items():
        if name in OF_FILES:
            page.goto(address + path)
            if name in ("answer", "search"):
                page.locator("#answer h2, #answer table").first.wait_for(timeout=60_000)
            check_looks(page, name)
        check_html((folder / path.partition("?")[0]).read_text(encoding="utf-8"), name)
