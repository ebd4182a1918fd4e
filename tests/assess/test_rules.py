"""The rules for cases: one result in any order and on any engine, and correct strata."""

import re
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pyoxigraph import Quad, Store
from rdflib import Graph

from tests.rules.strata import faults
from tipgraph.assess.case import Case, read_case
from tipgraph.assess.regime import Regime
from tipgraph.resources.folders import shipped as resources
from tipgraph.store.rules import derive, insert, read_rule

RULES = [read_rule(path) for path in resources().case_rules()]
INVENTED: dict[str, dict[str, Any]] = {
    "child": {"citizenship": "BEL", "age": 16, "unaccompanied": True, "met": "contact-broken-off",
              "not_met": "assists-prosecution"},
    "ended": {"citizenship": "ALB", "age": 30, "met": ["identified", "able-to-bring-charges",
              "criminal-case-ended", "takes-part-in-proceedings", "living-abroad"],
              "not_met": ["conviction-and-sentence", "intentional-violence-proved"]},
    "european": {"citizenship": ["ROU", "BRA"], "age": 40, "met": "potential",
                 "not_met": ["agrees-to-conditions", "under-physical-threat", "living-abroad"]},
}  # fmt: skip
OF_OTHERS = re.compile(r"\S*/id/tip-(?!2021-be/)")
TWENTY = pytest.mark.slow(reason="runs all rules twenty times")


@pytest.fixture(scope="module")
def cases(belgium: Regime) -> dict[str, Case]:
    return {name: read_case(each, belgium.engine) for name, each in INVENTED.items()}


@pytest.fixture(scope="module")
def concluded(belgium: Regime, cases: dict[str, Case]) -> set[str]:
    """All triples after the rules ran as they do in an assessment."""
    store = belgium.conclude(cases).store
    belgium.rules.proving.apply(store, belgium.engine.store, belgium.edition)
    return {str(quad.triple) for quad in store}


@pytest.fixture
def given(belgium: Regime, cases: dict[str, Case]) -> Store:
    """The input of the rules: the triples that they match, and the cases."""
    store = Store()
    for part in belgium.rules:
        part._replace(rules=()).apply(store, belgium.engine.store, belgium.edition)
    for name, case in cases.items():
        store.extend(case.quads(name, belgium.edition))
    return store


@pytest.mark.parametrize(
    "seed",
    [*range(3), *(pytest.param(n, marks=TWENTY) for n in range(3, 20))],
)
def test_order_of_rules_does_not_matter(seed, given, belgium, concluded):
    _run_in_order(seed, given, belgium)

    assert {str(quad.triple) for quad in given} == concluded


def _run_in_order(seed: int, store: Store, regime: Regime) -> None:
    every = [rule for part in regime.rules for rule in part.rules]
    insert(store, Random(seed).sample(every, len(every)))


def test_rest_of_the_graph_changes_no_conclusion(belgium, cases, concluded):
    store = Store()
    store.extend(Quad(*quad.triple) for quad in belgium.engine.store)
    for name, case in cases.items():
        store.extend(case.quads(name, belgium.edition))
    size = len(store)
    for part in belgium.rules:
        insert(store, part.rules)

    assert len(store) > size
    # Conclusions on what other editions state are of no use.
    assert {each for each in concluded if "/conclusion/" in each} == {
        each
        for each in (str(quad.triple) for quad in store)
        if "/conclusion/" in each and not OF_OTHERS.match(each)
    }


@pytest.mark.parametrize("seed", range(2))
def test_rounds_on_one_snapshot_give_the_same(seed: int, given: Store, concluded: set[str]) -> None:
    derive(given, Random(seed).sample(RULES, len(RULES)))

    assert {str(quad.triple) for quad in given} == concluded


def test_conclusions_name_the_file_of_their_rule(concluded: set[str]) -> None:
    given = [each for each in concluded if "/conclusion/" in each and "byRule" in each]
    named = {each.rpartition("/")[2].strip("> ") for each in given}

    assert "norms" in named
    assert named <= {Path(rule.path).stem for rule in RULES}


def test_rule_runs_once_unless_it_is_recursive(belgium: Regime, cases: dict[str, Case]) -> None:
    store = belgium.conclude(cases).store
    size = len(store)
    for rule in belgium.rules.concluding.rules:
        store.update(rule.text)

    assert len(store) == size
    assert {rule.is_recursive for rule in RULES} == {True, False}


def test_strata_contain_several_rules() -> None:
    by_stratum = [len(list(members)) for _, members in groupby(sorted(r.stratum for r in RULES))]

    assert len(by_stratum) > 5
    assert max(by_stratum) > 3


@pytest.mark.slow(reason="parses all rules with rdflib")
def test_rules_respect_their_strata() -> None:
    ontology = Graph()
    for path in resources().ontology():
        ontology.parse(path)

    assert faults(RULES, ontology) == set()


def test_case_rules_are_separate_from_general_rules() -> None:
    general = set(resources().rules())

    assert general
    assert not general & set(resources().case_rules())
    assert not set(resources().queries()) & set(resources().case_rules())
