"""The content of one page, made for a request in a worker or on a thread of the server."""

import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any, BinaryIO

from tipgraph.errors import TipgraphError
from tipgraph.explorer import things
from tipgraph.explorer.http import HTML, PLAIN, Content, FormError, NotFoundError
from tipgraph.explorer.pages import Negotiation, PageKind, find
from tipgraph.explorer.site import Site


@dataclass(frozen=True)
class Order:
    """A page to make, of what JSON can express.

    `path` and `parameters` are those of the request, and `address` is what a report of a mistake
    names. `format` is that of the address, or was negotiated. What was `entered` in a form, if
    anything, is answered; `problem` is the status and the reason of a body that is no form.
    """

    path: str
    parameters: Mapping[str, str]
    address: str
    format: str
    is_negotiated: bool = False
    entered: Mapping[str, str] | None = None
    is_own_origin: bool = False
    problem: Sequence[Any] = ()


def make(site: Site, kinds: Sequence[PageKind], order: Order) -> Content:
    """Return a page, or the message of an error."""
    kind, asked = find(order.path, order.parameters, kinds)
    asked = replace(asked, format=order.format)
    try:
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
