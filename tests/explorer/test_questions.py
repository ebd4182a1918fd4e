"""The answers of stored queries in the files are those of the server, made before."""

import re
from collections import Counter

import pytest

from tests.explorer.conftest import Client
from tipgraph.explorer import questions
from tipgraph.explorer.http import Content, PageRequest
from tipgraph.explorer.pages import find
from tipgraph.explorer.site import Site
from tipgraph.explorer.things import questions_about
from tipgraph.namespaces import OURS
from tipgraph.store.engine import Embedded

COUNTRY = "http://publications.europa.eu/resource/authority/country/BEL"
SCHEME = "scheme-3p"


def page(site: Site, name: str, **given: str) -> str:
    kind, _ = find(f"/query/{name}", given)
    content: Content = kind.answer(site, PageRequest(name, given))
    assert content.status == 200
    return content.body.decode()


def answer(html: str) -> str:
    """Return an answer and what is beside it, without the links to other answers."""
    found = html[html.index('<div id="answer"') : html.index("</main>")]
    others = r"<summary>Other parameters.*?</details>|(?s:<nav .*?</nav>)"
    return re.sub(rf'<p class="downloads">.*|{others}', "", found)


def shown(html: str) -> list[str]:
    """Return the lines of an answer that are no cells, nor the cell of all rows."""
    lines = re.findall(r"<(?:p|li|dd|pre)\b[^>]*>.*", answer(html))
    drop = re.compile(r'<(?:dd|pre)\b.*|<p><a rel=.*|.*aria-label="Command with.*|.*data-column=.*')
    return [each for each in lines if not drop.match(each)]


def rows(html: str) -> list[Counter[str]]:
    """Return the texts of the cells of each row."""
    found = re.findall(r"<tr>(.*?)</tr>", answer(html), re.DOTALL)
    return [Counter(re.findall(r"<td[^>]*>(?:<a[^>]*>)?([^<]*)", each)) for each in found]


@pytest.mark.slow(reason="describes, writes or asks everything")
@pytest.mark.parametrize(
    ("name", "given", "asked"),
    [
        ("funding", {}, ""),
        ("funding", {"area": "BEL"}, "?area=BEL&edition=all"),
        ("claims", {"area": "NLD"}, "?area=NLD&edition=all"),
        ("entitlements", {"area": "NLD"}, "?area=NLD&edition=all"),
        ("evidence-by-criterion", {"scheme": SCHEME}, f"?scheme={SCHEME}"),
        ("actors-without-statement", {}, ""),
    ],
)
def test_page_of_the_files_shows_the_answer_of_the_server(files, client, name, given, asked):
    found, expected = page(files, name, **given), client.get(f"/query/{name}{asked}").text

    assert shown(found) == shown(expected)
    # A file has the columns by default, the edition and the caveats.
    assert len(rows(found)) == len(rows(expected))
    assert all(mine <= whole for mine, whole in zip(rows(found), rows(expected), strict=True))
    assert " hidden" not in answer(found)


def test_answer_without_rows_has_links_to_others_with_rows(client: Client) -> None:
    html = client.get("/query/entitlements?area=HUN").text

    assert "none for Hungary" in html
    assert "for Hungary: tipgraph query" not in html
    (links,) = re.findall(r"What has rows</summary>(.*?)</nav>", html, re.DOTALL)
    found = re.findall(r'href="([^"]*)"', links)
    assert found
    assert all("no rows" not in client.get(each.replace("&amp;", "&")).text for each in found)


def test_rows_of_a_country_are_those_of_the_bound_query(files: Site) -> None:
    plain = Embedded(files.engine.store)
    for name, whole in questions.whole_answers(files).items():
        query = files.graph.queries[name]
        if any(each.required for each in query.params) or "BEL" not in whole.areas:
            continue
        of_all = {"edition": "all"} if query.has_editions else {}
        bound = query.bind(plain, {"area": "BEL", **of_all})
        rows, own = plain.select(bound.text), whole.rows.where("area", {COUNTRY})
        assert (name, sorted(map(str, own.terms))) == (name, sorted(map(str, rows.terms)))


def test_thing_leads_to_the_page_with_its_rows(files: Site) -> None:
    iris = [OURS + each for each in ("id/tip-2021-be/S03", "id/tip-2021-be", "id/greta")]
    found = questions_about(files, [COUNTRY, OURS + "code/shelter", *iris])

    assert "/query/figures?area=BEL" in found[COUNTRY]
    assert "/query/figures?area=BEL&edition=tip-2021-be" in found[iris[1]]
    assert "/query/claims?speaker=greta" in found[iris[2]]
    # The page of the actor has its mentions.
    assert not [each for each in found[iris[2]] if each.startswith("/query/mentions")]
    # The page of a sentence has what the query would show.
    assert not any(each.startswith("/query/evidence") for each in found[iris[0]])
    # No column of the statements shows their topics.
    assert not any(each.startswith("/query/statements") for each in found[OURS + "code/shelter"])


def test_page_names_the_command_for_other_parameters(files: Site) -> None:
    text = page(files, "series")

    assert "tipgraph query series -p indicator=NAME" in text
    assert "Other parameters, by a command" in text
    assert "<form" not in text[text.index("<main") :]
    assert '<a href="/query/claims?area=NLD">Netherlands</a>' in page(files, "claims")
    others = '<a href="/query/compare-sources?area=BEL">sources side by side</a>'
    assert others in page(files, "figures", area="BEL"), "as on a server"
    assert "sources side by side" not in page(files, "figures")
