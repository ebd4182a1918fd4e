"""The SPARQL endpoint: the SPARQL 1.1 Protocol for queries, and the description of the service.

The status of a response precedes its body, and a query may fail or find too much at its last row.
So a worker writes the whole answer to a file before any of it is sent.
"""

import errno
import os
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from csv import writer
from functools import partial
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import Any, BinaryIO, NamedTuple, TextIO, TypeVar
from urllib.parse import parse_qsl

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tipgraph.errors import InputError
from tipgraph.explorer.http import (
    FORM,
    GRAPHS,
    MAX_PARAMETERS,
    ROWS,
    Refusal,
    choose,
    client,
    disconnection,
    read_body,
    while_connected,
)
from tipgraph.explorer.unread import READ_FIRST, PartsResponse, Unread, in_parts
from tipgraph.explorer.workers import (
    RETRY_AFTER,
    BusyError,
    QuerySettings,
    TurnOverError,
    WorkerError,
    WorkerPool,
)
from tipgraph.export.graph import graph_names
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import PREFIXES
from tipgraph.rdf import sparql
from tipgraph.rdf.terms import Term, is_iri, plain_term
from tipgraph.render import formats
from tipgraph.safe_text import NOT_XML
from tipgraph.store.engine import DAMAGE
from tipgraph.text import one_line

PATH = "/sparql"
METHODS = "GET, HEAD, POST, OPTIONS"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
HTML = "text/html"
KNOWN = ("query", "update", "default-graph-uri", "named-graph-uri")
READ_ONLY = "the endpoint is read-only and runs no updates"
LATER = {"Retry-After": str(RETRY_AFTER)}
CHARSET = re.compile(r"\bcharset=\"?([^\";\s]+)")
# The bytes of a request.
MAX_REQUEST = 1 << 20
# The number of the longest answers that may wait, as files, for one client to read them.
UNREAD = 2

T = TypeVar("T")
Page = Callable[[Request], Awaitable[Response]]
Parameters = ImmutableMultiDict[str, str]

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


class Sent(NamedTuple):
    """A request for a query, of what JSON can express, and the most rows of its answer.

    A worker reads the parameters: to decode them takes time in which nobody else would be served.
    """

    # The parameters in the address, and the body: each byte is a character.
    parameters: str
    body: str
    method: str
    media_type: str
    accept: str
    # The base of relative IRIs.
    base: str
    max_rows: int


class _Endpoint:
    """The ASGI application at the endpoint's address."""

    def __init__(self, graph: LocalGraph, settings: QuerySettings, page: Page) -> None:
        self._store = graph.engine.store
        self._settings = settings
        # Windows has no fork.
        can_fork = hasattr(os, "fork")
        self._pool = WorkerPool(partial(work, self._store), settings) if can_fork else None
        self._page = page
        self._unread = Unread(UNREAD * settings.max_answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except Refusal as refusal:
            line = one_line(refusal.message) + "\n"
            headers = {"Vary": "Accept", **(refusal.headers or {})}
            response = PlainTextResponse(line, refusal.status, headers)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": METHODS})
        if request.method not in METHODS.split(", "):
            raise Refusal(405, f"{request.method}: use GET or POST", {"Allow": METHODS})
        # Others are of no meaning here, so that the request is for the service itself.
        if request.method != "POST" and request.query_params.keys().isdisjoint(KNOWN):
            return await self._describe(request)
        return await self._answer(request)

    async def _answer(self, request: Request) -> Response:
        media_type, body = await _read(request) if request.method == "POST" else ("", b"")
        pool = self._pool
        if pool is None:
            reason = "this system cannot end a query that takes too long; use 'tipgraph query'"
            raise Refusal(501, reason)
        sent = Sent(
            parameters=request.url.query,
            body=body.decode("latin-1"),
            method=request.method,
            media_type=media_type,
            accept=_accept(request),
            base=_address(request),
            max_rows=self._settings.max_rows,
        )
        try:
            file = TemporaryFile(buffering=0)  # noqa: SIM115
        except OSError as error:
            raise Refusal(*_unwritten(error)) from None
        reader = client(request)
        try:
            answering = self._answered(pool, sent, file.fileno(), reader)
            media_type = await while_connected(answering, disconnection(request))
            length = os.fstat(file.fileno()).st_size
            kept = self._unread.kept(reader, length)
            if kept is None:
                raise Refusal(503, READ_FIRST, LATER)
        except BaseException:
            file.close()
            raise
        headers = {**_headers(media_type), "Content-Length": str(length)}
        # The worker has moved the position of the file that they share.
        read = partial(os.pread, file.fileno())
        parts = in_parts(read, 0 if request.method == "HEAD" else length)
        return PartsResponse(parts, kept, file, headers=headers)

    async def _answered(self, pool: WorkerPool, sent: Sent, file: int, client: str) -> str:
        """Run a query of a client, write its answer to an open file, and return its media type."""
        try:
            (status, found), _ = await pool.run(sent, client, file)
        except BusyError:
            message = f"too many queries at once; try again in {RETRY_AFTER} s"
            raise Refusal(503, message, LATER) from None
        except TurnOverError as over:
            advice = "make it narrower, or start the server with a longer --timeout"
            if over.is_shared:
                advice = "others wait, so make it narrower, or try again later"
            raise Refusal(503, f"query: stopped after {over.seconds:g} s; {advice}") from None
        except WorkerError:
            memory = f"{self._settings.max_memory >> 20:,} MiB"
            raise Refusal(
                503,
                "query: the process that ran it has ended; the query may need more than"
                f" {memory} of memory or be too deeply nested, so make it narrower",
            ) from None
        if status != 200:
            raise Refusal(status, found)
        return str(found)

    async def _describe(self, request: Request) -> Response:
        # Data first: a client that accepts anything is no browser.
        media_type = choose(_accept(request), [*GRAPHS, HTML])
        if media_type is None:
            raise Refusal(406, f"no acceptable format; there are {', '.join([*GRAPHS, HTML])}")
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
        syntax = RdfFormat.from_media_type(media_type)
        content = serialize(parser, format=syntax, prefixes=dict(parser.prefixes))
        return content or b""


def _graphs(parameters: Parameters, name: str) -> list[NamedNode]:
    """The graphs that a parameter names. Raises Refusal for what is no IRI."""
    found = parameters.getlist(name)
    for each in found:
        if not is_iri(each):
            raise Refusal(400, f"{name}: {each[:200]!r} is no absolute IRI")
    return list(map(NamedNode, found))


async def _read(request: Request) -> tuple[str, bytes]:
    """The media type and the body of a POST (SPARQL 1.1 Protocol, sections 2.1 and 2.2)."""
    media_type, charset = _content_type(request)
    if media_type not in (FORM, QUERY, UPDATE):
        raise Refusal(
            415,
            f"a POST must be {QUERY} or {FORM}, not {media_type or 'without a Content-Type'}",
            {"Accept-Post": f"{QUERY}, {FORM}"},
        )
    if charset != "utf-8":
        raise Refusal(415, f"the charset must be UTF-8, not {charset}")
    if media_type == UPDATE:
        raise Refusal(403, READ_ONLY)
    too_long = f"a request may have {MAX_REQUEST >> 10:,} KiB; shorten the query"
    return media_type, await read_body(request, MAX_REQUEST, too_long)


def _parameters(sent: Sent) -> Parameters:
    """The parameters of a request, with one query. Raises Refusal for others."""
    body = sent.body.encode("latin-1")
    try:
        pairs = _pairs(sent.parameters.encode("latin-1"))
        if sent.method == "POST":
            pairs += _pairs(body) if sent.media_type == FORM else [("query", body.decode())]
    except UnicodeDecodeError:
        raise Refusal(400, "the request is not UTF-8") from None
    except ValueError:
        raise Refusal(400, f"more than {MAX_PARAMETERS:,} parameters") from None
    parameters = Parameters(pairs)
    if "update" in parameters:
        is_one = sent.method == "POST" and "query" not in parameters
        if is_one and len(parameters.getlist("update")) == 1:
            raise Refusal(403, READ_ONLY)
        raise Refusal(400, "the endpoint takes queries only; send one parameter 'query'")
    if len(parameters.getlist("query")) != 1:
        number = "more than one" if "query" in parameters else "no"
        raise Refusal(400, f"{number} query; send one parameter 'query'")
    return parameters


def _pairs(content: bytes) -> list[tuple[str, str]]:
    return parse_qsl(
        content.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS
    )


def _content_type(request: Request) -> tuple[str, str]:
    """The media type of the body, and its charset."""
    media_type, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    found = CHARSET.search(parameters)
    return media_type.strip(), found[1].replace("utf8", "utf-8") if found else "utf-8"


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


def _write_csv(columns: Sequence[str], rows: Iterable[formats.AnyRow], out: TextIO) -> None:
    """SPARQL 1.1 Query Results CSV Format: IRIs and lexical forms."""
    lines = writer(out)
    lines.writerow(columns)
    for row in rows:
        lines.writerow(["" if term is None else _plain(term) for term in row])


def _write_tsv(columns: Sequence[str], rows: Iterable[formats.AnyRow], out: TextIO) -> None:
    """SPARQL 1.1 Query Results TSV Format: terms as in Turtle."""
    out.write("\t".join(f"?{name}" for name in columns) + "\n")
    for row in rows:
        cells = ("" if term is None else str(term) for term in row)
        out.write("\t".join(cells).replace("\n", "\\n").replace("\r", "\\r") + "\n")


def _plain(term: Term | Triple) -> str:
    return str(term) if isinstance(term, Triple) else plain_term(term)


WRITERS: Mapping[str, formats.Write] = dict(
    zip(
        ROWS,
        (*[formats.write_json] * 2, *[formats.write_xml] * 2, _write_csv, _write_tsv),
        strict=True,
    )
)
FORMATS = {"SELECT": ROWS, "ASK": ROWS, "CONSTRUCT": GRAPHS, "DESCRIBE": GRAPHS}
# A predicate becomes the name of an element: a namespace, and a local name.
XML_NAME = re.compile(r".*[^\w.-]?[^\W\d][\w.-]*", re.DOTALL)


def work(store: Store, asked: Any, output: BinaryIO | None) -> tuple[tuple[int, str], bytes]:
    """Run a query in a worker, and return the status of the response.

    With it comes the media type of the answer, or one line for people. `asked` has the fields of a
    request. What is written is worth nothing unless the status is 200. The output may raise OSError
    (EFBIG) where it becomes too long.
    """
    assert output is not None
    try:
        found = 200, _write(store, Sent(*asked), output)
    except Refusal as refusal:
        found = refusal.status, refusal.message
    except InputError as error:
        found = 400, str(error)
    except MemoryError:
        found = 503, "query: it needs more memory than a query may have"
    except OSError as error:
        found = _unwritten(error)
    except (ValueError, RuntimeError) as error:
        reason = one_line(str(error))
        found = 400, f"query: {reason[:1].lower()}{reason[1:]}"
        if reason.startswith(DAMAGE):
            found = 503, "the graph's files are damaged; start the server again"
    return found, b""


def _write(store: Store, sent: Sent, output: BinaryIO) -> str:
    """Write the answer and return its media type."""
    parameters = _parameters(sent)
    query = parameters["query"]
    if sparql.is_update(query):
        raise Refusal(400, "query: this is an update; the endpoint is read-only")
    sparql.check(query, sent.base)
    form = sparql.form(query)
    offers = FORMATS[form]
    # A form of a page cannot set the header.
    media_type = choose(parameters.get("accept") or sent.accept, offers)
    if media_type is None:
        raise Refusal(406, f"{form}: no acceptable format; there are {', '.join(offers)}")
    answer = store.query(query, base_iri=sent.base, prefixes=PREFIXES, **_dataset(parameters))
    if isinstance(answer, QueryBoolean):
        answer.serialize(output, QueryResultsFormat.from_media_type(media_type))
    elif isinstance(answer, QuerySolutions):
        columns = [variable.value for variable in answer.variables]
        text = TextIOWrapper(output, encoding="utf-8", newline="")
        WRITERS[media_type](columns, _counted(answer, sent.max_rows), text)
        text.detach()
    else:
        _write_graph(answer, media_type, sent.max_rows, output)
    output.flush()
    return media_type


def _dataset(parameters: Parameters) -> dict[str, Any]:
    """The graphs of a query (SPARQL 1.1 Protocol, section 2.1.4); one that is unknown is empty.

    Without any in the request, they are those of the query, or all.
    """
    default, named = (_graphs(parameters, f"{each}-graph-uri") for each in ("default", "named"))
    if default or named:
        return {"default_graph": default, "named_graphs": named}
    return {"use_default_graph_as_union": not sparql.has_dataset(parameters["query"])}


def _write_graph(triples: QueryTriples, media_type: str, most: int, output: BinaryIO) -> None:
    syntax = RdfFormat.from_media_type(media_type)
    # A template may give a triple more than once.
    found: dict[Triple, None] = {}
    for triple in triples:
        found[triple] = None
        if len(found) > most:
            raise _too_long(most, "triples")
    if syntax == RdfFormat.RDF_XML:
        _check_xml(found)
    prefixes = None
    if syntax == RdfFormat.TURTLE:
        text = " ".join(map(str, found))
        prefixes = {name: iri for name, iri in PREFIXES.items() if f"<{iri}" in text}
    serialize(found, output, syntax, prefixes=prefixes)


def _check_xml(triples: Iterable[Triple]) -> None:
    """Refuse what RDF/XML cannot express; pyoxigraph would write a broken document."""
    for triple in triples:
        predicate, found = triple.predicate.value, triple.object
        if isinstance(found, Triple):
            _check_xml([found])
        elif not XML_NAME.fullmatch(predicate) or re.search(NOT_XML, found.value):
            reason = f"RDF/XML cannot express a triple of <{predicate}>; ask for text/turtle"
            raise Refusal(406, reason)


def _counted(rows: Iterable[T], most: int) -> Iterator[T]:
    for number, row in enumerate(rows):
        if number == most:
            raise _too_long(most, "rows")
        yield row


def _too_long(most: int, what: str) -> Refusal:
    advice = "add LIMIT, or start the server with a larger --max-rows"
    return Refusal(400, f"query: it has more than {most:,} {what}; {advice}")


def _unwritten(error: OSError) -> tuple[int, str]:
    """The status and the reason why an answer cannot be kept as a file."""
    if error.errno == errno.EFBIG:
        return 400, "query: its answer is too long; select less or add LIMIT"
    if error.errno is None:
        # "JSON-LD does not support RDF 1.2 yet"
        return 406, f"query: {error}; ask for another format"
    return 503, f"the answer cannot be kept: {error.strerror}"
