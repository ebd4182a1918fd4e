"""Jena gives what the embedded engine gives: rows of all stored queries, triples of all rules."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby, starmap
from multiprocessing import get_context
from pathlib import Path

import pytest
from pyoxigraph import (
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from tests.assess.test_rules import INVENTED, OF_OTHERS
from tests.tools import needs
from tipgraph.assess.case import read_case
from tipgraph.assess.regime import regime
from tipgraph.entities.editions import ALL
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import DERIVED_GRAPH
from tipgraph.queries.catalogue import EDITION, StoredQuery
from tipgraph.rdf.terms import Term
from tipgraph.resources.folders import shipped as resources
from tipgraph.store.engine import Rows
from tipgraph.store.parts import Source, load
from tipgraph.store.rules import derive, read_rule

from . import jena
from .cells import Key, by_value, triples
from .files import NAMES

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.slow(reason="a Java machine with Jena, over all stored queries"),
    needs("jena"),
]


@pytest.fixture(scope="module")
def machine() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, get_context("spawn"), jena.start) as process:
        yield process


def test_stored_queries_have_the_same_rows(machine, shipped: LocalGraph, tmp_path):
    """All queries, with the required parameters and all editions, and with all parameters."""
    asked = [
        (name, given, shipped.queries[name].bound(shipped.engine, given))
        for name in NAMES
        for given in examples(shipped.queries[name], shipped)
    ]
    file = merged(shipped.engine.store, tmp_path)
    results = machine.submit(jena.rows, file, [text for _, _, text in asked]).result()

    for (name, given, text), result in zip(asked, results, strict=True):
        ours, theirs = shipped.engine.select(text), read(result)
        assert ours.columns == theirs.columns
        assert by_value(ours) == by_value(theirs), (name, given)


def test_rules_derive_the_same(machine, shipped: LocalGraph, tmp_path):
    stated = Store()
    load(stated, starmap(Source, resources().graphs()))
    # Statements are completed from their named graphs, which are merged for Jena.
    derive(stated, map(read_rule, resources().completions()))
    named = NamedNode(DERIVED_GRAPH)
    completed = triples(quad.triple for quad in stated.quads_for_pattern(None, None, None, named))
    derived = machine.submit(
        jena.derive, merged(stated, tmp_path), strata(resources().rules())
    ).result()

    ours = shipped.engine.store.quads_for_pattern(None, None, None, named)
    assert by_key(derived) | completed == triples(quad.triple for quad in ours)
    assert by_key(derived) - completed


def test_rules_for_cases_conclude_the_same(machine, shipped: LocalGraph, tmp_path):
    """With the proof, on persons who meet some conditions and do not meet others."""
    norms = regime(shipped.engine, shipped.resources, "tip-2021-be")
    cases = {name: read_case(each, shipped.engine) for name, each in INVENTED.items()}
    before = Store()
    before.extend(shipped.engine.store)
    for name, case in cases.items():
        before.extend(case.quads(name, norms.edition))
    derived = machine.submit(
        jena.derive, merged(before, tmp_path), strata(resources().case_rules())
    ).result()

    concluded = norms.conclude(cases).store
    norms.rules.proving.apply(concluded, shipped.engine.store, norms.edition)
    known = {quad.triple for quad in before}
    ours = triples(quad.triple for quad in concluded if quad.triple not in known)
    assert {each for each in by_key(derived) if not OF_OTHERS.match(str(each[0][1]))} == ours
    assert len(ours) > 2000


def by_key(ntriples: bytes) -> set[tuple[Key, ...]]:
    return triples(quad.triple for quad in parse(ntriples, RdfFormat.N_TRIPLES))


def examples(query: StoredQuery, graph: LocalGraph) -> Iterator[dict[str, Term | str]]:
    """The examples of the required parameters, for all editions; then those of all parameters."""
    sample = {each.name: each.term(graph.engine, each.example) for each in query.params}
    needed = {each.name: sample[each.name] for each in query.params if each.required}
    yield {**needed, EDITION: ALL} if query.has_editions else {**needed}
    yield {**sample}


def merged(store: Store, folder: Path) -> Path:
    """A file with the triples of all graphs of a store."""
    file = folder / "graph.nt"
    with file.open("wb") as opened:
        for quad in store:
            opened.write(f"{quad.triple} .\n".encode())
    return file


def strata(rules: list[str]) -> list[list[tuple[str, bool]]]:
    """The texts of rules, by stratum, and which are recursive."""
    read = sorted(map(read_rule, rules), key=lambda rule: rule.stratum)
    return [
        [(rule.text, rule.is_recursive) for rule in each]
        for _, each in groupby(read, lambda rule: rule.stratum)
    ]


def read(result: bytes) -> Rows:
    solutions = parse_query_results(result, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    columns = tuple(variable.value for variable in solutions.variables)
    return Rows(columns, tuple(tuple(each) for each in solutions))
