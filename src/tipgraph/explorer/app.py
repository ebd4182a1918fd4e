"""The application: its routes, and what each answer has besides its content.

Queries run on one thread. pyoxigraph ends the process when the solutions of a query are touched
from another thread than the one that asked, so no page may move between threads while it is made;
one thread is enough, since an answer is kept, and leaves the other processor to the server. The
event loop stays free for connections meanwhile.
"""

import asyncio
import sys
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from tipgraph.errors import TipgraphError
from tipgraph.explorer import (
    assets,
    cases,
    documents,
    forms,
    network,
    query_form,
    questions,
    suggest,
    things,
)
from tipgraph.explorer.addresses import MISTAKES
from tipgraph.explorer.asked import HTML, PLAIN, Asked, Content, NotFoundError, redirect
from tipgraph.explorer.negotiation import FORMATS, SYNTAXES, best_format, split_suffix
from tipgraph.explorer.pages import DOCUMENTS, PAGES, Handler
from tipgraph.explorer.policy import Policy, is_loopback
from tipgraph.explorer.site import Site
from tipgraph.explorer.workers import QuerySettings
from tipgraph.graph import LocalGraph

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

Endpoint = Callable[["Request"], Awaitable["Response"]]
# The bytes of answers that are kept, and of the largest one.
KEPT, LARGEST = 64_000_000, 4_000_000


@dataclass(frozen=True)
class Settings:
    """Where the server listens, where readers report a mistake, and the limits on their queries.

    `with_text` shows attached texts to other machines too; to this one, pages always do. `routes`
    makes the routes of another distribution, and `templates` is its package of templates.
    """

    host: str = "127.0.0.1"
    mistakes: str = MISTAKES
    with_text: bool = False
    limits: QuerySettings = field(default_factory=QuerySettings)
    routes: "Callable[[Pages], list[Route]] | None" = None
    templates: str = ""


def application(graph: LocalGraph, settings: Settings) -> "Starlette":
    """The application for a graph. Raises ImportError when Starlette is not installed.

    It starts processes for users' queries, which end with it.
    """
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Route

    from tipgraph.explorer import sparql

    with_text = settings.with_text or is_loopback(settings.host)
    site = Site(graph, settings.mistakes, with_text, templates=settings.templates)
    pages = Pages(site)
    html = pages.get

    def leading(path: str, to: str, status: int = 303) -> Route:
        return Route(path, html(lambda site, asked: redirect(to, status)))

    def in_formats(path: str, handler: Handler) -> list[Route]:
        paths = (path + each for each in ("", *SYNTAXES.values()))
        documents = [Route(each, pages.document(handler)) for each in paths]
        return [*documents, leading(f"{path}/", path, 308)]

    app = Starlette(
        routes=[
            *sparql.routes(graph, settings.limits, html(query_form.query_form)),
            *(Route(path, html(handler)) for path, handler in PAGES.items()),
            Route("/-/style.css", html(assets.style)),
            Route("/-/scripts/{name:path}", html(assets.scripts)),
            Route("/-/vendor/{name:path}", html(assets.vendor)),
            Route("/-/network.json", pages.get(network.drawing, "json")),
            Route("/-/suggest", pages.get(suggest.suggest, "json")),
            Route("/-/report/{name}", html(documents.report)),
            Route("/-/case", pages.case, methods=["GET", "POST"]),
            *(settings.routes(pages) if settings.routes else ()),
            Route("/-/thing", pages.thing(things.any_thing)),
            leading("/query", "/query/", 308),
            Route("/query/{name}", pages.question),
            leading("/.well-known/void", "/-/void"),
            *(each for path, handler in DOCUMENTS.items() for each in in_formats(path, handler)),
            Route("/{name:path}", pages.thing(things.thing)),
        ],
        middleware=[Middleware(Policy, host=settings.host)],
    )
    app.state.prepare = pages.prepare
    # The server puts its own in its place.
    app.state.stop = _go_on
    return app


async def _go_on() -> None:
    pass


class Pages:
    """Makes the answers to requests: on one thread, each once, with the headers of caches."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._thread = ThreadPoolExecutor(1, "queries")
        self._kept: OrderedDict[str, Content] = OrderedDict()
        self._size = 0

    def prepare(self) -> None:
        """Load, on the thread of queries, what the first chart and the first search need."""
        self._thread.submit(_load_what_is_slow, self.site)

    def get(self, handler: Handler, format: str = HTML) -> Endpoint:
        """An endpoint for a page of HTML, or for data in another format."""

        async def endpoint(request: "Request") -> "Response":
            return await self._answer(request, handler, format)

        return endpoint

    def document(self, handler: Handler) -> Endpoint:
        """An endpoint for a document that has all formats at its address, and each by suffix."""

        async def endpoint(request: "Request") -> "Response":
            _, syntax = split_suffix(request.scope["path"])
            return await self._negotiated(request, handler, syntax)

        return endpoint

    def thing(self, handler: Handler) -> Endpoint:
        """An endpoint for things: the page, else 303 to the document in a syntax."""

        async def endpoint(request: "Request") -> "Response":
            name, syntax = split_suffix(request.path_params.get("name", ""))
            suffix = f".{request.query_params.get('format', '')}"
            syntax = syntax or split_suffix(suffix)[1]
            if syntax:
                return await self._answer(request, handler, syntax, name)
            chosen = best_format(request.headers.get("accept", ""))
            used = handler if chosen in (HTML, "") else things.see_other
            return await self._negotiated(request, used, "", name)

        return endpoint

    async def question(self, request: "Request") -> "Response":
        """A stored query as a page, or its answer as a file."""
        name, dot, extension = request.path_params["name"].rpartition(".")
        if dot and extension in questions.MEDIA_TYPES:
            return await self._answer(request, questions.question, extension, name)
        return await self._answer(request, questions.question, HTML, request.path_params["name"])

    async def case(self, request: "Request") -> "Response":
        """The form for a case, and its answer; nothing of both is kept anywhere."""
        return await self.private(
            request, cases.ADDRESS, cases.NO_STORE, partial(cases.form, self.site),
            partial(cases.answer, self.site), partial(cases.unreadable, self.site),
        )  # fmt: skip

    async def private(
        self,
        request: "Request",
        address: str,
        headers: Mapping[str, str],
        form: Callable[[Asked], Content],
        answer: Callable[[Mapping[str, str]], Content],
        unreadable: Callable[[forms.FormError], Content],
    ) -> "Response":
        """A page that nothing keeps: a form, or the answer to what was entered in it."""
        if request.method == "POST":
            try:
                make = partial(answer, await forms.read(request))
            except forms.FormError as error:
                make = partial(unreadable, error)
        else:
            make = partial(form, Asked(parameters=dict(request.query_params)))
        content = await self._made(make, address, is_private=True)
        return _response(content, request, headers)

    async def _negotiated(
        self, request: "Request", handler: Handler, syntax: str, name: str = ""
    ) -> "Response":
        chosen = syntax or best_format(request.headers.get("accept", ""))
        if not chosen:
            offered = ", ".join(FORMATS)
            content = Content(f"not in that format; there are {offered}\n".encode(), PLAIN, 406)
            return _response(content, request, {"Vary": "Accept"})
        headers = {} if syntax else {"Vary": "Accept"}
        return await self._answer(request, handler, chosen, name, headers)

    async def _answer(
        self,
        request: "Request",
        handler: Handler,
        format: str,
        name: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> "Response":
        """The answer of a handler, or 304 where the client has it."""
        path = request.scope["path"]
        key = f"{self.site.tag} {format} {path}?{request.url.query}"
        if name is None:
            name = request.path_params.get("name", "")
        tag = f'"{sha256(key.encode()).hexdigest()[:32]}"'
        caching = {"Cache-Control": "no-cache", **(headers or {})}
        known = _tags(request.headers.get("if-none-match", ""))
        if tag in known:
            # Only an answer of 200 has had the tag, so that it need not be made again.
            return _response(Content(b"", status=304), request, {**caching, "ETag": tag})
        asked = Asked(name, dict(request.query_params), format)
        address = f"{path}?{request.url.query}" if request.url.query else path
        content = await self._made(lambda: self._remembered(key, handler, asked), address, format)
        if content.status >= 400:
            return _response(content, request, headers or {})
        if content.status == 200:
            caching["ETag"] = tag
            if "*" in known:
                content = replace(content, body=b"", status=304)
        return _response(content, request, caching)

    async def _made(
        self,
        make: Callable[[], Content],
        address: str,
        format: str = HTML,
        is_private: bool = False,
    ) -> Content:
        """What `make` gives on the thread of queries, or the message of an error."""

        def guarded() -> Content:
            try:
                return make()
            except TipgraphError as error:
                title, status, message = "Not possible", 400, str(error)
            except NotFoundError as error:
                title, status, message = "Not found", 404, str(error)
            except Exception as error:
                _report(error, is_private)
                title, status = "This is a bug", 500
                message = "The program has a fault here."
            if format != HTML:
                return Content(f"{message}\n".encode(), PLAIN, status)
            return self.site.page("message.html", title, status, message=message, subject=address)

        return await asyncio.get_running_loop().run_in_executor(self._thread, guarded)

    def _remembered(self, key: str, handler: Handler, asked: Asked) -> Content:
        """The answer, made once while it is among the last ones. Only one thread calls it."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        content = handler(self.site, asked)
        if content.status < 400 and len(content.body) <= LARGEST:
            self._kept[key] = content
            self._size += len(content.body)
            while self._size > KEPT:
                self._size -= len(self._kept.popitem(last=False)[1].body)
        return content


def _load_what_is_slow(site: Site) -> None:
    with suppress(ImportError):
        import tipgraph.charts.drawing  # noqa: F401
    site.graph.search("victims", limit=1)
    site.link("")


def _response(
    content: Content, request: "Request", headers: Mapping[str, str] | None = None
) -> "Response":
    from starlette.responses import Response

    response = Response(
        b"" if request.method == "HEAD" else content.body,
        content.status,
        {**(headers or {}), **content.headers},
        content.media_type,
    )
    if request.method == "HEAD":
        response.headers["Content-Length"] = str(len(content.body))
    return response


def _tags(header: str) -> set[str]:
    """The tags of an If-None-Match header, or `*` for any (RFC 9110, section 13.1.2)."""
    return {each.strip().removeprefix("W/") for each in header.split(",")}


def _report(error: Exception, is_private: bool) -> None:
    """Report a bug on standard error; of a private request only the kind of error."""
    if is_private:
        print(f"tipgraph: a bug in a private page: {type(error).__name__}", file=sys.stderr)
        return
    import traceback

    traceback.print_exception(error)
