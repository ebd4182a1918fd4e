"""The shipped graph here, and in a real store of each kind."""

from collections.abc import Callable
from functools import cache

import pytest

import tipgraph
from tests.servers import DBA

Loaded = Callable[[str], tipgraph.Graph]


@pytest.fixture(scope="session")
def here(shipped: tipgraph.LocalGraph) -> tipgraph.LocalGraph:
    """The shipped graph in memory."""
    return shipped


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """Loads the shipped graph into the store at an address, once, and opens it there."""

    @cache
    def loaded(base: str) -> tipgraph.Graph:
        tipgraph.load(base)
        return tipgraph.connect(base)

    return loaded


@pytest.fixture(params=["oxigraph", pytest.param("virtuoso", marks=pytest.mark.store)])
def base(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    no_authorities: None,
    loaded: Loaded,
) -> str:
    """The base address of a store with the graph; credentials are in the environment."""
    address: str = request.getfixturevalue(f"{request.param}_server")
    if request.param == "virtuoso":
        monkeypatch.setenv("TIPGRAPH_USER", DBA[0])
        monkeypatch.setenv("TIPGRAPH_PASSWORD", DBA[1])
    loaded(address)
    return address


@pytest.fixture
def there(base: str, loaded: Loaded) -> tipgraph.Graph:
    """The graph in the store."""
    return loaded(base)
