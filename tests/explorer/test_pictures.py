"""Charts as files, charts of several countries, pages to embed, and briefings as files."""

import re
from base64 import b64decode
from io import BytesIO

import pytest

from tests.explorer.conftest import Client
from tipgraph.explorer.pages import KINDS

PERMITS = "indicator=residence-permits-issued&area=BEL"


def picture(page: str) -> str:
    """The SVG that a page contains."""
    found = re.search(r"data:image/svg\+xml;base64,([^\"]+)", page)
    assert found
    return b64decode(found[1]).decode()


def test_only_the_page_of_a_chart_may_be_framed(client: Client) -> None:
    for kind in KINDS:
        policy = client.get(kind.example, "text/html, */*;q=0.1").headers["content-security-policy"]
        may_be_framed = kind.path == "/-/embed/{name}"

        assert ("frame-ancestors *" in policy) == may_be_framed, kind.path
        assert ("frame-ancestors 'none'" in policy) != may_be_framed, kind.path


def test_page_to_embed_has_its_source_line_and_no_script(client: Client) -> None:
    page = client.get(f"/-/embed/series?{PERMITS}")

    assert "Source: US Department of State: TIP Report 2021, Belgium" in page.text
    assert "<script" not in page.text
    assert "<form" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert f'href="/query/series?{PERMITS.replace("&", "&amp;")}"' in page.text
    assert client.get("/-/embed/series?area=nowhere").status_code == 400
    assert client.get("/-/embed/pie").status_code == 404


def test_chart_of_a_page_is_a_file_too(client: Client) -> None:
    page = client.get(f"/query/series?{PERMITS}").text
    svg, png = (client.get(f"/-/chart/series.{each}?{PERMITS}") for each in ("svg", "png"))

    for each in (svg, png):
        assert str(each.url.raw_path.decode()).replace("&", "&amp;") in page
        assert each.headers["content-disposition"].startswith("attachment")
    assert svg.text.lstrip().startswith("<?xml")
    assert png.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "address", ["/query/series?indicator=victims-identified&area=HUN", "/-/country/BEL"]
)
def test_chart_and_page_number_their_notes_alike(client: Client, address: str) -> None:
    page = client.get(address).text
    section = page[page.rindex("<section", 0, page.index("<figure>")) :].partition("</section>")[0]
    # The first ones stand with the headline.
    listed = r'<(li|span) id="note-\d+-(\d+)">(?:\[\d+\] )?(.*?)</\1>'
    notes = {number: text for _, number, text in re.findall(listed, section)}
    described = re.search(r"Notes: (.*?) Source:", section)
    assert described
    of_chart = dict(re.findall(r"\[(\w+)\] (.*?)(?=\.? \[\w+\] |\.?$)", described[1]))

    assert of_chart
    for mark, text in of_chart.items():
        assert not mark.isdecimal() or notes[mark].rstrip(".") == text.rstrip("."), mark
    assert any(mark.isdecimal() for mark in of_chart) or not set(notes.values()) & {
        *of_chart.values()
    }


def test_country_has_others_beside_it_on_its_chart(client: Client) -> None:
    alone, both = (client.get(f"/-/country/HUN{e}").text for e in ("", "?with=MLT&with=BEL"))

    assert "Victims identified, Malta" not in picture(alone)
    assert "Victims identified, Malta" in picture(both)
    assert "Victims identified, Hungary" in picture(both)
    assert "No panel for Belgium: it has no figure of this kind." in picture(both)
    assert 'value="BEL" checked' in both
    assert "with=BEL%2CMLT" in both


def test_briefing_is_a_file_with_its_chart(client: Client) -> None:
    from docx import Document

    assert 'href="/-/briefing/BEL.docx"' in client.get("/-/country/BEL").text
    word = Document(BytesIO(client.get("/-/briefing/BEL.docx").content))

    assert word.paragraphs[0].text == "Belgium: protection of victims"
    assert len(word.inline_shapes) == 1
    assert client.get("/-/briefing/Nowhere.docx").status_code == 400
