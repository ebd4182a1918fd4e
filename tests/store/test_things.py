"""Descriptions of entities are the same in memory and in a store."""

import pytest

from tipgraph import show
from tipgraph.entities import resolve
from tipgraph.graph import Graph, LocalGraph
from tipgraph.queries.parameters import Parameter
from tipgraph.render.results import cells
from tipgraph.texts import coverage

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize(
    "thing",
    ["GRETA", "S30", "ChildVictim", "tip:edition", "code:topics", "assistance"],
)
def test_show_returns_same_description(thing: str, here: LocalGraph, there: Graph) -> None:
    assert there.show(thing) == here.show(thing)


@pytest.mark.parametrize("thing", ["S30", "skos:definition"])
def test_show_returns_same_triples(thing: str, here: LocalGraph, there: Graph) -> None:
    iri = here.resolve(thing)
    ours, theirs = (show.triples(graph.engine, iri) for graph in (here, there))

    assert set(theirs) == set(ours)
    assert len(theirs) == len(ours) > 0


# Virtuoso gives long answers in pages, and the others give them whole.
@pytest.mark.parametrize(
    "store_kind",
    ["oxigraph", pytest.param("virtuoso", marks=pytest.mark.store)],
    indirect=True,
)
@pytest.mark.slow(reason="reads all that a store has into an index")
def test_search_finds_the_same(here: LocalGraph, there: Graph) -> None:
    for words in ("mentor", "shelter", "who pays", "beds", "interpreters in court"):
        assert there.search(words, limit=None) == here.search(words, limit=None)


def test_sentence_coverage_is_same(here: LocalGraph, there: Graph) -> None:
    assert coverage(there.engine) == coverage(here.engine)


@pytest.mark.parametrize("kind", ["tip:Edition", "tip:Actor", "code:topics", "tip:PersonCategory"])
def test_parameter_accepts_same_values(kind: str, here: LocalGraph, there: Graph) -> None:
    parameter = Parameter("it", kind)

    assert parameter.allowed(there.engine) == parameter.allowed(here.engine)


@pytest.mark.parametrize("name", ["greta", "Group of Experts on Action against Trafficking in"
                                  " Human Beings", "S30", "tip:ChildVictim"])  # fmt: skip
def test_name_resolves_to_same_node(name: str, here: LocalGraph, there: Graph) -> None:
    assert resolve(there.engine, name) == resolve(here.engine, name)


def test_table_has_same_rows(here: LocalGraph, there: Graph) -> None:
    for query in ("figures", "cooperation", "claims"):
        rows = here.rows(query)

        assert cells(there.engine, rows) == cells(here.engine, rows)
