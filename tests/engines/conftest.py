"""The shipped graph here, and in a real store of each kind."""

import os
import shutil
from collections.abc import Iterator

import pytest

import tipgraph
from tests.servers import DBA, oxigraph, virtuoso


@pytest.fixture(scope="session")
def here() -> tipgraph.LocalGraph:
    """The shipped graph in memory."""
    return tipgraph.open()


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of a store with the graph; credentials are in the environment."""
    folder = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as environment:
        if request.param == "virtuoso":
            if not (shutil.which("virtuoso-t") or "CI" in os.environ):
                pytest.skip("Virtuoso is not installed")
            environment.setenv("TIPGRAPH_USER", DBA[0])
            environment.setenv("TIPGRAPH_PASSWORD", DBA[1])
        with (oxigraph if request.param == "oxigraph" else virtuoso)(folder) as address:
            tipgraph.load(address)
            yield address


@pytest.fixture(scope="session")
def there(base: str) -> tipgraph.Graph:
    """The graph in the store."""
    return tipgraph.connect(base)
