"""The shipped quads in rdflib."""

import pytest

from tipgraph.assembly import make_graph
from tipgraph.bundle import shipped as bundle

from .rdflib_engine import Rdflib


@pytest.fixture(scope="session")
def rdflib() -> Rdflib:
    """The same quads in rdflib."""
    return Rdflib(make_graph(bundle()))
