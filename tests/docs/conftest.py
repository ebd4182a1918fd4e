"""The commands of the pages have a store of their own."""

import re
from collections.abc import Iterator

import pytest

import tipgraph
from tests.servers import oxigraph

# These take seconds to a minute with the editions of all countries: they read or write all of it.
FIVE_COUNTRIES = re.compile(
    r"tipgraph (validate|cite|export catalog)\b|\.validate\(\)|http://localhost:7878"
)


@pytest.fixture(autouse=True)
def as_for_readers(request: pytest.FixtureRequest) -> None:
    """The slow commands see the editions of all countries, except where these take too long."""
    parameters = getattr(request.node, "callspec", None)
    needs_five = FIVE_COUNTRIES.search(str(parameters and parameters.params))
    if request.node.get_closest_marker("slow") and not needs_five:
        request.getfixturevalue("all_countries")


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of a store that has the graph."""
    with oxigraph(tmp_path_factory.mktemp("store")) as base:
        tipgraph.load(base)
        yield base
