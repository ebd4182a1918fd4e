"""The shipped shapes, data and ontology."""

import pytest
from rdflib import Graph

from tipgraph.resources.folders import shipped

from .harness import CASE_SHAPES, Shapes, completed, read


@pytest.fixture(scope="session")
def ontology() -> Graph:
    """The ontology with its code lists."""
    return read(shipped().ontology())


@pytest.fixture(scope="session")
def data() -> Graph:
    """The shipped data, with what compact statements leave out."""
    return completed(read(shipped().data()))


@pytest.fixture(scope="session")
def shapes(ontology: Graph) -> Shapes:
    """The shipped shapes for data."""
    return Shapes(read(shipped().shapes()), ontology)


@pytest.fixture(scope="session")
def case_shapes(ontology: Graph) -> Shapes:
    """The shipped shapes for a case, which is no data."""
    return Shapes(read([CASE_SHAPES]), ontology)
