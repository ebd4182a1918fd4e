"""The shipped graph and its regime, opened once."""

from collections.abc import Iterator

import pytest

import tipgraph
from tipgraph.assessment.regime import Regime
from tipgraph.knowledge import KnowledgeGraph


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """The shipped graph, made anew."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield tipgraph.open()


@pytest.fixture(scope="session")
def belgium(shipped: KnowledgeGraph) -> Regime:
    """What Belgium's edition says that victims can get."""
    regime = shipped.regime()
    assert regime.rules.concluding.inserts
    return regime
