"""A real HTTP server that says what it is told to say, whatever it is asked."""

import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

ROWS = "application/sparql-results+json"

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Asked:
    """A request: its headers, and the fields of its form."""

    headers: Message
    fields: dict[str, list[str]]

    @property
    def query(self) -> str:
        return self.fields["query"][0]


@contextmanager
def scripted(*replies: Reply) -> Iterator[tuple[str, list[Asked]]]:
    """A server's address, and what it was asked; it replies one after the other, the last for ever.

    A reply writes to the handler of the request.
    """
    left, asked = list(replies), list[Asked]()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append(Asked(self.headers, parse_qs(body)))
            self.close_connection = True
            (left.pop(0) if left[1:] else left[0])(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql", asked
    finally:
        server.shutdown()
        server.server_close()


def says(
    body: str, status: int = 200, kind: str = ROWS, length: int | None = None, **headers: str
) -> Reply:
    """A reply with this body; headers are named with underscores, `length` may be a lie."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        content = body.encode()
        handler.send_response(status)
        if kind:
            handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def rows(*values: str, **headers: Any) -> Reply:
    """A reply with a row for each number, in the column `n`."""
    kind = "http://www.w3.org/2001/XMLSchema#integer"
    cells = [{"type": "literal", "datatype": kind, "value": value} for value in values]
    bindings = [{"n": cell} for cell in cells]
    return says(json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": bindings}}), **headers)


def hangs(handler: BaseHTTPRequestHandler) -> None:
    """No reply while anybody waits."""
    time.sleep(10)


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A reply that never ends, though something comes all the time."""
    handler.send_response(200)
    handler.send_header("Content-Type", ROWS)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def resets(handler: BaseHTTPRequestHandler) -> None:
    """The connection is cut before any reply."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
