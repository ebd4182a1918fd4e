"""The shipped graph here, and in a real store of each kind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

import tipgraph
from tests.servers import STORES, dumped, filled, quick

# Gives the base address of a store of a kind, and the graph in it.
Loaded = Callable[[str], tuple[str, tipgraph.Graph]]


@pytest.fixture(scope="session")
def here(shipped: tipgraph.LocalGraph) -> tipgraph.LocalGraph:
    """The shipped graph in memory."""
    return shipped


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Loads the shipped graph, once, into a store of a kind that has nothing else.

    Virtuoso plans a query by all that it has. Fuseki and RDF4J are filled with what Oxigraph has,
    in half of the time: tests/loader loads into each.
    """
    with ExitStack() as servers:

        @cache
        def loaded(kind: str) -> tuple[str, tipgraph.Graph]:
            base = servers.enter_context(quick(kind, tmp_path_factory.mktemp(kind)))
            if kind in ("oxigraph", "virtuoso"):
                tipgraph.load(base)
            else:
                filled(kind, base, dumped(loaded("oxigraph")[0]))
            return base, tipgraph.connect(base)

        yield loaded


# Oxigraph needs nothing that is not in the environment.
KINDS = [pytest.param(kind, marks=pytest.mark.store) for kind in STORES if kind != "oxigraph"]


@pytest.fixture(params=["oxigraph", *KINDS])
def store_kind(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, no_authorities: None
) -> str:
    """A kind of store, whose credentials are in the environment."""
    kind: str = request.param
    for name, value in STORES[kind].environment.items():
        monkeypatch.setenv(name, value)
    return kind


@pytest.fixture
def server(store_kind: str, server_of: Callable[[str], str]) -> str:
    """The base address of a store in which tests have graphs of their own."""
    return server_of(store_kind)


@pytest.fixture
def base(store_kind: str, loaded: Loaded) -> str:
    """The base address of a store with the graph."""
    return loaded(store_kind)[0]


@pytest.fixture
def there(store_kind: str, loaded: Loaded) -> tipgraph.Graph:
    """The graph in the store."""
    return loaded(store_kind)[1]
