"""Moving a graph into place, where replies get lost.

Whether a MOVE was made is asked and never believed. It is made again only by a store that refuses
to move what is not there: where a second MOVE, or the first one at last, finds its source gone, it
may leave the target empty. For the same reason a source is then not removed, but named.
"""

import time

from pyoxigraph import NamedNode

from tipgraph.errors import EndpointError
from tipgraph.stores.client import Client
from tipgraph.stores.faults import Lost, Refused


class LeftBehind(EndpointError):
    """A load broke off, and a graph that was on its way is, or may be, still in the store."""

    def __init__(self, client: Client, staging: str, reason: object) -> None:
        super().__init__(
            f"{reason}; <{staging}> may be left there: when the store is at rest again,"
            f" 'tipgraph load --clean --endpoint {client.store.base}' removes it"
        )


def move(client: Client, staging: str, graph: str, triples: int) -> None:
    """Put the staging graph, of so many triples, in the place of the other.

    Raises LeftBehind when nobody knows what became of it, and EndpointError when it was not moved
    and nothing is under way.
    """
    failure: EndpointError | None = None
    for pause in client.patience.pauses():
        failure = _attempt(client, staging, graph)
        try:
            if _has_moved(client, staging, graph, triples, is_open=_is_open(failure)):
                return
        except EndpointError as error:
            raise LeftBehind(client, staging, failure or error) from None
        failure = failure or Lost(f"{client.store.base}: reports a move that it did not make")
        if isinstance(failure, Refused) and failure.did_nothing:
            if not (failure.is_transient and client.patience.allows(failure.wait)):
                raise failure
            pause = failure.wait or pause
        elif client.store.move_of_missing_empties:
            raise LeftBehind(client, staging, failure)
        time.sleep(pause)
    assert failure is not None
    raise failure


def _attempt(client: Client, staging: str, graph: str) -> EndpointError | None:
    """What went wrong, if anything did."""
    try:
        client.update(f"MOVE GRAPH {NamedNode(staging)} TO GRAPH {NamedNode(graph)}")
    except EndpointError as error:
        return error
    except BaseException:
        if client.store.move_of_missing_empties:
            raise LeftBehind(client, staging, "interrupted") from None
        raise
    return None


def _is_open(failure: EndpointError | None) -> bool:
    """Whether the store may still be at work on a request that failed so."""
    return isinstance(failure, Lost) or (isinstance(failure, Refused) and not failure.did_nothing)


def _has_moved(client: Client, staging: str, graph: str, triples: int, is_open: bool) -> bool:
    """Whether the graph was moved; what the store may still be at is waited for."""
    deadline = time.monotonic() + (client.patience.settle if is_open else 0)
    while True:
        is_left = client.exists(staging)
        if not is_left and client.count(graph) == triples:
            return True
        if time.monotonic() >= deadline:
            break
        time.sleep(client.patience.first)
    if not is_left:
        base = client.store.base
        raise EndpointError(f"{base}: <{graph}> is not what was moved there; load it again")
    return False
