"""Named graphs of a store, whole."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize
from pyoxigraph import Store as Graphs

from tipgraph.endpoint.client import Client
from tipgraph.endpoint.settings import Endpoint, settled
from tipgraph.endpoint.stores import open_store
from tipgraph.errors import EndpointError, UsageError

if TYPE_CHECKING:
    from tipgraph.endpoint.stores import Store


def whole(endpoint: str, graph: str) -> bytes:
    """The triples of a graph, as N-Triples; the endpoint is what `--endpoint` takes.

    Raises EndpointError when the store cannot be reached, refuses, or does not give the graph
    whole, and UsageError when the graph's name is no IRI.
    """
    try:
        NamedNode(graph)
    except ValueError:
        raise UsageError(f"--graph {graph}: is no IRI") from None
    store = open_store(settled(Endpoint(url=endpoint)), for_queries=True)
    with Client(store) as client:
        triples = [quad.triple for quad in _quads(client, graph)]
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def copied(store: "Store", graphs: Iterable[str]) -> Graphs:
    """These graphs of a store, in memory. Raises EndpointError as `whole` does."""
    here = Graphs()
    with Client(store) as client:
        for graph in graphs:
            name = NamedNode(graph)
            quads = _quads(client, graph)
            here.extend(Quad(q.subject, q.predicate, q.object, name) for q in quads)
    return here


def _quads(client: Client, graph: str) -> list[Quad]:
    """What comes is counted, since some stores cut long answers short without a word."""
    base, number = client.store.base, client.count(graph)
    if number == 0:
        raise EndpointError(f"{base}: there is nothing in a graph <{graph}>; is it its name?")
    quads = list(client.triples(graph))
    if len(quads) != number:
        raise EndpointError(
            f"{base}: gave {len(quads):,} of {number:,} triples of <{graph}>;"
            " export the graph to a file and use that"
        )
    return quads
