"""Move a graph into place, where responses may get lost.

A query confirms every MOVE. MOVE is repeated with a store that refuses to move a missing graph,
and where the store itself reports that it failed and the source is complete. Otherwise a second
MOVE, or the first one arriving late, might find its source gone and empty the target; so the source
is then not removed, and the error names it.
"""

import time
from collections.abc import Callable

from pyoxigraph import NamedNode

from tipgraph.endpoint.client import GraphClient
from tipgraph.endpoint.retry import RequestRefused, ResponseLost
from tipgraph.errors import EndpointError


class StagingGraphLeft(EndpointError):
    """A load was broken off, and its staging graphs are, or may be, still in the store."""

    def __init__(self, client: GraphClient, reason: object, *staging: str) -> None:
        names = ", ".join(f"<{name}>" for name in staging)
        super().__init__(
            f"{reason}; {names} may be left in the store: once it is idle again, remove that with"
            f" 'tipgraph load --clean --endpoint {client.store.base}'"
        )


def move(
    client: GraphClient, staging: str, graph: str, triples: int, is_moved: Callable[[], bool]
) -> None:
    """Replace a graph by the staging graph, which has this number of triples.

    `is_moved` compares the target with what the staging graph contained. It is called where a
    response was lost, since others can remove the staging graph too.

    Raises StagingGraphLeft when the outcome is unknown, and EndpointError when the graph was not
    moved and no request is pending.
    """
    try:
        _move(client, staging, graph, triples, is_moved)
    except EndpointError:
        raise
    except BaseException:
        if client.store.empties_target_of_missing:
            raise StagingGraphLeft(client, "interrupted", staging) from None
        raise


def _move(
    client: GraphClient, staging: str, graph: str, triples: int, is_moved: Callable[[], bool]
) -> None:
    # A store that empties the target may also leave it incomplete.
    is_risky = client.store.empties_target_of_missing
    incomplete = f"<{graph}> may be incomplete, load it again"
    failure: EndpointError | None = None
    deadline: float | None = None
    for pause in client.policy.pauses():
        failure = _attempt(client, staging, graph)
        try:
            if _is_pending(failure):
                deadline = deadline or time.monotonic() + client.policy.settle
            if _is_gone(client, staging, graph, deadline):
                if failure is None or is_moved():
                    return
                raise EndpointError(
                    f"{failure}; <{staging}> is gone, and <{graph}> has other content; load again"
                )
            is_complete = not is_risky or client.count(staging) == triples
        except EndpointError as error:
            raise StagingGraphLeft(client, error, staging) from None
        if not is_complete:
            raise StagingGraphLeft(client, f"{failure}; {incomplete}", staging)
        failure = failure or ResponseLost(
            f"{client.store.base}: reports success of a MOVE, but the graph was not moved"
        )
        if isinstance(failure, RequestRefused) and failure.changed_nothing:
            if not (failure.is_transient and client.policy.allows(failure.retry_after)):
                raise failure
            pause = failure.retry_after or pause
        elif is_risky:
            raise StagingGraphLeft(client, failure, staging)
        time.sleep(pause)
    assert failure is not None
    if is_risky:
        raise StagingGraphLeft(client, f"{failure}; {incomplete}", staging)
    raise failure


def _attempt(client: GraphClient, staging: str, graph: str) -> EndpointError | None:
    """Send the MOVE and return the error, if there is one."""
    try:
        client.update(f"MOVE GRAPH {NamedNode(staging)} TO GRAPH {NamedNode(graph)}")
    except EndpointError as error:
        return error
    return None


def _is_pending(failure: EndpointError | None) -> bool:
    """Return whether the store may still be working on the request that failed."""
    return isinstance(failure, ResponseLost) or (
        isinstance(failure, RequestRefused) and not failure.changed_nothing
    )


def _is_gone(client: GraphClient, staging: str, graph: str, deadline: float | None) -> bool:
    """Return whether the staging graph is gone and the target has triples.

    Waits, until the deadline at most, for what the store may still be doing.
    """
    while True:
        is_left = client.exists(staging)
        if not is_left and client.exists(graph):
            return True
        if deadline is None or time.monotonic() >= deadline:
            break
        time.sleep(client.policy.first_pause)
    if not is_left:
        base = client.store.base
        raise EndpointError(f"{base}: <{graph}> is empty now; load it again")
    return False
