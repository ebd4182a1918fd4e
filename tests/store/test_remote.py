"""The requests that the remote engine sends, and its results: a complete table or an error."""

import gzip
import re
import time
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from tests.endpoint.fake import Fuseki, serving
from tests.endpoint.guards import Authenticator, Basic, Bearer, Digest
from tests.store.scripted import Reply, drips, hangs, replies, resets, rows, scripted
from tipgraph.endpoint import profiles
from tipgraph.endpoint.profiles import RemoteStore, Virtuoso
from tipgraph.endpoint.settings import Access
from tipgraph.errors import EndpointError
from tipgraph.store.remote import Remote

GRAPHS = ["http://example.org/a", "http://example.org/b"]
QUERY = "SELECT ?n { ?s ?p ?n }"
ASK = "ASK { ?s ?p ?o }"
HTML = "<html><head><title>Welcome</title></head></html>"
CUT = '{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"uri","value":"urn:a"}},{"n"'
SECRET = "open sesame"
TRIPLE = b"<urn:a> <urn:b> <urn:c> .\n"
KNOWN = Access(user="ali", password=SECRET)
DIGEST_CHALLENGE = replies("", 401, WWW_Authenticate='Digest realm="x", nonce="n", qop="auth"')


class Small(RemoteStore):
    """A store that returns two rows or triples in one response."""

    max_rows = 2


def engine_at(
    url: str,
    profile: type[RemoteStore] = RemoteStore,
    access: Access = Access(),  # noqa: B008  (it is frozen)
    timeout: float = 20,
) -> Remote:
    return Remote(profile(url, None, None, access), GRAPHS, timeout)


def numbers(engine: Remote, query: str = QUERY) -> list[Any]:
    return engine.select(query).column("n")


def error(*script: Reply, ask: Callable[[Remote], object] = numbers, **options: Any) -> str:
    """The engine's error after these replies; it is one line and shows no secret."""
    with scripted(*script) as (url, _), pytest.raises(EndpointError) as raised:
        ask(engine_at(url, **options))
    message = str(raised.value)
    assert message.startswith(url)
    assert len(message.splitlines()) == 1
    assert SECRET not in message
    return message.removeprefix(f"{url}: ")


def test_query_is_sent_as_form_with_graphs_and_prefixes() -> None:
    text = '# To ask or to insert?\nSELECT ?n { ?s a tip:Edition ; rdfs:label ?n , "é" }'
    with scripted(rows("1")) as (url, requests):
        assert numbers(engine_at(url), text) == [1]

    (request,) = requests
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8"
    assert request.headers["Accept"] == "application/sparql-results+json"
    assert request.headers["User-Agent"].startswith("tipgraph/")
    assert set(request.fields) == {"query", "default-graph-uri"}
    assert request.fields["default-graph-uri"] == GRAPHS
    assert request.query.endswith(text)
    assert set(re.findall(r"PREFIX (\w+):", request.query)) == {"tip", "rdfs"}


def test_fuseki_gets_one_graph_in_the_query() -> None:
    store, ask = profiles.Fuseki, "ASK { GRAPH ?g { ?s ?p ?o } }"
    with scripted(rows("1"), replies('{"head": {}, "boolean": true}')) as (url, requests):
        engine = Remote(store(url, None, None), GRAPHS[:1], 20)
        engine.select(QUERY)
        engine.ask(ask)

    select, itself = requests
    assert select.query == f"SELECT ?n {{ GRAPH <{GRAPHS[0]}> {{ ?s ?p ?n }}}}"
    assert "default-graph-uri" not in select.fields
    assert itself.query == ask
    assert itself.fields["default-graph-uri"] == GRAPHS[:1]


def test_store_gets_the_time_limit() -> None:
    with scripted(rows("1")) as (url, requests):
        engine_at(url, Virtuoso, timeout=7).select(QUERY)
        engine_at(url, Virtuoso, timeout=0.2).select(QUERY)

    long, short = (int(each.fields["timeout"][0]) for each in requests)
    assert 6000 < long <= 7000
    assert short == 1000


def test_credentials_are_sent_as_the_profile_requires() -> None:
    with scripted(rows("1")) as (url, requests):
        engine_at(url, access=KNOWN).select(QUERY)
        engine_at(url, access=Access(token=SECRET.replace(" ", "-"))).select(QUERY)
    with scripted(DIGEST_CHALLENGE, rows("1")) as (url, digest_requests):
        engine_at(url, Virtuoso, KNOWN).select(QUERY)

    basic, bearer = (each.headers["Authorization"] for each in requests)
    assert (basic, bearer) == ("Basic YWxpOm9wZW4gc2VzYW1l", "Bearer open-sesame")
    first, second = (each.headers["Authorization"] for each in digest_requests)
    assert first is None
    assert second.startswith('Digest username="ali", realm="x", nonce="n"')


@pytest.mark.parametrize(
    ("authenticator", "access"),
    [
        (Basic("ali", SECRET), KNOWN),
        (Digest("ali", SECRET), KNOWN),
        (Bearer("t0ken"), Access(token="t0ken")),
    ],
    ids=["basic", "digest", "token"],
)
def test_any_authentication_scheme_works(authenticator: Authenticator, access: Access) -> None:
    with serving(Fuseki(authenticator)) as root:
        engine = engine_at(f"{root}/ds/query", access=access)

        assert engine.ask("ASK {}") is True
        assert engine.ask("ASK {}") is True


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_credentials_go_to_no_other_address(status: int) -> None:
    with scripted(rows("1")) as (elsewhere, requests_there):
        message = error(replies("", status, Location=elsewhere), access=KNOWN)

    assert message == f"redirects to {elsewhere}; use that address"
    assert not requests_there


def test_query_leaves_urllib_of_the_process_alone() -> None:
    opener = getattr(urllib.request, "_opener")  # noqa: B009  (it is private)
    with scripted(DIGEST_CHALLENGE, rows("1")) as (url, _):
        engine_at(url, Virtuoso, KNOWN).select(QUERY)

    assert getattr(urllib.request, "_opener") is opener  # noqa: B009


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (replies(HTML, media_type="text/html"), "responds with text/html instead of rows"),
        (replies(CUT, media_type=""), "responds with no media type instead of rows"),
        (replies(CUT), "incomplete response: it is broken or was cut off ("),
        (replies("[]"), "incomplete response: it is broken or was cut off ("),
        (replies('{"head":{},"boolean":true}'), "responds with a boolean instead of rows"),
        (rows("1", X_SQL_State="S1TAT", X_SQL_Message="RC...: Returning incomplete results,"
              " interrupted by timeout.  Activity: 5 rnd"),
         "incomplete response: RC...: Returning incomplete results, interrupted by timeout.;"
         " allow more time with --timeout"),
        (replies(CUT, 206), "incomplete response: status 206"),
        (rows(X_SPARQL_MaxRows="0"), "incomplete response: the store does not return how many"),
    ],
)  # fmt: skip
def test_incomplete_response_is_an_error(reply: Reply, message: str) -> None:
    assert error(reply).startswith(message)


@pytest.mark.parametrize("length", [len(CUT) + 1, 100_000])
def test_response_that_breaks_off_is_requested_again(length: int) -> None:
    with scripted(replies(CUT, length=length), rows("1", "2")) as (url, requests):
        assert numbers(engine_at(url)) == [1, 2]

    assert len(requests) == 2


def test_error_status_is_reported_in_one_line_and_not_repeated() -> None:
    body = f"Virtuoso 42000 Error: no {SECRET}\nline 2"
    # A second attempt would succeed.
    message = error(replies(body, 500, "text/plain"), rows("1"), access=KNOWN)

    assert message == "failed with status 500; Virtuoso 42000 Error: no …"


def test_refusal_by_the_estimate_of_virtuoso_names_its_setting():
    # As its own settings in Debian let it answer, for the shipped graph.
    body = (
        "Virtuoso 42000 Error The estimated execution time 2919 (sec) exceeds the limit of 400"
        " (sec).\n\nSPARQL query:\n"
    )
    message = error(replies(body, 500, "text/plain"), profile=Virtuoso)

    assert message.endswith("set MaxQueryCostEstimationTime = 0 in its virtuoso.ini")


def test_busy_store_is_asked_again_after_the_pause_it_asks_for() -> None:
    busy = replies("later", 503, "text/plain", Retry_After="1")
    started = time.monotonic()
    with scripted(busy, rows("1")) as (url, requests):
        assert numbers(engine_at(url)) == [1]

    assert len(requests) == 2
    assert 1 <= time.monotonic() - started < 20


def test_pauses_end_with_the_time_limit_of_the_query() -> None:
    busy = replies("", 503, "text/plain", Retry_After="60")
    started = time.monotonic()

    long_pause = error(busy, timeout=2)
    short_limit = error(replies("", 503, "text/plain"), timeout=0.4)

    assert long_pause == "failed with status 503; it asks to wait 60 seconds; try again then"
    assert short_limit == "failed with status 503"
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("reply", [hangs, drips])
def test_endless_response_ends_with_the_time_limit(reply: Reply) -> None:
    started = time.monotonic()

    assert error(reply, timeout=1) == "no response in 1 seconds; allow more with --timeout"
    assert time.monotonic() - started < 8


@pytest.mark.parametrize("status", [200, 500])
def test_response_at_the_end_of_the_time_limit_is_a_timeout(status: int) -> None:
    """Virtuoso ends a query that runs out of time with the rows that it has."""

    def late(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(1)
        replies(CUT, status)(handler)

    message = error(late, profile=Virtuoso, timeout=1)

    assert message == "no response in 1 seconds; allow more with --timeout"


def test_broken_connection_is_made_again() -> None:
    with scripted(resets, resets, rows("1")) as (url, requests):
        assert numbers(engine_at(url)) == [1]

    assert len(requests) == 3
    assert error(resets, timeout=1).startswith("the connection broke (")


def test_ask_returns_a_boolean() -> None:
    def ask(engine: Remote) -> bool:
        return engine.ask(ASK)

    with scripted(replies('{"head":{},"boolean":false}')) as (url, _):
        assert ask(engine_at(url)) is False
    message = error(rows("1"), ask=ask)
    assert message.startswith("responds with rows instead of a boolean; check that it is a SPARQL")


@pytest.mark.parametrize("header", ["X-Without: length", "Content-Encoding: gzip"])
def test_triples_without_a_marked_end_are_an_error(header: str) -> None:
    """A connection may break, and a packed response end, after any triple."""
    half = gzip.compress(TRIPLE * 2)[:-8] if "gzip" in header else TRIPLE

    def cut_off(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n")
        length = f"Content-Length: {len(half)}\r\n" if "gzip" in header else ""
        handler.wfile.write(f"{header}\r\n{length}\r\n".encode() + half)

    message = error(cut_off, ask=lambda engine: engine.construct("CONSTRUCT WHERE { ?s ?p ?o }"))

    assert message.startswith("incomplete response: it does not mark its end")


def test_construct_returns_each_triple_once_or_an_error() -> None:
    def construct(engine: Remote) -> list[Any]:
        return engine.construct("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")

    one, two = "<urn:a> <urn:b> <urn:c> .\n", '<urn:a> <urn:b> "d" .\n'
    plain = "application/n-triples"
    with scripted(replies(one + two + one, media_type=plain)) as (url, _):
        assert len(construct(engine_at(url))) == 2
    assert error(replies(one + two[:9], media_type=plain), ask=construct).startswith(
        "incomplete response: it is broken or was cut off ("
    )
    page = replies(HTML, media_type="text/html")
    assert error(page, ask=construct).startswith("responds with text/html instead of triples")
    full = replies(one + two, media_type=plain)
    assert "no more triples" in error(full, ask=construct, profile=Small)
    truncated = replies(one, media_type=plain, X_SPARQL_MaxRows="1")
    assert "no more triples" in error(truncated, ask=construct)


def test_pages_follow_the_order_of_the_query() -> None:
    with scripted(rows("5", "4"), rows("3"), rows("5", "4"), rows("3")) as (url, requests):
        assert numbers(engine_at(url, Small), f"{QUERY} ORDER BY DESC(?n)") == [5, 4, 3]

    counted, first, last = (each.query for each in requests[1:])
    assert "COUNT(*)" in counted
    assert re.search(r"ORDER BY DESC\(\?n\)\s+\?n\s+} } LIMIT 2 OFFSET 0$", first)
    assert last.endswith("LIMIT 1 OFFSET 2")


def test_pages_with_fewer_rows_than_counted_are_an_error() -> None:
    message = error(rows("1", "2"), rows("5"), rows("1", "2"), rows("3"), rows(), profile=Small)

    assert message == "incomplete response: the store returns 3 of 5 rows"


def test_response_of_exactly_the_limit_is_complete() -> None:
    with scripted(rows("1", "2"), rows("2"), rows("1", "2")) as (url, requests):
        assert numbers(engine_at(url, Small)) == [1, 2]

    assert len(requests) == 3


def test_distinct_row_is_returned_once() -> None:
    with scripted(rows("1", "2", "1")) as (url, _):
        assert numbers(engine_at(url), "SELECT DISTINCT ?n { ?s ?p ?n }") == [1, 2]
        assert numbers(engine_at(url)) == [1, 2, 1]

    message = error(
        rows("1", "1"), ask=lambda engine: numbers(engine, "SELECT DISTINCT ?n { } LIMIT 2")
    )
    assert message.endswith("leave out LIMIT and OFFSET")


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        ("boolean", "1", "true"),
        ("decimal", "25.0", "25"),
        ("decimal", "2.50", "2.5"),
        ("decimal", ".0", "0"),
        ("decimal", "-.00", "0"),
    ],
)
def test_values_are_written_as_by_the_embedded_engine(kind, written, expected):
    datatype = f"http://www.w3.org/2001/XMLSchema#{kind}"
    cell = f'{{"n":{{"type":"typed-literal","datatype":"{datatype}","value":"{written}"}}}}'
    body = f'{{"head":{{"vars":["n"]}},"results":{{"bindings":[{cell}]}}}}'
    with scripted(replies(body)) as (url, _):
        ((term,),) = engine_at(url).select(QUERY).terms

    assert term == Literal(expected, datatype=NamedNode(datatype))
