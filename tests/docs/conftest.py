"""The commands of the pages have a store of their own."""

import re
from collections.abc import Iterator

import pytest

import tipgraph
from tests.servers import oxigraph

# The editions of all countries take half a minute.
VALIDATES = re.compile(r"tipgraph validate\b|\.validate\(\)")


@pytest.fixture(autouse=True)
def as_for_readers(request: pytest.FixtureRequest) -> None:
    """The slow commands see the editions of all countries, except to validate them."""
    parameters = getattr(request.node, "callspec", None)
    validates = VALIDATES.search(str(parameters and parameters.params))
    if request.node.get_closest_marker("slow") and not validates:
        request.getfixturevalue("all_countries")


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of a store that has the graph."""
    with oxigraph(tmp_path_factory.mktemp("store")) as base:
        tipgraph.load(base)
        yield base
