"""Graphs put together, and faults planted in them or in a copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rdflib import Graph, Namespace

from tipgraph.namespaces import PREFIXES

ROOT = Path(__file__).parents[2]
TIP = Namespace(PREFIXES["tip"])
NAMES = PREFIXES | {"be": "https://w3id.org/tipgraph/id/tip-2021-be/"}


def union(*graphs: Graph) -> Graph:
    """A new graph with the triples of all."""
    whole = Graph()
    for graph in graphs:
        whole += graph
    return whole


def with_fault(graph: Graph, turtle: str) -> Graph:
    """A copy of the graph with a few more triples."""
    return union(graph, _parsed(turtle))


@contextmanager
def fault_in(graph: Graph, turtle: str) -> Iterator[None]:
    """The graph has a few more triples for a while: a copy takes longer than what looks at it."""
    new = _parsed(turtle) - graph
    graph += new
    try:
        yield
    finally:
        graph -= new


def _parsed(turtle: str) -> Graph:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in NAMES.items())
    return Graph().parse(data=prefixes + turtle)


def updated(graph: Graph, update: str) -> Graph:
    """A copy of the graph after a SPARQL update."""
    copy = union(graph)
    copy.update(update, initNs=NAMES)
    return copy
