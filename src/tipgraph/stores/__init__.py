"""Triple stores: how each kind is spoken to. What a kind does its own way is in its module."""

from tipgraph.errors import EndpointError, UsageError
from tipgraph.settings import Endpoint
from tipgraph.stores.fuseki import Fuseki
from tipgraph.stores.graphdb import GraphDB
from tipgraph.stores.oxigraph import Oxigraph
from tipgraph.stores.rdf4j import RDF4J
from tipgraph.stores.sparql import Store
from tipgraph.stores.virtuoso import Virtuoso

__all__ = ["KINDS", "Store", "open_store"]

# GraphDB speaks as RDF4J does and is told from it by its name, so it comes first.
KINDS: dict[str, type[Store]] = {
    kind.name: kind for kind in (Oxigraph, Virtuoso, Fuseki, GraphDB, RDF4J, Store)
}


def open_store(endpoint: Endpoint) -> Store:
    """The store at this endpoint: of the kind that is named, or as it can be told by asking it.

    Raises UsageError when its kind cannot be told or its address is not whole, and EndpointError
    when it cannot be reached.
    """
    kind = _kind(endpoint)
    store = kind.at(endpoint.url, endpoint.access) if endpoint.url else None
    query_url = endpoint.query_url or (store.query_url if store else "")
    return kind(
        query_url,
        endpoint.update_url or (store.update_url if store else None),
        endpoint.graph_store_url or (store.graph_store_url if store else None),
        endpoint.access,
        base=endpoint.url or query_url,
    )


def _kind(endpoint: Endpoint) -> type[Store]:
    if endpoint.store is not None:
        if endpoint.store not in KINDS:
            raise UsageError(f"--store {endpoint.store}: choose one of {', '.join(KINDS)}")
        return KINDS[endpoint.store]
    if endpoint.url is None or endpoint.query_url:
        return Store
    headers = _headers(endpoint.url, endpoint)
    for kind in KINDS.values():
        if kind.recognises(endpoint.url, headers):
            return kind
    raise UsageError(
        f"{endpoint.url}: does not tell what kind of store it is; say it with --store, which takes"
        f" {', '.join(KINDS)}"
    )


def _headers(url: str, endpoint: Endpoint) -> dict[str, str]:
    """The headers, in small letters, of whatever the store answers."""
    import urllib.error
    import urllib.request
    from http.client import HTTPException

    from tipgraph.stores.tls import context

    try:
        # An address for queries answers this at once; some would give all that they have else.
        question = f"{url.partition('?')[0]}?query=ASK%20%7B%7D"
        request = urllib.request.Request(question, headers={"Accept": "*/*"})
        answer = urllib.request.urlopen(request, timeout=30, context=context(endpoint.access))
        with answer:
            found = answer.headers
    except urllib.error.HTTPError as error:
        with error:
            found = error.headers
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        reason = getattr(reason, "strerror", None) or reason
        raise EndpointError(f"{url}: cannot be reached ({reason})") from None
    return {name.lower(): value for name, value in found.items()}
