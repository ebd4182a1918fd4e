"""The exported graph, normalized as the recommendation says."""

import pytest
from pyoxigraph import RdfFormat, Store

from tipgraph.export.graph import named_graphs, serialize_quads
from tipgraph.graph import LocalGraph

from .constraints import normalize


@pytest.fixture(scope="session")
def cube(shipped: LocalGraph) -> Store:
    """What `tipgraph export graph` writes in Turtle, read by a store that knows no more."""
    exported = serialize_quads(named_graphs(shipped.engine), "turtle", shipped.resources)
    store = Store()
    store.load(exported.encode(), format=RdfFormat.TURTLE)
    return normalize(store)
