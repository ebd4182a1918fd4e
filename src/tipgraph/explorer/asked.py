"""What a page is asked for, and what it answers, apart from any server."""

from collections.abc import Mapping
from dataclasses import dataclass, field

HTML = "html"
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """A request for a page: what its path names, its parameters, and the format.

    `name` is the part of the path that the page is about, without the suffix of a format. `format`
    is `html`, a key of `negotiation.SYNTAXES` or one of a page's own formats.
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
    """What is asked for is not there; the text is one line for the user."""


def redirect(address: str, status: int = 303) -> Content:
    """The answer that something is at another address: by default, 303 See Other."""
    return Content(b"", PLAIN, status, {"Location": address})
