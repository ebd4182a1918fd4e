"""What the remote engine sends, and what it makes of any answer: a table is whole or it is none."""

import re
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

import tipgraph
from tests.engines.scripted import Reply, drips, hangs, resets, rows, says, scripted
from tipgraph.endpoint.profiles.virtuoso import Virtuoso
from tipgraph.endpoint.settings import Access
from tipgraph.endpoint.stores import Store
from tipgraph.errors import EndpointError
from tipgraph.store.remote import Remote

GRAPHS = ["http://example.org/a", "http://example.org/b"]
QUERY = "SELECT ?n { ?s ?p ?n }"
HTML = "<html><head><title>Welcome</title></head></html>"
CUT = '{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"uri","value":"urn:a"}},{"n"'
SECRET = "open sesame"
KNOWN = Access(user="ali", password=SECRET)


class Small(Store):
    """A store that gives two rows in one answer, or triples."""

    row_limit = 2


def at(
    url: str,
    kind: type[Store] = Store,
    access: Access = Access(),  # noqa: B008  (it is frozen)
    timeout: float = 20,
) -> Remote:
    return Remote(kind(url, None, None, access), GRAPHS, timeout)


def numbers(engine: Remote, query: str = QUERY) -> list[Any]:
    return engine.select(query).column("n")


def refusal(*replies: Reply, ask: Callable[[Remote], object] = numbers, **options: Any) -> str:
    """What the engine says of these replies; it is one line and tells no secret."""
    with scripted(*replies) as (url, _), pytest.raises(EndpointError) as raised:
        ask(at(url, **options))
    told = str(raised.value)
    assert told.startswith(url)
    assert len(told.splitlines()) == 1
    assert SECRET not in told
    return told.removeprefix(f"{url}: ")


def test_that_a_query_is_a_form_with_its_graphs_and_its_prefixes() -> None:
    text = "# To ask or to insert?\nSELECT ?n { ?s a tip:Edition ; rdfs:label ?n }"
    with scripted(rows("1")) as (url, asked):
        assert numbers(at(url), text) == [1]

    (request,) = asked
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.headers["Accept"] == "application/sparql-results+json"
    assert set(request.fields) == {"query", "default-graph-uri"}
    assert request.fields["default-graph-uri"] == GRAPHS
    assert request.query.endswith(text)
    assert set(re.findall(r"PREFIX (\w+):", request.query)) == {"tip", "rdfs"}


def test_that_the_store_is_told_how_long_it_may_take() -> None:
    with scripted(rows("1")) as (url, asked):
        at(url, Virtuoso, timeout=7).select(QUERY)
        at(url, Virtuoso, timeout=0.2).select(QUERY)

    long, short = (int(each.fields["timeout"][0]) for each in asked)
    assert 6000 < long <= 7000
    assert short == 1000


def test_that_credentials_are_sent_as_the_store_wants_them() -> None:
    asks = says("", 401, WWW_Authenticate='Digest realm="x", nonce="n", qop="auth"')
    with scripted(rows("1")) as (url, asked):
        at(url, access=KNOWN).select(QUERY)
        at(url, access=Access(token=SECRET.replace(" ", "-"))).select(QUERY)
    with scripted(asks, rows("1")) as (url, asked_twice):
        at(url, Virtuoso, KNOWN).select(QUERY)

    basic, bearer = (each.headers["Authorization"] for each in asked)
    assert (basic, bearer) == ("Basic YWxpOm9wZW4gc2VzYW1l", "Bearer open-sesame")
    first, second = (each.headers["Authorization"] for each in asked_twice)
    assert first is None
    assert second.startswith('Digest username="ali", realm="x", nonce="n"')


def test_that_credentials_go_to_no_other_address() -> None:
    with scripted(rows("1")) as (elsewhere, asked_there):
        told = refusal(says("", 307, Location=elsewhere), access=KNOWN)

    assert told == f"sends you on to {elsewhere}; give that address"
    assert not asked_there


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (says(HTML, kind="text/html"), "answers with text/html where rows are asked for"),
        (says(CUT, kind=""), "answers with no media type where rows are asked for"),
        (says(CUT), "the answer is not whole: it is broken or was cut off ("),
        (says("[]"), "the answer is not whole: it is broken or was cut off ("),
        (says('{"head":{},"boolean":true}'), "answers something else than rows"),
        (rows("1", X_SQL_State="S1TAT", X_SQL_Message="RC...: Returning incomplete results,"
              " interrupted by timeout.  Activity: 5 rnd"),
         "the answer is not whole: RC...: Returning incomplete results, interrupted by timeout.;"
         " give it more time with --timeout"),
        (says(CUT, 206), "the answer is not whole: status 206"),
        (rows(X_SPARQL_MaxRows="0"), "the answer is not whole: it does not tell how many"),
    ],
)  # fmt: skip
def test_that_what_is_no_whole_answer_is_no_table(reply: Reply, told: str) -> None:
    assert refusal(reply).startswith(told)


@pytest.mark.parametrize("length", [len(CUT) + 1, 100_000])
def test_that_an_answer_that_breaks_off_is_asked_for_again(length: int) -> None:
    with scripted(says(CUT, length=length), rows("1", "2")) as (url, asked):
        assert numbers(at(url)) == [1, 2]

    assert len(asked) == 2


@pytest.mark.parametrize(
    ("status", "body", "access", "told"),
    [
        (400, "line 1: no\nline 2", Access(), "failed with status 400; line 1: no"),
        (401, "", Access(), "asks who you are; set TIPGRAPH_USER and TIPGRAPH_PASSWORD, or"
         " TIPGRAPH_TOKEN"),
        (401, f"ali:{SECRET}?", KNOWN, "does not accept the user or the password; ali:…?"),
        (403, "", Access(), "does not allow this to strangers; set TIPGRAPH_USER and"
         " TIPGRAPH_PASSWORD"),
        (403, "", KNOWN, "does not allow you to do this"),
        (404, "", Access(), "there is no such address in the store"),
        (500, "Virtuoso 42000 Error D1CTX: full", Access(),
         "failed with status 500; Virtuoso 42000 Error D1CTX: full"),
    ],
)  # fmt: skip
def test_that_a_refusal_is_told_in_one_line_and_not_repeated(
    status: int, body: str, access: Access, told: str
) -> None:
    # A second try would succeed.
    assert refusal(says(body, status, "text/plain"), rows("1"), access=access) == told


def test_that_a_wrong_password_for_digest_is_told() -> None:
    asks = says("", 401, WWW_Authenticate='Digest realm="x", nonce="n", qop="auth"')

    assert refusal(asks, kind=Virtuoso, access=KNOWN) == "does not accept the user or the password"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_that_a_store_that_is_busy_is_asked_again_when_it_says(status: int) -> None:
    busy = says("later", status, "text/plain", Retry_After="1")
    started = time.monotonic()
    with scripted(busy, rows("1")) as (url, asked):
        assert numbers(at(url)) == [1]

    assert len(asked) == 2
    assert 1 <= time.monotonic() - started < 5


def test_that_a_store_is_not_waited_for_longer_than_the_query_may_take() -> None:
    busy = says("", 503, "text/plain", Retry_After="60")
    started = time.monotonic()

    told = refusal(busy, timeout=2)
    gone = refusal(says("", 503, "text/plain"), timeout=0.4)

    assert told == "failed with status 503; it asks to come back in 60 seconds"
    assert gone == "failed with status 503"
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("reply", [hangs, drips])
def test_that_a_store_that_does_not_come_to_an_end_is_left(reply: Reply) -> None:
    started = time.monotonic()

    assert refusal(reply, timeout=1) == "no answer in 1 seconds; give it more time with --timeout"
    assert time.monotonic() - started < 4


def test_that_a_connection_that_breaks_is_made_anew() -> None:
    with scripted(resets, resets, rows("1")) as (url, asked):
        assert numbers(at(url)) == [1]

    assert len(asked) == 3
    assert refusal(resets, timeout=1).startswith("cannot be reached (")


def test_that_a_store_that_is_not_there_is_told() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/sparql"
    with pytest.raises(EndpointError, match=re.escape(f"{url}: cannot be reached (")) as raised:
        at(url, timeout=1).ask("ASK { ?s ?p ?o }")

    assert "refused" in str(raised.value)


def test_that_truth_is_true_or_false() -> None:
    def ask(engine: Remote) -> bool:
        return engine.ask("ASK { ?s ?p ?o }")

    with scripted(says('{"head":{},"boolean":false}')) as (url, _):
        assert ask(at(url)) is False
    told = refusal(rows("1"), ask=ask)
    assert told.startswith("answers something else than true or false; is it a SPARQL endpoint?")


def test_that_triples_come_whole_and_once_or_not_at_all() -> None:
    def construct(engine: Remote) -> object:
        return engine.construct("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")

    one, two = "<urn:a> <urn:b> <urn:c> .\n", '<urn:a> <urn:b> "d" .\n'
    plain = "application/n-triples"
    with scripted(says(one + two + one, kind=plain)) as (url, _):
        assert len(at(url).construct("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")) == 2
    assert refusal(says(one + two[:9], kind=plain), ask=construct).startswith(
        "the answer is not whole: it is broken or was cut off ("
    )
    assert refusal(says(HTML, kind="text/html"), ask=construct).startswith("answers with text/html")
    assert "no more triples" in refusal(says(one + two, kind=plain), ask=construct, kind=Small)
    assert "no more triples" in refusal(says(one, kind=plain, X_SPARQL_MaxRows="1"), ask=construct)


def test_that_pages_follow_the_order_of_the_query() -> None:
    with scripted(rows("5", "4"), rows("3"), rows("5", "4"), rows("3")) as (url, asked):
        assert numbers(at(url, Small), f"{QUERY} ORDER BY DESC(?n)") == [5, 4, 3]

    counted, first, last = (each.query for each in asked[1:])
    assert "COUNT(*)" in counted
    assert re.search(r"ORDER BY DESC\(\?n\)\s+\?n\s+} } LIMIT 2 OFFSET 0$", first)
    assert last.endswith("LIMIT 1 OFFSET 2")


def test_that_rows_are_missed_when_pages_do_not_make_up_the_count() -> None:
    told = refusal(rows("1", "2"), rows("5"), rows("1", "2"), rows("3"), rows(), kind=Small)

    assert told == "the answer is not whole: it gives 3 of 5 rows"


def test_that_an_answer_that_just_fits_is_whole() -> None:
    with scripted(rows("1", "2"), rows("2"), rows("1", "2")) as (url, asked):
        assert numbers(at(url, Small)) == [1, 2]

    assert len(asked) == 3


def test_that_a_distinct_row_comes_once() -> None:
    with scripted(rows("1", "2", "1")) as (url, _):
        assert numbers(at(url), "SELECT DISTINCT ?n { ?s ?p ?n }") == [1, 2]
        assert numbers(at(url)) == [1, 2, 1]

    told = refusal(
        rows("1", "1"), ask=lambda engine: numbers(engine, "SELECT DISTINCT ?n { } LIMIT 2")
    )
    assert told.endswith("leave out LIMIT and OFFSET")


def test_that_truth_values_are_spelt_alike() -> None:
    kind = "http://www.w3.org/2001/XMLSchema#boolean"
    cell = f'{{"n":{{"type":"typed-literal","datatype":"{kind}","value":"1"}}}}'
    with scripted(says(f'{{"head":{{"vars":["n"]}},"results":{{"bindings":[{cell}]}}}}')) as (
        url,
        _,
    ):
        ((term,),) = at(url).select(QUERY).terms

    assert term == tipgraph.store.rows.literal(True)
