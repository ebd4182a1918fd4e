"""The headers of every response, and the requests that are answered.

A page of a foreign site can let its own name point to this machine (DNS rebinding) and would then
read what is served here. Its requests carry its name in `Host`, so only known names are answered.
"""

import re
from asyncio import CancelledError
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    # Nothing from another host; scripts and style from files; charts are images in the page.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self';"
        " style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # A source's site does not learn which page led to it.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LOCALHOST = "localhost"
# A `Host` header: an IPv6 address in brackets, or a name, and a port (RFC 9110, section 7.2).
HOST = re.compile(r"(?:\[(?P<address>[0-9a-fA-F:.]+)\]|(?P<name>[^][:]+))(?::[0-9]*)?")


class Policy:
    """Answers only requests to known hosts, and adds the headers that a response does not have.

    Where a client goes or the server ends, a request ends without an error.
    """

    def __init__(self, app: "ASGIApp", host: str) -> None:
        """`host` is the address or the name on which the server listens."""
        self._app = app
        self._host = host

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        has_begun = False

        async def send_with_headers(message: "Message") -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                given = message.get("headers", [])
                names = {name for name, _ in given}
                raw = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*given, *(each for each in raw if each[0] not in names)]
            await send(message)

        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        from starlette.requests import ClientDisconnect
        from starlette.responses import PlainTextResponse

        if len(hosts) == 1 and is_known(hosts[0], self._host):
            try:
                await self._app(scope, receive, send_with_headers)
            except ClientDisconnect:
                # Nobody waits for an answer.
                return
            except CancelledError:
                if not has_begun:
                    ending = PlainTextResponse("the server ends\n", 503)
                    await ending(scope, receive, send_with_headers)
            return
        refusal = PlainTextResponse("unknown host; use the address that tipgraph printed\n", 421)
        await refusal(scope, receive, send_with_headers)


def is_own_origin(headers: "Headers") -> bool:
    """Return whether a request comes from a page of this server.

    Every browser states the origin of a POST (Fetch, section 3.1): `null` where the page's policy
    keeps it from being known.
    """
    return headers.get("origin") == f"http://{headers.get('host')}"


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches the address or name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == LOCALHOST


def is_known(header: str, host: str) -> bool:
    """Return whether a `Host` header names a server that listens on `host`.

    On other addresses than loopback every address is known, since no foreign site has one as its
    name, and of names only `host` itself.
    """
    found = HOST.fullmatch(header)
    if not found:
        return False
    name = (found["address"] or found["name"]).lower()
    if name in (LOCALHOST, host.lower()):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or not is_loopback(host)
