"""The commands of the pages have a store of their own, with the editions that they name."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tipgraph
from tests.conftest import link_resources
from tests.servers import quick
from tipgraph.resources import folders

# Where the pages have a store.
STORE = "http://localhost:7878"
IN_NO_STORE = re.compile(
    r"(?!tip-2021-be|tip-2022-hu)[\w-]+-[a-z]{2}/|actors/(?!shared|belgium|hungary)"
)
# Countries that the test graph lacks.
OTHERS = re.compile("FRA|HRV")


@pytest.fixture(autouse=True)
def as_for_readers(request: pytest.FixtureRequest) -> None:
    """Commands on a store see what it has, and those on other countries all editions."""
    parameters = str(getattr(getattr(request.node, "callspec", None), "params", ""))
    if STORE in parameters:
        request.getfixturevalue("stored_editions")
    elif OTHERS.search(parameters):
        request.getfixturevalue("all_countries")


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The resources with two editions, which a store takes in a few seconds."""
    return link_resources("stored", IN_NO_STORE, tmp_path_factory)


@pytest.fixture
def stored_editions(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The graph of this test is that of the store."""
    monkeypatch.setenv(folders.VARIABLE, str(stored))


@pytest.fixture(scope="session")
def store(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of a store that has the graph."""
    with quick("oxigraph", tmp_path_factory.mktemp("store")) as base:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv(folders.VARIABLE, str(stored))
            tipgraph.load(base)
        yield base
