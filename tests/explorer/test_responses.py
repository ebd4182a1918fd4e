"""Formats by Accept and suffix, headers, caching, and whose requests are answered."""

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

import tipgraph
from tests.explorer.conftest import BASE, Client
from tipgraph.explorer.app import KEPT, Settings, application
from tipgraph.explorer.http import best_format, is_known
from tipgraph.explorer.unread import PART, PartsResponse, in_parts
from tipgraph.explorer.workers import BusyError, Turns
from tipgraph.export.package import DATASET

# A thing of each kind, with its IRI.
OURS = "https://w3id.org/tipgraph/"
COUNTRY = "http://publications.europa.eu/resource/authority/country/BEL"
THINGS = {
    "/id/greta": OURS + "id/greta",
    "/id/tip-2021-be/referrals-2020": OURS + "id/tip-2021-be/referrals-2020",
    "/id/tip-2021-be/S03": OURS + "id/tip-2021-be/S03",
    "/id/tip-2021-be": OURS + "id/tip-2021-be",
    "/code/shelter": OURS + "code/shelter",
    "/-/country/BEL": COUNTRY,
    "/ontology/norms": OURS + "ontology/norms",
}
SUFFIXES = {
    "text/turtle": (".ttl", RdfFormat.TURTLE),
    "application/ld+json": (".jsonld", RdfFormat.JSON_LD),
    "application/n-triples": (".nt", RdfFormat.N_TRIPLES),
}
DOCUMENTS = {"/ns": OURS + "ns#Actor", "/shapes": OURS + "shapes#agent", "/-/void": DATASET}


def test_accept_header_decides_by_quality_and_specificity() -> None:
    cases = {
        "": "html",
        "*/*": "html",
        "text/turtle": "turtle",
        "application/xhtml+xml,text/turtle;q=0.9": "html",
        "text/html;q=0.1, application/ld+json": "jsonld",
        "application/json": "jsonld",
        "application/*": "jsonld",
        "text/*;q=0.5, application/n-triples;q=0.6": "ntriples",
        "text/html;q=0, */*": "turtle",
        "image/png": "",
        "text/turtle;q=x": "turtle",
        "TEXT/Turtle ; Q=0.5": "turtle",
    }

    assert {accept: best_format(accept) for accept in cases} == cases


@pytest.mark.parametrize("address", THINGS)
def test_thing_leads_to_its_description_in_each_syntax(client: Client, address: str) -> None:
    thing = NamedNode(THINGS[address])

    assert client.get(address).headers["content-type"] == "text/html; charset=utf-8"
    for accept, (suffix, syntax) in SUFFIXES.items():
        other = client.get(address, accept)
        assert (other.status_code, other.headers["location"]) == (303, address + suffix)
        assert other.headers["vary"] == "Accept"
        described = client.get(address + suffix, "text/html")
        assert described.headers["content-type"].startswith(accept)
        triples = parse(io.BytesIO(described.content), format=syntax)
        assert any(each.subject == thing for each in triples)
    assert client.get(address, "image/png").status_code == 406


@pytest.mark.slow(reason="describes, writes or asks everything")
@pytest.mark.parametrize("address", DOCUMENTS)
def test_document_has_all_formats_at_its_address(client: Client, address: str) -> None:
    thing = NamedNode(DOCUMENTS[address])

    for accept, (suffix, syntax) in SUFFIXES.items():
        negotiated, named = client.get(address, accept), client.get(address + suffix)
        assert negotiated.status_code == 200
        assert negotiated.headers["content-type"].startswith(accept)
        assert negotiated.content == named.content
        assert any(
            quad.subject == thing for quad in parse(io.BytesIO(named.content), format=syntax)
        )


def test_other_addresses_lead_to_the_right_ones(client: Client) -> None:
    iri = "https%3A%2F%2Fw3id.org%2Ftipgraph%2Fns%23Actor"

    assert client.get("/.well-known/void").headers["location"] == "/-/void"
    assert client.get("/query").headers["location"] == "/query/"
    for address in DOCUMENTS:
        for accept in ("text/html", "text/turtle"):
            answer = client.get(f"{address}/", accept)
            assert (answer.status_code, answer.headers["location"]) == (308, address)
    assert client.get(f"/-/thing?iri={iri}").headers["location"] == "/ns#Actor"
    greta = "/-/thing?iri=https%3A%2F%2Fw3id.org%2Ftipgraph%2Fid%2Fgreta"
    assert client.get(f"{greta}&format=nt").headers["content-type"] == "application/n-triples"
    assert client.get("/id/nobody", "text/turtle").status_code == 404
    assert client.get("/id/nobody.ttl").status_code == 404


def test_every_answer_has_the_headers_of_the_policy(client: Client) -> None:
    for address in ("/", "/id/greta.ttl", "/id/nobody", "/-/case", "/query/funding.csv"):
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
    page = client.get("/").text
    assert re.findall("<script[^>]*>[^<]*", page) == ['<script src="/-/scripts/suggest.js" defer>']
    assert "<script" not in client.get("/id/greta").text
    assert "style=" not in page


def test_client_that_has_the_answer_gets_304(client: Client) -> None:
    first = client.get("/id/greta")
    tag = first.headers["etag"]

    again = client.get("/id/greta", if_none_match=f'"x", W/{tag}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/id/greta.ttl", if_none_match=tag).status_code == 200
    assert client.get("/id/greta?page=2", if_none_match=tag).status_code == 200
    assert "etag" not in client.get("/id/nobody").headers
    assert "etag" not in client.get("/-/case").headers


def test_tag_is_of_one_run(client: Client) -> None:
    """A page depends on more than its graph, such as the text of a query."""
    other = Client(application(tipgraph.open(), Settings()))

    assert other.get("/").headers["etag"] != client.get("/").headers["etag"]


def test_any_tag_stands_for_what_is_there_alone(client: Client) -> None:
    for address in ("/id/greta", "/id/greta.ttl", "/query/funding.csv", "/ns", "/-/style.css"):
        assert client.get(address, if_none_match="*").status_code == 304
    for address in ("/id/nope", "/id/nope.ttl", "/query/nope.csv", "/-/scripts/nope.js"):
        missing = client.get(address, if_none_match="*")
        assert missing.status_code == 404
        assert missing.content
    assert client.get("/query/funding.csv?bad=1", if_none_match="*").status_code == 400
    assert client.get("/id/greta", "text/turtle", if_none_match="*").status_code == 303


def test_only_answers_with_content_have_a_tag(client: Client) -> None:
    leading = (("/id/greta", "text/turtle"), ("/query", "text/html"), ("/.well-known/void", "*/*"))
    for address, accept in leading:
        answer = client.get(address, accept)
        assert answer.status_code in (303, 308)
        assert "etag" not in answer.headers
    assert client.get("/query/funding.csv").headers["etag"]


@pytest.mark.parametrize(
    ("address", "status", "line"),
    [
        ("/query/nope.csv", 404, "There is no query 'nope'."),
        ("/query/fundin.csv", 404, "There is no query 'fundin'. Did you mean 'funding' or"),
        ("/query/funding.json?bad=1", 400, "funding has no parameter 'bad'"),
        ("/query/funding.xlsx?edition=nope", 400, "unknown edition 'nope'"),
        ("/query/funding.ttl", 400, "the answer to funding cannot be written as .ttl"),
        ("/id/nope.ttl", 404, "nothing with the name 'https://w3id.org/tipgraph/id/nope'"),
        ("/-/thing?iri=urn:no%0Ape&format=nt", 404, "with the name 'urn:no\\npe'"),
        ("/-/thing?iri=urn:nope&format=jsonld", 404, "nothing with the name 'urn:nope'"),
        ("/-/suggest?type=owl:Class&q=a", 400, "unknown type 'owl:Class'"),
        ("/-/suggest", 400, "unknown type ''"),
        ("/-/network.json?edition=nope", 400, "unknown edition 'nope'"),
    ],
)
def test_error_of_an_address_of_data_is_a_line_of_text(client, address, status, line):
    answer = client.get(address)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert line in answer.text
    assert answer.text.splitlines() == [answer.text.rstrip("\n")]
    assert "content-disposition" not in answer.headers


def test_error_is_a_page_for_readers_and_text_for_programs(client: Client) -> None:
    for accept in SUFFIXES:
        missing = client.get("/id/nope", accept)
        assert missing.headers["content-type"] == "text/plain; charset=utf-8"
        assert (missing.status_code, missing.headers["vary"]) == (404, "Accept")
    for address in ("/id/nope", "/query/nope", "/query/funding?bad=1", "/-/network?edition=nope"):
        assert client.get(address).headers["content-type"] == "text/html; charset=utf-8"


def test_head_is_get_without_the_content(client: Client) -> None:
    for address in ("/", "/id/greta", "/id/greta.ttl", "/query/funding.csv", "/-/case"):
        one, other = client.get(address), client.send("HEAD", address, {"accept": "text/html"})
        assert other.content == b""
        assert dict(other.headers) == dict(one.headers)


def test_only_known_hosts_are_answered(client: Client) -> None:
    for host in ("evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "192.0.2.1"):
        refused = client.get("/-/case", host=host)
        assert refused.status_code == 421
        assert "tipgraph" in refused.text
        assert refused.headers["x-content-type-options"] == "nosniff"
    for host in (
        *("localhost:evil.com", "127.0.0.1:8123@evil.com", "localhost:8123, evil.com"),
        *("localhost:8080:80", "127.0.0.1:80 ", "[::1]evil.com", "[::1]:80@evil.com", "[::1%evil]"),
        *("[localhost]", "::1", "localhost/:80", "evil.com@localhost"),
        *("localhost:٨٠".encode().decode("latin-1"), "localhost:8080\t"),
    ):
        assert not is_known(host, "127.0.0.1"), host
    refused = client.get("/-/case", host="localhost:8123, evil.com")
    assert refused.status_code == 421
    for host in ("localhost:8080", "LOCALHOST", "127.0.0.1", "[::1]:8080", "localhost:"):
        assert client.get("/-/style.css", host=host).status_code == 200

    assert is_known("192.0.2.1:80", "0.0.0.0")
    assert is_known("[2001:db8::1]", "::")
    assert is_known("graph.example:8080", "graph.example")
    assert not is_known("evil.example", "0.0.0.0")
    assert BASE.startswith("http://127.0.0.1")


def test_methods_that_change_things_are_refused(client: Client) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert client.send(method, "/id/greta").status_code == 405
    assert client.send("PUT", "/-/case").status_code == 405


def test_json_of_a_query_is_that_of_the_protocol(client: Client) -> None:
    answer = client.get("/query/funding.json?area=BEL")

    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert json.loads(answer.text)["head"]["vars"]
    assert 'filename="funding.json"' in answer.headers["content-disposition"]


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_question_mark_of_a_name_is_no_parameter(tmp_path: Path, one_edition: None) -> None:
    data = tmp_path / "own.ttl"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    labels = {"x": "plain", "x?a=b": "with a mark", "x%3Fa=b": "escaped in its name"}
    data.write_text("".join(f'<{OURS}id/{name}> {label} "{labels[name]}" .' for name in labels))
    client = Client(application(tipgraph.open(str(data)), Settings()))
    addresses = ["/id/x?a=b?c=d", "/id/x%3Fa=b?c=d", "/id/x%253Fa=b?c=d"]
    answers = [client.get(address) for address in addresses]

    for answer, text in zip(answers, labels.values(), strict=True):
        assert text in answer.text
    assert len({answer.headers["etag"] for answer in answers}) == 3


def test_page_of_a_busy_server_names_what_to_do_in_the_look_of_the_pages(client, monkeypatch):
    @asynccontextmanager
    async def busy(turns: Turns, name: str) -> AsyncIterator[None]:
        raise BusyError
        yield

    monkeypatch.setattr(Turns, "of", busy)
    page, data = client.get("/id/greta?page=7"), client.get("/-/network.json?page=7")

    assert (page.status_code, page.headers["retry-after"]) == (503, "10")
    assert "Wait 10 seconds, and load this page again" in page.text
    assert '<link rel="stylesheet" href="/-/style.css">' in page.text
    assert data.text == "too many pages at once; try again in 10 s\n"


SCOPE = {
    "type": "http",
    "method": "GET",
    "scheme": "http",
    "client": None,
    "headers": [(b"host", b"127.0.0.1:8080"), (b"accept", b"text/html")],
}


def test_long_page_is_sent_in_parts_to_a_client_that_reads_slowly(client: Client) -> None:
    whole = client.get("/ns")
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(100)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        parts.append(message.get("body", b""))

    asyncio.run(client.app({**SCOPE, "path": "/ns", "query_string": b""}, receive, send))

    assert b"".join(parts) == whole.content
    assert int(whole.headers["content-length"]) == len(whole.content) > PART
    assert max(map(len, parts)) <= PART


def test_client_that_is_gone_is_sent_no_further_parts() -> None:
    parts: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        parts.append(message)

    answer = PartsResponse(in_parts(lambda size, start: bytes(size), 100 * PART))
    asyncio.run(answer(SCOPE, receive, send))

    assert len(parts) < 10


def test_client_may_leave_few_long_answers_unread(client: Client) -> None:
    path = "/-/vendor/oxigraph/web_bg.wasm"
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(100)
        return {"type": "http.disconnect"}

    async def ask_many() -> None:
        is_read = asyncio.Event()

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await is_read.wait()

        scopes = ({**SCOPE, "path": path, "query_string": b"%d" % number} for number in range(20))
        asking = [asyncio.ensure_future(client.app(each, receive, send)) for each in scopes]
        while len(statuses) < len(asking):
            await asyncio.sleep(0.01)
        is_read.set()
        await asyncio.gather(*asking)

    asyncio.run(ask_many())
    whole = len(client.get(path).content)

    assert statuses.count(200) == KEPT // whole
    assert statuses.count(503) == 20 - KEPT // whole
