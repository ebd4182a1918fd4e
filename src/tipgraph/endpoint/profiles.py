"""Profiles of triple stores: one class for each, with its addresses and its deviations.

`RemoteStore` is what the specifications ask of any store: SPARQL 1.1 Protocol (queries and updates)
and SPARQL 1.1 Graph Store HTTP Protocol. The other classes override what their store does
differently.

Every request names its graphs, so it does not matter whether a store's default graph is empty or
the union of all graphs. Bodies are sent with their length and never compressed: some stores accept
neither chunks nor gzip, and still report success.
"""

import math
from collections.abc import Mapping
from re import DOTALL, fullmatch, search
from typing import ClassVar, Self
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from pyoxigraph import Literal, NamedNode

from tipgraph.endpoint.settings import Access
from tipgraph.errors import UsageError
from tipgraph.namespaces import XSD


class RemoteStore:
    """A store: its addresses, who accesses it, and how it deviates from the specifications."""

    name: ClassVar[str] = "sparql"
    title: ClassVar[str] = "SPARQL 1.1"
    # The authentication scheme of its query address: basic or digest.
    authentication: ClassVar[str] = "basic"
    # Rows, or triples, that one response contains at most.
    max_rows: ClassVar[int | None] = None
    # Triples that one request of the Graph Store Protocol contains at most.
    max_upload_triples: ClassVar[int | None] = None
    # Bytes that an INSERT DATA contains at most.
    max_insert_bytes: ClassVar[int] = 1_000_000
    # Bytes of small graphs that are loaded together, each request for all of them.
    max_batch_bytes: ClassVar[int] = 4_000_000
    # True if it evaluates a graph that the query names faster than one that the request names.
    prefers_named_graph: ClassVar[bool] = False
    # Matches the names that it reads as another graph, or keeps its own data in.
    own_graphs: ClassVar[bytes] = rb"(?!)"
    # True if an operation sees the graphs as they are at its beginning, whatever others do.
    has_snapshots: ClassVar[bool] = False
    # True if a load moves its graphs by MOVE, and not by a copy.
    has_good_move: ClassVar[bool] = False

    def __init__(
        self,
        query_url: str,
        update_url: str | None,
        graph_store_url: str | None,
        access: Access = Access(),  # noqa: B008  (it is frozen)
        base: str = "",
    ) -> None:
        self.query_url = query_url
        self.update_url = update_url
        self.graph_store_url = graph_store_url
        self.access = access
        # The address that messages show.
        self.base = base or query_url

    @classmethod
    def matches(cls, url: str, headers: Mapping[str, str]) -> bool:
        """Return whether a store is of this kind. The names of headers are in lower case."""
        return False

    @classmethod
    def at(cls, url: str, access: Access) -> Self:
        """Return the store at a base address, or at its query address.

        Raises UsageError when the address is incomplete.
        """
        return cls(url, None, None, access, base=url)

    def graph_url(self, graph: str) -> str:
        """Return the address of a named graph (Graph Store Protocol, section 4.2)."""
        return f"{self.graph_store_url}?graph={quote(graph, safe='')}"

    def update_body(self, text: str) -> tuple[bytes, str]:
        """Return the body and media type of an update request (SPARQL 1.1 Protocol, 2.2.2)."""
        return text.encode(), "application/sparql-update; charset=utf-8"

    def timeout_parameter(self, seconds: float) -> dict[str, str]:
        """Return the parameter that limits the time of a query; empty where there is none."""
        return {}

    def is_transient(self, status: int, text: str) -> bool:
        """Return whether an error beyond the common status codes may be temporary."""
        return False

    def error_text(self, media_type: str, text: str) -> str:
        """Return the error that a body describes; nothing when the body is a web page."""
        return "" if "html" in media_type else text

    def as_stored(self, literal: Literal) -> Literal:
        """Return the literal as the store keeps it, where that loses something."""
        return literal

    def hint(self, triples: int) -> str:
        """Return what a query or update of a graph of this size begins with."""
        return ""


class Oxigraph(RemoteStore):
    """Oxigraph's own server. It has no users; a proxy in front of it may ask for them."""

    name: ClassVar[str] = "oxigraph"
    title: ClassVar[str] = "Oxigraph"
    has_snapshots: ClassVar[bool] = True

    @classmethod
    def matches(cls, url: str, headers: Mapping[str, str]) -> bool:
        return headers.get("server", "").startswith("Oxigraph")

    @classmethod
    def at(cls, url: str, access: Access) -> Self:
        base = _base_of(url, ("query", "update", "store"))
        return cls(f"{base}/query", f"{base}/update", f"{base}/store", access, base=url)


class Virtuoso(RemoteStore):
    """OpenLink Virtuoso 7.

    Users with a password have addresses of their own, which ask for digest authentication. A
    response contains 10,000 rows at most (the default of a new server).
    """

    name: ClassVar[str] = "virtuoso"
    title: ClassVar[str] = "OpenLink Virtuoso"
    authentication: ClassVar[str] = "digest"
    max_rows: ClassVar[int | None] = 10_000
    # An INSERT DATA of 5,000 triples is too much for it.
    max_insert_bytes: ClassVar[int] = 200_000
    # So each graph is loaded by itself.
    max_batch_bytes: ClassVar[int] = 0
    # It cuts off what is longer.
    own_graphs: ClassVar[bytes] = rb"http://www\.openlinksw\.com/schemas/virtrdf#|.{1901}"
    # It loads slices of a larger body in parallel; these block each other, sometimes for ever.
    max_upload_triples: ClassVar[int | None] = 50_000
    # Where it has few triples yet, it plans a copy so that 800 take more than a minute.
    has_good_move: ClassVar[bool] = True

    _LONG = 2**31
    # A graph of as many triples is read by a scan of all quads, in less than a second a million.
    _LARGE = 5_000
    _SCAN = 'DEFINE sql:table-option "index RDF_QUAD" DEFINE sql:select-option "order" '
    _INTEGERS: ClassVar[frozenset[str]] = frozenset(
        ("integer", "long", "nonNegativeInteger", "positiveInteger", "unsignedInt", "unsignedLong")
    )

    @classmethod
    def matches(cls, url: str, headers: Mapping[str, str]) -> bool:
        return headers.get("server", "").startswith("Virtuoso")

    @classmethod
    def at(cls, url: str, access: Access) -> Self:
        paths = ("sparql", "sparql-auth", "sparql-graph-crud", "sparql-graph-crud-auth")
        base = _base_of(url, paths)
        suffix = "" if access.is_anonymous else "-auth"
        query = f"{base}/sparql{suffix}"
        return cls(query, query, f"{base}/sparql-graph-crud{suffix}", access, base=url)

    def update_body(self, text: str) -> tuple[bytes, str]:
        return form(("update", text))

    def timeout_parameter(self, seconds: float) -> dict[str, str]:
        return {"timeout": str(round(seconds * 1000))}

    def is_transient(self, status: int, text: str) -> bool:
        # A deadlock, or out of time: it has changed nothing.
        return status == 500 and any(each in text for each in ("SR171", "SR172", "S1TAT"))

    def error_text(self, media_type: str, text: str) -> str:
        quoted = search(r"<xmp>(.*?)</xmp>", text, DOTALL) if "html" in media_type else None
        error = quoted[1] if quoted else super().error_text(media_type, text)
        if "SR325" in error:
            return (
                "the graph is more than one transaction may change; raise"
                " TransactionAfterImageLimit in the store's virtuoso.ini"
            )
        if "estimated execution time" in error:
            return (
                "the query would take too long by the store's own estimate; set"
                " MaxQueryCostEstimationTime = 0 in its virtuoso.ini"
            )
        return error

    def as_stored(self, literal: Literal) -> Literal:
        """Return a decimal for an integer that does not fit into four bytes."""
        datatype = literal.datatype.value.removeprefix(XSD)
        is_number = datatype in self._INTEGERS and fullmatch(r"[+-]?\d+", literal.value)
        if is_number and abs(int(literal.value)) >= self._LONG:
            return Literal(literal.value, datatype=NamedNode(XSD + "decimal"))
        return literal

    def hint(self, triples: int) -> str:
        """Return the index to read, and to read in the order of the text.

        Without it, after one start in ten it looks for each triple among all of its predicate.
        """
        return self._SCAN if triples >= self._LARGE else ""


class Fuseki(RemoteStore):
    """Apache Jena Fuseki; the base address is that of a dataset.

    Services and parameters: https://jena.apache.org/documentation/fuseki2/.
    """

    name: ClassVar[str] = "fuseki"
    title: ClassVar[str] = "Apache Jena Fuseki"
    has_snapshots: ClassVar[bool] = True
    # TDB2 reads the graph of a request through a view, which takes up to ten times as long.
    prefers_named_graph: ClassVar[bool] = True
    # Its default graph, the union of all graphs, and names in which it resolves the dots.
    own_graphs: ClassVar[bytes] = rb"urn:x-arq:|.*/\.\.?(/|$)"

    @classmethod
    def matches(cls, url: str, headers: Mapping[str, str]) -> bool:
        return "Fuseki" in headers.get("server", "") or "fuseki-request-id" in headers

    @classmethod
    def at(cls, url: str, access: Access) -> Self:
        base = _base_of(url, ("query", "sparql", "update", "data", "get"))
        if not urlsplit(base).path.strip("/"):
            example = "http://host:3030/dataset"
            raise UsageError(f"{url}: the dataset is missing; add its name, as in {example}")
        return cls(f"{base}/query", f"{base}/update", f"{base}/data", access, base=url)

    def timeout_parameter(self, seconds: float) -> dict[str, str]:
        return {"timeout": str(math.ceil(seconds))}


class RDF4J(RemoteStore):
    """Eclipse RDF4J Server; the base address is that of a repository.

    Addresses and parameters: https://rdf4j.org/documentation/reference/rest-api/. Its default graph
    is the union of all graphs.
    """

    name: ClassVar[str] = "rdf4j"
    title: ClassVar[str] = "Eclipse RDF4J"
    has_snapshots: ClassVar[bool] = True
    # Its default graph.
    own_graphs: ClassVar[bytes] = (
        rb"(urn:rdf4j:|http://rdf4j\.org/schema/rdf4j#|http://www\.openrdf\.org/schema/sesame#)nil"
    )

    @classmethod
    def matches(cls, url: str, headers: Mapping[str, str]) -> bool:
        return "/repositories/" in url

    @classmethod
    def at(cls, url: str, access: Access) -> Self:
        base = _base_of(url, ("rdf-graphs/service", "statements", "rdf-graphs"))
        if not base.rpartition("/repositories/")[2] or "/repositories/" not in base:
            example = "http://host:8080/rdf4j-server/repositories/NAME"
            raise UsageError(f"{url}: the repository is missing; add its name, as in {example}")
        statements, graphs = f"{base}/statements", f"{base}/rdf-graphs/service"
        return cls(base, statements, graphs, access, base=url)

    def timeout_parameter(self, seconds: float) -> dict[str, str]:
        return {"timeout": str(math.ceil(seconds))}


class GraphDB(RDF4J):
    """Ontotext GraphDB: RDF4J's addresses, at the root.

    Addresses: https://graphdb.ontotext.com/documentation/.
    Inferred triples are in no named graph, so requests that name their graphs leave them out.
    """

    name: ClassVar[str] = "graphdb"
    title: ClassVar[str] = "Ontotext GraphDB"

    @classmethod
    def matches(cls, url: str, headers: Mapping[str, str]) -> bool:
        return "GraphDB" in headers.get("server", "")


# By the names that `--store` takes. GraphDB's addresses match RDF4J too, so it is tried first.
PROFILES: dict[str, type[RemoteStore]] = {
    profile.name: profile for profile in (Oxigraph, Virtuoso, Fuseki, GraphDB, RDF4J, RemoteStore)
}


def form(*fields: tuple[str, str]) -> tuple[bytes, str]:
    """Return fields as a form, and its media type (SPARQL 1.1 Protocol, sections 2.1.2 and 2.2.1).

    Without a charset, some servers read it as Latin-1.
    """
    return urlencode(fields).encode(), "application/x-www-form-urlencoded; charset=utf-8"


def _base_of(url: str, services: tuple[str, ...]) -> str:
    """Return the address without its query, trailing slash, and any of these services' paths."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    for service in services:
        if path.endswith(f"/{service}"):
            path = path.removesuffix(f"/{service}")
            break
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
