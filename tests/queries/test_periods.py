"""A period parameter matches the periods that overlap it, in every query in the same way."""

import pytest
from pyoxigraph import NamedNode

from tipgraph.graph import LocalGraph
from tipgraph.namespaces import ID, last_part
from tipgraph.queries.parameters import overlapping

from .cells import table
from .files import NAMES

PERIOD_QUERIES = (
    "awards",
    "breakdowns",
    "caveats",
    "compare-countries",
    "compare-sources",
    "disagreements",
    "figures",
    "incomplete-breakdowns",
    "missing-children",
    "revisions",
    "shares",
    "totals",
)

# Spans of years of documents of other publishers.
OF_DOCUMENTS = {
    *("2003-2011", "2003-2019", "2013-2015", "2013-2016", "2013-2017", "2015-2019", "2016-2019"),
    *("2016-2020", "2017-2020", "2017-2021", "2017-2022", "2018-2022", "2019-2021", "2019-2022"),
    *("2019-2023", "2020-2023", "2020-2024", "2021-2025", "2020-01-to-2024-08"),
}


def relations(graph: LocalGraph, asked: str) -> dict[str, str]:
    rows = overlapping(graph.engine, "period", NamedNode(f"{ID}period/{asked}"))
    assert rows.columns == ("period", "period_relation")
    return {last_part(str(period)): str(relation) for period, relation in map(dict.values, rows)}


def test_periods_that_share_time_overlap(shipped: LocalGraph) -> None:
    def found(asked: str) -> dict[str, str]:
        """Return the relations, without the spans of years that documents alone have."""
        known = relations(shipped, asked)
        return {name: each for name, each in known.items() if name not in OF_DOCUMENTS}

    assert found("2019") == {
        "2019": "same",
        **dict.fromkeys(("2018-2020", "2018-2021", "2018-04-to-2019-12", "2019-2020"), "contains"),
        **dict.fromkeys(("2019-04", "2019-06", "2019-09", "2019-12"), "within"),
    }
    assert found("2021") == {
        "2021": "same",
        "2018-2021": "contains",
        "2020-01-to-2021-06": "overlaps",
        "2020-04-to-2021-03": "overlaps",
        "2021-01-to-2021-08": "within",
    }
    assert found("2019-12") == {
        "2019-12": "same",
        "2019": "contains",
        **dict.fromkeys(("2018-2020", "2018-2021", "2018-04-to-2019-12", "2019-2020"), "contains"),
    }


def test_period_without_bounds_matches_itself(shipped: LocalGraph) -> None:
    assert relations(shipped, "unknown") == {"unknown": "same"}


def test_figure_of_a_longer_period_is_found_by_a_year_in_it(shipped: LocalGraph) -> None:
    rows = list(shipped.rows("missing-children", period="2019"))

    assert [(row["value"], row["period_match"]) for row in rows] == [(2642, "contains")]
    both = shipped.rows("missing-children", period="2020")
    assert {(row["value"], row["period_match"]) for row in both} == {
        (2642, "contains"),
        (583, "same"),
    }
    longer = shipped.rows("missing-children", period="2018-2020")
    assert {(row["value"], row["period_match"]) for row in longer} == {
        (2642, "same"),
        (583, "within"),
    }


@pytest.mark.parametrize("name", PERIOD_QUERIES)
def test_longer_period_finds_the_years_in_it(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    needed = {each.name: each.sample(shipped.engine) for each in query.params if each.required}
    whole = shipped.rows(name, **needed)
    found = shipped.rows(name, **needed, period="2018-2020")
    known = relations(shipped, "2018-2020")
    periods = map(last_part, map(str, whole.column("period")))
    expected = [known[period] for period in periods if period in known]

    assert sorted(map(str, found.column("period_match"))) == sorted(expected)
    assert expected
    assert set(whole.column("period_match")) == {None}


def test_all_queries_with_a_period_are_tested(shipped: LocalGraph) -> None:
    types = {name: {each.type for each in shipped.queries[name].params} for name in NAMES}

    assert {name for name in NAMES if "tip:Period" in types[name]} == set(PERIOD_QUERIES)


def test_row_without_a_period_asked_for_has_no_match(shipped: LocalGraph) -> None:
    rows = shipped.rows("figures")

    assert table(rows.only(["period_match"])) == [[""]] * len(rows)
