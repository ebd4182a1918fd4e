"""A proxy in front of a real server that injects faults of networks and servers.

    with Proxy("http://127.0.0.1:7878") as proxy:
        proxy.inject(status(503), lambda request: request.method == "PUT", times=1)

Each request has its own connection. A fault is a function that handles an exchange.
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
    """A request, with its number in order; `text` is its body, empty for a PUT."""

    number: int
    method: str
    target: str
    text: str


@dataclass(frozen=True)
class Reply:
    """A response of the server, or one that a fault sends instead."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def __bytes__(self) -> bytes:
        """Return the reply as bytes of HTTP."""
        kept = [(name, value) for name, value in self.headers if name.lower() not in HOP]
        length = [] if self.status == 204 else [("Content-Length", str(len(self.body)))]
        lines = [
            f"{name}: {value}\r\n" for name, value in (*kept, *length, ("Connection", "close"))
        ]
        return f"HTTP/1.1 {self.status} .\r\n{''.join(lines)}\r\n".encode("latin-1") + self.body


class Exchange:
    """A request of a client, and the ways to answer it or pass it on to the server."""

    def __init__(self, proxy: "Proxy", handler: BaseHTTPRequestHandler) -> None:
        self.proxy = proxy
        self.headers: Message = handler.headers
        self.method = handler.command
        self.target = handler.path
        self.length = int(handler.headers.get("content-length") or 0)
        self._handler = handler
        self._body = b""

    def read(self, size: int | None = None) -> bytes:
        """Return the body, or its first bytes; the rest stays unread."""
        size = self.length if size is None else min(size, self.length)
        if size > len(self._body):
            self._body += self._handler.rfile.read(size - len(self._body))
        return self._body[:size]

    def forward(self) -> Reply:
        """Pass the complete request on to the server, and return its response."""
        server = self._sent(self.read())
        try:
            answer = server.getresponse()
            return Reply(answer.status, answer.read(), tuple(answer.getheaders()))
        finally:
            server.close()

    @contextmanager
    def partly_forwarded(self, size: int) -> Iterator[None]:
        """Send the server the request with these first bytes of its body; reset at the end."""
        server = self._sent(self.read(size))
        yield
        _reset(server.sock)
        server.close()

    def answer(self, reply: Reply) -> None:
        """Send the client this reply."""
        self.write(bytes(reply))

    def write(self, content: bytes) -> None:
        """Send the client these bytes."""
        # With an unread body, the system would discard the reply and send a reset.
        self.read()
        self._handler.wfile.write(content)
        self._handler.wfile.flush()

    def reset(self) -> None:
        """Reset the client's connection."""
        _reset(self._handler.connection)

    def wait_for_disconnect(self) -> None:
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
    """A proxy to the server at this base address; `address` is its own.

    `seen` are the requests that arrived. `has_struck` is set once a fault was applied. Faults that
    delay a request wait for `released`.
    """

    def __init__(self, server: str) -> None:
        self.server = server
        self.seen: list[Request] = []
        self.has_struck = threading.Event()
        self.released = threading.Event()
        self.closed = threading.Event()
        self.late_requests: list[threading.Thread] = []
        self._faults: list[_Injection] = []
        self._lock = threading.Lock()
        self._busy: list[threading.Thread] = []
        self._port = 0
        self._listener: socket.socket | None = None

    def __enter__(self) -> "Proxy":
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        self.released.set()
        self.stop_listening()
        self.wait_until_idle()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}{urlsplit(self.server).path}"

    def inject(self, fault: Fault, where: Where, times: int | None = None) -> None:
        """Apply the fault to the requests that `where` selects, this many times, or always."""
        self._faults.append(_Injection(fault, where, times))

    def release(self) -> None:
        """Let late requests continue, and wait until they are processed."""
        self.released.set()
        while self.late_requests:
            self.late_requests.pop().join(60)

    @property
    def is_exhausted(self) -> bool:
        """Return whether all faults have been applied as often as was requested."""
        return all(injection.times == 0 for injection in self._faults)

    def remove_faults(self) -> None:
        """Remove all faults, and let late requests continue."""
        self._faults.clear()
        self.release()
        self.listen()

    def wait_until_idle(self) -> None:
        """Wait until no request is being processed."""
        while self._busy:
            self._busy.pop().join(60)

    def stop_listening(self) -> None:
        """Refuse connections."""
        if self._listener:
            # Only this ends a blocking accept().
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def listen(self) -> None:
        """Accept connections, on the same port each time."""
        if self._listener or (self.closed.is_set() and self._port):
            return
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, address = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(client, address), daemon=True)
            self._busy.append(thread)
            thread.start()

    def _serve(self, client: socket.socket, address: Any) -> None:
        # A client may disconnect at any time, and a test may have stopped the server.
        with client, suppress(OSError, HTTPException):
            _Handler(client, address, self)  # type: ignore[arg-type]

    def fault_for(self, exchange: Exchange) -> Fault:
        """Record the request, and return the fault that applies to it."""
        text = "" if exchange.method == "PUT" else exchange.read().decode()
        with self._lock:
            request = Request(len(self.seen), exchange.method, exchange.target, text)
            self.seen.append(request)
            # Call each `where`, as some of them remember earlier requests.
            matching = [injection for injection in self._faults if injection.where(request)]
            for injection in matching:
                if injection.times != 0:
                    injection.times = injection.times and injection.times - 1
                    self.has_struck.set()
                    return injection.fault
        return passed


@dataclass
class _Injection:
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
        """Log nothing."""


def passed(exchange: Exchange) -> None:
    """No fault: pass the request on."""
    exchange.answer(exchange.forward())


def twice(exchange: Exchange) -> None:
    """The server gets the request twice; the second reply is passed on."""
    exchange.forward()
    passed(exchange)


def echoed(exchange: Exchange) -> None:
    """The server gets the request again when `released` is set, after its reply."""
    exchange.proxy.late_requests.append(threading.current_thread())
    passed(exchange)
    exchange.proxy.released.wait()
    exchange.forward()


def status(
    code: int,
    text: str = "injected fault",
    after: bool = False,
    headers: Callable[[], dict[str, str]] = dict,
) -> Fault:
    """A response with this status, instead of the server's or `after` it."""

    def fault(exchange: Exchange) -> None:
        if after:
            exchange.forward()
        fields = {"Content-Type": "text/plain", **headers()}
        exchange.answer(Reply(code, text.encode(), tuple(fields.items())))

    return fault


def page(exchange: Exchange) -> None:
    """A web page with status 200; the server does not get the request."""
    html = b"<!doctype html><title>Welcome</title><p>Please log in."
    exchange.answer(Reply(200, html, (("Content-Type", "text/html; charset=utf-8"),)))


def refused(seconds: float | None = None) -> Fault:
    """Connections are refused after this request, for some seconds or for ever."""

    def fault(exchange: Exchange) -> None:
        reply = exchange.forward()
        exchange.proxy.stop_listening()
        exchange.answer(reply)
        if seconds is not None:
            time.sleep(seconds)
            exchange.proxy.listen()

    return fault


def reset_within(size: int) -> Fault:
    """A reset after these first bytes of the body; the server gets no more of it."""

    def fault(exchange: Exchange) -> None:
        with exchange.partly_forwarded(min(size, exchange.length - 1)):
            exchange.reset()

    return fault


def request_lost(exchange: Exchange) -> None:
    """A reset after the request has arrived; the server does not get it."""
    exchange.read()
    exchange.reset()


def reply_lost(exchange: Exchange) -> None:
    """A reset after the server has processed the request."""
    exchange.forward()
    exchange.reset()


def never_forwarded(exchange: Exchange) -> None:
    """No response, ever; the server does not get the request."""
    exchange.wait_for_disconnect()


def never_answered(exchange: Exchange) -> None:
    """No response, ever, though the server has processed the request."""
    exchange.forward()
    exchange.wait_for_disconnect()


def stalled(exchange: Exchange) -> None:
    """The server gets half of the body, and nothing more; the client's disconnect ends it."""
    with exchange.partly_forwarded(exchange.length // 2):
        exchange.wait_for_disconnect()


def late(exchange: Exchange) -> None:
    """No response; the server gets the request when `released` is set, after a disconnect."""
    exchange.read()
    exchange.proxy.late_requests.append(threading.current_thread())
    exchange.wait_for_disconnect()
    exchange.proxy.released.wait()
    exchange.forward()


def cut(share: float) -> Fault:
    """A reply that is cut off after this share of it."""

    def fault(exchange: Exchange) -> None:
        everything = bytes(exchange.forward())
        exchange.write(everything[: min(int(len(everything) * share), len(everything) - 1)])

    return fault


def slow(seconds: float) -> Fault:
    """The correct reply, in small pieces, over these seconds."""

    def fault(exchange: Exchange) -> None:
        everything = bytes(exchange.forward())
        size = -(-len(everything) // 5)
        for start in range(0, len(everything), size):
            time.sleep(seconds / 5)
            exchange.write(everything[start : start + size])

    return fault


def _reset(connection: socket.socket) -> None:
    """Make the connection end with a reset when it is closed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
