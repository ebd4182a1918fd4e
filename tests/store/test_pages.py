"""Long results and unusual terms of real stores are returned as the query requires."""

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode

import tipgraph
from tipgraph.endpoint.client import open_store
from tipgraph.endpoint.settings import Endpoint, resolve_endpoint
from tipgraph.namespaces import ONTOLOGY_GRAPH
from tipgraph.store.remote import Remote

pytestmark = pytest.mark.conformance

# The only store that returns a result in pages: no more than 10,000 rows at once.
on_virtuoso = pytest.mark.parametrize(
    "store_kind", [pytest.param("virtuoso", marks=pytest.mark.store)], indirect=True
)
GRAPH = "urn:pages"
NUMBER = 12_500


@pytest.fixture
def pages(server: str, tmp_path: Path) -> Remote:
    """The engine over a graph of things with a number each, every second one also with a word."""
    file = tmp_path / "pages.nt"
    kind = "http://www.w3.org/2001/XMLSchema#integer"
    lines = [f'<urn:{n:05}> <urn:is> "{n}"^^<{kind}> .\n' for n in range(NUMBER)]
    lines += [f'<urn:{n:05}> <urn:has> "a" .\n' for n in range(0, NUMBER, 2)]
    file.write_text("".join(lines))
    tipgraph.load(server, file, graph=GRAPH)
    return Remote(open_store(resolve_endpoint(Endpoint(url=server))), [GRAPH], timeout=60)


def numbers(engine: Remote, query: str) -> list[Any]:
    return engine.select(query).column("n")


@on_virtuoso
def test_limit_and_offset_reach_beyond_a_page(pages: Remote) -> None:
    ordered = "SELECT ?n { ?s <urn:is> ?n } ORDER BY DESC(?n)"

    assert numbers(pages, ordered) == list(reversed(range(NUMBER)))
    assert numbers(pages, f"{ordered} LIMIT 11000 OFFSET 500") == list(range(11_999, 999, -1))
    assert numbers(pages, f"{ordered} OFFSET 1000") == list(range(11_499, -1, -1))
    assert numbers(pages, f"{ordered} OFFSET 20000") == []
    assert len(set(numbers(pages, "SELECT ?n { ?s <urn:is> ?n } LIMIT 12000"))) == 12_000


@on_virtuoso
def test_rows_of_equal_rank_are_complete_across_pages(pages: Remote) -> None:
    rows = pages.select(
        "SELECT ?n ?digits { ?s <urn:is> ?n BIND(STRLEN(STR(?n)) AS ?digits) }"
        " ORDER BY DESC(?digits)"
    )
    digits = [int(str(each)) for each in rows.column("digits")]

    assert len(rows) == len(set(rows.terms)) == NUMBER
    assert digits == sorted(digits, reverse=True)


@on_virtuoso
def test_rows_with_empty_cells_are_distinct_across_pages(pages: Remote) -> None:
    rows = pages.select(
        "SELECT DISTINCT ?n ?word { { ?s <urn:is> ?n } UNION { ?s <urn:is> ?n ; <urn:is> ?m }"
        " OPTIONAL { ?s <urn:has> ?word } }"
    )

    assert sorted(rows.column("n"), key=str) == sorted(range(NUMBER), key=str)
    assert rows.column("word").count(None) == NUMBER // 2


def test_blank_nodes_of_the_store_are_returned(base: str) -> None:
    store = open_store(resolve_endpoint(Endpoint(url=base)))
    ontology = Remote(store, [ONTOLOGY_GRAPH], timeout=60)
    rows = ontology.select("SELECT ?part { ?whole owl:intersectionOf ?part }")

    assert len(rows) > 0
    assert all(isinstance(part, BlankNode) for (part,) in rows.terms)
