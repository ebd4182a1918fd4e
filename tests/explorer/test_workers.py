"""Queries that run too long, need too much or lose their client end; the others are answered."""

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from tests.explorer.server import CLIENT, numbered, server_process, serving
from tipgraph.explorer.workers import QuerySettings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")

# Hours of work, and gigabytes of rows to sort.
BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }"
MEMORY_BOMB = "SELECT * { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f } ORDER BY DESC(?b + ?d)"
EVERYTHING = "SELECT * { ?s ?p ?o }"


def ask(endpoint: str, query: str, timeout: float = 20) -> httpx.Response:
    return CLIENT.get(endpoint, params={"query": query}, timeout=timeout)


def children(process: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*"):
        # A thread may end meanwhile.
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, (task / "children").read_text().split())
    return found


def has_ended(process: int) -> bool:
    """Return whether a process has ended, even if its parent does not know yet."""
    return "State:\tZ" in Path(f"/proc/{process}/status").read_text()


def workers(server: int) -> list[int]:
    return [worker for launcher in children(server) for worker in children(launcher)]


def sockets(process: int) -> list[str]:
    opened = map(os.readlink, Path(f"/proc/{process}/fd").iterdir())
    return [each for each in opened if each.startswith("socket:")]


def memory(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def wait_until(condition: Any) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def in_background(endpoint: str, query: str) -> tuple[Thread, list[httpx.Response]]:
    """A query that a client of its own sends, and the place of its response."""
    responses: list[httpx.Response] = []

    def run() -> None:
        with httpx.Client(verify=False, timeout=30) as client:
            responses.append(client.get(endpoint, params={"query": query}))

    thread = Thread(target=run)
    thread.start()
    return thread, responses


def sent(endpoint: str, query: str, client: str = "127.0.0.1") -> socket.socket:
    """The connection of a client that has sent a query and reads nothing."""
    address = urlsplit(endpoint)
    server = str(address.hostname), address.port or 80
    connection = socket.create_connection(server, source_address=(client, 0))
    head = f"GET {address.path}?query={quote(query)} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n"
    connection.sendall(head.encode())
    return connection


def test_query_over_its_time_is_stopped_and_the_next_is_answered() -> None:
    with serving(numbered(1000), QuerySettings(timeout=1.0, processes=1)) as endpoint:
        stopped = ask(endpoint, BOMB)

        assert stopped.status_code == 503
        assert stopped.text.startswith("query: stopped after 1 s; make it narrower")
        assert "retry-after" not in stopped.headers
        assert ask(endpoint, "ASK {}").json()["boolean"]


def test_query_that_needs_too_much_is_stopped_and_the_next_is_answered() -> None:
    settings = QuerySettings(processes=1, max_memory=64 << 20, max_answer=1 << 16)
    with serving(numbered(1000), settings) as endpoint:
        stopped, too_long = ask(endpoint, MEMORY_BOMB), ask(endpoint, EVERYTHING)

        assert stopped.status_code == 503
        assert "more than 64 MiB of memory" in stopped.text
        assert too_long.status_code == 400
        assert "its answer is too long; select less or add LIMIT" in too_long.text
        assert ask(endpoint, "ASK {}").json()["boolean"]


def test_more_queries_than_may_wait_are_refused() -> None:
    with serving(numbered(1000), QuerySettings(timeout=1, processes=1, queue=1)) as endpoint:
        running, first = in_background(endpoint, BOMB)
        time.sleep(0.2)
        waiting, second = in_background(endpoint, "ASK {}")
        time.sleep(0.2)
        refused = ask(endpoint, "ASK {}")
        running.join()
        waiting.join()

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    assert "too many queries at once" in refused.text
    assert first[0].text.startswith("query: stopped after 1 s")
    assert second[0].json()["boolean"]


def test_killed_worker_gives_a_clear_response_and_the_next_query_works() -> None:
    before = children(os.getpid())
    with serving(numbered(1000), QuerySettings(processes=1)) as endpoint:
        (launcher,) = set(children(os.getpid())) - set(before)
        thread, responses = in_background(endpoint, BOMB)
        wait_until(lambda: children(launcher))
        time.sleep(0.1)
        os.kill(children(launcher)[0], signal.SIGKILL)
        thread.join()

        assert responses[0].status_code == 503
        assert "the process that ran it has ended" in responses[0].text
        assert ask(endpoint, "ASK {}").json()["boolean"]
        # One that waits for a query is replaced before anybody notices.
        wait_until(lambda: children(launcher))
        (idle,) = children(launcher)
        os.kill(idle, signal.SIGKILL)
        wait_until(lambda: has_ended(idle))
        assert ask(endpoint, "ASK {}").json()["boolean"]


def test_query_ends_with_its_client() -> None:
    with serving(numbered(1000), QuerySettings(processes=1)) as endpoint:
        with pytest.raises(httpx.ReadTimeout):
            ask(endpoint, BOMB, timeout=0.3)

        begin = time.monotonic()
        assert ask(endpoint, "ASK {}").json()["boolean"]
        assert time.monotonic() - begin < 5


def test_client_that_does_not_read_its_answers_gets_no_more():
    # Longer than the buffers of a connection.
    query = f"SELECT (CONCAT({', '.join(['?o'] * 100)}) AS ?long) {{ ?s ?p ?o }}"
    store = Store()
    node = NamedNode("http://example.org/a")
    store.add(Quad(node, node, Literal("x" * 120_000)))
    request = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with serving(store, QuerySettings(max_answer=16_000_000)) as address, ExitStack() as opened:
        url = urlsplit(address)
        for _ in range(2):
            place = url.hostname, url.port
            unread = opened.enter_context(socket.create_connection(place))
            unread.sendall(request.encode())
            assert unread.recv(15) == b"HTTP/1.1 200 OK"

        refused = ask(address, query)
        assert refused.status_code == 503
        assert "read your other answers first" in refused.text

        opened.close()
        wait_until(lambda: ask(address, query).status_code == 200)


@pytest.mark.slow(reason="waits for a server or sends it much")
def test_client_that_does_not_read_stops_nobody() -> None:
    serving_many = serving(numbered(50_000), QuerySettings(processes=1))
    with serving_many as endpoint, sent(endpoint, EVERYTHING) as slow:
        assert slow.recv(15) == b"HTTP/1.1 200 OK"

        assert ask(endpoint, "ASK {}").json()["boolean"]


def test_launcher_that_is_killed_is_started_again() -> None:
    before = children(os.getpid())
    with serving(numbered(1000), QuerySettings(processes=1)) as endpoint:
        for _ in range(2):
            assert ask(endpoint, "ASK {}").json()["boolean"]
            (launcher,) = set(children(os.getpid())) - set(before)
            (worker,) = children(launcher)
            os.kill(launcher, signal.SIGKILL)
            wait_until(lambda ended=worker: not is_alive(ended))

        assert ask(endpoint, "ASK {}").json()["boolean"]
        (launcher,) = set(children(os.getpid())) - set(before)
        # It has no connection of a client, which would stay open with it.
        assert len(sockets(launcher)) == 1
    wait_until(lambda: not is_alive(launcher))


@pytest.mark.slow(reason="waits for the end of many queries")
@pytest.mark.skipif(sys.platform != "linux", reason="this machine has more addresses")
def test_bombs_of_other_clients_keep_nobody_waiting() -> None:
    """They may be more clients than there are processes."""
    settings = QuerySettings(timeout=10, processes=2, share=1)
    light = httpx.HTTPTransport(local_address="127.0.0.99")
    with serving(numbered(1000), settings) as endpoint, ExitStack() as opened:
        for number in range(2, 7):
            for _ in range(10):
                opened.enter_context(sent(endpoint, BOMB, f"127.0.0.{number}"))
        with httpx.Client(transport=light, timeout=8) as client:
            for _ in range(5):
                assert client.get(endpoint, params={"query": "ASK {}"}).json()["boolean"]


@pytest.mark.slow(reason="starts a server and waits for the end of its queries")
def test_bombs_are_stopped_and_200_other_requests_are_answered() -> None:
    requests = [
        ({"query": "ASK { ?s ?p 77 }"}, "*/*"),
        ({"query": "SELECT * { ?s ?p ?o } LIMIT 500"}, "text/csv"),
        ({"query": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?o < 100) }"}, "text/turtle"),
        ({"query": "DESCRIBE <http://example.org/7>"}, "application/ld+json"),
        ({}, "text/turtle"),
    ]

    async def run(endpoint: str) -> tuple[list[httpx.Response], list[httpx.Response]]:
        limits = httpx.Limits(max_connections=300)
        transport = httpx.AsyncHTTPTransport(local_address="127.0.0.2", limits=limits)
        async with (
            httpx.AsyncClient(verify=False, timeout=60) as bomber,
            httpx.AsyncClient(transport=transport, timeout=60) as client,
        ):
            bombs = [
                asyncio.ensure_future(bomber.get(endpoint, params={"query": each}))
                for each in (BOMB, MEMORY_BOMB, BOMB)
            ]
            await asyncio.sleep(0.2)
            others = [
                client.get(endpoint, params=parameters, headers={"accept": accept})
                for parameters, accept in requests * 40
            ]
            return await asyncio.gather(*others), await asyncio.gather(*bombs)

    with server_process(20_000, timeout=10) as (endpoint, server):
        for _ in range(5):
            ask(endpoint, "ASK {}")
        before = memory(server.pid)
        others, bombs = asyncio.run(run(endpoint))
        for _ in range(5):
            assert len(ask(endpoint, EVERYTHING).content) > 1 << 20

        assert [each.status_code for each in others] == [200] * 200
        assert [each.status_code for each in bombs] == [503] * 3
        assert memory(server.pid) - before < 16 << 20
        assert len(workers(server.pid)) <= 4


@pytest.mark.slow(reason="starts a server three times")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_queries_end_with_the_server(number: signal.Signals) -> None:
    with server_process(1000, timeout=60) as (endpoint, server), sent(endpoint, BOMB):
        wait_until(lambda: workers(server.pid))
        time.sleep(0.1)
        running = [*children(server.pid), *workers(server.pid)]
        assert all(map(is_alive, running))
        server.send_signal(number)

        wait_until(lambda: not any(map(is_alive, running)))
        assert server.stderr
        assert "Exception in ASGI application" not in server.stderr.read()


def is_alive(process: int) -> bool:
    """Return whether a process runs; one that has ended may wait for its parent."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
