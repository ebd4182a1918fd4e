"""A real HTTP server that sends scripted replies, whatever it is asked."""

import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

ROWS = "application/sparql-results+json"

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class FormRequest:
    """A request: its headers, and the fields of its form."""

    headers: Message
    fields: dict[str, list[str]]

    @property
    def query(self) -> str:
        return self.fields["query"][0]


@contextmanager
def scripted(*replies: Reply) -> Iterator[tuple[str, list[FormRequest]]]:
    """Yield a server's address, and the requests that it got.

    It sends the replies in this order, and the last one again and again. A reply writes to the
    handler of the request.
    """
    left, requests = list(replies), list[FormRequest]()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self.form = parse_qs(body)
            requests.append(FormRequest(self.headers, self.form))
            self.close_connection = True
            with suppress(OSError):  # The client may have given up.
                (left.pop(0) if left[1:] else left[0])(self)

        do_GET = do_PUT = do_DELETE = do_POST

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql", requests
    finally:
        server.shutdown()
        server.server_close()


def replies(
    body: str,
    status: int = 200,
    media_type: str = ROWS,
    length: int | None = None,
    **headers: str,
) -> Reply:
    """A reply with this body; headers are named with underscores, `length` may be wrong."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        content = body.encode()
        handler.send_response(status)
        if media_type:
            handler.send_header("Content-Type", media_type)
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def rows(*values: str, **headers: Any) -> Reply:
    """A reply with a row for each number, in the column `n`."""
    datatype = "http://www.w3.org/2001/XMLSchema#integer"
    cells = [{"type": "literal", "datatype": datatype, "value": value} for value in values]
    bindings = [{"n": cell} for cell in cells]
    body = json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": bindings}})
    return replies(body, **headers)


def hangs(handler: BaseHTTPRequestHandler) -> None:
    """No reply before the client gives up."""
    time.sleep(10)


def drips(handler: BaseHTTPRequestHandler, status: int = 200) -> None:
    """A reply that arrives byte by byte and never ends."""
    handler.send_response(status)
    handler.send_header("Content-Type", ROWS)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def resets(handler: BaseHTTPRequestHandler) -> None:
    """A reset of the connection before any reply."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
