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
# These take seconds to a minute with the editions of all countries: they read or write all of it.
FIVE_COUNTRIES = re.compile(r"tipgraph (validate|cite|export (catalog|package))\b|\.validate\(\)")


@pytest.fixture(autouse=True)
def as_for_readers(request: pytest.FixtureRequest) -> None:
    """The slow commands see the editions of all countries, except where these take too long."""
    parameters = str(getattr(getattr(request.node, "callspec", None), "params", ""))
    if STORE in parameters:
        request.getfixturevalue("stored_editions")
    elif request.node.get_closest_marker("slow") and not FIVE_COUNTRIES.search(parameters):
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
