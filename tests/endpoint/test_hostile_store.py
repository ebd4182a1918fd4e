"""Responses that no store should give end in one line, with the exit code of the endpoint."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest

from tests.conftest import Run

ROWS = "application/sparql-results+json"


@contextmanager
def store(
    status: int, headers: Mapping[str, str], pieces: Callable[[bytes], Iterator[bytes]]
) -> Iterator[str]:
    """The address of a server that gives every request this response, in pieces by its body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for piece in pieces(body):
                    self.wfile.write(piece)
            except OSError:
                pass

        do_GET = do_PUT = do_DELETE = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
        server.shutdown()


def nothing(_: bytes) -> Iterator[bytes]:
    yield b""


@pytest.mark.parametrize("header", ["Fri, 31 Dec 99999 23:59:59 GMT", "1" * 400, "inf", "-", ""])
def test_retry_after_beyond_all_time_is_no_traceback(mini: None, run: Run, header: str) -> None:
    with store(400, {"Retry-After": header}, nothing) as url:
        code, out, err = run("query", "figures", "--endpoint", url)

    assert (code, out) == (4, "")
    assert err.count("\n") <= 2
    assert "Traceback" not in err


@pytest.mark.parametrize("challenge", ["Digest realm=", "Digest", 'Digest realm="x", nonce='])
def test_broken_digest_challenge_is_no_traceback(
    mini: None, run: Run, monkeypatch: pytest.MonkeyPatch, challenge: str
) -> None:
    monkeypatch.setenv("TIPGRAPH_USER", "someone")
    monkeypatch.setenv("TIPGRAPH_PASSWORD", "secret")
    with store(401, {"WWW-Authenticate": challenge}, nothing) as url:
        code, out, err = run("query", "figures", "--endpoint", url)

    assert (code, out) == (4, "")
    assert "secret" not in err


def test_manifest_without_graph_is_no_traceback(mini: None, run: Run) -> None:
    row = {"triples": {"type": "literal", "value": "many"}}
    answer = {"head": {"vars": ["graph", "triples", "identifier"]}, "results": {"bindings": [row]}}
    with store(200, {"Content-Type": ROWS}, lambda _: iter([json.dumps(answer).encode()])) as url:
        code, out, err = run("load", "--endpoint", url, "--update-url", url, "--store", "sparql")

    assert (code, out) == (4, "")
    assert "not a SPARQL response" in err


def empty_rows(body: bytes) -> Iterator[bytes]:
    """One row without any value for a SELECT, and yes for an ASK."""
    query = parse_qs(body.decode())["query"][0]
    names = sorted(set(re.findall(r"\?(\w+)", query)))
    rows = {"head": {"vars": names}, "results": {"bindings": [{}]}}
    is_ask = "SELECT" not in query
    yield json.dumps({"head": {}, "boolean": True} if is_ask else rows).encode()


def test_row_without_the_columns_that_identify_it_is_incomplete(mini: None, run: Run) -> None:
    own = "#+ key: [s]\n#+ columns: {s: x}\nSELECT ?s { ?s a ?type }"
    with store(200, {"Content-Type": ROWS}, empty_rows) as url:
        where = ["--endpoint", url, "--store", "sparql"]
        code, out, err = run("query", "-e", own, *where)
        assert (code, out) == (4, "")
        assert "incomplete response: a row has no value at all" in err

        # Without a header a row may be empty: OPTIONAL gives such rows.
        optional = "SELECT ?s { OPTIONAL { ?s a ?type } }"
        assert run("query", "-e", optional, *where).out == "s\n\n"


@pytest.mark.parametrize("name", ["figures", "speaks", "network", "any-actor"])
def test_rows_without_values_are_no_traceback(mini: None, run: Run, name: str) -> None:
    with store(200, {"Content-Type": ROWS}, empty_rows) as url:
        where = ["--endpoint", url, "--store", "sparql"]
        assert run("query", name, *where).code in (0, 2, 4)
        assert run("query", name, *where, "--labels", "--quotes").code in (0, 2, 4)


@pytest.mark.parametrize("address", ["http://..", "http://a..b/sparql", f"http://{'a' * 70}.org"])
def test_address_without_a_host_is_a_usage_error(mini: None, run: Run, address: str) -> None:
    code, out, err = run("query", "figures", "--endpoint", address)

    assert (code, out) == (2, "")
    assert "not a URL" in err


@pytest.mark.parametrize("status", [200, 500])
def test_slow_drip_does_not_outlast_the_timeout(mini: None, run: Run, status: int) -> None:
    def drip(body: bytes) -> Iterator[bytes]:
        for _ in range(100):
            yield b" "
            time.sleep(0.2)

    begin = time.monotonic()
    with store(status, {"Content-Type": ROWS}, drip) as url:
        code, out, _ = run(
            "query", "figures", "--endpoint", url, "--timeout", 1, "--store", "sparql"
        )

    assert (code, out) == (4, "")
    assert time.monotonic() - begin < 15
