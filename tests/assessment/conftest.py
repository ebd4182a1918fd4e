"""The regime of the shipped graph."""

import pytest

from tipgraph.assessment.regime import Regime
from tipgraph.knowledge import KnowledgeGraph


@pytest.fixture(scope="session")
def belgium(shipped: KnowledgeGraph) -> Regime:
    """What Belgium's edition says that victims can get."""
    regime = shipped.regime()
    assert regime.rules.concluding.inserts
    return regime
