"""A named graph of a store, whole."""

from pyoxigraph import NamedNode, RdfFormat, serialize

from tipgraph.errors import EndpointError, UsageError
from tipgraph.settings import Endpoint, settled
from tipgraph.stores import open_store
from tipgraph.stores.client import Client


def whole(endpoint: str, graph: str) -> bytes:
    """The triples of a graph, as N-Triples; the endpoint is what `--endpoint` takes.

    What comes is counted, since some stores cut long answers short without a word. Raises
    EndpointError when the store cannot be reached, refuses, or does not give the graph whole, and
    UsageError when the graph's name is no IRI.
    """
    try:
        NamedNode(graph)
    except ValueError:
        raise UsageError(f"--graph {graph}: is no IRI") from None
    store = open_store(settled(Endpoint(url=endpoint)), for_queries=True)
    with Client(store) as client:
        number = client.count(graph)
        if number == 0:
            raise EndpointError(
                f"{endpoint}: there is nothing in a graph <{graph}>; is it its name?"
            )
        quads = (quad.triple for quad in client.triples(graph))
        triples: bytes = serialize(quads, format=RdfFormat.N_TRIPLES) or b""
    got = triples.count(b"\n")
    if got != number:
        raise EndpointError(
            f"{endpoint}: gave {got:,} of {number:,} triples of <{graph}>;"
            " export the graph to a file and validate that"
        )
    return triples
