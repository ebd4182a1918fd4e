"""Open a store, and operate on its named graphs: count, put, drop, read, download."""

import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import chain, count, islice
from typing import TYPE_CHECKING, Any, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolution,
    RdfFormat,
    parse,
    serialize,
)

from tipgraph.endpoint.connection import (
    TRUNCATED,
    CompleteResponse,
    Connection,
    chunks,
    parse_results,
)
from tipgraph.endpoint.profiles import PROFILES, RemoteStore, form
from tipgraph.endpoint.retry import (
    RequestRefused,
    ResponseLost,
    RetryPolicy,
    retrying,
    without_query,
)
from tipgraph.endpoint.settings import Access, Endpoint, resolve_endpoint
from tipgraph.errors import EndpointError, UsageError
from tipgraph.rdf.limits import MAX_TERM
from tipgraph.rdf.terms import is_iri

if TYPE_CHECKING:
    import httpx

TRIPLES = "application/n-triples"
ROWS = "application/sparql-results+json"
# N-Triples up to a triple term that is in no text.
_TRIPLE_TERM = re.compile(rb'(?:[^"<]++|"(?:[^"\\]++|\\.)*+"|<(?!<))*+<<', re.DOTALL)
# Graphs that one request counts.
COUNTED = 25
# The number of triples where it is unknown.
ANY_SIZE = sys.maxsize
# Status codes of a store, or a proxy in front of it, for unknown users.
ACCESS_DENIED = {401, 403}


class GraphClient:
    """The named graphs of a store. Each method raises EndpointError when the store fails."""

    def __init__(
        self,
        store: RemoteStore,
        policy: RetryPolicy = RetryPolicy(),  # noqa: B008  (it is frozen)
    ) -> None:
        self.store = store
        self.policy = policy
        self._connection = Connection(store, policy)

    def __enter__(self) -> "GraphClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def count(self, graph: str, size: int = ANY_SIZE) -> int:
        """Return the number of triples in the graph; 0 when it does not exist.

        `size` is the number that it may have.
        """
        return self.counts({graph: size})[graph]

    def counts(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """Return the number of triples in each graph, by the number that it may have.

        The graphs are counted some at a time.
        """
        found: dict[str, int] = {}
        hints = {graph: self.store.hint(size) for graph, size in sizes.items()}
        small = [graph for graph, hint in hints.items() if not hint]
        groups = [small[start : start + COUNTED] for start in range(0, len(small), COUNTED)]
        for some in [*groups, *([graph] for graph, hint in hints.items() if hint)]:
            # Each graph has a subselect of its own, which no store answers by reading all graphs.
            parts = (
                f"{{ SELECT ({each} AS ?graph) (COUNT(*) AS ?n)"
                f" {{ GRAPH {each} {{ ?s ?p ?o }} }} }}"
                for each in map(NamedNode, some)
            )
            try:
                query = f"{hints[some[0]]}SELECT ?graph ?n {{ {' UNION '.join(parts)} }}"
                for row in self.select(query):
                    found[cast(Any, row)["graph"].value] = int(cast(Any, row)["n"].value)
            except (AttributeError, ValueError, KeyError, TypeError):
                raise self.not_sparql() from None
        if found.keys() != sizes.keys():
            raise self.not_sparql()
        return {graph: found[graph] for graph in sizes}

    def has_any(self, graphs: Iterable[str]) -> bool:
        """Return whether there is a triple in one of the graphs."""
        return self._ask(" UNION ".join(f"{{ {_triple_in(graph)} }}" for graph in graphs))

    def has_all(self, graphs: Sequence[str]) -> bool:
        """Return whether there is a triple in each of the graphs."""
        first, *others = graphs
        further = (f" FILTER(EXISTS {{ {_triple_in(each, 'further')} }})" for each in others)
        return self._ask(_triple_in(first) + "".join(further))

    def _ask(self, pattern: str) -> bool:
        answer = self._query(f"ASK {{ {pattern} }}")
        if not isinstance(answer, bool):
            raise self.not_sparql()
        return answer

    def select(self, query: str, policy: RetryPolicy | None = None) -> list[QuerySolution]:
        """Return the rows of a SELECT query; `policy` overrides that of the client."""
        answer = self._query(query, policy)
        if isinstance(answer, bool):
            raise self.not_sparql()
        return answer

    def graph_names(self, prefix: str, policy: RetryPolicy | None = None) -> list[str]:
        """Return the names of the graphs that begin with this, as `select` does.

        A caller may remove these graphs, so what a store returns besides is left out.
        """
        rows = self.select(
            "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o }"
            f" FILTER(STRSTARTS(STR(?g), {Literal(prefix)})) }} GROUP BY ?g",
            policy,
        )
        try:
            names = [cast(Any, row)["g"] for row in rows]
        except KeyError:
            raise self.not_sparql() from None
        iris = (name.value for name in names if isinstance(name, NamedNode))
        return sorted(iri for iri in iris if iri.startswith(prefix))

    def update(self, *operations: str, repeatable: bool = False) -> None:
        """Run update operations in this order; `repeatable` if a second run changes nothing.

        Raises UsageError when the store's update address is unknown.
        """
        url = self.store.update_url
        if url is None:
            raise UsageError("the update address is unknown; give it with --update-url")
        body, media_type = self.store.update_body(" ;\n".join(operations))
        headers = {"Content-Type": media_type}
        response = self._connection.send("POST", url, body, headers, repeatable)
        self._check_no_page(response, url)

    def authenticate(self, new_graph: str) -> None:
        """Let the store ask for credentials now, before it rejects a large body.

        The graph must be one that does not exist yet: the request deletes it.
        """
        if self.store.access.user:
            with suppress(RequestRefused):
                self._connection.send("DELETE", self.store.graph_url(new_graph), repeatable=True)

    def put(self, graph: str, body: Iterable[bytes], size: int, append: bool = False) -> None:
        """Replace the graph by N-Triples of this size in bytes, or `append` them.

        See Graph Store Protocol, sections 5.3 and 5.5.
        """
        url, method = self.store.graph_url(graph), "POST" if append else "PUT"
        headers = {"Content-Type": TRIPLES, "Content-Length": str(size)}
        response = self._connection.send(method, url, body, headers)
        self._check_no_page(response, url)

    def drop(self, *graphs: str) -> None:
        """Remove the graphs that exist."""
        removals = (self.removal(NamedNode(graph), ANY_SIZE) for graph in graphs)
        self.update(*chain.from_iterable(removals), repeatable=True)

    def removal(self, graph: NamedNode, triples: int) -> Iterator[str]:
        """Yield the operations that remove a graph of this size."""
        if hint := self.store.hint(triples):
            yield f"{hint}DELETE {{ {_all_of(graph)} }} WHERE {{ {_all_of(graph)} }}"
        yield f"DROP SILENT GRAPH {graph}"

    def triples(self, graph: str, number: int) -> Iterator[Quad]:
        """Yield the graph's triples as they arrive, as quads without a graph name.

        They were counted before.

        Raises ResponseLost when the response ends early.
        """
        limit = self.store.max_rows
        if limit is not None and number > limit:
            yield from self._pages(graph, limit)
        elif self.store.graph_store_url:
            url, headers = self.store.graph_url(graph), {"Accept": TRIPLES}
            yield from self._parse(self._connection.stream("GET", url, headers=headers))
        else:
            yield from self._construct(graph)

    def _pages(self, graph: str, size: int) -> Iterator[Quad]:
        """Yield the triples, fetched in pages of this size.

        Pages are not ordered, since the store would sort all triples for each page. The caller must
        check that every triple has arrived. Blank nodes keep the names that the store gives them,
        since a node may be in several pages.
        """
        for offset in count(0, size):
            number = 0
            for quad in self._construct(graph, f" LIMIT {size} OFFSET {offset}", renames=False):
                number += 1
                yield quad
            if number < size:
                return

    def _construct(self, graph: str, window: str = "", renames: bool = True) -> Iterator[Quad]:
        hint = self.store.hint(ANY_SIZE) if window else ""
        query = f"{hint}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_all_of(NamedNode(graph))} }}{window}"
        body, media_type = form(("query", query))
        headers = {"Content-Type": media_type, "Accept": TRIPLES}
        answer = self._connection.stream("POST", self.store.query_url, body, headers)
        return self._parse(answer, renames)

    def _parse(
        self, answer: "AbstractContextManager[httpx.Response]", renames: bool = True
    ) -> Iterator[Quad]:
        with answer as response:
            source = cast(Any, _ByteReader(_whole_lines(chunks(response, 1 << 18))))
            try:
                yield from parse(
                    input=source, format=RdfFormat.N_TRIPLES, rename_blank_nodes=renames
                )
            except SyntaxError as error:
                raise ResponseLost(
                    f"{self.store.base}: the response with the graph is broken ({error})"
                ) from None

    def _query(self, query: str, policy: RetryPolicy | None = None) -> list[QuerySolution] | bool:
        body, media_type = form(("query", query))
        headers = {"Content-Type": media_type, "Accept": ROWS}
        response = self._connection.send(
            "POST", self.store.query_url, body, headers, repeatable=True, policy=policy
        )
        answer = _parse_results(response.content)
        if answer is None:
            raise self.not_sparql()
        if TRUNCATED in response.headers:
            raise EndpointError(
                f"{self.store.base}: returns no more than {response.headers[TRUNCATED]} rows;"
                " raise ResultSetMaxRows in its virtuoso.ini"
            )
        return answer

    def _check_no_page(self, response: CompleteResponse, url: str) -> None:
        """Raise RequestRefused for a web page: no store answers an update with one."""
        if "html" in response.headers.get("content-type", "") and b"<" in response.content:
            address = url.partition("?")[0]
            raise RequestRefused(f"{address}: responds with a web page; check the store's address")

    def not_sparql(self) -> EndpointError:
        """Return the error of a response that is not what the query asks for."""
        url = self.store.query_url
        return EndpointError(f"{url}: this is not a SPARQL response; check the query address")


def download_graph(endpoint: str, graph: str, seconds: float) -> bytes:
    """Return the triples of a graph as N-Triples; `endpoint` is what `--endpoint` takes.

    All requests together may take some seconds.

    Raises EndpointError when the store cannot be reached, refuses the request, or returns less than
    the graph, and UsageError when the graph's name is not an IRI.
    """
    if not is_iri(graph):
        raise UsageError(f"--graph {graph}: this is not an IRI")
    policy = reading(seconds)
    store = open_store(resolve_endpoint(Endpoint(url=endpoint)), policy, for_queries=True)
    with GraphClient(store, policy) as client:
        triples = [quad.triple for quad in read_graph(client, graph)]
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def reading(seconds: float) -> RetryPolicy:
    """Return the policy of requests that together may take some seconds."""
    return RetryPolicy(response=seconds, deadline=time.monotonic() + seconds)


def read_graph(client: GraphClient, graph: str) -> list[Quad]:
    """Return all triples of a graph. They are counted, since some stores truncate silently.

    Raises EndpointError as `download_graph` does.
    """
    base, number = client.store.base, client.count(graph)
    if number == 0:
        raise EndpointError(f"{base}: the graph <{graph}> is empty or missing; check its name")

    def once() -> dict[Quad, None]:
        # A response may have no end, and a triple may be in two pages, which are not ordered.
        return dict.fromkeys(islice(client.triples(graph, number), number + 1))

    quads = once()
    if len(quads) != number:
        raise EndpointError(
            f"{base}: returned {len(quads):,} of {number:,} triples of <{graph}>;"
            " export the graph to a file and use that"
        )
    # Pages may be of two loads, which a second reading shows.
    if number > (client.store.max_rows or number) and once().keys() != quads.keys():
        raise EndpointError(f"{base}: a load replaced <{graph}> meanwhile; run this again")
    return list(quads)


def _parse_results(content: bytes) -> list[QuerySolution] | bool | None:
    """Return the rows or the boolean of a response, None where it has neither.

    An error would keep the parser, which must be freed in the thread that made it.
    """
    with suppress(SyntaxError, ValueError):
        answer = parse_results(content)
        return bool(answer) if isinstance(answer, QueryBoolean) else list(answer)
    return None


def _all_of(graph: NamedNode) -> str:
    return f"GRAPH {graph} {{ ?s ?p ?o }}"


def _triple_in(graph: str, name: str = "") -> str:
    return f"GRAPH {NamedNode(graph)} {{ ?{name}s ?{name}p ?{name}o }}"


def _whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks of N-Triples, each up to the end of a line.

    Raises SyntaxError for a triple term, which no graph here has: the parser crashes on some that
    are nested. It raises one too for a line that is longer than any three terms.
    """
    rest = b""
    for chunk in chain(chunks, (b"\n",)):
        lines, end, tail = chunk.rpartition(b"\n")
        if not end:
            rest += chunk
            if len(rest) > 4 * MAX_TERM:
                raise SyntaxError("a line is too long")
            continue
        piece = rest + lines + end
        if b"<<" in piece and _TRIPLE_TERM.match(piece):
            raise SyntaxError("it has a triple term")
        yield piece
        rest = tail


class _ByteReader:
    """A file-like object that reads from chunks of bytes."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        self._rest = self._rest or next(self._chunks, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def open_store(
    endpoint: Endpoint, policy: RetryPolicy | None = None, for_queries: bool = False
) -> RemoteStore:
    """Return the store at this endpoint, of the named kind or of the kind that its response shows.

    With `for_queries`, a store of unknown kind is taken for SPARQL 1.1 at its query address.

    Raises UsageError when its address is incomplete, and EndpointError when it cannot be reached or
    its kind is unknown.
    """
    profile = _profile(endpoint, policy or RetryPolicy(), for_queries)
    store = profile.at(endpoint.url, endpoint.access) if endpoint.url else None
    query_url = endpoint.query_url or (store.query_url if store else "")
    return profile(
        query_url,
        endpoint.update_url or (store.update_url if store else None),
        endpoint.graph_store_url or (store.graph_store_url if store else None),
        endpoint.access,
        base=endpoint.url or query_url,
    )


def _profile(endpoint: Endpoint, policy: RetryPolicy, for_queries: bool) -> type[RemoteStore]:
    if endpoint.store is not None:
        if endpoint.store not in PROFILES:
            raise UsageError(f"--store {endpoint.store}: choose one of {', '.join(PROFILES)}")
        return PROFILES[endpoint.store]
    if endpoint.url is None or endpoint.query_url:
        return RemoteStore
    headers, refused = _probe(endpoint.url, endpoint.access, policy)
    for profile in PROFILES.values():
        if profile.matches(endpoint.url, headers):
            return profile
    if refused and refused.status in ACCESS_DENIED:
        raise refused
    if for_queries:
        return RemoteStore
    error = f"{refused}; it" if refused else f"{endpoint.url}:"
    raise EndpointError(
        f"{error} does not show what kind of store it is; if the address is right, name the kind"
        f" with --store: {', '.join(PROFILES)}"
    )


def _probe(
    url: str, access: Access, policy: RetryPolicy
) -> tuple[Mapping[str, str], RequestRefused | None]:
    """Return the headers (lower-case names) of any response, and the error if it is one."""
    # Cheap at a query address; without a query some stores would return everything they contain.
    question = f"{without_query(url)}?query=ASK%20%7B%7D"
    connection = Connection(RemoteStore(url, None, None, access), policy)

    def once() -> Mapping[str, str]:
        with connection.stream("GET", question) as response:
            return response.headers

    try:
        return retrying(policy, repeatable=True)(once), None
    except RequestRefused as refused:
        if refused.is_transient:
            raise
        return refused.headers, refused
    finally:
        connection.close()
