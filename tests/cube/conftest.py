"""The exported graph, normalized as the recommendation says."""

import pytest
from pyoxigraph import Quad, Store

from tipgraph.export.graph import named_graphs
from tipgraph.graph import LocalGraph

from .constraints import normalize


@pytest.fixture(
    scope="session",
    params=[
        "shipped",
        pytest.param("everything", marks=pytest.mark.slow(reason="exports all editions")),
    ],
)
def cube(request: pytest.FixtureRequest) -> Store:
    """The triples that `tipgraph export graph` writes, in a store that knows no more."""
    graph: LocalGraph = request.getfixturevalue(request.param)
    store = Store()
    store.extend(Quad(*quad.triple) for quad in named_graphs(graph.engine))
    return normalize(store)
