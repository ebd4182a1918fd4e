"""What is done with a store's named graphs: count them, put them, move them, read them back."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from tipgraph.endpoint.connection import Connection
from tipgraph.endpoint.profiles.standard import Store, form
from tipgraph.endpoint.retry import Refused, ResponseLost, RetryPolicy
from tipgraph.errors import EndpointError, UsageError

if TYPE_CHECKING:
    import httpx

TRIPLES = "application/n-triples"
ROWS = "application/sparql-results+json"


class Client:
    """A store, open for requests."""

    def __init__(self, store: Store, patience: RetryPolicy = RetryPolicy()) -> None:  # noqa: B008
        self.store = store
        self.patience = patience
        self.connection = Connection(store, patience)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def count(self, graph: str) -> int:
        """How many triples are in the graph; none when it is not there."""
        rows = self.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}")
        try:
            return int(cast(Any, next(iter(rows)))["n"].value)
        except (StopIteration, ValueError, KeyError, TypeError):
            raise self._odd() from None

    def exists(self, graph: str) -> bool:
        """Whether there is a triple in the graph."""
        answer = self._query(f"ASK {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}")
        if not isinstance(answer, QueryBoolean):
            raise self._odd()
        return bool(answer)

    def select(self, query: str) -> QuerySolutions:
        """The rows of a query."""
        answer = self._query(query)
        if not isinstance(answer, QuerySolutions):
            raise self._odd()
        return answer

    def graphs(self, prefix: str) -> list[str]:
        """The names of the graphs that begin so."""
        rows = self.select(
            "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o }"
            f" FILTER(STRSTARTS(STR(?g), {Literal(prefix)})) }} GROUP BY ?g"
        )
        return sorted(cast(Any, row)["g"].value for row in rows)

    def update(self, *operations: str, safe: bool = False) -> None:
        """Do what the operations say, in this order; `safe` when doing it twice changes nothing.

        Raises UsageError when the store's address for updates is not known.
        """
        url = self.store.update_url
        if url is None:
            raise UsageError("say with --update-url where the store takes updates")
        content, kind = self.store.update(" ;\n".join(operations))
        answer = self.connection.send("POST", url, content, safe, content_type=kind)
        self._check_no_page(answer, url)

    def introduce(self, graph: str) -> None:
        """Let the store ask who it is that will write here, before large bodies are sent in vain.

        The graph must be a new one, as its content is deleted to no effect.
        """
        if self.store.access.user:
            with suppress(Refused):
                self.connection.send("DELETE", self.store.graph_url(graph), safe=True)

    def put(self, graph: str, content: Iterable[bytes], size: int, is_more: bool = False) -> None:
        """Make the N-Triples the graph, or more of it (Graph Store Protocol, 5.3 and 5.5)."""
        url, method = self.store.graph_url(graph), "POST" if is_more else "PUT"
        kind, length = TRIPLES, str(size)
        answer = self.connection.send(
            method, url, content, content_type=kind, content_length=length
        )
        self._check_no_page(answer, url)

    def drop(self, graph: str) -> None:
        """Let the graph be no more; it need not be there."""
        self.update(f"DROP SILENT GRAPH {NamedNode(graph)}", safe=True)

    def triples(self, graph: str) -> Iterator[Quad]:
        """The graph's triples as the store gives them, one by one as they come.

        Raises ResponseLost when the answer ends before its time.
        """
        limit = self.store.row_limit
        if limit is not None and self.count(graph) > limit:
            yield from self._pages(graph, limit)
        elif self.store.graph_store_url:
            yield from self._read(
                self.connection.stream("GET", self.store.graph_url(graph), accept=TRIPLES)
            )
        else:
            yield from self._constructed(graph)

    def _pages(self, graph: str, size: int) -> Iterator[Quad]:
        """The triples by pages of this size.

        They are in no order, since a store would sort all of them for each page; whoever reads
        them has to see whether each has come.
        """
        for offset in count(0, size):
            number = 0
            for quad in self._constructed(graph, f" LIMIT {size} OFFSET {offset}"):
                number += 1
                yield quad
            if number < size:
                return

    def _constructed(self, graph: str, window: str = "") -> Iterator[Quad]:
        pattern = f"GRAPH {NamedNode(graph)} {{ ?s ?p ?o }}"
        content, kind = form("query", f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}{window}")
        url = self.store.query_url
        return self._read(
            self.connection.stream("POST", url, content, content_type=kind, accept=TRIPLES)
        )

    def _read(self, answer: "AbstractContextManager[httpx.Response]") -> Iterator[Quad]:
        with answer as response:
            source = cast(Any, _Stream(response.iter_bytes(1 << 18)))
            try:
                yield from parse(input=source, format=RdfFormat.N_TRIPLES, rename_blank_nodes=True)
            except SyntaxError as error:
                raise ResponseLost(
                    f"{self.store.base}: the graph came back broken ({error})"
                ) from None

    def _query(self, query: str) -> Any:
        content, kind = form("query", query)
        url = self.store.query_url
        answer = self.connection.send("POST", url, content, True, content_type=kind, accept=ROWS)
        try:
            return parse_query_results(answer.content, QueryResultsFormat.JSON)
        except (SyntaxError, ValueError):
            raise self._odd() from None

    def _check_no_page(self, answer: "httpx.Response", url: str) -> None:
        """What answers an update with a page for browsers is no store."""
        if "html" in answer.headers.get("content-type", "") and b"<" in answer.content:
            address = url.partition("?")[0]
            raise Refused(f"{address}: answers with a web page; is it the store's address?")

    def _odd(self) -> EndpointError:
        url = self.store.query_url
        return EndpointError(
            f"{url}: does not answer as a SPARQL endpoint does; is it its address?"
        )


class _Stream:
    """Pieces of bytes as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        self._rest = self._rest or next(self._pieces, b"")
        given, self._rest = self._rest[:size], self._rest[size:]
        return given
