"""The comparison of countries: every figure of the query, in the right cell, with its notes."""

import re
from html import unescape

import tipgraph
from tests.explorer.conftest import Client, links
from tipgraph.explorer import addresses

ADDRESS = "/-/countries"


def text(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def test_home_and_navigation_lead_to_the_comparison(client: Client) -> None:
    assert client.get("/").text.count(f'href="{ADDRESS}"') == 2
    assert ADDRESS in links(client.get("/id/greta"))


def test_each_figure_of_the_query_leads_to_its_statement(client: Client) -> None:
    rows = list(tipgraph.open().rows("compare-countries"))
    page = client.get(ADDRESS)

    found = links(page)
    statements = [str(row["statement"]) for row in rows if row["statement"]]
    assert len(statements) > 20
    assert {addresses.address(each) for each in statements} <= {*found}
    tables = dict.fromkeys(str(row["table"]) for row in rows)
    assert [each.casefold() for each in re.findall(r'aria-label="Table: ([^"]*)"', page.text)] == [
        each for each in tables if any(r["statement"] for r in rows if r["table"] == each)
    ]


def test_cell_has_figure_counter_editions_and_notes(client: Client) -> None:
    page = client.get(f"{ADDRESS}?area=HUN").text
    table = page[page.index("<table>") : page.index("</table>")]
    years = re.findall(r'<th scope="col">(.*?)</th>', table)
    row = next(each for each in table.split("<tr>") if "NBI trafficking unit" in each)
    cells = [text(each) for each in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]

    assert years[0] == "Country, counted by"
    filled = {year: cell for year, cell in zip(years[1:], cells, strict=True) if cell}
    assert list(filled) == ["2018"]
    assert filled["2018"].startswith("26 ")
    assert filled["2018"].endswith("stated in the editions of 2019")
    notes = re.findall(r'href="#(note-\d+)"', row)
    texts = [text(page.partition(f'<li id="{each}">')[2].partition("</li>")[0]) for each in notes]
    assert "≠ may not be compared with any other cell, for certain: the year is inferred" in texts
    assert any(
        each.startswith("≠ may not be compared with the year before: 2017") for each in texts
    )
    assert "stated by: NBI trafficking unit (Hungary)" in texts


def test_every_mark_has_its_note(client: Client) -> None:
    page = client.get(ADDRESS).text

    marks = set(re.findall(r'href="#(note-[\d-]+)"', page))
    assert marks == set(re.findall(r'<li id="(note-[\d-]+)"', page))
    assert len(marks) > 20


def test_rank_is_refused_with_the_reason(client: Client) -> None:
    for name in ("rank", "sort", "rate"):
        page = client.get(f"{ADDRESS}?{name}=value")
        assert page.status_code == 400
        assert f"compare-countries has no {name}: counts measure what was found" in page.text
    assert "Nothing is ranked: counts measure what was found" in client.get(ADDRESS).text


def test_choices_limit_the_tables(client: Client) -> None:
    page = client.get(f"{ADDRESS}?indicator=residence-permits-issued&area=BEL")
    part = client.get(f"{ADDRESS}?part=sex-trafficking")

    assert "174" in page.text
    assert "tipgraph query compare-countries -p indicator=residence-permits-issued" in page.text
    assert "/query/compare-countries.csv?indicator=residence-permits-issued&area=BEL" in links(page)
    assert part.status_code == 200
    assert client.get(f"{ADDRESS}?area=Atlantis").status_code == 400
    assert "<table>" not in client.get(f"{ADDRESS}?population=nobody").text


def test_figures_outside_of_calendar_years_and_left_out_ones_are_named(client: Client) -> None:
    rows = list(tipgraph.open().rows("compare-countries"))
    page = text(client.get(ADDRESS).text)

    assert any(row["left_out"] for row in rows)
    assert "1 without a stated year" in page
