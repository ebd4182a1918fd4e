"""The shipped graph with what the rules give."""

import pytest
from pyoxigraph import Store

from .kit import run, sources


@pytest.fixture(scope="session")
def whole() -> Store:
    """Sources and derived graph, made anew."""
    store = sources()
    run(store)
    return store
