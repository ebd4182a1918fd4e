"""Requests for pages, and answers: which requests are answered, headers, forms, and formats.

A page of a foreign site can let its own name point to this machine (DNS rebinding) and would then
read what is served here. Its requests carry its name in `Host`, so only known names are answered.
"""

import asyncio
import re
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

T = TypeVar("T")

HTML = "html"
PLAIN = "text/plain; charset=utf-8"
MEDIA_TYPES = {
    HTML: "text/html",
    "turtle": "text/turtle",
    "jsonld": "application/ld+json",
    "ntriples": "application/n-triples",
}
# Other names that clients use for a format.
ALIASES = {
    "application/xhtml+xml": "text/html",
    "application/x-turtle": "text/turtle",
    "application/json": "application/ld+json",
    "text/plain": "application/n-triples",
}
# The syntaxes of RDF, with the suffix of an address.
SYNTAXES = {"turtle": ".ttl", "jsonld": ".jsonld", "ntriples": ".nt"}
FORMATS = (HTML, *SYNTAXES)
# The syntaxes that a site of files has: N-Triples is Turtle again, at three times the length.
IN_FILES = ("turtle", "jsonld")
# The media types of answers of stored queries, by the suffix of an address.
ANSWER_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/sparql-results+json",
    "json.gz": "application/gzip",
    "md": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ttl": "text/turtle; charset=utf-8",
}
# The media types of answers of the SPARQL endpoint; a client that accepts anything gets the first.
ROWS = (
    "application/sparql-results+json",
    "application/json",
    "application/sparql-results+xml",
    "application/xml",
    "text/csv",
    "text/tab-separated-values",
)
GRAPHS = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
FORM = "application/x-www-form-urlencoded"
# The weight of a range in an Accept header.
WEIGHT = re.compile(r"q\s*=\s*([01](?:\.\d*)?)")
# The ranges of an Accept header that are read, and the parameters that an address may have.
MAX_RANGES, MAX_PARAMETERS = 100, 1_000
# The bytes of a form, and the number of its fields.
MAX_BYTES, MAX_FIELDS = 32_768, 200
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
# The headers of a page that any site may frame; it runs nothing and sends nothing.
EMBEDDED = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'none'; base-uri 'none';"
        " frame-ancestors *"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
LOCALHOST = "localhost"
# A `Host` header: an IPv6 address in brackets, or a name, and a port (RFC 9110, section 7.2).
HOST = re.compile(r"(?:\[(?P<address>[0-9a-fA-F:.]+)\]|(?P<name>[^][:]+))(?::[0-9]*)?")


@dataclass(frozen=True)
class PageRequest:
    """A request for a page: the name in its path, its parameters, and the format.

    `name` has no suffix of a format. `format` is `html`, a key of `SYNTAXES` or one of the formats
    that the kind of page has by suffix.
    """

    name: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    format: str = HTML


@dataclass(frozen=True)
class Content:
    """An answer: its bytes with their media type, and the status and headers of HTTP."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class NotFoundError(Exception):
    """There is no such page; the text is one line for the user."""


class Disconnected(Exception):
    """The client is gone."""


class Refusal(Exception):
    """A request that is not answered: a status, one line that says what to do, and headers."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers


def redirect(address: str, status: int = 303) -> Content:
    """Return an answer that names another address: by default, 303 See Other."""
    return Content(b"", PLAIN, status, {"Location": address})


def rdf_content(text: str, syntax: str) -> Content:
    """Return a text in a syntax of RDF as an answer."""
    charset = "; charset=utf-8" if MEDIA_TYPES[syntax].startswith("text/") else ""
    return Content(text.encode(), MEDIA_TYPES[syntax] + charset)


def split_suffix(path: str) -> tuple[str, str]:
    """Return the path without the suffix of a syntax, and the syntax; empty without a suffix."""
    for syntax, suffix in SYNTAXES.items():
        if path.endswith(suffix):
            return path.removesuffix(suffix), syntax
    return path, ""


def best_format(accept: str) -> str:
    """Return the format that an Accept header prefers, the first of equal ones; empty for none.

    An empty header accepts everything.
    """
    offers = {MEDIA_TYPES[name]: name for name in FORMATS}
    offers |= {alias: offers[own] for alias, own in ALIASES.items() if own in offers}
    return offers.get(choose(accept, list(offers)) or "", "")


def choose(accept: str, offers: Sequence[str]) -> str | None:
    """Return the media type that an Accept header prefers (RFC 9110, section 12.5.1).

    Of equals it is the first; None if the header takes none of them. An empty header accepts
    everything. Parameters other than `q` are ignored, and so are all ranges after the first ones.
    """
    weights: dict[str, float] = {}
    for each in accept.split(",", MAX_RANGES)[:MAX_RANGES]:
        range_, *parameters = (part.strip().lower() for part in each.split(";"))
        found = filter(None, map(WEIGHT.fullmatch, parameters))
        weight = next((min(float(match[1]), 1.0) for match in found), 1.0)
        if range_:
            weights[range_] = max(weight, weights.get(range_, 0.0))
    if not weights:
        return offers[0]

    def weight_of(offer: str) -> float:
        """Return the weight of the most specific range that contains the media type."""
        ranges = (offer, f"{offer.partition('/')[0]}/*", "*/*")
        return next((weights[each] for each in ranges if each in weights), 0.0)

    best = max(offers, key=weight_of)
    return best if weight_of(best) > 0 else None


async def read_form(request: "Request") -> dict[str, str]:
    """Return the fields of the form that a request sends.

    Raises Refusal, without content of the body, for any other body, for parameters in the address,
    and for two values of one field.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != FORM:
        raise Refusal(415, f"Only {FORM} is read here.")
    if request.url.query:
        raise Refusal(400, "The address of a form takes no parameters.")
    body = await read_body(request, MAX_BYTES, "The form is too long.")
    try:
        given = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except UnicodeDecodeError:
        raise Refusal(400, "The form is no text in UTF-8.") from None
    except ValueError:
        raise Refusal(413, "The form has too many fields.") from None
    fields = dict(given)
    if len(fields) < len(given):
        raise Refusal(400, "The form has two values for one field.")
    return fields


async def read_body(request: "Request", most: int, too_long: str) -> bytes:
    """Return the body of a request. Raises Refusal where it has more bytes than `most`."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise Refusal(413, too_long)
    return body


def client(request: "Request") -> str:
    """Return the client that sends a request, by its address."""
    return client_at(request.client.host) if request.client else ""


@lru_cache(1_000)
def client_at(address: str) -> str:
    """The client at an address: of IPv6 its network of 64 bits, since a host may take any of it."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    known = found if isinstance(found, IPv4Address) else found.ipv4_mapped
    return str(known or found.packed[:8].hex())


async def disconnection(request: "Request") -> None:
    """Wait until the client is gone; whatever it still sends is not read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def while_connected(
    work: Coroutine[Any, Any, T], disconnection: Coroutine[Any, Any, None]
) -> T:
    """Return the result of some work, which ends when `disconnection` does.

    Raises Disconnected where that is first.
    """
    doing, watch = asyncio.ensure_future(work), asyncio.ensure_future(disconnection)
    try:
        await asyncio.wait((doing, watch), return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise Disconnected
        return doing.result()
    finally:
        doing.cancel()
        watch.cancel()
        await asyncio.gather(doing, watch, return_exceptions=True)


@dataclass(eq=False)
class Policy:
    """Answers only requests to known hosts, and adds the headers that a response does not have.

    `host` is the address or the name on which the server listens. Where a client goes or the server
    ends, a request ends without an error.
    """

    app: "ASGIApp"
    host: str

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
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

        from starlette.requests import ClientDisconnect
        from starlette.responses import PlainTextResponse

        refused = self._refusal(scope)
        if refused:
            await PlainTextResponse(*refused)(scope, receive, send_with_headers)
            return
        try:
            await self.app(scope, receive, send_with_headers)
        except (ClientDisconnect, Disconnected):
            # Nobody waits for an answer.
            return
        except asyncio.CancelledError:
            # uvicorn cancels a request when it stops, and reports what is not answered as a fault.
            if not has_begun:
                ending = PlainTextResponse("the server ends\n", 503)
                await ending(scope, receive, send_with_headers)

    def _refusal(self, scope: "Scope") -> tuple[str, int] | None:
        """The line and the status for a request that is not answered."""
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not is_known(hosts[0], self.host):
            return "unknown host; use the address that tipgraph printed\n", 421
        if scope["query_string"].count(b"&") >= MAX_PARAMETERS:
            return f"more than {MAX_PARAMETERS:,} parameters\n", 400
        return None


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
