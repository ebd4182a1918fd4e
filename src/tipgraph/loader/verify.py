"""Verify that a store contains what was sent: the same number of triples, or the same triples.

Triples are compared by value, since a store may return `1.0` as `1`. pyoxigraph decides what a
value is: its own store keeps numbers, dates and times by value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from heapq import merge
from itertools import groupby, islice
from tempfile import TemporaryDirectory

from pyoxigraph import Literal, NamedNode, Quad, Store

from tipgraph.endpoint.client import GraphClient
from tipgraph.endpoint.profiles import RemoteStore
from tipgraph.errors import EndpointError, InputError
from tipgraph.loader.sorted_ntriples import EMPTY, SortedTriples, canonicalize, sort_by_graph

# Both sides are compared as a graph of this name.
ANY = NamedNode("urn:x-tipgraph:any")
STRING = NamedNode("http://www.w3.org/2001/XMLSchema#string")
CACHED = 50_000
# The longest part of a differing triple that an error shows.
SHOWN = 200


class Verify(StrEnum):
    """The extent of verification: the number of triples, or all triples."""

    COUNTS = "counts"
    FULL = "full"


class VerificationError(EndpointError):
    """The store contains something else than was sent."""


@dataclass(frozen=True)
class Verification:
    """The number of triples in the store, and, if they were read, their hash by value."""

    triples: int
    sha256_by_value: str | None = None


def verify(
    client: GraphClient,
    graph: str,
    sent: SortedTriples,
    how: Verify,
    counted: int | None = None,
) -> Verification:
    """Compare a graph of the store, which has `counted` triples, with what was sent.

    A lower number of triples is correct where some differ only in how a value is written and the
    store keeps values. Raises VerificationError, and EndpointError as the client does.
    """
    counted = client.count(graph, sent.triples) if counted is None else counted
    if how is Verify.COUNTS and counted == sent.triples:
        return Verification(counted)
    with TemporaryDirectory(prefix="tipgraph-") as here, TemporaryDirectory() as there:
        expected = _by_value(client.store, sent.quads(), sent.has_blank_nodes, here)
        if counted not in (sent.triples, expected.triples):
            raise VerificationError(
                f"{sent.triples:,} triples were sent and the store has {counted:,}"
            )
        if how is Verify.COUNTS:
            return Verification(counted)
        try:
            # One more than there are is enough to see a difference: a response may have no end.
            triples = islice(client.triples(graph, counted), counted + 1)
            returned = _by_value(client.store, triples, sent.has_blank_nodes, there)
        except InputError as error:
            raise VerificationError(
                f"the store returns something else than was sent: {error}"
            ) from None
        if returned.sha256 != expected.sha256:
            raise VerificationError(_difference(expected, returned))
    return Verification(counted, returned.sha256)


def is_same(client: GraphClient, graph: str, sent: SortedTriples) -> bool:
    """Compare all triples of the graph with those sent. Raises EndpointError."""
    try:
        verify(client, graph, sent, Verify.FULL)
    except VerificationError:
        return False
    return True


def _by_value(
    store: RemoteStore, quads: Iterable[Quad], has_blank_nodes: bool, folder: str
) -> SortedTriples:
    """Return the triples with each value written in one way, whatever blank nodes are called."""
    normalized = _normalize(quads, store)
    if has_blank_nodes:
        normalized = canonicalize(normalized)
    return sort_by_graph(normalized, folder).get(ANY.value, EMPTY)


def _normalize(quads: Iterable[Quad], store: RemoteStore) -> Iterator[Quad]:
    """Yield the quads in the graph ANY, with literals as the store would return their value."""

    @lru_cache(CACHED)
    def by_value(literal: Literal) -> Literal:
        scratch = Store()
        scratch.add(Quad(ANY, ANY, store.as_stored(literal)))
        [quad] = scratch
        assert isinstance(quad.object, Literal)
        return quad.object

    for quad in quads:
        term = quad.object
        if isinstance(term, Literal) and term.datatype != STRING:
            term = by_value(term)
        yield Quad(quad.subject, quad.predicate, term, ANY)


def _difference(sent: SortedTriples, returned: SortedTriples) -> str:
    """Describe the first triple that only one of them has."""
    tagged = merge(
        ((line, True) for line in sent.lines()), ((line, False) for line in returned.lines())
    )
    for line, group in groupby(tagged, key=lambda pair: pair[0]):
        [(_, was_sent), *both] = group
        if not both:
            triple = line.decode(errors="replace").strip()[:SHOWN]
            verb = "does not return" if was_sent else "returns, though it was not sent,"
            return f"the store {verb} {triple}"
    return "the store returns something else than was sent"
