"""Pages show the graph, and their links lead to other pages."""

import re
from html import unescape
from urllib.parse import quote

import httpx
import pytest
from markupsafe import escape
from pyoxigraph import NamedNode, RdfFormat, parse

import tipgraph
from tests.conftest import Run
from tests.explorer.conftest import CONTACT, Client, links, title
from tipgraph.explorer import addresses
from tipgraph.explorer.app import Settings, application

REGISTERED = "/id/tip-2021-hu/victims-registered-2020"


def citation(page: httpx.Response) -> str:
    found = re.search(r'<p data-citation="text">(.*?)</p>', page.text, re.DOTALL)
    assert found
    return unescape(found[1])


def test_home_leads_to_questions_editions_and_countries(client: Client) -> None:
    page = client.get("/")

    assert page.status_code == 200
    found = links(page)
    assert {"/query/funding", "/id/tip-2021-be", "/-/country/BEL"} <= {*found}
    assert 'name="q"' in page.text
    assert re.search(
        r'<p class="lead">[\d,]+ statements of the Trafficking in Persons Report'
        r" \(US Department of State\) and of GRETA, [^.]*Myria[^.]* on how states protect victims"
        r" of trafficking: \d+ editions and \d+ documents on 5 countries",
        page.text,
    )


def test_findings_of_home_are_computed_each_with_its_caveat(client: Client) -> None:
    text = client.get("/").text
    found = re.findall(r"<li><p>(.*?)</p><p class=\"caveat\">(.*?)</p><a href=\"(.*?)\">", text)
    counts = tipgraph.open().rows("criticism", edition="all")

    assert len(found) == 3
    assert found[2][0].startswith(f"{len(set(counts.column('finding')))} statements criticise ")
    assert found[1][1].startswith("Not reported is not zero")
    for _, caveat, address in found:
        assert caveat
        assert client.get(address).status_code == 200


def test_number_of_an_edition_is_that_of_its_statements(client: Client) -> None:
    row = client.get("/").text.partition('href="/-/country/BEL"')[2].partition("</tr>")[0]
    numbers = [int(each) for each in re.findall(r"</span>(\d+)<span", row)]
    statements = set(tipgraph.open().rows("statements", edition="tip-2021-be").column("statement"))

    assert len(numbers) == 5
    assert numbers[-1] == len(statements)


def test_every_page_leads_to_sources_licence_and_contact(client: Client) -> None:
    about = client.get("/-/about").text

    assert all("/-/about" in links(client.get(each)) for each in ("/", "/id/greta", "/id/gretta"))
    assert "CC BY 4.0" in about
    assert f"sha256:{tipgraph.open().digest}" in about
    assert f'href="{CONTACT}">' in about


def test_differences_between_publishers_are_on_the_page_about_all(client: Client) -> None:
    page = client.get("/-/about")
    listed = page.text.partition('id="others"')[2].partition("</section>")[0]

    assert "GRETA (" in listed
    assert "Belgium 2019: 145 (GRETA third report 2022, Belgium) beside 159" in listed
    assert "does not state who counted" in listed, "what differs"
    assert all(client.get(each).status_code == 200 for each in links(page))


@pytest.mark.parametrize(
    ("address", "pattern"),
    [
        ("/id/tip-2021-be/S03", r"<title>Sentence S03, TIP Report 2021, Belgium "),
        # Statements of several countries name their edition.
        ("/id/greta", r"\(finding; as its speaker\), tip-2021-be\b"),
        # Values are in words, and a number has what qualifies it.
        ("/query/entitlements?edition=tip-2021-be", r"45 days"),
        ("/id/tip-2021-be/victims-2020", r"is approximate</dt>\s*<dd>no"),
        ("/query/figures?area=BEL", r"<td[^>]*><a [^>]*>approximately 419,000</a></td>"),
        ("/-/country/BEL", r"S02 is the second sentence"),
        # A mark of a caveat that is not shown has the head of its column.
        ("/query/compare-sources?area=BEL", r'<th scope="col">caveat</th>'),
    ],
)
def test_page_has_words_for_what_the_graph_has(client, address, pattern):
    assert re.search(pattern, client.get(address).text)
    assert "caveat" not in tipgraph.open().queries["compare-sources"].shown


def test_mistakes_are_not_reported_without_a_contact() -> None:
    without = Client(application(tipgraph.open(), Settings()))

    for each in ("/", "/-/about", "/id/greta", "/ns"):
        text = without.get(each).text
        assert "Report a mistake" not in text
        assert ">Contact<" not in text


def test_search_lists_hits_with_links_and_remarks(client: Client) -> None:
    page = client.get("/-/search?q=shelter&area=BEL")

    assert "<mark>" in page.text
    assert any(each.startswith("/id/tip-") for each in links(page))
    assert "nothing found for" in client.get("/-/search?q=qqqqqqqq").text
    # As in the command, a total may come before what has more of the words.
    registered = client.get("/-/search?q=identified+in+Hungary+in+2019").text
    assert registered.index("Without: identified") < registered.index("regional law enforcement")
    assert client.get("/-/search?q=shelter&kind=nope").status_code == 400
    beds = client.get("/-/search?q=beds")
    assert "not stated in TIP Report 2021, Belgium, read in full" in beds.text
    assert "/code/beds" in links(beds)
    assert "see tipgraph" not in beds.text
    # The question without rows follows the gap.
    permits = client.get("/-/search?q=residence+permits+in+Malta").text
    assert (
        0
        < permits.find("no statement on it; not extracted")
        < permits.find(": not found in what was read")
    )
    second = client.get("/-/search?q=shelter&page=2")
    assert "Page 2 of" in second.text
    assert links(second) != links(client.get("/-/search?q=shelter"))


def test_search_of_many_words_or_pages_is_limited(client: Client) -> None:
    prefixes = client.get("/-/search?q=" + "+".join(f"{each}*" for each in "abcdefghijklm"))
    long = client.get(f"/-/search?q={'victims' * 30}")
    last = client.get("/-/search?q=victim*&page=99999")

    for page in (prefixes, long):
        assert page.status_code == 400
        assert "at most 12 words, of 200 characters" in page.text
    assert last.status_code == 200
    assert "page=19" in last.text
    assert "page=21" not in last.text


def test_address_with_two_values_for_a_parameter_is_refused(client: Client) -> None:
    twice = client.get("/query/figures?area=BEL&area=GRC")

    assert twice.status_code == 400
    assert "two values for one parameter" in twice.text
    assert client.get("/query/figures?area=BEL&area=BEL").status_code == 200


def test_search_leads_to_the_series_and_names_words_that_hits_do_not_have(client: Client) -> None:
    page = client.get("/-/search?q=missing+children+Belgium+2020")
    full, partial = re.split(r"<h2>\d+ without some of the words</h2>", page.text)

    assert full.index("/missing-children-2020") < full.index("/missing-children-2018-2020")
    assert "<summary>1 more like it, of other editions or periods</summary>" in full
    assert re.search(r"between 2018 and 2020</a> · tip-2021-be</li>", full)
    assert "Without:" not in full
    assert "Without: 2020" in partial
    women = client.get("/-/search?q=women+victims+Belgium+2020").text
    assert women.index("breakdown by sex (women): no statement on it") < women.index("<h2>")
    assert "Without: women" in women


def test_figure_leads_to_sentence_speaker_and_public_page(client: Client) -> None:
    page = client.get("/id/tip-2021-be/referrals-2020")

    assert {"/id/tip-2021-be/S03", "/id/us-department-of-state"} <= {*links(page)}
    assert "https://www.state.gov/reports/2021-trafficking-in-persons-report/belgium/#:~:" in (
        page.text
    )
    assert "/id/tip-2021-be/referrals-2020" in links(client.get("/id/tip-2021-be/S03"))


def test_figure_has_each_caveat_once_and_no_address_of_rdf_in_view(client: Client) -> None:
    page = client.get("/id/tip-2021-be/referrals-2020")
    shown = page.text.partition("<details>")[0]

    assert shown.count("Referrals, not persons") == 1
    assert "w3id.org" not in shown.partition("<h1>")[2]


def test_answer_leads_to_the_figures_of_other_publishers(client: Client) -> None:
    of_victims = "/query/series?indicator=victims-identified-and-assisted&area=BEL"
    page = client.get(of_victims)

    assert "Publisher: US Department of State; GRETA, Payoke, " in page.text
    assert "/query/compare-sources?area=BEL" in links(page)
    assert "/query/compare-sources?area=LUX" not in links(client.get("/query/figures?area=LUX"))


def columns(page: httpx.Response) -> list[str]:
    return re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page.text)


@pytest.mark.parametrize("name", ["figures", "series", "compare-countries", "shares", "revisions"])
def test_answer_shows_eight_columns_with_who_counted(client: Client, name: str) -> None:
    given = "?indicator=residence-permits-issued" if name == "series" else ""
    page = client.get(f"/query/{name}{given}").text
    table = page[page.index("<table") : page.index("</table>")]
    shared = re.findall(r'<span data-column="([^"]*)"', page)
    shown = re.findall(r'<th scope="col"(?! hidden)[^>]*>([^<]+)</th>', table)

    # Beside the country of each row.
    assert len({*shown} - {"area"}) <= 8
    assert "counted by" in [*shown, *(each.replace("_", " ") for each in shared)]
    if "value" in shown:
        assert re.search(r'<td class="number"><a href="/id/tip-', table)


def test_row_begins_with_what_it_is_about_and_its_evidence(client: Client) -> None:
    figures = ["statement", "period", "part", "value", "counted by", "caveat", "speaker", "place"]
    assert columns(client.get("/query/figures?area=BEL"))[:8] == figures
    claims = columns(client.get("/query/claims?area=BEL"))
    assert claims[:4] == ["speaker", "speech act", "statement", "about"]


def test_numbers_of_notes_lead_to_them(client: Client) -> None:
    page = client.get("/query/figures?area=BEL")
    marks = set(re.findall(r'href="#(note-[\d-]+)"', page.text))

    assert len(marks) > 10
    assert marks == set(re.findall(r'id="(note-[\d-]+)"', page.text))


def test_entitlement_leads_to_its_norm_and_its_sentence(client: Client) -> None:
    page = client.get("/-/entitlements?edition=tip-2021-be")

    assert len([each for each in links(page) if each.startswith("/id/tip-2021-be/")]) > 10
    assert page.text.count('class="source" href="https://www.state.gov/') > 10


def test_key_figure_of_a_briefing_leads_to_its_page(client: Client) -> None:
    page = client.get("/-/country/BEL")
    key = page.text[page.text.index(">Key figures</h2>") :].partition("<figure>")[0]

    assert key.count('<a href="/id/tip-2021-be/') >= 6
    assert "; by Government of Belgium; stated by US Department of State." in key


def test_briefing_explains_no_places_that_it_does_not_have(client: Client) -> None:
    assert "S02 is the second sentence" not in client.get("/-/country/NLD").text


@pytest.mark.parametrize(
    "address",
    [
        "/id/greta", "/id/tip-2021-be", "/id/tip-2021-be/S03", "/code/shelter",
        "/-/country/BEL", "/ontology/norms", "/graph/tip-2021-be",
    ],
)  # fmt: skip
def test_thing_has_citation_formats_and_a_place_for_mistakes(client: Client, address: str) -> None:
    page = client.get(address)

    assert page.status_code == 200
    assert "BibTeX" in page.text
    assert {f"{address}.ttl", f"{address}.jsonld", f"{address}.nt"} <= {*links(page)}
    iri = addresses.iri(address.removeprefix("/"))
    assert f"title={iri.replace('/', '%2F').replace(':', '%3A')}" in page.text


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("/id/tip-2021-be/S03-820", "/id/tip-2021-be/S03"),
        ("/id/derived/annotation/tip-2021-hu/victims-registered-2020-annotation", REGISTERED),
    ],
)
def test_part_is_on_the_page_and_in_the_document_of_its_thing(client, part, whole):
    place, data = client.get(part), client.get(part, accept="text/turtle")

    assert (place.status_code, data.status_code) == (303, 303)
    assert place.headers["location"] == f"{whole}#{part.removeprefix('/')}"
    assert f'id="{part.removeprefix("/")}"' in client.get(whole).text
    assert data.headers["location"] == f"{whole}.ttl"
    described = parse(client.get(f"{whole}.nt").content, RdfFormat.N_TRIPLES)
    subjects = {each.subject for each in described}
    assert NamedNode(addresses.iri(part.removeprefix("/"))) in subjects


@pytest.mark.parametrize(
    ("address", "command"),
    [
        ("/query/funding?edition=tip-2021-be", "query funding -p edition=tip-2021-be"),
        ("/-/country/BEL", "report --area BEL"),
        ("/-/compare?earlier=tip-2020-be&later=tip-2021-be", "diff tip-2020-be tip-2021-be"),
        ("/-/entitlements?edition=tip-2021-be", "assess --overview --edition tip-2021-be"),
    ],
)
def test_answer_is_cited_with_command_editions_and_graph(client, address, command):
    cited = citation(client.get(address))

    assert f"Given by: tipgraph {command}." in cited
    assert "(tip-2021-be) https://www.state.gov/" in cited
    assert f"Version {tipgraph.__version__}" in cited
    assert f"sha256:{tipgraph.open().digest}." in cited


def test_citation_of_many_editions_counts_the_others(client: Client) -> None:
    cited = citation(client.get("/query/figures?edition=all"))

    assert re.search(r"; and \d+ other editions, which the answer names\.", cited)


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("/", "/"),
        ("/-/search?q=shelter&area=BEL", "/-/search?q=shelter&area=BEL"),
        ("/query/", "/query/"),
        ("/query/funding?edition=&area=BEL", "/query/funding?area=BEL"),
        ("/query/funding?area=Atlantis", "/query/funding?area=Atlantis"),
        ("/query/nothing", "/query/nothing"),
        ("/-/compare", "/-/compare"),
        ("/-/case?edition=tip-2021-be", "/-/case"),
        ("/ns", "/ns"),
        ("/sparql", "/sparql"),
        ("/id/nobody", "https://w3id.org/tipgraph/id/nobody"),
    ],
)
def test_every_page_can_be_cited_and_reported(client: Client, address: str, subject: str) -> None:
    page = client.get(address)

    assert "BibTeX" in page.text
    found = re.findall(r'title=(\S*)">Report a mistake</a></p>\s*</aside>', page.text)
    assert found == [quote(subject, safe="")]


def test_every_iri_has_one_address_that_leads_back() -> None:
    ours = "https://w3id.org/tipgraph/"
    expected = {
        ours + "id/greta": "/id/greta",
        ours + "id/tip-2021-be/S03": "/id/tip-2021-be/S03",
        ours + "id/caf\u00e9": "/id/caf%C3%A9",
        ours + "id/a%20b": "/id/a%2520b",
        ours + "ns#Actor": "/ns#Actor",
        ours + "shapes#agent": "/shapes#agent",
        ours + "query/x": "/-/thing?iri=https%3A%2F%2Fw3id.org%2Ftipgraph%2Fquery%2Fx",
        ours + "id/a/../b": "/-/thing?iri=https%3A%2F%2Fw3id.org%2Ftipgraph%2Fid%2Fa%2F..%2Fb",
        ours + "id/x.ttl": "/-/thing?iri=https%3A%2F%2Fw3id.org%2Ftipgraph%2Fid%2Fx.ttl",
        "http://publications.europa.eu/resource/authority/country/BEL": "/-/country/BEL",
        "https://example.org/x": "/-/thing?iri=https%3A%2F%2Fexample.org%2Fx",
    }

    assert {iri: addresses.address(iri) for iri in expected} == expected
    assert addresses.iri("id/caf\u00e9") == ours + "id/caf\u00e9"
    assert addresses.iri("-/country/BEL").endswith("/country/BEL")


def test_thing_leads_to_questions_about_it_and_to_foreign_pages(client: Client) -> None:
    country, edition = client.get("/-/country/BEL"), client.get("/id/tip-2021-be")

    assert {"/-/network?area=BEL", "/query/figures?area=BEL"} <= {*links(country)}
    assert "/-/country/BEL" in links(edition)
    assert "/id/tip-2020-be" in links(country)
    assert "/query/statements?edition=tip-2021-be" in links(edition)
    page = "https://www.state.gov/reports/2021-trafficking-in-persons-report/belgium/"
    assert f'<a href="{page}">{page}</a>' in edition.text
    assert "/query/evidence?place=tip-2021-be%2FS03" in links(client.get("/id/tip-2021-be/S03"))


def test_terms_and_shapes_have_an_account_each(client: Client) -> None:
    terms, shapes = client.get("/ns"), client.get("/shapes")

    assert 'id="Actor"' in terms.text
    assert re.search(r'id="evidence".*?Relates a sourced node to a passage', terms.text, re.DOTALL)
    assert "/query/funding" in links(terms)
    assert "/shapes#agent" in links(terms)
    assert 'id="agent-needed"' in shapes.text
    assert "Name with tip:agent at least one who does it." in shapes.text


def test_unknown_thing_has_a_page_with_suggestions(client: Client) -> None:
    page = client.get("/id/gretta")

    assert page.status_code == 404
    assert {"/id/greta", "/", "/-/search", "/query/"} <= {*links(page)}
    assert client.get("/-/thing?iri=javascript:alert(1)").status_code == 404
    assert client.get("/nowhere/at all").status_code == 404
    assert client.get("/-/nowhere").status_code == 404
    assert "/" in links(client.get("/query/fundng"))


def test_long_list_has_pages(client: Client) -> None:
    first, second = client.get("/query/figures"), client.get("/query/figures?page=2")

    assert "/query/figures?page=2" in links(first)
    assert first.text.count("<tr>") <= 201
    assert second.text != first.text
    assert client.get("/query/figures?page=99999").status_code == 200


def test_comparison_and_report_are_the_documents_of_the_commands(client: Client) -> None:
    page = client.get("/-/compare?earlier=tip-2020-be&later=tip-2021-be")
    report = client.get("/-/country/BEL")
    same = tipgraph.open().report("BEL", pictures="svg")

    assert any(each.startswith("/id/tip-2021-be/") for each in links(page))
    assert client.get("/-/compare?earlier=tip-2021-be&later=tip-2021-be").status_code == 400
    assert "Belgium" in title(report)
    assert "tipgraph report --area BEL" in report.text
    pictures = [each for section in same.sections for each in section.pictures]
    assert pictures
    assert report.text.count('<img src="data:image/svg+xml;base64,') == len(pictures)
    assert all(escape(each.description) in report.text for each in pictures)
    assert client.get("/-/country/XXX").status_code == 404


def test_form_offers_choices_and_runs_with_the_default_editions(client: Client, run: Run) -> None:
    page = client.get("/query/funding")

    assert '<option value="tip-2021-be">' in page.text
    assert '<option value="BEL">Belgium</option>' in page.text
    assert "The newest editions. Read in full: TIP Report 2021, Belgium. Read in" in page.text
    given = "edition=tip-2021-be&area="
    for suffix, style in (("csv", "csv"), ("json", "json")):
        file = client.get(f"/query/funding.{suffix}?{given}")
        whole = ("-p", "edition=tip-2021-be", "--columns", "all", "--format", style)
        assert file.text == run("query", "funding", *whole).out
    answered = client.get(f"/query/funding?{given}")
    assert "tipgraph query funding -p edition=tip-2021-be" in answered.text
    assert (
        "tipgraph.open().query(&#39;funding&#39;, edition=&#39;tip-2021-be&#39;)" in answered.text
    )
    assert client.get(f"/query/funding.xlsx?{given}").content.startswith(b"PK")
    assert client.get(f"/query/funding.md?{given}").text.startswith("# Who pays")


def test_answer_has_a_chart_where_it_fits(client: Client) -> None:
    page = client.get("/query/series?indicator=residence-permits-issued&area=BEL")

    assert page.text.count('<img src="data:image/svg+xml;base64,') == 1
    assert "as text</summary>" in page.text
    assert "<img" not in client.get("/query/funding").text


def test_form_explains_what_is_wrong_or_missing(client: Client) -> None:
    wrong = client.get("/query/funding?area=Atlantis")
    needed = client.get("/query/series")

    assert wrong.status_code == 400
    assert "unknown area &#39;Atlantis&#39;" in wrong.text
    assert needed.status_code == 200
    assert "(needed)" in needed.text
    empty = client.get("/query/awards?area=LUX")
    assert "that is not zero" in empty.text or "<table>" in empty.text


def test_every_query_has_a_page(client: Client) -> None:
    assert {f"/query/{name}" for name in tipgraph.open().queries} <= {*links(client.get("/query/"))}


def test_page_of_a_thing_that_is_not_there_is_the_nearest(client: Client) -> None:
    before, beyond = (
        client.get(f"/id/us-department-of-state?page={number}").text for number in (0, 99999)
    )

    assert "Page 1 of" in before
    found = re.search(r"Page (\d+) of (\d+)", beyond)
    assert found
    assert found[1] == found[2]


def test_page_of_hits_beyond_the_last_one_is_the_last_one(client: Client) -> None:
    beyond = client.get("/-/search?q=victims&page=999").text
    found = re.search(r"Page (\d+) of (\d+)", beyond)

    assert found
    assert found[1] == found[2]
    assert '<ol class="hits">' in beyond
    last = client.get(f"/-/search?q=victims&page={found[2]}").text
    assert hits(beyond) == hits(last) != []
    assert len(hits(client.get("/-/search?q=victims&page=2").text)) == 20


def hits(page: str) -> list[str]:
    return re.findall(r"<li>\n<a href=\"([^\"]+)\"", page.partition('<ol class="hits">')[2])


def test_comparison_of_two_countries_leads_to_that_of_countries(client: Client) -> None:
    page = client.get("/-/compare?earlier=tip-2021-be&later=tip-2021-nl")

    assert page.status_code == 400
    assert "are about two countries" in problem(page)
    assert "tipgraph query" not in page.text
    assert page.text.count('href="/-/countries"') == 2


@pytest.mark.parametrize(
    "address", ["/-/compare?earlier=all&later=tip-2021-be", "/-/entitlements?edition=ALL"]
)
def test_name_of_several_editions_leads_to_the_list(client: Client, address: str) -> None:
    page = client.get(address)

    assert page.status_code == 400
    assert re.fullmatch(
        "&#39;(all|ALL)&#39; stands for several editions; choose one of the list", problem(page)
    )


def problem(page: httpx.Response) -> str:
    found = re.search(r'<p class="problem" role="alert">(.*?)</p>', page.text)
    assert found
    return found[1]
