"""A proxy before a real server that spoils chosen requests, as networks and servers do.

    with Proxy("http://127.0.0.1:7878") as proxy:
        proxy.spoil(status(503), lambda request: request.method == "PUT", times=1)

Each request has a connection of its own. A fault is a function of the exchange that it spoils.
"""

import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

HOP = {"connection", "content-length", "transfer-encoding", "keep-alive"}


@dataclass(frozen=True)
class Request:
    """What came, and as which request; `text` is its body, but for that of a PUT."""

    number: int
    method: str
    target: str
    text: str


@dataclass(frozen=True)
class Reply:
    """What a server answers."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def __bytes__(self) -> bytes:
        """As it goes over the wire."""
        kept = [(name, value) for name, value in self.headers if name.lower() not in HOP]
        length = [] if self.status == 204 else [("Content-Length", str(len(self.body)))]
        lines = [
            f"{name}: {value}\r\n" for name, value in (*kept, *length, ("Connection", "close"))
        ]
        return f"HTTP/1.1 {self.status} .\r\n{''.join(lines)}\r\n".encode("latin-1") + self.body


class Exchange:
    """A request on its way from the client to the server, and what is made of it."""

    def __init__(self, proxy: "Proxy", handler: BaseHTTPRequestHandler) -> None:
        self.proxy = proxy
        self.headers: Message = handler.headers
        self.method = handler.command
        self.target = handler.path
        self.length = int(handler.headers.get("content-length") or 0)
        self._handler = handler
        self._body = b""

    def read(self, size: int | None = None) -> bytes:
        """The body, or as much of its beginning; the rest stays unread."""
        size = self.length if size is None else min(size, self.length)
        if size > len(self._body):
            self._body += self._handler.rfile.read(size - len(self._body))
        return self._body[:size]

    def forward(self) -> Reply:
        """What the server answers to the whole request."""
        server = self._sent(self.read())
        try:
            answer = server.getresponse()
            return Reply(answer.status, answer.read(), tuple(answer.getheaders()))
        finally:
            server.close()

    @contextmanager
    def begun(self, size: int) -> Iterator[None]:
        """Let the server see the request with so much of its body; in the end comes a reset."""
        server = self._sent(self.read(size))
        yield
        _reset(server.sock)
        server.close()

    def answer(self, reply: Reply) -> None:
        """Give the client this reply."""
        self.give(bytes(reply))

    def give(self, content: bytes) -> None:
        """Give the client these bytes, whatever they are."""
        # Where the body is left unread, the system would take the answer back with a reset.
        self.read()
        self._handler.wfile.write(content)
        self._handler.wfile.flush()

    def reset(self) -> None:
        """Break the client's connection."""
        _reset(self._handler.connection)

    def wait_until_left(self) -> None:
        """Wait until the client has closed its connection."""
        self.read()
        while not self.proxy.closed.is_set():
            if select.select([self._handler.connection], [], [], 0.01)[0]:
                return

    def _sent(self, body: bytes) -> HTTPConnection:
        parts = urlsplit(self.proxy.server)
        server = HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        server.putrequest(self.method, self.target, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "connection":
                server.putheader(name, value)
        server.putheader("Connection", "close")
        server.endheaders()
        server.send(body)
        return server


Fault = Callable[[Exchange], None]
Where = Callable[[Request], bool]


class Proxy:
    """Stands before the server at this base address; `address` is its own.

    `seen` are the requests that came. `struck` is set once a fault begins, and a fault that waits
    to be let go on waits for `released`.
    """

    def __init__(self, server: str) -> None:
        self.server = server
        self.seen: list[Request] = []
        self.struck = threading.Event()
        self.released = threading.Event()
        self.closed = threading.Event()
        self.held: list[threading.Thread] = []
        self._faults: list[_Spoiling] = []
        self._lock = threading.Lock()
        self._busy: list[threading.Thread] = []
        self._port = 0
        self._door: socket.socket | None = None

    def __enter__(self) -> "Proxy":
        self.open_door()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        self.released.set()
        self.close_door()
        self.wait_for_rest()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def spoil(self, fault: Fault, where: Where, times: int | None = None) -> None:
        """Let the fault strike requests that are so: so many times, or for ever."""
        self._faults.append(_Spoiling(fault, where, times))

    def release(self) -> None:
        """Let what waits go on, and wait until it is done."""
        self.released.set()
        while self.held:
            self.held.pop().join(60)

    @property
    def is_spent(self) -> bool:
        """Whether all faults have struck as often as they were to."""
        return all(spoiling.times == 0 for spoiling in self._faults)

    def heal(self) -> None:
        """Pass everything on from now, and let what waits go on."""
        self._faults.clear()
        self.release()
        self.open_door()

    def wait_for_rest(self) -> None:
        """Wait until nothing is under way any more."""
        while self._busy:
            self._busy.pop().join(60)

    def close_door(self) -> None:
        """Refuse connections."""
        if self._door:
            # Nothing else wakes who waits for the next one.
            with suppress(OSError):
                self._door.shutdown(socket.SHUT_RDWR)
            self._door.close()
            self._door = None

    def open_door(self) -> None:
        """Accept connections, as at the beginning."""
        if self._door or (self.closed.is_set() and self._port):
            return
        self._door = socket.create_server(("127.0.0.1", self._port))
        self._port = self._door.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._door,), daemon=True).start()

    def _accept(self, door: socket.socket) -> None:
        while True:
            try:
                client, address = door.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(client, address), daemon=True)
            self._busy.append(thread)
            thread.start()

    def _serve(self, client: socket.socket, address: Any) -> None:
        # A client may leave at any time, and a server may have been stopped by the test.
        with client, suppress(OSError, HTTPException):
            _Handler(client, address, self)  # type: ignore[arg-type]

    def fault_for(self, exchange: Exchange) -> Fault:
        """What becomes of the request, which is noted."""
        text = "" if exchange.method == "PUT" else exchange.read().decode()
        with self._lock:
            request = Request(len(self.seen), exchange.method, exchange.target, text)
            self.seen.append(request)
            # Each is asked, as some choose by what they have seen before.
            meant = [spoiling for spoiling in self._faults if spoiling.where(request)]
            for spoiling in meant:
                if spoiling.times != 0:
                    spoiling.times = spoiling.times and spoiling.times - 1
                    self.struck.set()
                    return spoiling.fault
        return passed


@dataclass
class _Spoiling:
    fault: Fault
    where: Where
    times: int | None


class _Handler(BaseHTTPRequestHandler):
    """One request of a client."""

    server: Proxy  # type: ignore[assignment]
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        self.handle_one_request()

    def do_GET(self) -> None:
        exchange = Exchange(self.server, self)
        self.server.fault_for(exchange)(exchange)

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def passed(exchange: Exchange) -> None:
    """No fault at all."""
    exchange.answer(exchange.forward())


def releasing(exchange: Exchange) -> None:
    """What was held back comes just before this."""
    exchange.proxy.release()
    passed(exchange)


def status(
    code: int,
    text: str = "spoilt",
    after: bool = False,
    headers: Callable[[], dict[str, str]] = dict,
) -> Fault:
    """An answer with this status, instead of asking the server or after it was asked."""

    def fault(exchange: Exchange) -> None:
        if after:
            exchange.forward()
        told = {"Content-Type": "text/plain", **headers()}
        exchange.answer(Reply(code, text.encode(), tuple(told.items())))

    return fault


def page(exchange: Exchange) -> None:
    """A page for browsers, with status 200, instead of asking the server."""
    html = b"<!doctype html><title>Welcome</title><p>Please log in."
    exchange.answer(Reply(200, html, (("Content-Type", "text/html; charset=utf-8"),)))


def refused(seconds: float | None = None) -> Fault:
    """Connections refused after this request, which is passed on: for so long, or for ever."""

    def fault(exchange: Exchange) -> None:
        reply = exchange.forward()
        exchange.proxy.close_door()
        exchange.answer(reply)
        if seconds is not None:
            time.sleep(seconds)
            exchange.proxy.open_door()

    return fault


def reset_within(size: int) -> Fault:
    """A reset after so many bytes of the request's body, of which the server sees no more."""

    def fault(exchange: Exchange) -> None:
        with exchange.begun(min(size, exchange.length - 1)):
            exchange.reset()

    return fault


def request_lost(exchange: Exchange) -> None:
    """A reset when the request has come, of which the server sees nothing."""
    exchange.read()
    exchange.reset()


def reply_lost(exchange: Exchange) -> None:
    """A reset after the server has done what was asked."""
    exchange.forward()
    exchange.reset()


def hanging(exchange: Exchange) -> None:
    """No answer, ever; the server sees nothing."""
    exchange.wait_until_left()


def answerless(exchange: Exchange) -> None:
    """No answer, ever, though the server has done what was asked."""
    exchange.forward()
    exchange.wait_until_left()


def stalled(exchange: Exchange) -> None:
    """Half of the body is taken, and then nothing happens until it is `released`."""
    with exchange.begun(exchange.length // 2):
        exchange.proxy.released.wait()


def late(exchange: Exchange) -> None:
    """No answer; what was asked is done when the client has long gone, as it is `released`."""
    exchange.read()
    exchange.proxy.held.append(threading.current_thread())
    exchange.wait_until_left()
    exchange.proxy.released.wait()
    exchange.forward()


def cut(share: float) -> Fault:
    """A reply that ends before its time, after this share of it."""

    def fault(exchange: Exchange) -> None:
        whole = bytes(exchange.forward())
        exchange.give(whole[: min(int(len(whole) * share), len(whole) - 1)])

    return fault


def slow(seconds: float) -> Fault:
    """The right answer, in small pieces, over so many seconds."""

    def fault(exchange: Exchange) -> None:
        whole = bytes(exchange.forward())
        size = -(-len(whole) // 5)
        for start in range(0, len(whole), size):
            time.sleep(seconds / 5)
            exchange.give(whole[start : start + size])

    return fault


def _reset(connection: socket.socket) -> None:
    """Let the connection end with a reset when it is closed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
