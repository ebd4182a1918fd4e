"""The application and its server: routes, and what each answer has besides its content.

Pages are made in other processes, each of which can be ended, so that a slow one keeps no other
waiting. The event loop stays free for connections meanwhile.
"""

import asyncio
import os
import socket
import sys
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.parse import quote

from tipgraph.errors import EndpointError, UsageError, not_installed
from tipgraph.explorer.documents import BESIDE
from tipgraph.explorer.http import (
    FORMATS,
    HTML,
    MAX_BYTES,
    PLAIN,
    Content,
    Policy,
    Refusal,
    best_format,
    client,
    disconnection,
    is_loopback,
    is_own_origin,
    read_body,
    read_form,
    redirect,
    while_connected,
)
from tipgraph.explorer.pages import (
    DATA,
    KINDS,
    REDIRECTIONS,
    Form,
    Order,
    PageKind,
    find,
    make,
    work,
)
from tipgraph.explorer.site import Site, in_memory
from tipgraph.explorer.workers import (
    RETRY_AFTER,
    BusyError,
    Limits,
    QuerySettings,
    TurnOverError,
    Turns,
    WorkerError,
    WorkerPool,
)
from tipgraph.graph import LocalGraph
from tipgraph.text import capitalise

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response


# The bytes of answers that are kept, and that a client may leave unread; those of the largest one
# that is kept, and of an empty one with its places.
KEPT, LARGEST, ENTRY = 64_000_000, 4_000_000, 1_000
# The parameter that names an answer to a private form, how many are kept, and for how many seconds.
ANSWER, ANSWERS, SHOWN_FOR = "answer", 20, 60
SHOWN = Refusal(410, "The answer was shown once and is not kept. Enter it again.")
MOVED = range(300, 400)
# The limits on the making of pages.
PAGES = Limits(processes=3, share=2)
# The most connections that are accepted before others are served: one in so many of all. Three
# times as many can be open before the first of them is counted.
ARRIVING = 4
# The address for messages of assistants, and the start of the protocol's own headers.
MESSAGES, OWN_HEADERS = "/mcp", ("accept", "content-type", "mcp-")
# The seconds that connections have to end.
GRACE = 1


@dataclass(frozen=True)
class Settings:
    """The server's address, the address for reports of mistakes if any, and the limits on queries.

    `pages` of another distribution are served besides, and `templates` is its package of templates.
    """

    host: str = "127.0.0.1"
    contact: str = ""
    limits: QuerySettings = field(default_factory=QuerySettings)
    page_limits: Limits = PAGES
    pages: tuple[PageKind, ...] = ()
    templates: str = ""


def application(graph: LocalGraph, settings: Settings, is_prepared: bool = False) -> "Starlette":
    """The application for a graph. Raises ImportError when Starlette is not installed.

    It starts processes for pages and queries, which end with it. Where it `is_prepared`, these load
    at once what the first chart and the first search need.
    """
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Route

    from tipgraph.explorer import sparql
    from tipgraph.explorer.unread import Unread

    # Attached texts are shown on this machine alone.
    with_text = is_loopback(settings.host)
    site = Site(graph, settings.contact, with_text, templates=settings.templates)
    pages = Pages(site, settings.page_limits, settings.pages, is_prepared)
    app = Starlette(
        routes=[
            *sparql.routes(graph, settings.limits, pages.respond),
            Route(MESSAGES, pages.answer_message, methods=["GET", "POST", "DELETE"]),
            Route("/{path:path}", pages.respond, methods=["GET", "POST"]),
        ],
        middleware=[Middleware(Policy, host=settings.host)],
    )
    # The server replaces this by a function that stops it.
    app.state.stop = _keep_running
    app.state.unread = Unread(KEPT)
    return app


async def _keep_running() -> None:
    pass


class Once:
    """Answers that are shown once each, in memory: the last few, for a minute.

    Of too many, the oldest one of the client with the most goes, so that nobody takes the place of
    another client's.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, Content]] = {}

    def keep(self, content: Content, client: str) -> str:
        """Keep an answer, and return the name to take it by, which nobody can guess."""
        name = token_urlsafe(16)
        self._kept[name] = client, content
        if len(self._kept) > ANSWERS:
            [(most, _)] = Counter(each for each, _ in self._kept.values()).most_common(1)
            del self._kept[next(name for name, kept in self._kept.items() if kept[0] == most)]
        asyncio.get_running_loop().call_later(SHOWN_FOR, self._kept.pop, name, None)
        return name

    def take(self, name: str, is_head: bool) -> Content | None:
        """Return an answer, None for one that is not kept; forget it unless HEAD asked for it."""
        found = self._kept.get(name) if is_head else self._kept.pop(name, None)
        return found[1] if found else None


class Pages:
    """Answers requests for pages: each page is made once, with the headers of caches.

    They are made in workers, which end where a page takes too long or its client is gone. Those of
    another distribution, which keep what they need in this process, and all on a system without
    fork, are made on a thread.
    """

    def __init__(
        self, site: Site, limits: Limits, own: Sequence[PageKind] = (), is_prepared: bool = False
    ) -> None:
        self._site = site
        self._own = own
        self._kinds = (*own, *KINDS)
        prepare = partial(_load_charts_and_search, site) if is_prepared else None
        can_fork = hasattr(os, "fork")
        self._pool = WorkerPool(partial(work, site, KINDS), limits, prepare) if can_fork else None
        # pyoxigraph ends the process when the solutions of a query are touched from another thread
        # than the one that asked, so that there is one.
        self._thread = ThreadPoolExecutor(1, "pages")
        self._turns = Turns(1, 1, limits.queue, limits.timeout, limits.timeout)
        self._kept: OrderedDict[str, Content] = OrderedDict()
        self._size = 0
        self._once = Once()

    async def respond(self, request: "Request") -> "Response":
        """Return the response to a request, by the kind of its page."""
        path = request.scope["path"]
        if path in REDIRECTIONS:
            return _response(redirect(*REDIRECTIONS[path]), request)
        given = dict(request.query_params)
        if BESIDE in given:
            # The boxes of a form repeat it.
            given[BESIDE] = ",".join(request.query_params.getlist(BESIDE))
        others = {each for each in request.query_params.multi_items() if each[0] != BESIDE}
        if len(others) > len(given.keys() - {BESIDE}):
            text = b"the address has two values for one parameter, and a page takes one\n"
            return _response(Content(text, PLAIN, 400), request)
        kind, asked = find(path, given, self._kinds)
        address = f"{path}?{request.url.query}" if request.url.query else path
        order = Order(path, given, address, asked.format)
        if kind.form is not None:
            return await self._private(request, kind, kind.form, replace(order, address=kind.path))
        if request.method == "POST":
            return _response(Content(b"use GET\n", PLAIN, 405), request, {"Allow": "GET, HEAD"})
        if asked.format:
            return await self._answer(request, kind, order)
        vary, chosen = {"Vary": "Accept"}, best_format(request.headers.get("accept", ""))
        if not chosen:
            offered = ", ".join(FORMATS)
            content = Content(f"not in that format; there are {offered}\n".encode(), PLAIN, 406)
            return _response(content, request, vary)
        return await self._answer(
            request, kind, replace(order, format=chosen, is_negotiated=True), vary
        )

    async def answer_message(self, request: "Request") -> "Response":
        """Answer a message of the Model Context Protocol; a page of another site may send none."""
        sent = request.headers
        if request.method != "POST":
            return _response(Content(b"use POST\n", PLAIN, 405), request, {"Allow": "POST"})
        if "origin" in sent and not is_own_origin(sent):
            return _response(Content(b"not from a page of another site\n", PLAIN, 403), request)
        try:
            body = await read_body(request, MAX_BYTES, "the message is too long\n")
        except Refusal as error:
            return _response(Content(error.message.encode(), PLAIN, error.status), request)
        headers = {name: sent[name] for name in sent if name.startswith(OWN_HEADERS)}
        message = body.decode(errors="replace")
        order = Order(MESSAGES, {}, MESSAGES, DATA, message=message, headers=headers)
        return _response(await self._made(request, order), request)

    async def _private(
        self, request: "Request", kind: PageKind, form: Form, order: Order
    ) -> "Response":
        """The page of a form, or the answer to what was entered in it; neither is kept.

        The answer to a POST is shown once, at an address of its own: a browser writes what it sent
        by POST to its session files for as long as the page that answers is open.
        """
        from starlette.background import BackgroundTask

        content = None
        if request.method == "POST":
            try:
                entered, is_own = await read_form(request), is_own_origin(request.headers)
                order = replace(order, entered=entered, is_own_origin=is_own)
            except Refusal as error:
                order = replace(order, problem=(error.status, error.message))
        elif ANSWER in request.query_params:
            content = self._once.take(request.query_params[ANSWER], request.method == "HEAD")
            order = replace(order, problem=(SHOWN.status, SHOWN.message))
        content = content or await self._made(request, order, kind)
        if request.method == "POST" and not form.is_over() and content.status not in MOVED:
            name = self._once.keep(content, client(request))
            content = redirect(f"{request.scope['path']}?{ANSWER}={name}")
        response = _response(content, request, form.headers)
        if form.is_over():
            response.background = BackgroundTask(request.app.state.stop)
        return response

    async def _answer(
        self,
        request: "Request",
        kind: PageKind,
        order: Order,
        headers: Mapping[str, str] | None = None,
    ) -> "Response":
        """The answer to a request, or 304 where the client has it."""
        # The path is encoded, since a decoded one may have a question mark.
        key = f"{self._site.tag} {order.format} {quote(order.path)}?{request.url.query}"
        tag = f'"{sha256(key.encode()).hexdigest()[:32]}"'
        # A browser would write sentences of attached texts to its files.
        control = "no-store" if self._site.has_texts else "no-cache"
        caching = {"Cache-Control": control, **(headers or {})}
        known = _tags(request.headers.get("if-none-match", ""))
        if tag in known:
            # Only an answer of 200 has had the tag, so that it need not be made again.
            return _response(Content(b"", status=304), request, {**caching, "ETag": tag})
        content = self._remembered(key)
        if content is None:
            content = await self._made(request, order, kind)
            self._remember(key, content)
        if content.status >= 400:
            return _response(content, request, headers or {})
        if content.status == 200:
            caching["ETag"] = tag
            if "*" in known:
                content = replace(content, body=b"", status=304)
        return _response(content, request, caching)

    async def _made(
        self, request: "Request", order: Order, kind: PageKind | None = None
    ) -> Content:
        """Return a page, or why there is none now.

        Raises Disconnected where the client is gone before; then it is not made any further.
        """
        in_worker = self._pool is not None and kind not in self._own
        making = (self._in_worker if in_worker else self._on_thread)(order, client(request))
        try:
            return await while_connected(making, disconnection(request))
        except BusyError:
            return self._unavailable(order, "too many pages at once")
        except TurnOverError as over:
            reason = "others wait" if over.is_shared else "it takes too long"
            return self._unavailable(order, f"stopped after {over.seconds:g} s, since {reason}")
        except WorkerError:
            return self._unavailable(order, "the process that made this page has ended")

    async def _in_worker(self, order: Order, client: str) -> Content:
        assert self._pool is not None
        (*head, reported), body = await self._pool.run(asdict(order), client)
        sys.stderr.write(reported)
        return Content(body, *head)

    async def _on_thread(self, order: Order, client: str) -> Content:
        making = partial(make, self._site, self._kinds, order)
        async with self._turns.of(client):
            return await asyncio.get_running_loop().run_in_executor(self._thread, making)

    def _unavailable(self, order: Order, line: str) -> Content:
        """The answer where a page cannot be made now; it asks nothing of the graph."""
        headers = {"Retry-After": str(RETRY_AFTER)}
        if order.format != HTML:
            line = f"{line}; try again in {RETRY_AFTER} s\n"
            return Content(line.encode(), PLAIN, 503, headers)
        body = self._site.render("busy.html", line=capitalise(line), seconds=RETRY_AFTER)
        return Content(body, status=503, headers=headers)

    def _remembered(self, key: str) -> Content | None:
        """Return an answer that is among the last ones."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def _remember(self, key: str, content: Content) -> None:
        """Keep an answer, and forget the oldest ones."""
        if content.status < 400 and len(content.body) <= LARGEST and key not in self._kept:
            self._kept[key] = content
            self._size += _size(key, content)
            while self._size > KEPT:
                self._size -= _size(*self._kept.popitem(last=False))


def _size(key: str, content: Content) -> int:
    """Return about how many bytes an answer takes that is kept under a key."""
    headers = sum(len(name) + len(value) for name, value in content.headers.items())
    return ENTRY + len(key) + headers + len(content.body)


def _load_charts_and_search(site: Site) -> None:
    with suppress(ImportError):
        import tipgraph.charts.drawing  # noqa: F401
    site.graph.search("victims", limit=1)
    site.link("")


def _response(
    content: Content, request: "Request", headers: Mapping[str, str] | None = None
) -> "Response":
    from starlette.responses import Response

    from tipgraph.explorer.unread import PART, READ_FIRST, PartsResponse, in_parts

    given = content.status, {**(headers or {}), **content.headers}, content.media_type
    length = len(content.body)
    if request.method == "HEAD":
        response = Response(b"", *given)
    elif length <= PART:
        return Response(content.body, *given)
    else:
        kept = request.app.state.unread.kept(client(request), length)
        if kept is None:
            later = {"Retry-After": str(RETRY_AFTER)}
            return Response(f"{READ_FIRST}\n", 503, later, PLAIN)
        status, named, media_type = given

        def read(size: int, start: int) -> bytes:
            return content.body[start : start + size]

        response = PartsResponse(
            in_parts(read, length), kept, status_code=status, headers=named, media_type=media_type
        )
    response.headers["Content-Length"] = str(length)
    return response


def _tags(header: str) -> set[str]:
    """The tags of an If-None-Match header, or `*` for any (RFC 9110, section 13.1.2)."""
    return {each.strip().removeprefix("W/") for each in header.split(",")}


def serve(
    graph: LocalGraph,
    settings: Settings,
    port: int,
    ready: Callable[[str], None],
) -> None:
    """Serve a graph until SIGINT or SIGTERM, or until a page ends it.

    `ready` gets the address once it answers. A port of 0 is one that is free. Raises
    UsageError when the libraries are not installed, and EndpointError when nothing can listen
    there.
    """
    try:
        import uvicorn

        from tipgraph.explorer.connections import LimitedConnection, most_connections

        # It starts processes, so it comes before any thread.
        app = application(in_memory(graph), settings, is_prepared=True)
    except ImportError:
        raise not_installed(
            "pages for a browser need Starlette and uvicorn", "explorer", "starlette uvicorn"
        ) from None

    class Announcing(uvicorn.Server):
        """Announces itself once signals end it cleanly, which is later than it listens."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if sockets and self.started:
                ready(address(settings.host, sockets[0].getsockname()[1]))
                app.state.stop = self.stop

        async def stop(self) -> None:
            """End, once a browser had the time to load the style of the last page."""
            await asyncio.sleep(GRACE)
            self.should_exit = True

    LimitedConnection.most = most_connections()
    with listening(settings.host, port) as opened:
        config = uvicorn.Config(
            app,
            # Nothing about a request is logged: it may be about a case.
            access_log=False,
            log_config=None,
            # Nor that one was wrong: many would fill the disk.
            log_level="error",
            http=LimitedConnection,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=GRACE,
            backlog=max(1, LimitedConnection.most // ARRIVING),
        )
        Announcing(config).run(sockets=[opened])


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises UsageError for a host that is no name, else EndpointError."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )[0]
        # With its protocol named, unlike `create_server`: else asyncio leaves TCP_NODELAY off, and
        # each answer on a connection that is kept waits 40 ms.
        opened = socket.socket(family, kind, protocol)
        try:
            if os.name == "posix":
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(place)
            opened.listen()
        except OSError:
            opened.close()
            raise
    except UnicodeError:
        raise UsageError(f"--host {host}: this is not the name or address of a host") from None
    except OSError as error:
        number = error.errno or 0
        # A name that is unknown has a number below 0.
        reason = os.strerror(number) if number > 0 else error.strerror or str(error)
        options = "--port" if host == Settings.host else "--port or --host"
        raise EndpointError(
            f"cannot listen on {address(host, port)}: {reason}; choose another {options}"
        ) from None
    return opened


def address(host: str, port: int) -> str:
    """The address of the first page."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"
