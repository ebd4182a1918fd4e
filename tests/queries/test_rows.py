"""No query repeats a row, lists a pair both ways, or has a row for each value of one cell.

A header's `key` names the columns that identify a row. Two rows that are equal in these columns
are about one thing, and differ in a column that should hold all its values in one cell.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from tipgraph.graph import LocalGraph
from tipgraph.queries.catalogue import MOST_SHOWN
from tipgraph.rdf.terms import Term
from tipgraph.render.results import cells
from tipgraph.store.engine import Rows

from .cells import Key, key
from .files import CHECKS, NAMES, bindings
from .test_expected import needed

Row = tuple[Key, ...]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Each stored query."""
    return str(request.param)


def answers(name: str, graph: LocalGraph) -> Iterator[tuple[dict[str, Term | str], Rows]]:
    """The rows without optional parameters, then with each parameter as its example."""
    query = graph.queries[name]
    for given in bindings(query, graph):
        yield given, graph.rows(name, **given)


def repeated(rows: Rows) -> set[Row]:
    counts = Counter(tuple(map(key, row)) for row in rows.terms)
    return {row for row, number in counts.items() if number > 1}


def test_each_thing_has_one_row_and_no_pair_is_listed_both_ways(name, shipped: LocalGraph):
    """Two rows with the same cells in another order are one pair, by any speaker."""
    for given, rows in answers(name, shipped):
        assert not repeated(rows.only(shipped.queries[name].key)), given
        columns = [column for column in rows.columns if not column.endswith("speaker")]
        distinct = {tuple(map(key, row)) for row in rows.only(columns).terms}
        cells = Counter(tuple(sorted(map(str, row))) for row in distinct)
        assert max(cells.values(), default=1) == 1, given


def test_pairs_of_contradictions_have_one_order(shipped: LocalGraph) -> None:
    rows = shipped.rows("contradictions", edition="all").only(["statement", "contrast"])
    pairs = {frozenset(map(str, row)) for row in rows.terms}

    assert len(pairs) == len(set(rows.terms))
    stated = shipped.engine.select("SELECT ?a ?b { ?a tip:contrastsWith ?b }")
    assert pairs == {frozenset(map(str, row)) for row in stated.terms}


def test_activity_has_one_row_with_all_that_is_stated(shipped: LocalGraph) -> None:
    rows = shipped.rows("activities", edition="tip-2021-be")
    passages = (
        "SELECT DISTINCT ?x ?passage { ?x a tip:Activity ; tip:edition id:tip-2021-be ;"
        " tip:evidence ?passage }"
    )

    assert len(rows) == len(shipped.engine.select(passages))
    [brochure] = shipped.rows("activities", activity="benelux-brochure")
    assert brochure["target"] == "potential victim, the public"
    [outreach] = shipped.rows("activities", activity="outreach-to-front-line")
    assert outreach["target"] == (
        "front-line professionals, hospital workers, social workers, among others"
    )


def test_interpretation_has_one_row_with_all_its_sentences(shipped: LocalGraph) -> None:
    rows = list(shipped.rows("interpretations", edition="tip-2021-be"))
    questions = shipped.engine.select("SELECT ?x { ?x a tip:OpenReading }")
    [shelter] = [row for row in rows if str(row["question"]).endswith("shelter-and-criteria")]

    assert len(rows) == len(questions)
    sentences = [each[:3] for each in str(shelter["places"]).split(" | ")]
    assert sentences == ["S16", "S16", "S22", "S22"]
    assert "Access to the NGO-run shelters for all adult victims" in str(shelter["concerns"])


def look_alike(name: str, graph: LocalGraph) -> set[tuple[str, ...]]:
    """The rows, of all editions, that the default columns show more than once."""
    query = graph.queries[name]
    rows = graph.rows(name, **needed(query))
    counts = Counter(map(tuple, cells(graph.engine, rows, rows.shown)))
    return {row for row, number in counts.items() if number > 1}


def test_key_identifies_rows_and_default_columns_show_no_row_twice(name, shipped: LocalGraph):
    query = shipped.queries[name]
    assert query.key
    assert set(query.key) <= set(query.columns)
    assert name in CHECKS or set(query.key) < set(query.columns)

    assert len(query.shown or query.columns) <= MOST_SHOWN, "add 'shown' to the header"
    assert look_alike(name, shipped) == set(), "show a column that tells these rows apart"


@pytest.mark.slow(reason="runs every stored query on all countries")
def test_no_row_of_any_country_is_shown_twice(everything: LocalGraph) -> None:
    assert {name: rows for name in NAMES if (rows := look_alike(name, everything))} == {}
