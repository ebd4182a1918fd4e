"""The shipped graph here, and in a real store of each kind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

import tipgraph
from tests.servers import DBA, oxigraph, require_virtuoso, virtuoso

STORES = {"oxigraph": oxigraph, "virtuoso": virtuoso}
# Gives the base address of a store of a kind, and the graph in it.
Loaded = Callable[[str], tuple[str, tipgraph.Graph]]


@pytest.fixture(scope="session")
def here(shipped: tipgraph.LocalGraph) -> tipgraph.LocalGraph:
    """The shipped graph in memory."""
    return shipped


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Loads the shipped graph, once, into a store of a kind that has nothing else.

    Virtuoso plans a query by all that it has.
    """
    with ExitStack() as servers:

        @cache
        def loaded(kind: str) -> tuple[str, tipgraph.Graph]:
            base = servers.enter_context(STORES[kind](tmp_path_factory.mktemp(kind)))
            tipgraph.load(base)
            return base, tipgraph.connect(base)

        yield loaded


@pytest.fixture(params=["oxigraph", pytest.param("virtuoso", marks=pytest.mark.store)])
def store_kind(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, no_authorities: None
) -> str:
    """A kind of store, whose credentials are in the environment."""
    kind: str = request.param
    if kind == "virtuoso":
        require_virtuoso()
        monkeypatch.setenv("TIPGRAPH_USER", DBA[0])
        monkeypatch.setenv("TIPGRAPH_PASSWORD", DBA[1])
    return kind


@pytest.fixture
def server(store_kind: str, request: pytest.FixtureRequest) -> str:
    """The base address of a store in which tests have graphs of their own."""
    address: str = request.getfixturevalue(f"{store_kind}_server")
    return address


@pytest.fixture
def base(store_kind: str, loaded: Loaded) -> str:
    """The base address of a store with the graph."""
    return loaded(store_kind)[0]


@pytest.fixture
def there(store_kind: str, loaded: Loaded) -> tipgraph.Graph:
    """The graph in the store."""
    return loaded(store_kind)[1]
