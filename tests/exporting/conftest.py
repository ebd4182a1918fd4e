"""The shipped graph, opened once."""

from collections.abc import Iterator

import pytest

import tipgraph
from tipgraph.knowledge import KnowledgeGraph


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """The shipped graph, made anew."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        graph = tipgraph.open()
        assert graph.queries
        yield graph
