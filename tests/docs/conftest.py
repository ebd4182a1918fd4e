"""The commands of the pages have a store of their own."""

from collections.abc import Iterator

import pytest

import tipgraph
from tests.servers import oxigraph


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of a store that has the graph."""
    with oxigraph(tmp_path_factory.mktemp("store")) as base:
        tipgraph.load(base)
        yield base
