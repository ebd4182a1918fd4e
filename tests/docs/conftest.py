"""The commands of the pages see all countries, as readers do, and have a store of their own."""

from collections.abc import Iterator

import pytest

import tipgraph
from tests.servers import oxigraph


@pytest.fixture(autouse=True)
def as_for_readers(all_countries: None) -> None:
    """The shipped graph has the editions of all countries."""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of a store that has the graph."""
    with oxigraph(tmp_path_factory.mktemp("store")) as base:
        tipgraph.load(base)
        yield base
