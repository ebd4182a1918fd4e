"""The command: what it needs, and where it listens."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from select import select
from threading import Event, Thread

import pytest

from tests.conftest import Run
from tests.explorer.test_workers import children, is_alive, wait_until, workers
from tipgraph.explorer.app import Settings


def test_missing_extra_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    outcome = run("serve")

    assert outcome.code == 2
    assert outcome.err.startswith(
        "tipgraph: pages for a browser need Starlette and uvicorn; run pip install"
    )
    assert outcome.err.count("\n") == 1


def test_host_that_others_reach_has_a_warning(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []
    monkeypatch.setattr(
        "tipgraph.explorer.app.serve", lambda graph, settings, *_: served.append(settings)
    )

    assert run("serve").err == ""
    assert run("serve", "--host", "::1").err == ""
    assert "other machines can reach 0.0.0.0" in run("serve", "--host", "0.0.0.0").err
    assert [each.host for each in served] == ["127.0.0.1", "::1", "0.0.0.0"]
    assert run("serve", "--port", "70000").code == 2


def test_port_that_is_taken_is_one_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run("serve", "--port", port)

    assert outcome.code == 4
    assert f"cannot listen on http://127.0.0.1:{port}/" in outcome.err
    assert outcome.err.count("\n") == 1
    assert run("serve", "--host", "no-such-host.invalid").code == 4
    assert run("serve", "--host", "../../etc/passwd").code == 2


# Each page takes some seconds more.
SLOW_PAGE = """
import time, tipgraph.explorer.site as site
made = site.Site.page
def page(self, *given, **values):
    time.sleep({seconds})
    return made(self, *given, **values)
site.Site.page = page
from tipgraph.cli import run
run()
"""


# The page of a search never ends, and pages have twelve seconds.
ENDLESS_SEARCH = """
import time, tipgraph
from tipgraph.explorer import app, site
made = site.Site.page
def page(self, template, *given, **values):
    time.sleep(1000 if template == "search.html" else 0)
    return made(self, template, *given, **values)
site.Site.page = page
limits = app.Limits(timeout=12, processes=3, share=2)
settings = app.Settings(page_limits=limits)
app.serve(tipgraph.open(), settings, 0, lambda address: print(address, flush=True))
"""


# The limits of time are a second, so that a test does not wait for them.
SHORT_LIMITS = """
import tipgraph.explorer.connections as connections
connections.ARRIVAL = connections.READING = 1.0
from tipgraph.cli import run
run()
"""


@contextmanager
def served(program: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A server by this program, and its port."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background ignore interrupts, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert process.stdout
        [port] = re.findall(r":(\d+)/", process.stdout.readline())
        yield process, int(port)
    finally:
        process.kill()
        process.communicate()


def sent(port: int, *lines: str, client: str = "127.0.0.1") -> socket.socket:
    """Send a request, or a part of one."""
    opened = socket.create_connection(("127.0.0.1", port), source_address=(client, 0))
    opened.sendall("\r\n".join([lines[0], f"Host: 127.0.0.1:{port}", *lines[1:]]).encode())
    return opened


@pytest.mark.slow(reason="waits for a server or sends it much")
@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_aborted_and_wrong_requests_and_an_interrupt_during_a_page_print_no_traceback():
    # Longer than the server waits for pages when it ends.
    with served(SLOW_PAGE.format(seconds=3)) as (process, port):
        for path, kind in (("/-/case", "x-www-form-urlencoded"), ("/sparql", "sparql-query")):
            part = [f"POST {path} HTTP/1.1", f"Content-Type: application/{kind}"]
            with sent(port, *part, "Content-Length: 100", "", "age=1"):
                time.sleep(0.2)
        # Headers and parts without end, and a wrong part before and after the answer.
        for body, pause in (("1\r\na\r\n" * 5000, 0), ("no length", 0), ("no length", 0.5)):
            chunked = ["PUT / HTTP/1.1", "Transfer-Encoding: chunked", "", ""]
            with sent(port, *chunked) as asking:
                time.sleep(pause)
                with suppress(ConnectionError):
                    asking.sendall(f"{body}\r\n".encode())
                    assert re.match(rb"HTTP/1.1 40[05] .*", all_of(asking))
        head = ["HEAD / HTTP/1.1", "Transfer-Encoding: chunked", "", "no length", ""]
        for wrong in (["GET / HTTP/1.1", *["a: b"] * 2000, "", ""], head):
            with sent(port, *wrong) as asking:
                assert all_of(asking).startswith(b"HTTP/1.1 400 ")
        with sent(port, "GET /-/terms HTTP/1.1", "Accept: text/html", "", "") as waiting:
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
            assert waiting.recv(100).startswith(b"HTTP/1.1 503 ")

    assert process.returncode == 130
    # Only that the page was ended.
    assert errors.count("\n") <= 1


def answered(port: int, client: str = "127.0.0.1") -> bool:
    """Return whether a page that is not kept has an answer."""
    page = f"GET /?{time.monotonic()} HTTP/1.1"
    with sent(port, page, "Connection: close", "", "", client=client) as asking:
        return all_of(asking).startswith(b"HTTP/1.1 200 ")


def all_of(asking: socket.socket) -> bytes:
    asking.settimeout(60)
    return b"".join(iter(partial(asking.recv, 1 << 16), b""))


@pytest.mark.slow(reason="waits for a server or sends it much")
@pytest.mark.skipif(sys.platform != "linux", reason="this machine has the address 127.0.0.2")
def test_many_requests_of_one_client_keep_no_other_waiting() -> None:
    with served(SLOW_PAGE.format(seconds=1)) as (_, port), ExitStack() as opened:
        head = "GET /-/terms?number={} HTTP/1.1"
        many = [
            opened.enter_context(sent(port, head.format(number), "", "")) for number in range(40)
        ]
        time.sleep(0.2)
        for gone in many[8:]:
            gone.close()
        assert answered(port, "127.0.0.2")
        ready, _, _ = select(many[:8], [], [], 0)
        assert len(ready) <= 4
        # Nobody waits for the others, so that they are not made.
        for waiting in many[:8]:
            waiting.settimeout(20)
            assert waiting.recv(9) == b"HTTP/1.1 "
        assert answered(port)


@pytest.mark.slow(reason="starts a server and waits for the end of its pages")
@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_slow_page_ends_and_keeps_nobody_waiting() -> None:
    search = "GET /-/search?q={} HTTP/1.1"
    with served(ENDLESS_SEARCH) as (process, port), ExitStack() as opened:
        assert answered(port)
        begin = time.monotonic()
        request = search.format("slow"), "Connection: close", "", ""
        slow = opened.enter_context(sent(port, *request))
        assert answered(port)
        assert time.monotonic() - begin < 12
        assert b"Stopped after 12 s, since it takes too long" in all_of(slow)

        # A page that nobody waits for is not made any further, though two more begin.
        for word in ("first", "second"):
            sent(port, search.format(word), "", "").close()
        time.sleep(0.5)
        wait_until(lambda: sum(map(is_alive, workers(process.pid))) <= 1)

        # Many clients with many slow pages keep no other waiting.
        for number in range(2, 7):
            for each in range(20):
                asked = search.format(f"{number}-{each}"), "", ""
                opened.enter_context(sent(port, *asked, client=f"127.0.0.{number}"))
        for _ in range(3):
            assert answered(port, "127.0.0.99")

        # All processes that the server has started end, and others take their places.
        for each in [*workers(process.pid), *children(process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        wait_until(lambda: answered(port, "127.0.0.98"))
        ask = "GET /sparql?query=ASK+%7B%7D HTTP/1.1"
        with sent(port, ask, "Connection: close", "", "", client="127.0.0.97") as asking:
            assert all_of(asking).startswith(b"HTTP/1.1 200 ")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)

    assert "Traceback" not in errors


@pytest.mark.slow(reason="floods a server")
@pytest.mark.skipif(sys.platform != "linux", reason="this machine has the address 127.0.0.2")
def test_flood_of_aborted_requests_keeps_nobody_out() -> None:
    is_over = Event()

    def flood(port: int, pause: float) -> None:
        while not is_over.is_set():
            request = f"GET /-/network?x={time.monotonic()} HTTP/1.1"
            with suppress(OSError), sent(port, request, "", "", client="127.0.0.2"):
                time.sleep(pause)

    with served("from tipgraph.cli import run; run()") as (_, port):
        assert answered(port)
        # Some end as soon as they are sent, and some once a process works for them.
        pauses = [0] * 4 + [0.05] * 4
        flooding = [Thread(target=flood, args=(port, pause)) for pause in pauses]
        for each in flooding:
            each.start()
        time.sleep(2)
        try:
            assert answered(port)
        finally:
            is_over.set()
            for each in flooding:
                each.join()


@pytest.mark.slow(reason="sends a server much")
@pytest.mark.skipif(sys.platform != "linux", reason="this machine has the address 127.0.0.2")
@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/x-www-form-urlencoded", "query=" + "%41" * 300_000),
        ('a;"' + ";" * 16_000, "ASK {}"),
    ],
    ids=["body", "media type"],
)
def test_requests_that_take_long_to_read_keep_nobody_waiting(media_type: str, body: str) -> None:
    """They arrive at once, and each would be read before others are served."""
    length = f"Content-Length: {len(body)}"
    lines = ["POST /sparql HTTP/1.1", f"Content-Type: {media_type}", length, "", body[:-1]]
    with served("from tipgraph.cli import run; run()") as (_, port), ExitStack() as opened:
        assert answered(port)
        each_sent = [
            opened.enter_context(sent(port, *lines, client="127.0.0.2")) for _ in range(40)
        ]
        for each in each_sent:
            each.sendall(body[-1:].encode())
        begin = time.monotonic()
        assert answered(port)
        assert time.monotonic() - begin < 10


@pytest.mark.slow(reason="opens hundreds of connections")
@pytest.mark.skipif(sys.platform == "win32", reason="files as POSIX counts them")
def test_limit_of_the_system_on_files_keeps_nobody_out() -> None:
    few = "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (256, 256))" + SHORT_LIMITS
    with served(few) as (process, port), ExitStack() as opened:
        for _ in range(300):
            opened.enter_context(sent(port, "GET / HTTP/1.1"))
        assert answered(port)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)

    assert "Traceback" not in errors


@pytest.mark.slow(reason="opens a thousand connections, and waits for their end")
@pytest.mark.skipif(sys.platform == "win32", reason="queries need fork")
def test_connections_that_wait_keep_nobody_out() -> None:
    """Neither many of one client, nor those without a request or a reader."""
    ask = "GET /sparql?query=SELECT+*+%7B?s+?p+?o%7D HTTP/1.1"
    bomb = "GET /sparql?query=SELECT+(COUNT(*)+AS+?n)+%7B?a+?b+?c.+?d+?e+?f.+?g+?h+?i%7D HTTP/1.1"
    with served(SHORT_LIMITS) as (process, port), ExitStack() as opened:
        if sys.platform == "linux":
            for number in range(450):
                opened.enter_context(sent(port, bomb, "", "", client="127.0.0.2"))
                time.sleep(0.2 if number % 50 == 0 else 0)
            time.sleep(1)
            assert answered(port)
            opened.pop_all().close()

        for _ in range(600):
            opened.enter_context(sent(port, "GET / HTTP/1.1"))
        assert answered(port)

        half = opened.enter_context(sent(port, "GET / HTTP/1.1"))
        stalled = opened.enter_context(sent(port, ask, "Accept: text/csv", "", ""))
        half.settimeout(20)
        assert half.recv(10) == b""
        # It begins to read once its time is over, and the answer ends before its end.
        stalled.settimeout(60)
        assert stalled.recv(1) == b"H"
        time.sleep(3)
        answer = b""
        with suppress(ConnectionResetError):
            while part := stalled.recv(1 << 20):
                answer = answer[-10:] + part
        assert not answer.endswith(b"0\r\n\r\n")
        assert answered(port)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)

    assert "Traceback" not in errors
    assert errors.count("\n") < 20
