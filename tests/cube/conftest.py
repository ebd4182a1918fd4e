"""The exported graph, normalized as the recommendation says."""

import pytest
from pyoxigraph import RdfFormat, Store

from tipgraph.export.graph import named_graphs, serialize_quads
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
    """The Turtle of `tipgraph export graph`, read by a store that knows no more."""
    graph: LocalGraph = request.getfixturevalue(request.param)
    exported = serialize_quads(named_graphs(graph.engine), "turtle", graph.resources)
    store = Store()
    store.load(exported.encode(), format=RdfFormat.TURTLE)
    return normalize(store)
