"""The SPARQL endpoint: the SPARQL 1.1 Protocol for queries, and the description of the service."""

import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from tempfile import TemporaryFile
from typing import IO, NamedTuple
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode, RdfFormat, parse, serialize
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tipgraph.explorer.execution import (
    GRAPHS,
    Job,
    Outcome,
    QuerySettings,
    unwritten,
    work,
)
from tipgraph.explorer.http import MAX_PARAMETERS, choose, client, disconnection
from tipgraph.explorer.turns import (
    RETRY_AFTER,
    BusyError,
    TurnOverError,
    while_connected,
)
from tipgraph.explorer.workers import WorkerError, WorkerPool
from tipgraph.export.graph import graph_names
from tipgraph.graph import LocalGraph
from tipgraph.rdf.terms import is_iri

PATH = "/sparql"
METHODS = "GET, HEAD, POST, OPTIONS"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
HTML = "text/html"
# The bytes of a request.
MAX_REQUEST = 1 << 20
CHUNK = 1 << 16
# The number of the longest answers that may wait, as files, for one client to read them.
UNREAD = 2

Page = Callable[[Request], Awaitable[Response]]

# SPARQL 1.1 Service Description; formats are named by https://www.w3.org/ns/formats/.
DESCRIPTION = """
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix formats: <http://www.w3.org/ns/formats/> .
[] a sd:Service ;
    sd:endpoint {endpoint} ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat formats:SPARQL_Results_JSON , formats:SPARQL_Results_XML ,
        formats:SPARQL_Results_CSV , formats:SPARQL_Results_TSV , formats:Turtle ,
        formats:N-Triples , formats:JSON-LD , formats:RDF_XML ;
    sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ]{named_graphs} ] .
"""
NAMED_GRAPH = " ;\n sd:namedGraph [ a sd:NamedGraph ; sd:name {} ; sd:graph [ a sd:Graph ] ]"


def routes(graph: LocalGraph, settings: QuerySettings, page: Page) -> list[Route]:
    """The routes of the endpoint; `page` answers browsers that send no query.

    It starts a process that starts workers, so call it before there are threads. The processes
    end with the routes.
    """
    return [Route(PATH, _Endpoint(graph, settings, page), name="sparql")]


class _Refusal(Exception):
    """A request that is not answered: a status, one line that says what to do, and headers."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.response = _line(status, message, headers)


class _Endpoint:
    """The ASGI application at the endpoint's address."""

    def __init__(self, graph: LocalGraph, settings: QuerySettings, page: Page) -> None:
        self._store = graph.engine.store
        self._settings = settings
        # Windows has no fork.
        can_fork = hasattr(os, "fork")
        self._pool = WorkerPool(partial(work, self._store), settings) if can_fork else None
        self._page = page
        self._unread = Counter[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except _Refusal as refusal:
            response = refusal.response
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": METHODS})
        if request.method not in METHODS.split(", "):
            raise _Refusal(405, f"{request.method}: use GET or POST", {"Allow": METHODS})
        parameters = await _read(request)
        if parameters.is_empty:
            return await self._describe(request)
        return await self._answer(request, parameters)

    async def _answer(self, request: Request, parameters: "_Parameters") -> Response:
        pool = self._pool
        if pool is None:
            reason = "this system cannot end a query that takes too long; use 'tipgraph query'"
            raise _Refusal(501, reason)
        job = Job(
            text=parameters.query(),
            base=_address(request),
            default_graphs=parameters.iris("default-graph-uri"),
            named_graphs=parameters.iris("named-graph-uri"),
            # A form of a page cannot set the header.
            accept=parameters.last("accept") or _accept(request),
            max_rows=self._settings.max_rows,
        )
        try:
            file = TemporaryFile(buffering=0)  # noqa: SIM115
        except OSError as error:
            raise _Refusal(503, unwritten(error).message) from None
        try:
            answering = self._outcome(pool, job, file.fileno(), client(request))
            outcome = await while_connected(answering, disconnection(request))
        except BaseException:
            file.close()
            raise
        if outcome.status != 200:
            file.close()
            after = outcome.retry_after
            headers = {"Retry-After": str(after)} if after else {}
            raise _Refusal(outcome.status, outcome.message, headers)
        reader, length = client(request), os.fstat(file.fileno()).st_size
        if self._unread[reader] + length > UNREAD * self._settings.max_answer:
            file.close()
            message = f"read your other answers first; try again in {RETRY_AFTER} s"
            raise _Refusal(503, message, {"Retry-After": str(RETRY_AFTER)})
        kept, is_head = self._kept(reader, length), request.method == "HEAD"
        return _FileResponse(file, outcome.media_type, length, kept, is_head)

    @contextmanager
    def _kept(self, reader: str, length: int) -> Iterator[None]:
        """Count an answer while its client has not read it."""
        self._unread[reader] += length
        try:
            yield
        finally:
            self._unread[reader] -= length
            # Clients without any are forgotten.
            self._unread = +self._unread

    async def _outcome(self, pool: WorkerPool, job: Job, file: int, client: str) -> Outcome:
        """Run a query of a client, and write its answer to an open file."""
        try:
            outcome, _ = await pool.run(job, client, file)
            return Outcome(*outcome)
        except BusyError:
            message = f"too many queries at once; try again in {RETRY_AFTER} s"
            return Outcome(503, message=message, retry_after=RETRY_AFTER)
        except TurnOverError as over:
            advice = "make it narrower, or start the server with a longer --timeout"
            if over.is_shared:
                advice = "others wait, so make it narrower, or try again later"
            return Outcome(503, message=f"query: stopped after {over.seconds:g} s; {advice}")
        except WorkerError:
            memory = f"{self._settings.max_memory >> 20:,} MiB"
            return Outcome(
                503,
                message="query: the process that ran it has ended; the query may need more than"
                f" {memory} of memory or be too deeply nested, so make it narrower",
            )

    async def _describe(self, request: Request) -> Response:
        # Data first: a client that accepts anything is no browser.
        media_type = choose(_accept(request), [*GRAPHS, HTML])
        if media_type is None:
            raise _Refusal(406, f"no acceptable format; there are {', '.join([*GRAPHS, HTML])}")
        if media_type == HTML:
            response = await self._page(request)
            response.headers["Vary"] = "Accept"
            return response
        return Response(self._description(request, media_type), headers=_headers(media_type))

    def _description(self, request: Request, media_type: str) -> bytes:
        """The endpoint at its address, with the named graphs of its dataset."""
        named = "".join(map(NAMED_GRAPH.format, map(NamedNode, graph_names(self._store))))
        endpoint = NamedNode(_address(request))
        text = DESCRIPTION.format(endpoint=endpoint, named_graphs=named)
        parser = parse(text, RdfFormat.TURTLE)
        content = serialize(parser, format=GRAPHS[media_type], prefixes=dict(parser.prefixes))
        return content or b""


class _Parameters(NamedTuple):
    """The parameters of a request, of its address and its body together."""

    pairs: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        """Return whether the request is for the service itself."""
        known = ("query", "update", "default-graph-uri", "named-graph-uri")
        return not any(name in known for name, _ in self.pairs)

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def last(self, name: str) -> str:
        return next(reversed(self.values(name)), "")

    def query(self) -> str:
        """The query. Raises _Refusal where there is none, or more than one."""
        found = self.values("query")
        if not found:
            raise _no_query()
        if len(found) > 1:
            raise _Refusal(400, "more than one query; send one parameter 'query'")
        return found[0]

    def iris(self, name: str) -> list[str]:
        """The graphs that a parameter names. Raises _Refusal for what is no IRI."""
        found = self.values(name)
        for each in found:
            if not is_iri(each):
                raise _Refusal(400, f"{name}: {each[:200]!r} is no absolute IRI")
        return found


async def _read(request: Request) -> _Parameters:
    """The parameters of a request (SPARQL 1.1 Protocol, sections 2.1 and 2.2)."""
    pairs = _pairs(request.scope["query_string"])
    if request.method == "POST":
        media_type, charset = _content_type(request)
        if media_type not in (FORM, QUERY, UPDATE):
            raise _Refusal(
                415,
                f"a POST must be {QUERY} or {FORM}, not {media_type or 'without a Content-Type'}",
                {"Accept-Post": f"{QUERY}, {FORM}"},
            )
        if charset != "utf-8":
            raise _Refusal(415, f"the charset must be UTF-8, not {charset}")
        if media_type == UPDATE:
            raise _read_only()
        body = await _body(request)
        pairs += _pairs(body) if media_type == FORM else [("query", _decoded(body))]
    names = [name for name, _ in pairs]
    if names.count("update") == 1 and "query" not in names and request.method == "POST":
        raise _read_only()
    if "update" in names:
        raise _Refusal(400, "the endpoint takes queries only; send one parameter 'query'")
    if request.method == "POST" and "query" not in names:
        raise _no_query()
    return _Parameters(pairs)


def _no_query() -> _Refusal:
    return _Refusal(400, "no query; send one parameter 'query'")


def _read_only() -> _Refusal:
    return _Refusal(403, "the endpoint is read-only and runs no updates")


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_REQUEST:
            raise _Refusal(413, f"a request may have {MAX_REQUEST >> 10:,} KiB; shorten the query")
    return body


def _pairs(content: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            content.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeDecodeError:
        raise _not_utf8() from None
    except ValueError:
        raise _Refusal(400, f"more than {MAX_PARAMETERS:,} parameters") from None


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise _not_utf8() from None


def _not_utf8() -> _Refusal:
    return _Refusal(400, "the request is not UTF-8")


def _content_type(request: Request) -> tuple[str, str]:
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    charset = "utf-8"
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip() == "charset":
            charset = value.strip().strip('"').replace("utf8", "utf-8")
    return media_type.strip(), charset


def _accept(request: Request) -> str:
    return ",".join(request.headers.getlist("accept"))


def _address(request: Request) -> str:
    """The endpoint's own address, for relative IRIs and its description."""
    address = str(request.url.replace(query="", fragment=""))
    return address if is_iri(address) else f"http://localhost{PATH}"


def _headers(media_type: str) -> dict[str, str]:
    is_text = media_type.startswith("text/")
    charset = "; charset=utf-8" if is_text else ""
    return {"Content-Type": media_type + charset, "Vary": "Accept"}


def _line(status: int, message: str, headers: Mapping[str, str] | None) -> Response:
    line = " ".join(message.split()) + "\n"
    return Response(
        line, status, {"Vary": "Accept", **(headers or {})}, "text/plain; charset=utf-8"
    )


class _FileResponse(StreamingResponse):
    """An open file, sent part by part and closed; it is kept until then."""

    def __init__(
        self,
        file: IO[bytes],
        media_type: str,
        length: int,
        kept: AbstractContextManager[None],
        is_head: bool,
    ) -> None:
        headers = {**_headers(media_type), "Content-Length": str(length)}
        super().__init__(_parts(file.fileno(), 0 if is_head else length), headers=headers)
        self._file = file
        self._kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._file, self._kept:
            await super().__call__(scope, receive, send)


async def _parts(file: int, length: int) -> AsyncIterator[bytes]:
    # The worker has moved the position of the file that they share.
    for start in range(0, length, CHUNK):
        yield os.pread(file, CHUNK, start)
