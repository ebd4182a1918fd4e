"""Moving a graph into place, where replies get lost.

Whether a MOVE was made is asked and never believed. It is made again by a store that refuses to
move what is not there, and where the store itself says that it failed and the source is whole. Else
a second MOVE, or the first one at last, may find its source gone and leave the target empty; so the
source is not removed then, but named.
"""

import time
from collections.abc import Callable

from pyoxigraph import NamedNode

from tipgraph.endpoint.client import Client
from tipgraph.endpoint.retry import Refused, ResponseLost
from tipgraph.errors import EndpointError


class StagingGraphLeft(EndpointError):
    """A load broke off, and graphs that were on their way are, or may be, still in the store."""

    def __init__(self, client: Client, reason: object, *staging: str) -> None:
        names = ", ".join(f"<{name}>" for name in staging)
        super().__init__(
            f"{reason}; {names} may be left there: when the store is at rest again,"
            f" 'tipgraph load --clean --endpoint {client.store.base}' removes what is"
        )


def move(
    client: Client, staging: str, graph: str, triples: int, is_there: Callable[[], bool]
) -> None:
    """Put the staging graph, of so many triples, in the place of the other.

    `is_there` tells whether the other holds what the staging graph held; it is asked where a reply
    was lost, as others can remove the staging graph too.

    Raises StagingGraphLeft when nobody knows what became of it, and EndpointError when it was
    not moved and nothing is under way.
    """
    try:
        _move(client, staging, graph, triples, is_there)
    except EndpointError:
        raise
    except BaseException:
        if client.store.move_of_missing_empties:
            raise StagingGraphLeft(client, "interrupted", staging) from None
        raise


def _move(
    client: Client, staging: str, graph: str, triples: int, is_there: Callable[[], bool]
) -> None:
    can_be_torn = client.store.move_of_missing_empties
    failure: EndpointError | None = None
    deadline: float | None = None
    for pause in client.patience.pauses():
        failure = _attempt(client, staging, graph)
        try:
            if _is_open(failure):
                deadline = deadline or time.monotonic() + client.patience.settle
            if _is_gone(client, staging, graph, deadline):
                if failure is None or is_there():
                    return
                raise EndpointError(f"{failure}; <{staging}> is gone, and <{graph}> is not it")
            is_whole = not can_be_torn or client.count(staging) == triples
        except EndpointError as error:
            raise StagingGraphLeft(client, error, staging) from None
        if not is_whole:
            raise StagingGraphLeft(
                client, f"{failure}; <{graph}> may be torn, load it again", staging
            )
        failure = failure or ResponseLost(
            f"{client.store.base}: reports a move that it did not make"
        )
        if isinstance(failure, Refused) and failure.did_nothing:
            if not (failure.is_transient and client.patience.allows(failure.wait)):
                raise failure
            pause = failure.wait or pause
        elif can_be_torn:
            raise StagingGraphLeft(client, failure, staging)
        time.sleep(pause)
    assert failure is not None
    if can_be_torn:
        raise StagingGraphLeft(client, f"{failure}; <{graph}> may be torn, load it again", staging)
    raise failure


def _attempt(client: Client, staging: str, graph: str) -> EndpointError | None:
    """What went wrong, if anything did."""
    try:
        client.update(f"MOVE GRAPH {NamedNode(staging)} TO GRAPH {NamedNode(graph)}")
    except EndpointError as error:
        return error
    return None


def _is_open(failure: EndpointError | None) -> bool:
    """Whether the store may still be at work on a request that failed so."""
    return isinstance(failure, ResponseLost) or (
        isinstance(failure, Refused) and not failure.did_nothing
    )


def _is_gone(client: Client, staging: str, graph: str, deadline: float | None) -> bool:
    """Whether the staging graph is gone, and something is in the other.

    What the store may still be at is waited for, all in all until the deadline.
    """
    while True:
        is_left = client.exists(staging)
        if not is_left and client.exists(graph):
            return True
        if deadline is None or time.monotonic() >= deadline:
            break
        time.sleep(client.patience.first)
    if not is_left:
        base = client.store.base
        raise EndpointError(f"{base}: <{graph}> is empty now; load it again")
    return False
