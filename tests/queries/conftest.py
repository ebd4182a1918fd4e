"""The shipped quads in rdflib."""

import pytest

from tipgraph.resources.folders import shipped as resources
from tipgraph.store.build import make_graph

from .rdflib_engine import Rdflib


@pytest.fixture(scope="session")
def rdflib() -> Rdflib:
    """The same quads in rdflib."""
    return Rdflib(make_graph(resources()))
