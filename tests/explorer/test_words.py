"""The strings of the interface: all can be translated, and a catalogue changes each of them."""

import ast
import importlib.util
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from gettext import GNUTranslations, NullTranslations
from html.parser import HTMLParser
from io import BytesIO
from itertools import chain
from pathlib import Path
from threading import Thread
from time import sleep
from types import ModuleType

import pytest
import uvicorn
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import DictLoader
from pyoxigraph import Literal, Quad

import tipgraph
from tests.explorer.conftest import Client
from tests.explorer.test_browser import PAGES
from tests.tools import browser_page, needs_command
from tipgraph.explorer import words
from tipgraph.explorer.app import Settings, application
from tipgraph.explorer.site import Site
from tipgraph.explorer.static import inventory
from tipgraph.explorer.template_words import install
from tipgraph.lookup.search_index import KINDS
from tipgraph.render.page import environment as page_environment

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / ".ci" / "messages.py"
EXPLORER = ROOT / "src" / "tipgraph" / "explorer"
START, END = "\u27e6", "\u27e7"
ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
VOID = ("br", "img", "input", "line", "link", "meta")
# What is the same in every language, with all in them.
CODE = {"code", "kbd", "pre", "script", "style", "textarea"}
# Names, which are the same in every language.
NAMES = {
    *("tipgraph", "BibTeX", "CSL-JSON", "JSON", "JSON-LD", "N-Triples", "Turtle", "SPARQL"),
    *("CSV", "Markdown", "XLSX", "Python"),
}
LETTER = r"[^\W\d_]"
# The scripts of the site that show texts.
SITE = {
    *("site-answer", "site-compare", "site-form", "site-graph", "site-query", "site-scope"),
    *("site-search", "site-table"),
}
# The beginning of a citation, which is the same as that of `tipgraph cite`.
CITATION = "The tipgraph contributors"
SERVED = {
    **PAGES,
    "two pages of rows": "query/figures?page=2",
    "needed parameter": "query/series",
    "wrong value": "query/funding?area=Atlantis",
    "no rows": "query/awards?area=LUX",
    "unknown query": "query/nothing",
    "empty comparison": "-/compare",
    "no report": "-/report/XXX",
    "filtered network": "-/network?edition=all&connection=funds",
    "empty network": "-/network?area=HUN&actor=greta",
    "all editions": "query/funding?edition=all",
    "filtered countries": "-/countries?stage=referred",
    "empty search": "-/search?q=qqqqqq",
    "shapes": "shapes",
}
FILES = (
    *("/", "/-/search", "/-/case", "/sparql", "/query/funding", "/-/network", "/ns", "/query/"),
    *("/-/countries", "/-/report/BEL"),
)


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def template() -> Catalog:
    with (EXPLORER / "messages.pot").open("rb") as file:
        return read_po(file)


def forms(message: Message) -> tuple[str, ...]:
    """A message, or its two forms for numbers."""
    found = message.id
    return (found,) if isinstance(found, str) else tuple(found)


def compiled(catalog: Catalog) -> GNUTranslations:
    output = BytesIO()
    write_mo(output, catalog)
    output.seek(0)
    return GNUTranslations(output)


def pseudo() -> GNUTranslations:
    """A catalogue in which every message of the template is in brackets."""
    catalog = Catalog("de_AT")
    for each in template():
        bracketed = tuple(f"{START}{form}{END}" for form in forms(each))
        if each.id:
            catalog.add(each.id, bracketed if len(bracketed) > 1 else bracketed[0])
    return compiled(catalog)


@pytest.fixture(scope="module")
def translated(some_countries: pytest.MonkeyPatch) -> Client:
    return Client(application(tipgraph.open(), Settings(translations=pseudo())))


@pytest.fixture(scope="module")
def files(some_countries: pytest.MonkeyPatch) -> Site:
    """The site of files with this catalogue."""
    return site_of_files(pseudo())


def site_of_files(translations: GNUTranslations | None) -> Site:
    return Site(tipgraph.open(), is_static=True, translations=translations)


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """The address of a server with these settings, in a thread."""
    config = uvicorn.Config(
        application(tipgraph.open(), settings),
        port=0,
        log_level="error",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


class Untranslated(HTMLParser):
    """The texts and attributes of a page that a reader gets and that are in no brackets."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._depth = 0
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ATTRIBUTES and value and not self._is_foreign():
                self._add(re.sub(f"{START}[^{END}]*{END}", "", value))
        if tag not in VOID:
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = self._outside(data)
        if not self._is_foreign() and not {tag for tag, _ in self._open} & CODE:
            self._add(text)

    def _add(self, text: str) -> None:
        plain = stripped(text).removesuffix("\u2013 tipgraph").rstrip()
        if re.search(LETTER, plain) and not plain.startswith(CITATION):
            self.found.append(plain)

    def _outside(self, data: str) -> str:
        """The text outside of brackets, which may begin and end in other elements."""
        kept = []
        for each in data:
            self._depth += (each == START) - (each == END)
            kept.append(each if self._depth == 0 and each != END else "")
        return "".join(kept)

    def _is_foreign(self) -> bool:
        """Whether an element around has what the commands share, or the names of themes."""
        names = [each.get("aria-labelledby") or "" for _, each in self._open]
        is_shared = any(each.startswith(("section-", "theme-", "sources")) for each in names)
        return is_shared or any(each.get("class") in ("head", "hits") for _, each in self._open)


def stripped(text: str) -> str:
    return " ".join(text.split()).strip(" .:;,()")


def pieces(texts: Iterable[str]) -> set[str]:
    """The texts without tags and without the values in them."""
    return {stripped(each) for text in texts for each in re.split(r"<[^>]*>|%\(\w+\)s", text)}


def literals(file: Path) -> Iterator[str]:
    """The strings of a module, but for those that explain it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docs = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in docs:
            yield each.value


class Interface:
    """The strings of the interface, and the texts with the same words that are none."""

    def __init__(self) -> None:
        found = pieces(form for each in template() for form in forms(each))
        written = pieces(text for file in EXPLORER.glob("*.py") for text in literals(file))
        found |= {each for each in written if " " in each or each[:1].isupper()}
        found = {each for each in found if re.search(LETTER, each)} - NAMES
        phrases = "|".join(sorted(re.escape(each) for each in found if " " in each))
        self._words = found
        self._phrases = re.compile(rf"(?<!\w)(?:{phrases})(?!\w)")
        site = site_of_files(None)
        quads = [*site.engine.store, *site.shapes]
        self._others = {stripped(each) for each in map(literal, quads)}
        for query in site.graph.queries.values():
            self._others |= {query.question.strip("?"), stripped(query.summary)}
            self._others |= {each.name.replace("_", " ").capitalize() for each in query.params}
        # Heading of the contents that documents of commands have, and kinds of hits of a search.
        self._others |= {"Contents", *KINDS}

    def left(self, page: str) -> list[str]:
        """The texts of a page with a string of the interface that no catalogue has translated."""
        return [
            text
            for text in Untranslated(page).found
            if text.strip("?") not in self._others
            and (text in self._words or self._phrases.search(text))
        ]


def literal(quad: Quad) -> str:
    """The text of the object of a quad; empty where it is none."""
    return quad.object.value if isinstance(quad.object, Literal) else ""


@pytest.fixture(scope="module")
def ours(some_countries: pytest.MonkeyPatch) -> Interface:
    return Interface()


def is_query(text: str) -> bool:
    return text.startswith(("SELECT ", "FILTER("))


def test_template_of_messages_is_current() -> None:
    assert script().template() == (EXPLORER / "messages.pot").read_bytes()


def test_templates_have_no_text_beside_their_messages() -> None:
    code = r"\{% trans .*?\{% endtrans %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}"
    for file in sorted(EXPLORER.glob("templates/*.html")):
        page = re.sub(code, "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        texts = {*pieces(Untranslated(page).found)}
        assert {each for each in texts if re.search(LETTER, each)} <= NAMES, file.name


@pytest.mark.parametrize("name", SERVED)
def test_page_shows_no_string_of_ours_untranslated(
    translated: Client, client: Client, ours: Interface, name: str
) -> None:
    page = translated.get(f"/{SERVED[name]}")

    assert ours.left(page.text) == []
    assert '<html lang="de-AT">' in page.text
    # The check finds them where there is no catalogue.
    assert len(ours.left(client.get(f"/{SERVED[name]}").text)) > 10


def test_answer_about_a_case_is_translated(translated: Client, ours: Interface) -> None:
    for entered in ({"age": "16", "citizenship": "ALB"}, {"age": "sixteen"}):
        page = translated.send("POST", "/-/case", {"accept": "text/html"}, data=entered)

        assert ours.left(page.text) == []
    assert f"{START}the age is a number" in page.text


@pytest.mark.parametrize("address", FILES)
def test_page_of_the_site_shows_no_string_of_ours_untranslated(
    files: Site, ours: Interface, address: str
) -> None:
    pages = chain.from_iterable(inventory.pages(files))
    made = [each for each in pages if each.address == address]

    assert len(made) == 1
    content = made[0].content(files, 1)
    assert content.status == 200
    assert ours.left(content.body.decode()) == []


def test_scripts_get_their_texts_with_a_catalogue_alone(translated: Client, client: Client) -> None:
    page = translated.get("/-/network").text
    found = re.search(r'<script type="application/json" id="texts-network">(.*?)</script>', page)

    assert found
    assert json.loads(found[1])["close"] == f"{START}Close{END}"
    assert "texts-network" not in client.get("/-/network").text


def test_scripts_write_texts_in_their_constant_alone() -> None:
    written = {
        path.stem: path.read_text(encoding="utf-8") for path in EXPLORER.glob("scripts/*.js")
    }
    with_texts = {name: words.script_texts(name) for name in written}

    for name, script in written.items():
        rest = re.sub(words.TEXTS, "", script)
        code = re.sub(r"^\s*(//|/?\*).*$", "", rest, flags=re.MULTILINE)
        # Queries apart, which have braces.
        phrases = re.findall(r'["`]([A-Z][^"`{}]* [^"`{}]*)["`]', code)
        assert (name, [each for each in phrases if not is_query(each)]) == (name, [])
        for key in with_texts[name]:
            assert re.search(rf"\b(TEXTS|texts)\.{key}\b", rest), (name, key)
    assert {"network", "sparql", *SITE} <= {name for name, texts in with_texts.items() if texts}


@pytest.mark.parametrize(
    "source",
    [
        "{% trans %}<b>{{ x }}</b>{% endtrans %}",
        "{% trans y=x, z=z.z %}<b>{{ y }}</b>{% endtrans %}",
        "{% trans y=x | string %}<b>{{ y }}</b>{% endtrans %}",
        "{% trans num=1 %}<b>{{ x }}</b>{% pluralize %}{{ num }}{% endtrans %}",
    ],
)
def test_values_in_a_message_are_escaped_and_visible(source: str) -> None:
    environment = page_environment(DictLoader({"page": source}))
    install(environment, words.Words())

    shown = environment.get_template("page").render(x="<i>\u202e", z={"z": 1})

    assert shown == "<b>&lt;i&gt;\\u202e</b>"


def test_translation_changes_the_order_of_values() -> None:
    catalog = Catalog("de")
    catalog.add("<i>%(a)s</i> of %(b)s", "%(b)s, <i>%(a)s</i>: %(b)s")
    source = "{% trans a=x.y %}<i>{{ a }}</i> of {{ b }}{% endtrans %}"
    environment = page_environment(DictLoader({"page": source}))
    install(environment, words.Words(compiled(catalog)))

    shown = environment.get_template("page").render(x={"y": 1}, b="<")

    assert shown == "&lt;, <i>1</i>: &lt;"


def test_translation_is_no_source_of_a_template() -> None:
    class Braces(NullTranslations):
        def gettext(self, message: str) -> str:
            return '{{ 7 * 7 }} " < '

    source = """{% trans %}x{% endtrans %}|<a title="{{ _('x') }}">"""
    environment = page_environment(DictLoader({"page": source}))
    install(environment, words.Words(Braces()))

    shown = environment.get_template("page").render()

    assert shown == '{{ 7 * 7 }} " < |<a title="{{ 7 * 7 }} &#34; &lt; ">'


@pytest.mark.parametrize(("number", "text"), [(1, "eine Zeile"), (2, "2 Zeilen")])
def test_number_selects_the_form(number: int, text: str) -> None:
    catalog = Catalog("de")
    catalog.add(("%(num)s row", "%(num)s rows"), ("eine Zeile", "%(num)s Zeilen"))

    german = words.Words(compiled(catalog))

    assert german.ngettext("%(num)s row", "%(num)s rows", number) == text


def test_catalogue_keeps_no_answer_of_an_earlier_run() -> None:
    tags = {site_of_files(pseudo()).tag for _ in range(2)}

    assert len(tags) == 2
    assert site_of_files(None).tag == site_of_files(None).tag


def test_documented_steps_make_and_use_a_catalogue(
    some_countries: pytest.MonkeyPatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "explorer.md").read_text(encoding="utf-8")
    steps, code = re.findall(r"^```(?:sh|py)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "src").symlink_to(ROOT / "src", target_is_directory=True)
    first, second = (shlex.split(line) for line in steps.splitlines())
    pybabel = [sys.executable, "-m", "babel.messages.frontend"]
    assert first[0] == second[0] == "pybabel"
    subprocess.run([*pybabel, *first[1:]], cwd=tmp_path, check=True)
    made = (tmp_path / "de.po").read_text(encoding="utf-8")
    filled = made.replace('msgid "Find"\nmsgstr ""', 'msgid "Find"\nmsgstr "Suchen"')
    (tmp_path / "de.po").write_text(filled, encoding="utf-8")
    subprocess.run([*pybabel, *second[1:]], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    served: list[object] = []
    monkeypatch.setattr("uvicorn.run", lambda app, port: served.append(app))
    exec(code, {})

    shown = Client(served[0]).get("/").text
    assert '<html lang="de">' in shown
    assert "<button>Suchen</button>" in shown


@pytest.mark.slow(reason="starts a server and opens its pages in Chromium")
@needs_command("chromium")
def test_browser_shows_the_texts_of_scripts_translated(some_countries: pytest.MonkeyPatch) -> None:
    settings = Settings(translations=pseudo())
    # Its processes would keep the browser open, did they come after it.
    with running(settings) as address, browser_page(is_online=True) as page:
        page.goto(f"{address}/-/network")
        page.locator("#network[data-state=drawn]").wait_for()
        page.get_by_role("application").focus()
        page.keyboard.press("ArrowDown")
        page.get_by_role("button", name=f"{START}Close{END}").wait_for()
        page.goto(f"{address}/sparql")
        page.locator("#sparql[data-state=ready]").wait_for()
        assert page.get_by_role("button", name=f"{START}Get the answer as a file{END}").is_visible()
