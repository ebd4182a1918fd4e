"""Whether a store holds what it was sent: as many triples, or the very same."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from itertools import groupby
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Quad

from tipgraph.endpoint.client import Client
from tipgraph.errors import EndpointError
from tipgraph.loader.normalize import by_value
from tipgraph.loader.skolemize import canonical
from tipgraph.loader.sorted_ntriples import NOTHING, Spool, spool

# Both sides are held against each other as one and the same graph.
ANY = NamedNode("urn:x-tipgraph:any")
SHOWN = 200


class Verify(StrEnum):
    """How much is asked back: the number of triples, or all of them."""

    COUNTS = "counts"
    FULL = "full"


class Mismatch(EndpointError):
    """The store holds something else than it was sent."""


@dataclass(frozen=True)
class Verified:
    """What was found: the number of triples, and the SHA-256 of them by value if it was asked."""

    triples: int
    sha256_by_value: str | None = None


def verify(client: Client, graph: str, sent: Spool, how: Verify) -> Verified:
    """Hold a graph of the store against what was sent.

    Fewer triples are right where some differ only in how a value is spelt and the store keeps
    values. Raises Mismatch, and EndpointError as the client does.
    """
    counted = client.count(graph)
    if how is Verify.COUNTS and counted == sent.triples:
        return Verified(counted)
    with TemporaryDirectory(prefix="tipgraph-") as here, TemporaryDirectory() as there:
        expected = _by_value(client, sent.quads(), sent.has_blank_nodes, here)
        if counted not in (sent.triples, expected.triples):
            raise Mismatch(f"was sent {sent.triples:,} triples and holds {counted:,}")
        if how is Verify.COUNTS:
            return Verified(counted)
        returned = _by_value(client, client.triples(graph), sent.has_blank_nodes, there)
        if returned.sha256 != expected.sha256:
            raise Mismatch(_difference(expected, returned))
    return Verified(counted, returned.sha256)


def is_same(client: Client, graph: str, sent: Spool) -> bool:
    """Whether the graph holds what was sent, all of it looked at. Raises EndpointError."""
    try:
        verify(client, graph, sent, Verify.FULL)
    except Mismatch:
        return False
    return True


def _by_value(client: Client, quads: Iterator[Quad], has_blank_nodes: bool, folder: str) -> Spool:
    """The triples, each value spelt in one way, whatever blank nodes are called."""
    same = (
        Quad(quad.subject, quad.predicate, quad.object, ANY)
        for quad in by_value(quads, client.store)
    )
    return spool(canonical(same) if has_blank_nodes else same, folder).get(ANY.value, NOTHING)


def _difference(sent: Spool, returned: Spool) -> str:
    """In words, the first triple that only one of them has."""
    tagged = merge(
        ((line, True) for line in sent.lines()), ((line, False) for line in returned.lines())
    )
    for line, group in groupby(tagged, key=lambda pair: pair[0]):
        [(_, was_sent), *both] = group
        if not both:
            text = line.decode(errors="replace").strip()[:SHOWN]
            return f"does not give back {text}" if was_sent else f"was never sent {text}"
    return "gives back something else"
