"""Fake stores: a real engine behind a real HTTP server with the documented interface of a store.

Each accepts what a store of its kind is documented to accept, and refuses everything else, or more
than that: as behind a proxy that requires the length of each body (411), none of them accepts
chunks or compression.
"""

import json
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote_plus, urlsplit

from pyoxigraph import (
    NamedNode,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from tests.endpoint.guards import Authenticator
from tests.endpoint.message import FORM, StoreError, StoreRequest, StoreResponse

QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
SYNTAXES = {
    TRIPLES: RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
}

Service = Callable[[StoreRequest], StoreResponse]


def is_move(request: StoreRequest) -> bool:
    """Return whether a request moves a graph into place."""
    text = unquote_plus(request.body.decode(errors="replace"))
    return "{ ?a ?b ?c }" in text or "MOVE SILENT" in text


class FakeStore:
    """A SPARQL 1.1 store whose three addresses have nothing in common.

    SPARQL 1.1 Protocol, sections 2.1 and 2.2; SPARQL 1.1 Graph Store HTTP Protocol, sections 4.2
    and 5.
    """

    # Headers of all responses, and of responses to admitted users only.
    always: ClassVar[Mapping[str, str]] = {}
    headers: ClassVar[Mapping[str, str]] = {}
    # The charset of a body whose media type has none.
    charset: ClassVar[str] = "utf-8"
    # True if the default graph is the union of all graphs.
    is_union: ClassVar[bool] = False
    # Status after a PUT that creates a graph, one that replaces it, and an update.
    made: ClassVar[int] = 201
    replaced: ClassVar[int] = 204
    updated: ClassVar[int] = 204

    def __init__(self, authenticator: Authenticator | None = None, limit: int = 10_000_000) -> None:
        """`limit` is the most bytes of a request's body."""
        self.authenticator = authenticator or Authenticator()
        self.limit = limit
        self.store = Store()
        self.requests: list[StoreRequest] = []

    def services(self) -> Mapping[str, Service]:
        """The service at each path."""
        return {"/ask": self.query, "/change/now": self.update, "/graphs": self.graphs}

    def respond(self, request: StoreRequest, body: Callable[[], bytes]) -> StoreResponse:
        """Record a request and return the response."""
        self.requests.append(request)
        try:
            self._check_body(request)
            self.authenticator.check(request)
        except StoreError as refusal:
            response, own = refusal.response, self.always
        else:
            request.body = body()
            response, own = self._respond(request), {**self.always, **self.headers}
        request.status = response.status
        response.headers = {**own, **response.headers}
        return response

    def _respond(self, request: StoreRequest) -> StoreResponse:
        try:
            return self._service(request)(request)
        except StoreError as refusal:
            return refusal.response

    def query(self, request: StoreRequest) -> StoreResponse:
        """SPARQL 1.1 Protocol, section 2.1."""
        text = self._text(request, "query", QUERY)
        default: Any = [NamedNode(name) for name in self._given(request, "default-graph-uri")]
        try:
            result = self.store.query(
                text,
                default_graph=default or None,
                use_default_graph_as_union=self.is_union and not default,
            )
        except SyntaxError as error:
            raise StoreError(400, str(error)) from None
        if isinstance(result, QueryTriples):
            return self._triples(request, result)
        if not request.accepts(ROWS):
            raise StoreError(406)
        rows = result.serialize(format=QueryResultsFormat.JSON) or b""
        return StoreResponse(200, rows, {"Content-Type": ROWS})

    def update(self, request: StoreRequest) -> StoreResponse:
        """SPARQL 1.1 Protocol, section 2.2."""
        if request.method != "POST":
            raise StoreError(405, "SPARQL Update : use POST", Allow="POST")
        try:
            self.store.update(self._text(request, "update", UPDATE))
        except SyntaxError as error:
            raise StoreError(400, str(error)) from None
        except RuntimeError as error:
            raise StoreError(500, str(error)) from None
        return StoreResponse(self.updated)

    def graphs(self, request: StoreRequest) -> StoreResponse:
        """SPARQL 1.1 Graph Store HTTP Protocol, with the graph's name as a parameter."""
        names = request.parameters.get("graph", [])
        if len(names) != 1:
            raise StoreError(400, "Named or default graph expected")
        graph = NamedNode(names[0])
        match request.method:
            case "GET":
                return self._get(request, graph)
            case "PUT" | "POST":
                return self._put(request, graph)
            case "DELETE":
                self._check_exists(graph)
                self.store.remove_graph(graph)
                return StoreResponse(204)
            case method:
                raise StoreError(405, f"{method} is not for graphs")

    def holds(self, graph: NamedNode) -> bool:
        """Return whether there is a triple in the graph."""
        return any(True for _ in self.store.quads_for_pattern(None, None, None, graph))

    def _get(self, request: StoreRequest, graph: NamedNode) -> StoreResponse:
        self._check_exists(graph)
        quads = self.store.quads_for_pattern(None, None, None, graph)
        return self._triples(request, (quad.triple for quad in quads))

    def _put(self, request: StoreRequest, graph: NamedNode) -> StoreResponse:
        if request.media_type not in SYNTAXES:
            raise StoreError(
                415 if request.media_type else 400, f"Unsupported MIME type: {request.media_type}"
            )
        try:
            quads = [
                Quad(quad.subject, quad.predicate, quad.object, graph)
                for quad in parse(request.body, format=SYNTAXES[request.media_type])
            ]
        except SyntaxError as error:
            raise StoreError(400, str(error)) from None
        status = self.replaced if self.holds(graph) else self.made
        if request.method == "PUT":
            self.store.remove_graph(graph)
        self.store.extend(quads)
        return StoreResponse(status)

    def _check_exists(self, graph: NamedNode) -> None:
        if not self.holds(graph):
            raise StoreError(404, f"No such graph: {graph}")

    def _triples(
        self, request: StoreRequest, triples: Iterator[Triple] | QueryTriples
    ) -> StoreResponse:
        kind = next((kind for kind in SYNTAXES if request.accepts(kind)), None)
        if kind is None:
            raise StoreError(406)
        return StoreResponse(
            200, serialize(triples, format=SYNTAXES[kind]) or b"", {"Content-Type": kind}
        )

    def _text(self, request: StoreRequest, name: str, kind: str) -> str:
        """The query or update, sent in one of the ways of the protocol."""
        if request.method == "POST" and request.media_type == kind:
            return request.body.decode(request.charset(self.charset))
        if request.method == "POST" and request.media_type != FORM:
            raise StoreError(415, f"Must be {kind} or {FORM} (got {request.media_type})")
        texts = self._given(request, name)
        if len(texts) != 1:
            raise StoreError(400, f"Missing parameter: {name}")
        return texts[0]

    def _given(self, request: StoreRequest, name: str) -> list[str]:
        """The values of a parameter, in the address and in a form."""
        form: dict[str, list[str]] = {}
        if request.media_type == FORM:
            form = parse_qs(request.body.decode("ascii"), encoding=request.charset(self.charset))
        return [*request.parameters.get(name, []), *form.get(name, [])]

    def _service(self, request: StoreRequest) -> Service:
        service = self.services().get(request.path)
        if service is None:
            raise StoreError(404)
        return service

    def _check_body(self, request: StoreRequest) -> None:
        if "transfer-encoding" in request.headers:
            raise StoreError(411)
        if "content-encoding" in request.headers:
            raise StoreError(415)
        if request.method in ("POST", "PUT") and "content-length" not in request.headers:
            raise StoreError(411)
        if int(request.headers.get("content-length", 0)) > self.limit:
            raise StoreError(413)


class NoGraphStore(FakeStore):
    """SPARQL 1.1 Query and Update at one address, and no Graph Store Protocol."""

    def services(self) -> Mapping[str, Service]:
        return {"/sparql": self._either}

    def _either(self, request: StoreRequest) -> StoreResponse:
        is_update = request.media_type == UPDATE or self._given(request, "update")
        return self.update(request) if is_update else self.query(request)


class Fuseki(FakeStore):
    """Apache Jena Fuseki 5 with the dataset /ds, started with --update.

    Documentation of Fuseki, pages "Fuseki Data Service Configuration Syntax" (the services of a
    server that is started from the command line, dispatch at the dataset's own address, quad
    extensions) and "Data Access Control for Fuseki". Statuses and the header with the request's
    number are those of its servlets GSP_R, GSP_RW, SPARQL_Update, SPARQLQueryProcessor and
    ActionExecLib. A release does not send `Server`; a request that Jetty refuses does not reach
    Fuseki.
    """

    headers: ClassVar[Mapping[str, str]] = {"Fuseki-Request-Id": "1"}
    replaced: ClassVar[int] = 200

    def services(self) -> Mapping[str, Service]:
        return {
            "/ds": self._dataset,
            "/ds/query": self.query,
            "/ds/sparql": self.query,
            "/ds/update": self.update,
            "/ds/data": self._graph_or_all,
        }

    def query(self, request: StoreRequest) -> StoreResponse:
        if request.method == "GET" and not request.parameters:
            raise StoreError(404, f"Service Description: {request.path}")
        return super().query(request)

    def update(self, request: StoreRequest) -> StoreResponse:
        response = super().update(request)
        if request.media_type == FORM:
            return StoreResponse(200, b"<h1>Success</h1>", {"Content-Type": "text/html"})
        return response

    def _dataset(self, request: StoreRequest) -> StoreResponse:
        if request.media_type == UPDATE or self._given(request, "update"):
            return self.update(request)
        if request.media_type == QUERY or self._given(request, "query"):
            return self.query(request)
        return self._graph_or_all(request)

    def _graph_or_all(self, request: StoreRequest) -> StoreResponse:
        if "graph" in request.parameters:
            return self.graphs(request)
        if request.method == "GET":
            return StoreResponse(200, self.store.dump(format=RdfFormat.TRIG) or b"")
        raise StoreError(400, "No quads for the whole dataset, please")

    def _put(self, request: StoreRequest, graph: NamedNode) -> StoreResponse:
        response = super()._put(request, graph)
        counts = {name: request.body.count(b"\n") for name in ("count", "tripleCount")}
        response.body = json.dumps(counts | {"quadCount": 0}).encode()
        response.headers["Content-Type"] = "application/json"
        return response


class RDF4J(FakeStore):
    """Eclipse RDF4J Server 5 with the repository `tip`.

    Its page "The RDF4J REST API" (protocol version 14), and for statuses its classes
    RepositoryController, StatementsController and GraphController. They read bodies as servlets do,
    as ISO 8859-1 unless a charset is given. A missing graph is an empty one.
    """

    root: ClassVar[str] = "/rdf4j-server"
    charset: ClassVar[str] = "iso-8859-1"
    is_union: ClassVar[bool] = True
    made: ClassVar[int] = 204

    def services(self) -> Mapping[str, Service]:
        repository = f"{self.root}/repositories/tip"
        return {
            f"{self.root}/protocol": lambda _: StoreResponse(
                200, b"14", {"Content-Type": "text/plain"}
            ),
            repository: self._repository,
            f"{repository}/statements": self._statements,
            f"{repository}/rdf-graphs/service": self.graphs,
        }

    def _repository(self, request: StoreRequest) -> StoreResponse:
        if request.method not in ("GET", "POST"):
            raise StoreError(409, "this would make or remove the repository")
        return self.query(request)

    def _statements(self, request: StoreRequest) -> StoreResponse:
        if request.method == "GET":
            return StoreResponse(200, self.store.dump(format=RdfFormat.N_QUADS) or b"")
        if request.media_type != UPDATE and not self._given(request, "update"):
            raise StoreError(415, f"Unsupported MIME type: {request.media_type}")
        return self.update(request)

    def _check_exists(self, graph: NamedNode) -> None:
        pass


class GraphDB(RDF4J):
    """Ontotext GraphDB with the repository `tip`: RDF4J's addresses at the root.

    Its documentation, pages "Using GraphDB with the RDF4J API" and "Access Control".
    """

    root: ClassVar[str] = ""
    always: ClassVar[Mapping[str, str]] = {"Server": "GraphDB/10.7.1 RDF4J/4.3.12"}


class Virtuoso(FakeStore):
    """OpenLink Virtuoso 7, as far as tipgraph's requests need it.

    Its documentation, pages "SPARQL Web Services & APIs" and "SPARQL Authentication"; what it does
    with a chunked PUT, and with a PUT that names no graph, was observed on a real one.
    """

    always: ClassVar[Mapping[str, str]] = {"Server": "Virtuoso/07.20.3239 (Linux)"}
    replaced: ClassVar[int] = 200
    updated: ClassVar[int] = 200

    def services(self) -> Mapping[str, Service]:
        return {
            "/sparql": self._asking_only,
            "/sparql-auth": self._either,
            "/sparql-graph-crud": self._reading_only,
            "/sparql-graph-crud-auth": self._graphs_or_page,
        }

    def _text(self, request: StoreRequest, name: str, media_type: str) -> str:
        # Its pragmas say how to evaluate, and change no result.
        return re.sub(r'\bDEFINE \S+ "[^"]*" ', "", super()._text(request, name, media_type))

    def _asking_only(self, request: StoreRequest) -> StoreResponse:
        if self._given(request, "update"):
            raise StoreError(500, "Virtuoso 42000 Error SR186: No permission to execute procedure")
        return self.query(request)

    def _either(self, request: StoreRequest) -> StoreResponse:
        return self.update(request) if self._given(request, "update") else self.query(request)

    def _reading_only(self, request: StoreRequest) -> StoreResponse:
        if request.method != "GET":
            raise StoreError(401)
        return self.graphs(request)

    def _graphs_or_page(self, request: StoreRequest) -> StoreResponse:
        if "graph" not in request.parameters:
            return StoreResponse(200, b"<html></html>", {"Content-Type": "text/html"})
        if "transfer-encoding" in request.headers:
            self.store.remove_graph(NamedNode(request.parameters["graph"][0]))
            return StoreResponse(201)
        return self.graphs(request)

    def _check_body(self, request: StoreRequest) -> None:
        if "transfer-encoding" not in request.headers:
            super()._check_body(request)


@contextmanager
def serving(fake: FakeStore, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve the store on a free port, over TLS with a context; yield the server's root address."""

    class Handler(_Handler):
        served = fake

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if context:
        scheme = "https"
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: ClassVar[FakeStore]
    _left: int

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        parameters = parse_qs(target.query, keep_blank_values=True)
        request = StoreRequest(self.command, self.path, target.path, parameters, headers)
        self._left = int(self.headers.get("Content-Length", 0))
        self._give(self.served.respond(request, self._body))
        # Closing a connection with unread data would discard the response.
        self._body()

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

    def _body(self) -> bytes:
        body = self.rfile.read(self._left)
        self._left = 0
        return body

    def _give(self, response: StoreResponse) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, *_: Any) -> None:
        pass
