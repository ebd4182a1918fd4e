"""The regime of the shipped graph."""

import pytest

from tipgraph.assess.regime import Regime
from tipgraph.graph import LocalGraph


@pytest.fixture(scope="session")
def belgium(shipped: LocalGraph) -> Regime:
    """The regime of Belgium."""
    regime = shipped.regime()
    assert regime.rules.concluding.rules
    return regime
