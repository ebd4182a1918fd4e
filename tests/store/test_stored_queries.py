"""A store gives what the embedded engine gives: rows by value, truth, and triples."""

from itertools import islice
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

import tipgraph
from tests.conftest import Run
from tests.queries.cells import by_value
from tests.queries.files import NAMES, bindings
from tests.servers import STORES, bulk_load, installed, stock_virtuoso
from tipgraph.endpoint.client import open_store
from tipgraph.endpoint.settings import Endpoint, resolve_endpoint
from tipgraph.graph import Graph, LocalGraph
from tipgraph.store.engine import Engine, Rows
from tipgraph.store.remote import Remote

pytestmark = pytest.mark.conformance


# The bindings that a store is asked, which takes seconds for some: the newest editions, all, and
# one of the parameters; Virtuoso, the slowest, gets all editions with the parameter. Oxigraph has
# the engine of this process, and tests/queries/test_jena.py asks Jena, the engine of Fuseki.
MOST = {"oxigraph": 1, "virtuoso": 3, "rdf4j": 2, "fuseki": 1}


def engine(base: str, graph: str) -> Remote:
    """The engine over one graph of the store."""
    return Remote(open_store(resolve_endpoint(Endpoint(url=base))), [graph], timeout=60)


def asked(engine: Engine, text: str, expected: Rows) -> Rows:
    """The rows of a store.

    Virtuoso at times plans a query that never ends, or that loses a row, and plans another text
    anew. A query of ours that it cannot evaluate fails with all three plans.
    """
    for again in ("", "\n# again"):
        try:
            rows = engine.select(text + again)
        except tipgraph.EndpointError as error:
            if "allow more with --timeout" not in str(error):
                raise
        else:
            if by_value(rows) == by_value(expected):
                return rows
    return engine.select(f"{text}\n# once more")


@pytest.mark.parametrize("name", NAMES)
def test_stored_query_returns_same_rows(name, here: LocalGraph, there, store_kind):
    query = here.queries[name]
    chosen = [*islice(bindings(query, here), MOST[store_kind])]
    if store_kind == "virtuoso":
        together = {name: term for given in chosen for name, term in given.items()}
        # The test below asks the first one, unless it may lack rows there.
        chosen = [chosen[0], together] if store_kind in query.incomplete_on else [together]
    for given in chosen:
        text = query.bound(here.engine, given)
        ours = here.engine.select(text)
        theirs = asked(there.engine, text, ours)

        assert ours.columns == theirs.columns
        assert by_value(ours) == by_value(theirs), given


@pytest.mark.store
@pytest.mark.slow(
    reason="fills a Virtuoso with the graph twice, and plans each query without a limit"
)
def test_stock_virtuoso_returns_same_rows_beside_a_copy_of_the_graph(
    here: LocalGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It expects twice the rows of each triple then, and refuses what would take too long."""
    for name, value in STORES["virtuoso"].environment.items():
        monkeypatch.setenv(name, value)
    graphs = [NamedNode(f"https://example.org/{name}") for name in ("all", "copy")]
    triples = {str(quad.triple) for quad in here.engine.store}
    (tmp_path / "all.nq").write_text("".join(f"{t} {g} .\n" for t in triples for g in graphs))
    with installed("virtuoso", stock_virtuoso, tmp_path) as base:
        bulk_load(tmp_path, "all.nq")
        stock = engine(base, graphs[0].value)
        for name in NAMES:
            query = here.queries[name]
            text = query.bound(here.engine, next(bindings(query, here)))
            ours = here.engine.select(text)
            missing = by_value(ours) - by_value(theirs := asked(stock, text, ours))
            assert by_value(theirs) <= by_value(ours), name
            assert stock.kind in query.incomplete_on or not missing, name


def test_quotes_and_labels_match_store(here: LocalGraph, there: Graph) -> None:
    ours, theirs = (graph.quoted(graph.rows("funding")) for graph in (here, there))

    assert by_value(here.labelled(ours)) == by_value(there.labelled(theirs))


def test_construct_returns_same_triples(here: LocalGraph, there: Graph) -> None:
    text = "CONSTRUCT { ?a tip:funds ?b } WHERE { ?a tip:funds ?b }"
    ours, theirs = (graph.engine.construct(text) for graph in (here, there))

    assert set(ours) == set(theirs)
    assert ours


def test_only_catalogue_graphs_are_queried(there: Graph) -> None:
    assert there.engine.ask("ASK { ?shape a <http://www.w3.org/ns/shacl#NodeShape> }") is False
    assert there.engine.ask("ASK { ?graph <http://rdfs.org/ns/void#triples> ?n }") is False
    assert there.engine.ask("ASK { ?statement a tip:Statement }") is True


@pytest.mark.parametrize(
    "query",
    [("residence-permits",), ("funding",), ("funding", "--edition", "2019", "--area", "be")],
)
def test_command_queries_store(query: tuple[str, ...], base: str, run: Run) -> None:
    there = run("query", *query, "--endpoint", base, "--format", "csv")
    here = run("query", *query, "--format", "csv")

    assert (there.code, sorted(there.out.splitlines())) == (0, sorted(here.out.splitlines()))
    assert there.err == here.err, "the same editions are named"


def test_store_without_the_graph_is_an_error(base: str) -> None:
    with pytest.raises(tipgraph.EndpointError, match="'tipgraph load --endpoint"):
        engine(base, "urn:nobody").check_graphs()


def test_local_files_are_not_requested_from_store(run: Run, base: str) -> None:
    outcome = run("query", "figures", "--endpoint", base, "--data", "x.ttl")

    assert outcome.code == 2
    assert "load your files" in outcome.err
