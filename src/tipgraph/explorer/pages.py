"""The kinds of pages: the path of each, the function that answers it, and its addresses.

The server routes by this list, the files are written from it, and tests walk it. A new kind of page
is an entry here, with a function and a template.
"""

import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property, partial
from io import StringIO
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, unquote

from tipgraph import charts
from tipgraph.errors import TipgraphError
from tipgraph.explorer import assets, countries, documents, fields, home, network, questions, things
from tipgraph.explorer.addresses import ANY
from tipgraph.explorer.http import (
    ANSWER_TYPES,
    HTML,
    IN_FILES,
    PLAIN,
    SYNTAXES,
    Content,
    NotFoundError,
    PageRequest,
    Refusal,
)
from tipgraph.explorer.site import Site, numbered

Handler = Callable[[Site, PageRequest], Content]
# The addresses of the files of a kind; those that are made from one answer are a group.
Addresses = Callable[[Site], Iterator[Sequence[str]]]
# Makes a group at once, where that is faster than one by one.
Batch = Callable[[Site, Sequence[str]], Iterator[tuple[str, Content]]]
RDF = {suffix: syntax for syntax, suffix in SYNTAXES.items()}
DATA = "json"


class Negotiation(Enum):
    """The answer to a client that prefers RDF: none, the RDF itself, or 303 to its address."""

    NONE = "none"
    SAME_ADDRESS = "same address"
    SEE_OTHER = "see other"


@dataclass(frozen=True)
class Form:
    """The answers to a POST of a form, which is private: nothing of it is stored or logged.

    `answer` gets the fields, and whether a page of this server sent them. `unreadable` gets the
    reason why the body is no form. `headers` are those of every answer, the page of the form
    included. The server stops after an answer for which `is_over` is true.
    """

    answer: Callable[[Site, Mapping[str, str], bool], Content]
    unreadable: Callable[[Site, Refusal], Content]
    headers: Mapping[str, str]
    is_over: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class PageKind:
    """A kind of page.

    `path` is the pattern of its addresses, in which `{name}` is a part of a path and `{name:path}`
    any path. `example` is an address that answers 200 on the shipped graph. `addresses` are those
    of the files, where it has any, and `batch` makes a group of them at once. `suffixes` are the
    formats by the suffix of an address, and `format` is that without one.
    """

    path: str
    answer: Handler
    example: str = ""
    addresses: Addresses | None = None
    batch: Batch | None = None
    format: str = HTML
    suffixes: Mapping[str, str] = field(default_factory=dict)
    negotiation: Negotiation = Negotiation.NONE
    form: Form | None = None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        name = {"{name}": "(?P<name>[^/]+?)", "{name:path}": "(?P<name>.*?)"}
        parts = re.split(r"(\{[^{}]+\})", self.path)
        path = "".join(name.get(each) or re.escape(each) for each in parts)
        suffixes = "|".join(map(re.escape, self.suffixes))
        return re.compile(f"{path}(?P<suffix>{suffixes})?", re.DOTALL)

    def request(self, path: str, parameters: Mapping[str, str]) -> PageRequest | None:
        """Return the request for a decoded path; None for the path of another kind.

        The format is empty where the client negotiates it.
        """
        found = self._pattern.fullmatch(path)
        if found is None:
            return None
        given = "." + parameters.get("format", "") if self.path == ANY else ""
        suffix = found["suffix"] or given
        default = self.format if self.negotiation is Negotiation.NONE else ""
        name = found.groupdict().get("name") or ""
        return PageRequest(name, parameters, self.suffixes.get(suffix, default))

    def contents(self, site: Site, addresses: Sequence[str]) -> Iterator[tuple[str, Content]]:
        """Return the pages and files at a group of addresses, and those that continue them."""
        if self.batch is not None:
            yield from self.batch(site, addresses)
            return
        for address in addresses:
            path, _, query = address.partition("?")
            request = self.request(unquote(path), dict(parse_qsl(query)))
            assert request is not None
            yield from numbered(address, partial(self._numbered, site, request))

    def _numbered(self, site: Site, request: PageRequest, number: int) -> Content:
        page = {"page": str(number)} if number > 1 else {}
        parameters = {**request.parameters, **page}
        format = request.format or HTML
        return self.answer(site, replace(request, parameters=parameters, format=format))


def once(*addresses: str) -> Addresses:
    """Return the addresses of a kind that are the same in every graph, each a group."""
    return lambda site: ([each] for each in addresses)


def _document(path: str, answer: Handler, has_page: bool = True) -> PageKind:
    """Return the kind of a document that has all formats at its own address.

    Without a page it has no file at that address: a browser would read RDF there as a page. Nobody
    reads VoID in JSON-LD.
    """
    syntaxes = IN_FILES if has_page else IN_FILES[:1]
    return PageKind(
        path, answer, path,
        lambda site: iter([[*[path] * has_page, *(path + SYNTAXES[each] for each in syntaxes)]]),
        suffixes=RDF,
        negotiation=Negotiation.SAME_ADDRESS,
    )  # fmt: skip


# A path is of the first kind that it fits.
KINDS = (
    PageKind("/", home.home, "/", once("/")),
    PageKind("/-/about", home.about, "/-/about", once("/-/about")),
    # The files come with the page of them.
    PageKind(assets.DOWNLOADS, assets.downloads, assets.DOWNLOADS),
    PageKind("/-/search", home.search, "/-/search?q=shelters", once("/-/search")),
    PageKind("/query/", home.questions, "/query/", once("/query/")),
    PageKind(
        "/query/{name}", questions.question, "/query/funding?area=BEL", questions.addresses,
        suffixes={f".{each}": each for each in ANSWER_TYPES},
    ),
    PageKind("/sparql", home.sparql_form, "/sparql", once("/sparql")),
    PageKind("/-/countries", countries.countries, "/-/countries", countries.addresses),
    PageKind(
        "/-/compare", documents.compare, "/-/compare?earlier=tip-2020-be&later=tip-2021-be",
        documents.comparisons,
    ),
    PageKind(
        "/-/entitlements", documents.entitlements, "/-/entitlements?edition=tip-2021-be",
        documents.regimes,
    ),
    PageKind("/-/network", network.page, "/-/network?area=BEL", network.addresses),
    PageKind("/-/network.json", network.drawing, "/-/network.json?area=BEL", format=DATA),
    PageKind(
        "/-/chart/{name}", documents.chart,
        "/-/chart/series.png?indicator=residence-permits-issued&area=BEL",
        format=charts.FORMATS[0], suffixes=documents.SUFFIXES,
    ),
    PageKind(
        "/-/embed/{name}", documents.embed,
        "/-/embed/series?indicator=residence-permits-issued&area=BEL",
    ),
    PageKind(
        "/-/briefing/{name}", documents.briefing, "/-/briefing/BEL.docx",
        format=documents.WORD, suffixes={f".{documents.WORD}": documents.WORD},
    ),
    PageKind("/-/suggest", fields.suggest, "/-/suggest?type=tip:Actor&q=greta", format=DATA),
    PageKind(
        documents.CASE, documents.case_form, documents.CASE, once(documents.CASE),
        form=Form(documents.case_answer, documents.unreadable_case, documents.NO_STORE),
    ),
    _document("/-/void", assets.void, has_page=False),
    _document("/ns", things.term_document),
    _document("/shapes", things.shape_document),
    PageKind("/-/style.css", assets.style, "/-/style.css"),
    PageKind(
        "/-/scripts/{name:path}", partial(assets.file, assets.SCRIPTS), "/-/scripts/network.js"
    ),
    PageKind("/-/vendor/{name:path}", partial(assets.file, assets.VENDOR), "/-/vendor/README.md"),
    PageKind(
        ANY, things.thing, f"{ANY}?iri=https%3A%2F%2Fw3id.org%2Ftipgraph%2Fid%2Fgreta",
        things.in_full, things.batch, suffixes=RDF, negotiation=Negotiation.SEE_OTHER,
    ),
    PageKind(
        "/{name:path}", things.thing, "/id/greta",
        things.at_paths, things.batch, suffixes=RDF, negotiation=Negotiation.SEE_OTHER,
    ),
)  # fmt: skip
# Other addresses of pages, each with the status of the redirection.
REDIRECTIONS = {
    "/query": ("/query/", 308),
    "/.well-known/void": ("/-/void", 303),
    **{f"{path}/": (path, 308) for path in ("/-/void", "/ns", "/shapes")},
}


def find(
    path: str, parameters: Mapping[str, str], kinds: Sequence[PageKind] = KINDS
) -> tuple[PageKind, PageRequest]:
    """Return the kind of a page by its decoded path, with the request for it."""
    for kind in kinds:
        request = kind.request(path, parameters)
        if request is not None:
            return kind, request
    raise AssertionError("the last kind has every path")


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
            return kind.form.unreadable(site, Refusal(*order.problem))
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
