"""Requests for pages, their answers, forms, and the negotiation of formats."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from starlette.requests import Request

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
# The media types of answers of stored queries, by the suffix of an address.
ANSWER_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/sparql-results+json",
    "md": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ttl": "text/turtle; charset=utf-8",
}
FORM = "application/x-www-form-urlencoded"
# The bytes of a form, and the number of its fields.
MAX_BYTES, MAX_FIELDS = 32_768, 200


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


class FormError(Exception):
    """A body that is no form: the reason, without content of the body, and the status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


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


def best_format(accept: str, formats: Sequence[str] = FORMATS) -> str:
    """Return the format that an Accept header prefers, the first of equal ones; empty for none.

    An empty header accepts everything.
    """
    offers = {MEDIA_TYPES[name]: name for name in formats}
    offers |= {alias: offers[own] for alias, own in ALIASES.items() if own in offers}
    return offers.get(choose(accept, list(offers)) or "", "")


class _Range(NamedTuple):
    """A media range of an Accept header, and its weight."""

    type: str
    quality: float


def choose(accept: str, offers: Sequence[str]) -> str | None:
    """Return the media type that an Accept header prefers (RFC 9110, section 12.5.1).

    Of equals it is the first; None if the header takes none of them. An empty header accepts
    everything. Parameters other than `q` are ignored.
    """
    ranges = [_range(each) for each in accept.split(",") if each.strip()]
    if not ranges:
        return offers[0]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    return best if _quality(best, ranges) > 0 else None


def _range(text: str) -> _Range:
    type_, *parameters = (each.strip().lower() for each in text.split(";"))
    for each in parameters:
        match = re.fullmatch(r"q\s*=\s*([01](?:\.\d*)?)", each)
        if match:
            return _Range(type_, min(float(match[1]), 1.0))
    return _Range(type_, 1.0)


def _quality(offer: str, ranges: Sequence[_Range]) -> float:
    """Return the weight of the most specific range that contains the media type."""
    for type_ in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        found = [each.quality for each in ranges if each.type == type_]
        if found:
            return max(found)
    return 0.0


async def read_form(request: "Request") -> dict[str, str]:
    """Return the fields of the form that a request sends.

    Raises FormError for any other body, for parameters in the address, and for two values of one
    field.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != FORM:
        raise FormError(415, f"Only {FORM} is read here.")
    if request.url.query:
        raise FormError(400, "The address of a form takes no parameters.")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BYTES:
            raise FormError(413, "The form is too long.")
    try:
        given = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except UnicodeDecodeError:
        raise FormError(400, "The form is no text in UTF-8.") from None
    except ValueError:
        raise FormError(413, "The form has too many fields.") from None
    fields = dict(given)
    if len(fields) < len(given):
        raise FormError(400, "The form has two values for one field.")
    return fields
