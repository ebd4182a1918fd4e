"""Open a store: find its profile and its addresses."""

from collections.abc import Mapping

from tipgraph.endpoint.connection import Connection
from tipgraph.endpoint.profiles import PROFILES, RemoteStore
from tipgraph.endpoint.retry import RequestRefused, RetryPolicy, retrying, without_query
from tipgraph.endpoint.settings import Access, Endpoint
from tipgraph.errors import EndpointError, UsageError

# Status codes of a store, or a proxy in front of it, for unknown users.
ACCESS_DENIED = {401, 403}


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
