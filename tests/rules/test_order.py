"""The rules give the same in any order."""

from random import Random

from pyoxigraph import Store

from .kit import DERIVED, RULES, run, sources


def test_order_of_rules_does_not_matter(whole: Store) -> None:
    shuffled = Random(0).sample(RULES, len(RULES))
    wanted = {quad.triple for quad in whole.quads_for_pattern(None, None, None, DERIVED)}

    assert run(sources(), shuffled) == wanted


def test_shuffled_orders_differ() -> None:
    strata = [rule.stratum for rule in RULES]

    assert len(strata) > len(set(strata)) > 1
    assert len({tuple(Random(seed).sample(RULES, len(RULES))) for seed in range(8)}) > 1
