"""Responses that no store should give end in one line, with the exit code of the endpoint."""

import gc
import gzip
import json
import re
import time
import tracemalloc
import zlib
from collections.abc import Callable
from functools import cache, partial
from html import escape
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import Store

from tests.conftest import Run
from tests.endpoint.fake import Virtuoso, serving
from tests.endpoint.message import StoreRequest, StoreResponse
from tests.store.scripted import drips, replies, rows, scripted
from tipgraph.endpoint.client import GraphClient
from tipgraph.endpoint.profiles import RemoteStore
from tipgraph.errors import TipgraphError
from tipgraph.store.engine import Embedded
from tipgraph.store.remote import Remote


@pytest.mark.parametrize("header", ["Fri, 31 Dec 99999 23:59:59 GMT", "1" * 400, "inf", "-", ""])
def test_retry_after_beyond_all_time_is_no_traceback(mini: None, run: Run, header: str) -> None:
    with scripted(replies("", 400, Retry_After=header)) as (url, _):
        code, out, err = run("query", "figures", "--endpoint", url)

    assert (code, out) == (4, "")
    assert err.count("\n") <= 2
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "challenge",
    [
        "Digest realm=",
        "Digest",
        'Digest realm="x", nonce=',
        'Digest realm="x", nonce="y", qop="auth-int"',
    ],
)
def test_broken_digest_challenge_is_no_traceback(mini, run, monkeypatch, challenge):
    monkeypatch.setenv("TIPGRAPH_USER", "someone")
    monkeypatch.setenv("TIPGRAPH_PASSWORD", "secret")
    with scripted(replies("", 401, WWW_Authenticate=challenge)) as (url, _):
        code, out, err = run("query", "figures", "--endpoint", url)

    assert (code, out) == (4, "")
    assert "secret" not in err


def test_manifest_without_graph_is_no_traceback(mini: None, run: Run) -> None:
    row = {"triples": {"type": "literal", "value": "many"}}
    answer = {"head": {"vars": ["graph", "triples", "identifier"]}, "results": {"bindings": [row]}}
    with scripted(replies(json.dumps(answer))) as (url, _):
        code, out, err = run("load", "--endpoint", url, "--update-url", url, "--store", "sparql")

    assert (code, out) == (4, "")
    assert "not a SPARQL response" in err


def empty_rows(handler: Any) -> None:
    """One row without any value for a SELECT, and yes for an ASK."""
    (query,) = handler.form["query"]
    names = sorted(set(re.findall(r"\?(\w+)", query)))
    rows = {"head": {"vars": names}, "results": {"bindings": [{}]}}
    is_ask = "SELECT" not in query
    replies(json.dumps({"head": {}, "boolean": True} if is_ask else rows))(handler)


def test_row_without_the_columns_that_identify_it_is_incomplete(mini: None, run: Run) -> None:
    own = "#+ key: [s]\n#+ columns: {s: x}\nSELECT ?s { ?s a ?type }"
    with scripted(empty_rows) as (url, _):
        where = ["--endpoint", url, "--store", "sparql"]
        code, out, err = run("query", "-e", own, *where)
        assert (code, out) == (4, "")
        assert "incomplete response: a row has no value at all" in err

        # Without a header a row may be empty: OPTIONAL gives such rows.
        optional = "SELECT ?s { OPTIONAL { ?s a ?type } }"
        assert run("query", "-e", optional, *where).out == "s\n\n"


def test_rows_that_a_store_may_leave_out_are_named(mini: None, run: Run) -> None:
    own = "#+ incomplete_on: [virtuoso]\nSELECT ?s { OPTIONAL { ?s a ?type } }"
    with scripted(empty_rows) as (url, _):
        code, out, err = run("query", "-e", own, "--endpoint", url, "--store", "virtuoso")
        assert (code, out) == (0, "s\n\n")
        assert "warning: this kind of store (virtuoso) may leave out rows" in err

        assert "warning" not in run("query", "-e", own, "--endpoint", url, "--store", "sparql").err


def a_row_of(cell: Any, handler: Any) -> None:
    """One row with this cell for each variable, and yes for an ASK."""
    query = handler.form.get("query", [""])[0]
    names = sorted(set(re.findall(r"\?(\w+)", query)))
    rows = {"head": {"vars": names}, "results": {"bindings": [dict.fromkeys(names, cell)]}}
    is_ask = "SELECT" not in query
    replies(json.dumps({"head": {}, "boolean": True} if is_ask else rows))(handler)


NODE = {"type": "uri", "value": "urn:a"}
relative_iris = partial(a_row_of, {"type": "uri", "value": "relative"})


@pytest.mark.parametrize(
    ("cell", "asked"),
    [
        ({"type": "literal", "value": "<script>"}, ["misidentified-crimes"]),
        (
            {"type": "triple", "value": {"subject": NODE, "predicate": NODE, "object": NODE}},
            ["-e", "SELECT ?s { ?s ?p ?o }"],
        ),
    ],
    ids=["literal", "triple"],
)
def test_value_of_another_kind_is_one_line(run: Run, cell: Any, asked: list[str]) -> None:
    with scripted(partial(a_row_of, cell)) as (url, _):
        code, out, err = run("query", *asked, "--endpoint", url, "--store", "sparql")

    assert (code, out) == (4, "")
    assert url in err
    assert err.count("\n") == 1


def test_fault_before_a_store_has_the_graph_is_none_of_its_responses(run, monkeypatch):
    def connect(*_: object) -> None:
        raise ValueError("an internal error")

    monkeypatch.setattr("tipgraph.cli.options.connect", connect)

    with pytest.raises(ValueError, match="an internal error"):
        run("query", "figures", "--endpoint", "http://localhost:9/")


@pytest.mark.parametrize(
    "command",
    [
        ["query", "figures"],
        ["load", "data.ttl", "--graph", "urn:g", "--update-url", "http://localhost:9/"],
    ],
)
def test_columns_without_number_are_an_error(mini, run, command, tmp_path, monkeypatch):
    (tmp_path / "data.ttl").write_text("<urn:a> <urn:p> 1 .", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names = [f"v{number}" for number in range(100_000)]
    rows = {"head": {"vars": names}, "results": {"bindings": [{}] * 100}}
    begin = time.process_time()
    with scripted(replies(json.dumps(rows))) as (url, _):
        code, out, err = run(*command, "--endpoint", url, "--store", "sparql")

    assert (code, out) == (4, "")
    assert re.search("more than 1,000 columns|not a SPARQL response", err)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize("name", ["xn--a", "\xe9"])
def test_redirect_to_no_host_is_one_line(mini: None, run: Run, name: str) -> None:
    with scripted(replies("", 302, Location=f"http://{name}/")) as (url, _):
        code, out, err = run("query", "figures", "--endpoint", url, "--store", "sparql")

    assert (code, out) == (4, "")
    assert err.count("\n") == 1


def test_secret_is_masked_wherever_a_store_repeats_it(mini, run, monkeypatch):
    secret = 'sesamé "&<'
    monkeypatch.setenv("TIPGRAPH_USER", "ali")
    monkeypatch.setenv("TIPGRAPH_PASSWORD", secret)

    def without_head(handler: Any) -> None:
        handler.wfile.write(f"{handler.headers['Authorization']} x\r\n\r\n".encode())

    repeating = (
        without_head,
        replies("{}", X_SQL_Message=secret),
        replies("{}", media_type=f"text/{secret}"),
        replies("", 302, Location=f"http://localhost/?{quote(secret)}"),
        *(
            replies(each, 400, "text/plain")
            for each in (
                escape(secret),
                *(json.dumps(secret, ensure_ascii=ascii) for ascii in (True, False)),
            )
        ),
    )
    for each in repeating:
        with scripted(each) as (url, _):
            code, out, err = run("query", "figures", "--endpoint", url, "--store", "sparql")

        assert (code, out) == (4, "")
        assert "…" in err
        assert not re.search("sesam|c2VzYW|YWxpOnNlc2Ft", err)


@pytest.mark.parametrize(
    "command",
    [
        ["load", "data.ttl", "--graph", "urn:g", "--store", "sparql", "--update-url", "{url}"],
        ["validate", "--graph", "urn:g"],
    ],
    ids=["load", "validate"],
)
def test_relative_iri_of_a_store_is_one_line(mini, run, command, tmp_path, monkeypatch):
    (tmp_path / "data.ttl").write_text("<urn:a> <urn:p> 1 .", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with scripted(relative_iris) as (url, _):
        outcome = run(*(each.format(url=url) for each in command), "--endpoint", url)

    assert outcome.code == 4
    assert "this is not a SPARQL response" in outcome.err


@pytest.mark.parametrize("name", ["figures", "speaks", "network", "any-actor"])
def test_rows_without_values_are_no_traceback(mini: None, run: Run, name: str) -> None:
    with scripted(empty_rows) as (url, _):
        where = ["--endpoint", url, "--store", "sparql"]
        assert run("query", name, *where).code in (0, 2, 4)
        assert run("query", name, *where, "--quotes").code in (0, 2, 4)


@pytest.mark.parametrize(
    "address", ["http://..", "http://a..b/sparql", f"http://{'a' * 70}.org", "http://xn--a/"]
)
def test_address_without_a_host_is_a_usage_error(mini: None, run: Run, address: str) -> None:
    code, out, err = run("query", "figures", "--endpoint", address)

    assert (code, out) == (2, "")
    assert "not a URL" in err


def drips_headers(handler: Any) -> None:
    """A status, and then headers without end, byte by byte."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(b"X" if number % 10 else b": x\r\nX")
        handler.wfile.flush()
        time.sleep(0.1)


def drips_trailers(handler: Any) -> None:
    """A complete body in one chunk, and then a trailer without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")
    for _ in range(200):
        handler.wfile.write(b"X")
        handler.wfile.flush()
        time.sleep(0.1)


def nested(handler: Any, depth: int = 100_000) -> None:
    """Triple terms in each other, in rows and in triples; parsers crash on them."""
    query = handler.form.get("query", [""])[0]
    if "COUNT(*)" in query and "GROUP" not in query:
        row = {"graph": {"type": "uri", "value": "urn:g"}, "n": {"type": "literal", "value": "1"}}
        replies(json.dumps({"head": {"vars": [*row]}, "results": {"bindings": [row]}}))(handler)
    elif "json" in handler.headers["Accept"]:
        node = '{"type":"uri","value":"urn:a"}'
        begin = f'{{"type":"triple","value":{{"subject":{node},"predicate":{node},"object":'
        term = begin * depth + node + "}}" * depth
        replies(f'{{"head":{{"vars":["s"]}},"results":{{"bindings":[{{"s":{term}}}]}}}}')(handler)
    else:
        term = "<<( <urn:a> <urn:a> " * depth + '"a"' + " )>>" * depth
        text = f'<urn:a> <urn:a> "<<(" .\n<urn:a> <urn:a> {term} .\n'
        replies(text, media_type="application/n-triples")(handler)


@pytest.mark.parametrize(
    "command",
    [
        ["query", "-e", "SELECT ?s { ?s ?p ?o }", "--store", "sparql"],
        ["query", "-e", "CONSTRUCT WHERE { ?s ?p ?o }", "--store", "sparql"],
        ["validate", "--graph", "urn:g"],
        ["load", "--clean", "--store", "sparql", "--update-url", "http://localhost:9/"],
    ],
)
def test_nested_terms_of_a_store_do_not_crash_the_program(mini, run, no_pauses, command):
    with scripted(nested) as (url, _):
        code, out, err = run(*command, "--endpoint", url)

    assert (code, "conforms" in out.replace("does not conform", "")) == (4, False)
    assert re.search("nested|triple term|not a SPARQL response", err)


def test_error_keeps_no_parser_that_another_thread_would_free(monkeypatch, no_pauses):
    failures: list[BaseException] = []
    reported: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", reported.append)

    def ask(asked: Callable[[], object]) -> None:
        try:
            asked()
        except TipgraphError as error:
            failures.append(error)

    with scripted(relative_iris) as (url, _), scripted(rows("1")) as (other, _):
        embedded = Embedded(Store())
        asked = (
            partial(GraphClient(RemoteStore(url, None, None)).select, "SELECT ?s { ?s ?p ?o }"),
            partial(GraphClient(RemoteStore(other, None, None)).has_any, ["urn:g"]),
            partial(Remote(RemoteStore(url, None, None), [], 9).select, "SELECT ?s { ?s ?p ?o }"),
            partial(embedded.select, "SELECT ?s { BIND(<urn:f>(1) AS ?s) }"),
        )
        for each in asked:
            thread = Thread(target=ask, args=(each,))
            thread.start()
            thread.join()
    assert len(failures) == len(asked)
    failures.clear()
    gc.collect()

    assert not reported


def test_clean_removes_staging_graphs_alone_whatever_a_store_lists(mini: None, run: Run) -> None:
    staging = "https://w3id.org/tipgraph/graph/staging/1"
    listed = [("uri", staging), ("uri", "https://example.org/mine"), ("literal", staging + "> <x")]
    rows = [{"g": {"type": type, "value": value}} for type, value in listed]
    answer = {"head": {"vars": ["g"]}, "results": {"bindings": rows}}
    with scripted(replies(json.dumps(answer))) as (url, requests):
        options = ["--endpoint", url, "--update-url", url, "--store", "sparql"]
        code, _, err = run("load", "--clean", *options)

    # The store still lists what it was asked to remove.
    assert (code, err) == (4, f"tipgraph: {url}: did not remove <{staging}>\n")
    assert len(requests) == 3


def test_list_that_a_store_cuts_is_an_error(mini: None, run: Run) -> None:
    rows = {"head": {"vars": ["g"]}, "results": {"bindings": []}}
    with scripted(replies(json.dumps(rows), x_sparql_maxrows="10000")) as (url, _):
        options = ["--endpoint", url, "--update-url", url, "--store", "sparql"]
        code, _, err = run("load", "--clean", *options)

    assert (code, err.count("\n")) == (4, 1)
    assert "returns no more than 10000 rows" in err


def twice(handler: Any) -> None:
    """Two triples by their number, and one of them twice."""
    query = handler.form.get("query", [""])[0]
    if "CONSTRUCT" in query:
        replies("<urn:a> <urn:p> 'x' .\n".replace("'", '"') * 2, media_type="text/plain")(handler)
    elif "COUNT" in query:
        graph, number = {"type": "uri", "value": "urn:g"}, {"type": "literal", "value": "2"}
        bindings = [{"graph": graph, "n": number}]
        head = {"vars": ["graph", "n"]}
        replies(json.dumps({"head": head, "results": {"bindings": bindings}}))(handler)
    else:
        replies(json.dumps({"head": {}, "boolean": True}))(handler)


def test_triple_that_a_store_returns_twice_counts_once(run: Run, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ;"
        " sh:targetSubjectsOf <urn:p> ; sh:property [ sh:path <urn:q> ; sh:maxCount 0 ] ."
    )
    with scripted(twice) as (url, _):
        outcome = run("validate", "--endpoint", url, "--graph", "urn:g", "--shapes", shapes)

    assert (outcome.code, outcome.out) == (4, "not validated: 1 error\n")
    assert "returned 1 of 2 triples" in outcome.err


class ReplacedStore(Virtuoso):
    """A store in which a load replaces the graph after its first page was read."""

    def query(self, request: StoreRequest) -> StoreResponse:
        response = super().query(request)
        if b"OFFSET+0" in request.body:
            self.store.update(f"CLEAR GRAPH <urn:g> ; INSERT DATA {{ GRAPH <urn:g> {{ {NEW} }} }}")
        return response


OLD, NEW = "<urn:a> <urn:p> 1, 2, 3, 4", "<urn:a> <urn:p> 5, 6, 7, 8"


def test_graph_whose_pages_are_of_two_loads_is_an_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipgraph.endpoint.profiles.Virtuoso.max_rows", 2)
    shapes, fake = tmp_path / "shapes.ttl", ReplacedStore()
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ;"
        " sh:targetSubjectsOf <urn:p> ; sh:property [ sh:path <urn:p> ; sh:maxInclusive 9 ] ."
    )
    fake.store.update(f"INSERT DATA {{ GRAPH <urn:g> {{ {OLD} }} }}")
    with serving(fake) as root:
        outcome = run("validate", "--endpoint", root, "--graph", "urn:g", "--shapes", shapes)

    assert (outcome.code, outcome.out) == (4, "not validated: 1 error\n")
    assert "a load replaced <urn:g> meanwhile; run this again" in outcome.err


FIRST = ["query", "figures", "--store", "sparql"]
DETECTING = ["query", "figures"]
VALIDATING = ["validate", "--graph", "urn:g", "--engine", "fast"]
LOADING = ["load", "--store", "sparql"]


@pytest.mark.slow(reason="waits for a server or sends it much")
@pytest.mark.parametrize(
    ("command", "reply"),
    [(FIRST, drips_trailers), (DETECTING, drips_headers), (LOADING, drips_headers)],
)
def test_response_that_drips_does_not_outlast_the_timeout(mini, run, command, reply):
    begin = time.monotonic()
    with scripted(reply) as (url, _):
        update = ["--update-url", url] if command is LOADING else []
        code, out, err = run(*command, "--endpoint", url, "--timeout", 1, *update)

    assert (code, out) == (4, "")
    assert "no response in 1 seconds; allow more with --timeout" in err
    assert time.monotonic() - begin < 15


@cache
def packed(times: int) -> bytes:
    """Return 256 MB of spaces, compressed this often."""
    part, packer = b" " * (1 << 20), zlib.compressobj(9, wbits=31)
    content = b"".join(packer.compress(part) for _ in range(256)) + packer.flush()
    for _ in range(times - 1):
        content = gzip.compress(content)
    return content


@pytest.mark.slow(reason="waits for a server or sends it much")
@pytest.mark.parametrize(
    ("command", "status", "encoding"),
    [
        (FIRST, 200, "gzip"),
        (FIRST, 500, "gzip, gzip"),
        (FIRST, 200, "br"),
        (LOADING, 500, "gzip"),
        (VALIDATING, 200, "gzip"),
    ],
)
def test_response_that_grows_when_it_is_unpacked_is_an_error(
    mini: None, run: Run, no_pauses: None, command: list[str], status: int, encoding: str
) -> None:
    content = packed(encoding.count("gzip") or 1)

    def bomb(handler: Any) -> None:
        handler.send_response(status)
        handler.send_header("Content-Encoding", encoding)
        handler.send_header("Content-Type", "application/sparql-results+json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    with scripted(bomb) as (url, _):
        update = ["--update-url", url] if command is LOADING else []
        tracemalloc.start()
        code, out, err = run(*command, "--endpoint", url, *update)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert code == 4
    assert "conforms" not in out.replace("does not conform", "")
    assert "the response" in err or "failed with status 500" in err
    assert peak < 300 << 20


def test_error_that_drips_does_not_outlast_the_timeout(mini: None, run: Run) -> None:
    begin = time.monotonic()
    with scripted(partial(drips, status=500)) as (url, _):
        code, out, _ = run(
            "query", "figures", "--endpoint", url, "--timeout", 1, "--store", "sparql"
        )

    assert (code, out) == (4, "")
    assert time.monotonic() - begin < 15


def continues(handler: Any) -> None:
    """Yes to an ASK; else interim responses (RFC 9110, section 15.2) without end."""
    if handler.form.get("query", [""])[0].lstrip().startswith("ASK"):
        replies(json.dumps({"head": {}, "boolean": True}))(handler)
    for _ in range(100):
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        handler.wfile.flush()
        time.sleep(0.1)


@pytest.mark.parametrize("command", [VALIDATING, ["assess", "--facts", "--store", "sparql"]])
def test_all_requests_that_read_a_graph_have_one_deadline(mini, run, command, monkeypatch):
    for module in ("cli.validate", "loader.manifest"):
        monkeypatch.setattr(f"tipgraph.{module}.READING", 0.3)
    begin = time.monotonic()
    with scripted(continues) as (url, _):
        code, _, err = run(*command, "--endpoint", url)

    assert code == 4
    assert "no response in 0.3 seconds" in err
    assert time.monotonic() - begin < 8
