"""The content of one page, made for a request in a worker or on a thread of the server."""

import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import Any, BinaryIO

from tipgraph.errors import TipgraphError
from tipgraph.explorer import things
from tipgraph.explorer.http import HTML, PLAIN, Content, FormError, NotFoundError
from tipgraph.explorer.pages import Negotiation, PageKind, find
from tipgraph.explorer.site import Site

NO_PROTOCOL = b"an assistant needs the SDK of MCP where this runs; install the extra mcp\n"


@dataclass(frozen=True)
class Order:
    """A page to make, of what JSON can express.

    `path` and `parameters` are those of the request, and `address` is what a report of a mistake
    names. `format` is that of the address, or was negotiated. What was `entered` in a form, if
    anything, is answered; `problem` is the status and the reason of a body that is no form. A
    `message` of an assistant has headers.
    """

    path: str
    parameters: Mapping[str, str]
    address: str
    format: str
    is_negotiated: bool = False
    entered: Mapping[str, str] | None = None
    is_own_origin: bool = False
    problem: Sequence[Any] = ()
    message: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def make(site: Site, kinds: Sequence[PageKind], order: Order) -> Content:
    """Return a page, or the message of an error."""
    kind, asked = find(order.path, order.parameters, kinds)
    asked = replace(asked, format=order.format)
    try:
        if order.message is not None:
            return _answer(site, order.message, order.headers)
        if kind.form and order.problem:
            return kind.form.unreadable(site, FormError(*order.problem))
        if kind.form and order.entered is not None:
            return kind.form.answer(site, order.entered, order.is_own_origin)
        is_elsewhere = kind.negotiation is Negotiation.SEE_OTHER and order.format != HTML
        if order.is_negotiated and is_elsewhere:
            return things.see_other(site, asked)
        return kind.answer(site, asked)
    except TipgraphError as error:
        title, status, message = "Not possible", 400, str(error)
    except NotFoundError as error:
        title, status, message = "Not found", 404, str(error)
    except Exception as error:
        _report(error, kind.form is not None)
        title, status, message = "This is a bug", 500, "The program has a fault here."
    if asked.format != HTML:
        return Content(f"{message}\n".encode(), PLAIN, status)
    return site.page("message.html", title, status, message=message, subject=order.address)


def _answer(site: Site, message: str, headers: Mapping[str, str]) -> Content:
    """The answer to a message of an assistant; the libraries are loaded with the first one."""
    try:
        from tipgraph.assistant import exchange
    except ImportError:
        return Content(NO_PROTOCOL, PLAIN, 501)
    status, media_type, body = exchange(site.graph, message, headers)
    return Content(body, media_type, status, {"Cache-Control": "no-store"})


def work(
    site: Site, kinds: Sequence[PageKind], asked: Any, output: BinaryIO | None
) -> tuple[Any, bytes]:
    """Make a page in a worker: its media type, status and headers, and its bytes.

    What it reports on standard error is the last part, since a worker has no standard error.
    """
    with redirect_stderr(StringIO()) as reported:
        content = make(site, kinds, Order(**asked))
    head = [content.media_type, content.status, dict(content.headers), reported.getvalue()]
    return head, content.body


def _report(error: Exception, is_private: bool) -> None:
    """Report a bug on standard error; of a private request only the kind of error."""
    if is_private:
        print(f"tipgraph: a bug in a private page: {type(error).__name__}", file=sys.stderr)
    else:
        traceback.print_exception(error)
