"""The rules give the same in any order."""

from random import Random

import pytest
from pyoxigraph import Store

from tipgraph.store.rules import Rule

from .kit import DERIVED, run, shipped_rules, sources


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_order_of_rules_does_not_matter(whole: Store) -> None:
    wanted = {quad.triple for quad in whole.quads_for_pattern(None, None, None, DERIVED)}

    assert run(sources(), shuffled(0)) == wanted


def test_shuffled_orders_differ() -> None:
    strata = [rule.stratum for rule in shipped_rules()]

    assert len(strata) > len(set(strata)) > 1
    assert len({tuple(shuffled(seed)) for seed in range(8)}) > 1


def shuffled(seed: int) -> list[Rule]:
    return Random(seed).sample(shipped_rules(), len(shipped_rules()))
