"""Triple stores: how each kind is spoken to. What a kind does its own way is in its module."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tipgraph.endpoint.profiles.fuseki import Fuseki
from tipgraph.endpoint.profiles.graphdb import GraphDB
from tipgraph.endpoint.profiles.oxigraph import Oxigraph
from tipgraph.endpoint.profiles.rdf4j import RDF4J
from tipgraph.endpoint.profiles.standard import Store
from tipgraph.endpoint.profiles.virtuoso import Virtuoso
from tipgraph.endpoint.settings import Access, Endpoint
from tipgraph.errors import EndpointError, UsageError

if TYPE_CHECKING:
    from tipgraph.endpoint.retry import Refused, RetryPolicy

__all__ = ["KINDS", "Store", "open_store"]

# What a store, or a proxy before it, says to those whom it does not know.
STRANGERS = {401, 403}
# GraphDB speaks as RDF4J does and is told from it by its name, so it comes first.
KINDS: dict[str, type[Store]] = {
    kind.name: kind for kind in (Oxigraph, Virtuoso, Fuseki, GraphDB, RDF4J, Store)
}


def open_store(
    endpoint: Endpoint, patience: "RetryPolicy | None" = None, for_queries: bool = False
) -> Store:
    """The store at this endpoint: of the kind that is named, or as it can be told by asking it.

    One that does not tell its kind will do `for_queries` alone, if the address is that for queries.

    Raises UsageError when its address is not whole, and EndpointError when it cannot be reached or
    its kind cannot be told.
    """
    kind = _kind(endpoint, patience, for_queries)
    store = kind.at(endpoint.url, endpoint.access) if endpoint.url else None
    query_url = endpoint.query_url or (store.query_url if store else "")
    return kind(
        query_url,
        endpoint.update_url or (store.update_url if store else None),
        endpoint.graph_store_url or (store.graph_store_url if store else None),
        endpoint.access,
        base=endpoint.url or query_url,
    )


def _kind(endpoint: Endpoint, patience: "RetryPolicy | None", for_queries: bool) -> type[Store]:
    if endpoint.store is not None:
        if endpoint.store not in KINDS:
            raise UsageError(f"--store {endpoint.store}: choose one of {', '.join(KINDS)}")
        return KINDS[endpoint.store]
    if endpoint.url is None or endpoint.query_url:
        return Store
    headers, refused = _answer(endpoint.url, endpoint.access, patience)
    for kind in KINDS.values():
        if kind.recognises(endpoint.url, headers):
            return kind
    if refused and refused.status in STRANGERS:
        raise refused
    if for_queries:
        return Store
    told = f"{refused}; it" if refused else f"{endpoint.url}:"
    raise EndpointError(
        f"{told} does not tell what kind of store it is; if the address is right, say it with"
        f" --store, which takes {', '.join(KINDS)}"
    )


def _answer(
    url: str, access: Access, patience: "RetryPolicy | None"
) -> "tuple[Mapping[str, str], Refused | None]":
    """The headers, in small letters, of whatever the store answers; and its refusal, if any."""
    from tipgraph.endpoint.connection import Connection
    from tipgraph.endpoint.retry import Refused, RetryPolicy

    # An address for queries answers this at once; some would give all that they have else.
    question = f"{url.partition('?')[0]}?query=ASK%20%7B%7D"
    connection = Connection(Store(url, None, None, access), patience or RetryPolicy())

    def once() -> Mapping[str, str]:
        with connection.stream("GET", question) as response:
            return response.headers

    try:
        return connection.retrying(safe=True)(once), None
    except Refused as refused:
        if refused.is_transient:
            raise
        return refused.headers, refused
    finally:
        connection.close()
