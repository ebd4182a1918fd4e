"""Stores that are real inside and documented outside.

Inside is a real engine and around it a real HTTP server. The face in between takes what the store
of this kind is documented to take, and refuses whatever else it would refuse, or more than that:
behind a proxy that wants to know each body's length (411), all of them take neither chunks nor
compression.
"""

import json
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

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

from tests.stores.guards import Guard
from tests.stores.message import FORM, Answer, Asked, Refusal

QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
SYNTAXES = {
    TRIPLES: RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
MOVE = re.compile(r"MOVE GRAPH (<[^>]*>) TO GRAPH (<[^>]*>)")

Service = Callable[[Asked], Answer]


class Face:
    """A store of SPARQL 1.1 whose three addresses have nothing in common.

    SPARQL 1.1 Protocol, sections 2.1 and 2.2; SPARQL 1.1 Graph Store HTTP Protocol, sections 4.2
    and 5.
    """

    # What it tells of itself always, and only to those whom it lets in.
    always: ClassVar[Mapping[str, str]] = {}
    headers: ClassVar[Mapping[str, str]] = {}
    # What a body is read in where its media type tells no charset.
    charset: ClassVar[str] = "utf-8"
    # Whether the default graph is all graphs together.
    is_union: ClassVar[bool] = False
    # What a graph that is put, made or made anew, and an update are answered with.
    made: ClassVar[int] = 201
    replaced: ClassVar[int] = 204
    updated: ClassVar[int] = 204

    def __init__(self, guard: Guard | None = None, limit: int = 10_000_000) -> None:
        """`limit` is for the bytes of a request's body."""
        self.guard = guard or Guard()
        self.limit = limit
        self.store = Store()
        self.asked: list[Asked] = []

    def services(self) -> Mapping[str, Service]:
        """What is done at which path."""
        return {"/ask": self.query, "/change/now": self.update, "/graphs": self.graphs}

    def answer(self, asked: Asked, body: Callable[[], bytes]) -> Answer:
        """The answer to a request, which is remembered."""
        self.asked.append(asked)
        try:
            self._check_body(asked)
            self.guard.check(asked)
        except Refusal as refusal:
            answer, own = refusal.answer, self.always
        else:
            asked.body = body()
            answer, own = self._answer(asked), {**self.always, **self.headers}
        asked.status = answer.status
        answer.headers = {**own, **answer.headers}
        return answer

    def _answer(self, asked: Asked) -> Answer:
        try:
            return self._service(asked)(asked)
        except Refusal as refusal:
            return refusal.answer

    def query(self, asked: Asked) -> Answer:
        """SPARQL 1.1 Protocol, section 2.1."""
        text = self._text(asked, "query", QUERY)
        default: Any = [NamedNode(name) for name in self._given(asked, "default-graph-uri")]
        try:
            result = self.store.query(
                text,
                default_graph=default or None,
                use_default_graph_as_union=self.is_union and not default,
            )
        except SyntaxError as error:
            raise Refusal(400, str(error)) from None
        if isinstance(result, QueryTriples):
            return self._triples(asked, result)
        if not asked.accepts(ROWS):
            raise Refusal(406)
        rows = result.serialize(format=QueryResultsFormat.JSON) or b""
        return Answer(200, rows, {"Content-Type": ROWS})

    def update(self, asked: Asked) -> Answer:
        """SPARQL 1.1 Protocol, section 2.2."""
        if asked.method != "POST":
            raise Refusal(405, "SPARQL Update : use POST", Allow="POST")
        try:
            self.store.update(self._understood(self._text(asked, "update", UPDATE)))
        except SyntaxError as error:
            raise Refusal(400, str(error)) from None
        except RuntimeError as error:
            raise Refusal(500, str(error)) from None
        return Answer(self.updated)

    def graphs(self, asked: Asked) -> Answer:
        """SPARQL 1.1 Graph Store HTTP Protocol, by the graph's name as a parameter."""
        names = asked.parameters.get("graph", [])
        if len(names) != 1:
            raise Refusal(400, "Named or default graph expected")
        graph = NamedNode(names[0])
        match asked.method:
            case "GET":
                return self._get(asked, graph)
            case "PUT" | "POST":
                return self._put(asked, graph)
            case "DELETE":
                self._check_exists(graph)
                self.store.remove_graph(graph)
                return Answer(204)
            case method:
                raise Refusal(405, f"{method} is not for graphs")

    def holds(self, graph: NamedNode) -> bool:
        """Whether there is a triple in the graph."""
        return any(True for _ in self.store.quads_for_pattern(None, None, None, graph))

    def _understood(self, update: str) -> str:
        """The update in words that the engine within takes as this store takes the given ones."""
        return update

    def _get(self, asked: Asked, graph: NamedNode) -> Answer:
        self._check_exists(graph)
        quads = self.store.quads_for_pattern(None, None, None, graph)
        return self._triples(asked, (quad.triple for quad in quads))

    def _put(self, asked: Asked, graph: NamedNode) -> Answer:
        if asked.kind not in SYNTAXES:
            raise Refusal(415 if asked.kind else 400, f"Unsupported MIME type: {asked.kind}")
        try:
            quads = [
                Quad(quad.subject, quad.predicate, quad.object, graph)
                for quad in parse(asked.body, format=SYNTAXES[asked.kind])
            ]
        except SyntaxError as error:
            raise Refusal(400, str(error)) from None
        status = self.replaced if self.holds(graph) else self.made
        if asked.method == "PUT":
            self.store.remove_graph(graph)
        self.store.extend(quads)
        return Answer(status)

    def _check_exists(self, graph: NamedNode) -> None:
        if not self.holds(graph):
            raise Refusal(404, f"No such graph: {graph}")

    def _triples(self, asked: Asked, triples: Iterator[Triple] | QueryTriples) -> Answer:
        kind = next((kind for kind in SYNTAXES if asked.accepts(kind)), None)
        if kind is None:
            raise Refusal(406)
        return Answer(200, serialize(triples, format=SYNTAXES[kind]) or b"", {"Content-Type": kind})

    def _text(self, asked: Asked, name: str, kind: str) -> str:
        """What is asked, in one of the ways of the protocol."""
        if asked.method == "POST" and asked.kind == kind:
            return asked.body.decode(asked.charset(self.charset))
        if asked.method == "POST" and asked.kind != FORM:
            raise Refusal(415, f"Must be {kind} or {FORM} (got {asked.kind})")
        texts = self._given(asked, name)
        if len(texts) != 1:
            raise Refusal(400, f"Missing parameter: {name}")
        return texts[0]

    def _given(self, asked: Asked, name: str) -> list[str]:
        """The values of a parameter, in the address and in a form."""
        form: dict[str, list[str]] = {}
        if asked.kind == FORM:
            form = parse_qs(asked.body.decode("ascii"), encoding=asked.charset(self.charset))
        return [*asked.parameters.get(name, []), *form.get(name, [])]

    def _service(self, asked: Asked) -> Service:
        service = self.services().get(asked.path)
        if service is None:
            raise Refusal(404)
        return service

    def _check_body(self, asked: Asked) -> None:
        if "transfer-encoding" in asked.headers:
            raise Refusal(411)
        if "content-encoding" in asked.headers:
            raise Refusal(415)
        if asked.method in ("POST", "PUT") and "content-length" not in asked.headers:
            raise Refusal(411)
        if int(asked.headers.get("content-length", 0)) > self.limit:
            raise Refusal(413)


class NoGraphStore(Face):
    """SPARQL 1.1 Query and Update at one address, and no Graph Store Protocol."""

    def services(self) -> Mapping[str, Service]:
        return {"/sparql": self._either}

    def _either(self, asked: Asked) -> Answer:
        is_update = asked.kind == UPDATE or self._given(asked, "update")
        return self.update(asked) if is_update else self.query(asked)


class Fuseki(Face):
    """Apache Jena Fuseki 5 with the dataset /ds, started with --update.

    Documentation of Fuseki, pages "Fuseki Data Service Configuration Syntax" (the services of a
    server that is started from the command line, dispatch at the dataset's own address, quad
    extensions) and "Data Access Control for Fuseki". Statuses and the header with the request's
    number are those of its servlets GSP_R, GSP_RW, SPARQL_Update, SPARQLQueryProcessor and
    ActionExecLib. A release does not send `Server`, and whom Jetty refuses, Fuseki does not see.
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

    def query(self, asked: Asked) -> Answer:
        if asked.method == "GET" and not asked.parameters:
            raise Refusal(404, f"Service Description: {asked.path}")
        return super().query(asked)

    def update(self, asked: Asked) -> Answer:
        answer = super().update(asked)
        if asked.kind == FORM:
            return Answer(200, b"<h1>Success</h1>", {"Content-Type": "text/html"})
        return answer

    def _dataset(self, asked: Asked) -> Answer:
        if asked.kind == UPDATE or self._given(asked, "update"):
            return self.update(asked)
        if asked.kind == QUERY or self._given(asked, "query"):
            return self.query(asked)
        return self._graph_or_all(asked)

    def _graph_or_all(self, asked: Asked) -> Answer:
        if "graph" in asked.parameters:
            return self.graphs(asked)
        if asked.method == "GET":
            return Answer(200, self.store.dump(format=RdfFormat.TRIG) or b"")
        raise Refusal(400, "No quads for the whole dataset, please")

    def _put(self, asked: Asked, graph: NamedNode) -> Answer:
        answer = super()._put(asked, graph)
        counts = {name: asked.body.count(b"\n") for name in ("count", "tripleCount")}
        answer.body = json.dumps(counts | {"quadCount": 0}).encode()
        answer.headers["Content-Type"] = "application/json"
        return answer


class RDF4J(Face):
    """Eclipse RDF4J Server 5 with the repository `tip`.

    Its page "The RDF4J REST API" (protocol version 14), and for statuses the classes behind it:
    RepositoryController, StatementsController, GraphController. They read bodies as servlets do, in
    ISO 8859-1 where no charset is told. A graph that is not there is an empty one. MOVE empties its
    target before it looks for its source (SailUpdateExecutor).
    """

    root: ClassVar[str] = "/rdf4j-server"
    charset: ClassVar[str] = "iso-8859-1"
    is_union: ClassVar[bool] = True
    made: ClassVar[int] = 204

    def services(self) -> Mapping[str, Service]:
        repository = f"{self.root}/repositories/tip"
        return {
            f"{self.root}/protocol": lambda _: Answer(200, b"14", {"Content-Type": "text/plain"}),
            repository: self._repository,
            f"{repository}/statements": self._statements,
            f"{repository}/rdf-graphs/service": self.graphs,
        }

    def _repository(self, asked: Asked) -> Answer:
        if asked.method not in ("GET", "POST"):
            raise Refusal(409, "this would make or remove the repository")
        return self.query(asked)

    def _statements(self, asked: Asked) -> Answer:
        if asked.method == "GET":
            return Answer(200, self.store.dump(format=RdfFormat.N_QUADS) or b"")
        if asked.kind != UPDATE and not self._given(asked, "update"):
            raise Refusal(415, f"Unsupported MIME type: {asked.kind}")
        return self.update(asked)

    def _check_exists(self, graph: NamedNode) -> None:
        pass

    def _understood(self, update: str) -> str:
        return MOVE.sub(_anyhow, update)


class GraphDB(RDF4J):
    """Ontotext GraphDB with the repository `tip`: RDF4J's addresses at the root.

    Its documentation, pages "Using GraphDB with the RDF4J API" and "Access Control".
    """

    root: ClassVar[str] = ""
    always: ClassVar[Mapping[str, str]] = {"Server": "GraphDB/10.7.1 RDF4J/4.3.12"}


class Virtuoso(Face):
    """OpenLink Virtuoso 7, no further than it matters for what is sent to it.

    Its documentation, pages "SPARQL Web Services & APIs" and "SPARQL Authentication"; what it does
    with a chunked PUT, and with a PUT that names no graph, was seen on a real one.
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

    def _asking_only(self, asked: Asked) -> Answer:
        if self._given(asked, "update"):
            raise Refusal(500, "Virtuoso 42000 Error SR186: No permission to execute procedure")
        return self.query(asked)

    def _either(self, asked: Asked) -> Answer:
        return self.update(asked) if self._given(asked, "update") else self.query(asked)

    def _reading_only(self, asked: Asked) -> Answer:
        if asked.method != "GET":
            raise Refusal(401)
        return self.graphs(asked)

    def _graphs_or_page(self, asked: Asked) -> Answer:
        if "graph" not in asked.parameters:
            return Answer(200, b"<html></html>", {"Content-Type": "text/html"})
        if "transfer-encoding" in asked.headers:
            self.store.remove_graph(NamedNode(asked.parameters["graph"][0]))
            return Answer(201)
        return self.graphs(asked)

    def _check_body(self, asked: Asked) -> None:
        if "transfer-encoding" not in asked.headers:
            super()._check_body(asked)

    def _understood(self, update: str) -> str:
        return MOVE.sub(_anyhow, update)


def _anyhow(move: re.Match[str]) -> str:
    """A MOVE that does not mind whether there is anything to move."""
    source, target = move.groups()
    copy = f"INSERT {{ GRAPH {target} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {source} {{ ?s ?p ?o }} }}"
    return f"DROP SILENT GRAPH {target} ; {copy} ; DROP SILENT GRAPH {source}"


@contextmanager
def serving(face: Face, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """The face on a free port, over TLS with a context; gives the server's root address."""

    class Handler(_Handler):
        served = face

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
    served: ClassVar[Face]
    _left: int

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        parameters = parse_qs(target.query, keep_blank_values=True)
        asked = Asked(self.command, self.path, target.path, parameters, headers)
        self._left = int(self.headers.get("Content-Length", 0))
        self._give(self.served.answer(asked, self._body))
        # Who closes a connection that is still being written to takes the answer with it.
        self._body()

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

    def _body(self) -> bytes:
        body = self.rfile.read(self._left)
        self._left = 0
        return body

    def _give(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        pass
