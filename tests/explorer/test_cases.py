"""The form for a case: its answer is that of the command, and nothing of it is kept."""

import asyncio
import re

import httpx
import pytest

import tipgraph
from tests.conftest import Run
from tests.explorer.conftest import BASE, Client, title
from tipgraph.explorer import documents
from tipgraph.explorer.app import ANSWERS, Settings, application
from tipgraph.explorer.site import Site

# As new as that on Belgium, and read in full too.
OTHER_COUNTRY = """
@prefix tip:     <https://w3id.org/tipgraph/ns#> .
@prefix code:    <https://w3id.org/tipgraph/code/> .
@prefix id:      <https://w3id.org/tipgraph/id/> .
@prefix country: <http://publications.europa.eu/resource/authority/country/> .
@prefix dcat:    <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .

id:own-2021-fi
    a                  tip:Edition ;
    rdfs:label         "Own report 2021, Finland"@en ;
    dcterms:identifier "own-2021-fi" ;
    dcat:inSeries      id:tip-report ;
    dcterms:publisher  id:us-department-of-state ;
    dcterms:spatial    country:FIN ;
    tip:year           2021 ;
    tip:coverage       code:complete ;
    dcat:landingPage   <https://example.org/finland> .

<https://w3id.org/tipgraph/id/own-2021-fi/counselling>
    a           tip:Entitlement ;
    tip:edition id:own-2021-fi .
"""
CASE = {"citizenship": "ALB", "age": "30", "fact-identified": "met", "fact-conviction": "not_met"}


def test_answer_is_that_of_the_command_and_is_not_stored(client: Client, run: Run) -> None:
    answer = client.send("POST", "/-/case", data=CASE)
    wanted = run(
        *("assess", "--citizenship", "ALB", "--age", "30", "--met", "identified"),
        *("--not-met", "conviction", "--full", "--format", "html"),
    ).out

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "a 45-day reflection period" in answer.text
    assert wanted.count("<li>") <= answer.text.count("<li>")
    assert "No legal advice" in answer.text
    # Titles and forms' addresses are kept in the history.
    assert title(answer) == title(client.get("/-/case"))
    assert 'method="post" action="/-/case" autocomplete="off"' in answer.text


def test_answer_is_shown_once_at_an_address_without_the_case(client: Client) -> None:
    sent = client.send("POST", "/-/case", is_followed=False, data=CASE)
    address = sent.headers["location"]
    head = client.send("HEAD", address)
    first, again = client.get(address), client.get(address)

    assert (sent.status_code, sent.content) == (303, b"")
    assert head.headers["content-length"] == first.headers["content-length"]
    assert re.fullmatch(r"/-/case\?answer=[\w-]{22}", address)
    assert "Another case" in first.text
    assert again.status_code == 410
    assert "shown once" in line(again)
    assert 'name="fact-identified"' in again.text


def test_answers_of_one_client_displace_no_other(client: Client) -> None:
    async def shown_after_others() -> list[int]:
        def of(host: str) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app=client.app, client=(host, 1))
            return httpx.AsyncClient(transport=transport, base_url=BASE)

        async with of("10.0.0.1") as one, of("10.0.0.2") as other:
            first = await one.post("/-/case", data=CASE)
            others = [await other.post("/-/case", content=b"age=1") for _ in range(ANSWERS + 1)]
            asked = [first, others[0], others[-1]]
            return [(await one.get(each.headers["location"])).status_code for each in asked]

    assert asyncio.run(shown_after_others()) == [200, 410, 415]


def test_links_of_the_answer_open_in_a_new_tab(client: Client) -> None:
    answer = client.send("POST", "/-/case", data=CASE).text
    _, opened, found = answer.partition("Links of the answer open in a new tab")
    links = re.findall(r"<a [^>]*>", found.partition("<form")[0])
    parts = [each for each in links if 'href="#' in each]
    others = [each for each in links if each not in parts]

    assert opened
    assert parts
    assert len(others) > 10
    assert all('target="_blank" rel="noopener"' in each for each in others)
    assert not any("target=" in each for each in parts)
    for address in ("/-/case", "/-/entitlements", "/id/greta"):
        assert "target=" not in client.get(address).text


def test_citation_and_report_of_a_mistake_have_nothing_of_the_case(client: Client) -> None:
    about = re.compile(r'<aside class="about".*?</aside>', re.DOTALL)
    form, answer = client.get("/-/case"), client.send("POST", "/-/case", data=CASE)
    wrong = client.send("POST", "/-/case", data={"age": "old", "citizenship": "ALB"})

    assert about.findall(answer.text) == about.findall(form.text) == about.findall(wrong.text)
    assert "title=%2F-%2Fcase" in form.text
    assert form.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("entered", "problem"),
    [
        ({"age": "old"}, "completed years"),
        ({"age": "500"}, "500"),
        ({"age": "9" * 5000}, "completed years"),
        ({"citizenship": "Atlantis"}, "Atlantis"),
        ({"fact-nothing": "met"}, "nothing"),
        ({"edition": "tip-2020-xx"}, "tip-2020-xx"),
        ({"edition": "all"}, "stands for several editions; choose one of the list"),
    ],
)
def test_wrong_case_is_explained_on_the_page_alone(client, capsys, entered, problem):
    answer = client.send("POST", "/-/case", data=entered)

    assert answer.status_code == 400
    assert problem in line(answer)
    # The page itself has the advice of the command.
    assert "tipgraph" not in line(answer)
    assert len(line(answer)) < 200
    assert answer.headers["cache-control"] == "no-store"
    assert capsys.readouterr() == ("", "")


def test_bug_in_a_case_is_reported_without_the_case(shared_graph, capsys, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("citizen of ALB")

    monkeypatch.setattr("tipgraph.explorer.documents._case", broken)
    client = Client(application(tipgraph.open(), Settings()))
    answer = client.send("POST", "/-/case", data=CASE)

    assert answer.status_code == 500
    assert answer.headers["cache-control"] == "no-store"
    assert "ALB" not in answer.text
    assert capsys.readouterr() == ("", "tipgraph: a bug in a private page: RuntimeError\n")


def test_too_long_case_is_refused(client: Client) -> None:
    assert send(client, b"age=" + b"1" * 40_000).status_code == 413
    assert send(client, b"a=1&" * 500).status_code == 413


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/json", b'{"citizenship": ["ALB"], "age": 16}'),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="age"'),
        ("text/plain", b"age=16"),
        ("", b"age=16"),
    ],
)
def test_case_that_is_no_form_is_refused(client: Client, media_type: str, body: bytes) -> None:
    refused = send(client, body, media_type)

    assert refused.status_code == 415
    assert line(refused) == "Only application/x-www-form-urlencoded is read here."
    assert refused.headers["cache-control"] == "no-store"


def test_parameters_of_the_media_type_do_no_harm(client: Client) -> None:
    answer = send(client, b"age=16", "Application/X-WWW-Form-URLencoded; charset=UTF-8")

    assert answer.status_code == 200
    assert 'name="age" type="text" value="16"' in answer.text


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"ages=16", "the form has no field &#39;ages&#39;"),
        (b'{"age":16}', "the form has no field"),
        (b"fact-identified=junk", "fact-identified cannot be &#39;junk&#39;"),
        (b"company=maybe", "company cannot be &#39;maybe&#39;"),
        (b"age=16&age=40", "The form has two values for one field."),
        (b"age=&age=40", "The form has two values for one field."),
        (b"citizenship=%FF", "The form is no text in UTF-8."),
        (b"citizenship=\xff", "The form is no text in UTF-8."),
    ],
)
def test_what_the_form_cannot_send_is_refused_and_not_left_out(client, capsys, body, problem):
    refused = send(client, body)

    assert refused.status_code == 400
    assert problem in line(refused)
    assert title(refused) == title(client.get("/-/case"))
    assert refused.headers["cache-control"] == "no-store"
    assert capsys.readouterr() == ("", "")


def test_case_in_the_address_is_refused(client: Client) -> None:
    refused = client.send("POST", "/-/case?age=16", data={"citizenship": "ALB"})

    assert refused.status_code == 400
    assert line(refused) == "The address of a form takes no parameters."


def test_form_of_one_edition_is_accepted_for_another(client: Client) -> None:
    """The form below an answer has the facts of its edition, and a list of the editions."""
    form = client.get("/-/case?edition=tip-2021-be").text
    facts = dict.fromkeys(re.findall(r'name="(fact-[^"]+)"', form), "")
    answer = client.send("POST", "/-/case", data={**facts, "age": "30", "edition": "tip-2019-be"})

    assert len(facts) > 10
    assert answer.status_code == 200


def test_editions_read_in_part_are_offered_and_marked(client: Client) -> None:
    for address in ("/-/case", "/-/entitlements"):
        page = client.get(address).text
        assert '<option value="tip-2021-be">TIP Report 2021, Belgium</option>' in page
        marked = "TIP Report 2019, Belgium (read in part)"
        assert f'<option value="tip-2019-be">{marked}</option>' in page
        # It states no entitlements.
        assert 'value="tip-2020-be"' not in page
    chosen = client.get("/-/entitlements?edition=tip-2019-be")
    assert chosen.status_code == 200
    assert "Only part of it was read" in chosen.text


def test_site_has_the_entitlements_of_each_edition_that_its_form_offers(client: Client) -> None:
    offered = re.findall(r'<option value="(tip-[^"]+)"', client.get("/-/entitlements").text)
    site = Site(tipgraph.open(), is_static=True)
    made = {address for group in documents.regimes(site) for address in group}

    assert "tip-2019-be" in offered
    wanted = {f"/-/entitlements?edition={each}" for each in offered}
    assert {each for each in made if each.startswith("/-/entitlements?")} == wanted


def test_fact_that_matters_to_no_norm_of_the_edition_is_named(client: Client) -> None:
    unused = "No norm of this edition depends on:"
    other = client.send("POST", "/-/case", data={**CASE, "edition": "tip-2019-be"})

    assert f"{unused} conviction; identified as a victim" in other.text
    assert "Only part of it was read" in other.text
    assert unused not in client.send("POST", "/-/case", data=CASE).text


@pytest.mark.slow(reason="makes a graph with files of its own")
@pytest.mark.parametrize("address", ["/-/case", "/-/entitlements"])
def test_edition_must_be_chosen_where_none_is_the_newest(client, tmp_path, address):
    own = tmp_path / "own.ttl"
    own.write_text(OTHER_COUNTRY)
    two = Client(application(tipgraph.open(own), Settings()))

    page = two.get(address)
    assert page.status_code == 200
    assert '<option value="" selected>choose an edition</option>' in page.text
    assert '<option value="own-2021-fi">' in page.text
    assert f'<form class="fields" action="{address}">' in page.text
    assert "fact-identified" in two.get("/-/case?edition=tip-2021-be").text
    # No norm of this one depends on a fact.
    assert 'name="citizenship"' in two.get("/-/case?edition=own-2021-fi").text
    unchosen = two.send("POST", "/-/case", data=CASE)
    assert unchosen.status_code == 400
    assert line(unchosen) == "Choose an edition."
    assert '<option value="met" selected>' not in unchosen.text


def send(
    client: Client, body: bytes, media_type: str = "application/x-www-form-urlencoded"
) -> httpx.Response:
    headers = {"content-type": media_type} if media_type else {}
    return client.send("POST", "/-/case", headers, content=body)


def line(page: httpx.Response) -> str:
    found = re.search(r'<p class="problem" role="alert">(.*?)</p>', page.text)
    assert found
    return found[1]
