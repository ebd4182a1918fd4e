"""Pages, workbooks and Word documents, in the programs that people open them with."""

import csv
import html
import io
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from tests.conftest import Run
from tests.explorer.looks import SHORTENED, VIOLATIONS
from tests.tools import AXE, browser_page, convert, needs, needs_command
from tipgraph.errors import UsageError
from tipgraph.render.document import Cell, Document, Section, Table
from tipgraph.render.workbook import xlsx

if TYPE_CHECKING:
    from playwright.sync_api import Page

COMMANDS = {
    "query": ["query", "figures", "--edition", "tip-2021-be"],
    "tables": ["query", "compare-countries", "--area", "BEL"],
    "nothing": ["query", "statements", "-p", "topic=interpreter", "--edition", "tip-2021-be"],
    "sentence": ["show", "tip-2021-be/S30"],
    "topic": ["show", "beds"],
    "diff": ["diff", "tip-2020-be", "tip-2021-be"],
    "assess": ["assess", "--edition", "tip-2021-be", "--citizenship", "ALB", "--age", "30"],
    "overview": ["assess", "--edition", "tip-2021-be", "--overview"],
    "report": ["report", "--area", "BEL"],
    "countries": ["report", "--area", "BEL", "--area", "NLD", "--topic", "victim-identification"],
}
# With commas, quotation marks and UTF-8.
CSV = "csv:Text - txt - csv (StarCalc):44,34,76"
# HTML, a script, the end of an attribute, a formula, and text from right to left.
HOSTILE = "=1+1</td><script>document.title='run'</script>\" onload=\"x\u202e&amp;"
SHOWN = HOSTILE.replace("\u202e", r"\u202e")
DATA = f"""
@prefix tip: <https://w3id.org/tipgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/tipgraph/id/hostile> a tip:PublicAgency ;
    rdfs:label {json.dumps(HOSTILE)} ; rdfs:seeAlso <javascript:alert(1)> .
"""


@pytest.fixture(scope="module")
def page() -> "Iterator[Page]":
    with browser_page() as opened:
        yield opened


@pytest.fixture
def hostile(tmp_path: Path) -> list[str]:
    """The options for a graph with such a label."""
    file = tmp_path / "hostile.ttl"
    file.write_text(DATA, encoding="utf-8")
    return ["--data", str(file)]


@pytest.mark.slow(reason="draws charts and opens pages in Chromium")
@needs_command("tidy")
@needs_command("chromium")
@needs("node_modules/axe-core")
def test_pages_are_valid_and_accessible(run: Run, tmp_path: Path, page: "Page") -> None:
    for name, command in COMMANDS.items():
        file = tmp_path / f"{name}.html"
        assert run(*command, "--output", file).code == 0

        checked = subprocess.run(
            ["tidy", "-errors", "-quiet", file], capture_output=True, text=True
        )
        assert (name, checked.stderr) == (name, "")

        page.goto(file.as_uri())
        # Without the network nothing is missing, and a narrow screen scrolls in tables alone.
        page.set_viewport_size({"width": 400, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, name
        page.set_viewport_size({"width": 1000, "height": 800})
        page.evaluate(SHORTENED)
        page.add_script_tag(path=AXE)
        assert (name, page.evaluate(VIOLATIONS, {})) == (name, [])


@pytest.mark.slow(reason="opens pages in Chromium")
@needs_command("chromium")
def test_page_shows_a_hostile_label_as_text(run, tmp_path, page, hostile):
    query = "SELECT ?actor ?label { BIND(id:hostile AS ?actor) ?actor rdfs:label ?label }"
    for name, command in {"show": ["show", "hostile"], "query": ["query", "-e", query]}.items():
        file = tmp_path / f"{name}.html"
        assert run(*command, *hostile, "--output", file).code == 0

        page.goto(file.as_uri())
        assert page.title() != "run"
        assert page.evaluate("document.scripts.length") == 0
        assert (
            page.evaluate("document.querySelectorAll('[onload], a[href^=javascript]').length") == 0
        )
        assert SHOWN in page.inner_text("main")


@pytest.mark.slow(reason="opens files in LibreOffice")
@needs_command("soffice")
def test_workbook_has_the_rows_of_csv(run: Run, tmp_path: Path, hostile: list[str]) -> None:
    commands = {
        "figures": COMMANDS["query"],
        "hostile": ["query", "-e", "SELECT ?label { id:hostile rdfs:label ?label }", *hostile],
    }
    for name, command in commands.items():
        assert run(*command, "--output", tmp_path / f"{name}.xlsx").code == 0
    convert(CSV, *tmp_path.glob("*.xlsx"))

    for name, command in commands.items():
        wanted = run(*command, "--format", "csv").out.replace("\u202e", r"\u202e")
        converted = (tmp_path / f"{name}.csv").read_text(encoding="utf-8")
        assert list(csv.reader(io.StringIO(converted))) == list(csv.reader(io.StringIO(wanted)))


@pytest.mark.slow(reason="draws charts, opens files in LibreOffice")
@needs_command("soffice")
def test_word_document_has_the_figures_of_csv(run: Run, tmp_path: Path) -> None:
    assert run(*COMMANDS["report"], "--output", tmp_path / "report.docx").code == 0
    convert("html:HTML:EmbedImages", tmp_path / "report.docx")

    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    rows = [list(map(plain, re.findall("<td.*?</td>", row, re.DOTALL)))
            for row in re.findall("<tr.*?</tr>", page, re.DOTALL)]  # fmt: skip
    text = plain(page)
    wanted = run(*COMMANDS["query"], "--format", "csv", "--columns", "all").out
    for figure in csv.DictReader(io.StringIO(wanted)):
        value = f"{float(figure['value']):,g}" if len(figure["value"]) > 4 else figure["value"]
        value = f"{figure['number_qualifier']} {value}".strip()
        names = ("indicator", "period", "part", "unit", "counted_by", "speaker", "place")
        cells = {value, *(figure[name] for name in names)}
        assert any(cells <= set(row) for row in rows), figure
        assert all(plain(each) in text for each in figure["caveat"].split(" | "))
    assert "<img" in page


def plain(page: str) -> str:
    """The text of HTML."""
    return " ".join(html.unescape(re.sub("<[^>]*>", "", page)).split())


def test_numbers_are_numbers_and_text_is_no_formula(run, tmp_path, hostile, one_edition):
    file = tmp_path / "rows.xlsx"
    query = "SELECT ?label ?number { id:hostile rdfs:label ?label VALUES ?number { 235 2.5 } }"
    assert run("query", "-e", query, *hostile, "--output", file).code == 0

    with ZipFile(file) as content:
        sheet = content.read("xl/worksheets/sheet1.xml").decode()
        book = content.read("xl/workbook.xml").decode()
    assert "<f>" not in sheet
    assert "<v>235</v>" in sheet
    assert "<v>2.5</v>" in sheet
    assert 'name="Notes and sources"' in book


@pytest.mark.slow(reason="writes a sheet with as many links as one may have")
def test_sheet_keeps_all_cells_beyond_the_most_links(monkeypatch):
    # The library leaves out cells, and rows, beyond what Excel takes.
    cells = tuple(Cell(f"cell {number}", "https://example.org/") for number in range(16_383))
    table = Table("five", tuple("a" * len(cells)), (cells,) * 5)
    document = Document("A sheet", sections=(Section("links", tables=(table,)),))

    with ZipFile(io.BytesIO(xlsx(document))) as content:
        sheet = content.read("xl/worksheets/sheet1.xml").decode()
    assert (sheet.count("<c r="), sheet.count("<hyperlink ")) == (6 * len(cells), 65_530)

    monkeypatch.setattr("tipgraph.render.workbook.MOST_ROWS", 5)
    with pytest.raises(UsageError, match="5 rows at most"):
        xlsx(document)
    monkeypatch.setattr("tipgraph.render.workbook.LONGEST_TEXT", 5)
    with pytest.raises(UsageError, match="5 characters at most"):
        xlsx(document)


def test_letters_are_counted_as_excel_does() -> None:
    # The library cuts a longer text, and leaves out a cell with a longer address.
    def sheets(text: str, link: str = "") -> str:
        titles = ("\U0001f600" * 30, "\U0001f600" * 30, "a" * 30 + "'s", " 'quoted'")
        tables = tuple(Table(title, ("a",), ((Cell(text, link),),)) for title in titles)
        with ZipFile(
            io.BytesIO(xlsx(Document("A", sections=(Section("a", tables=tables),))))
        ) as book:
            names = re.findall('<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
            assert len({*names}) == 5
            return book.read("xl/worksheets/sheet1.xml").decode()

    assert sheets("text", "https://example.org/" + "\U0001f600" * 2_000).count("<c r=") == 2
    with pytest.raises(UsageError, match="characters at most"):
        sheets("\U0001f600" * 20_000)


def test_files_are_for_select_queries_and_not_for_a_terminal(run: Run, tmp_path: Path) -> None:
    refused = {
        ("query", "-e", "ASK {}", "--format", "html"): "ASK queries take table, markdown",
        ("query", "figures", "--output", tmp_path / "x.pdf"): "unknown extension; name the format",
        ("report", "--area", "BEL", "--format", "md", "--output", tmp_path / "no" / "x"): "create",
    }
    for command, message in refused.items():
        outcome = run(*command)
        assert (outcome.code, outcome.out) in [(2, ""), (3, "")]
        assert message in outcome.err
    shown = run("query", "residence-permits", "--format", "xlsx", tty=True)
    assert (shown.code, shown.out) == (2, "")
    assert "name a file with --output" in shown.err
    assert not list(tmp_path.iterdir())


def test_output_by_extension_equals_the_format(run: Run, tmp_path: Path) -> None:
    for extension, style in {"csv": "csv", "md": "markdown", "html": "html", "srj": "json"}.items():
        file = tmp_path / f"rows.{extension}"
        outcome = run("query", "residence-permits", "--output", file)
        assert (outcome.code, outcome.out) == (0, "")
        assert (
            file.read_bytes().decode() == run("query", "residence-permits", "--format", style).out
        )
    table = tmp_path / "rows.txt"
    assert run("query", "actors", "--format", "table", "--output", table, tty=True).code == 0
    assert "\x1b" not in table.read_text(encoding="utf-8")


def test_number_is_shown_with_its_qualifier_and_percentages_with_their_sign(run, all_countries):
    germany = run("query", "figures", "-p", "area=DEU", "--format", "html").out
    bulgaria = run("query", "figures", "-p", "area=BGR", "--format", "html").out

    assert '<td class="number">94 %</td>' in germany
    assert '<td class="number">more than 1000</td>' in bulgaria
