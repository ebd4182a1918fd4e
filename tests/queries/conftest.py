"""The shipped graph, opened once, and the same quads in rdflib."""

from collections.abc import Iterator

import pytest

import tipgraph
from tipgraph.assembly import make_graph
from tipgraph.bundle import shipped as bundle
from tipgraph.knowledge import KnowledgeGraph

from .rdflib_engine import Rdflib


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """The shipped graph, made anew."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        graph = tipgraph.open()
        assert graph.queries
        yield graph


@pytest.fixture(scope="session")
def rdflib() -> Rdflib:
    """The same quads in rdflib."""
    return Rdflib(make_graph(bundle()))
