"""No answer joins two figures across a break, a wording, a counter or a value that is not exact."""

from collections.abc import Iterator
from itertools import combinations, pairwise, product

import pytest

from tipgraph import entities
from tipgraph.charts.layout import lay_out, line_runs
from tipgraph.charts.series import panels
from tipgraph.charts.table import QueryRows
from tipgraph.errors import UsageError
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import last_part

from .test_comparisons import may_compare, rows

pytestmark = pytest.mark.slow(reason="all pairs of figures of all countries")

# The attributes of a figure: how it is counted, by whom, in which words, and whether it is exact.
Figure = dict[str, str]


@pytest.fixture(scope="module")
def figures(everything: LocalGraph) -> dict[str, Figure]:
    """All figures by their IRIs, read from the statements and not from what rules compare."""
    found = everything.rows(
        """SELECT ?figure ?wording ?counter ?method ?qualifier ?edition ?period ?value {
          ?figure a tip:Observation ; tip:indicator ?wording ; tip:countedBy ?counter ;
            tip:edition ?edition ; sdmx-dimension:refPeriod ?period ; sdmx-measure:obsValue ?value .
          OPTIONAL { ?figure tip:methodText ?method }
          OPTIONAL { ?figure tip:numberQualifier ?qualifier } }"""
    )
    return {
        str(row["figure"]): {
            name: "" if value is None else str(value) for name, value in row.items()
        }
        for row in found
    }


@pytest.fixture(scope="module")
def notions(everything: LocalGraph) -> set[tuple[str, str]]:
    """The pairs of wordings that both codings of the table join as the same."""
    found = everything.rows("SELECT ?one ?other { ?one tip:sameWordingAs ?other }")
    return {(str(row["one"]), str(row["other"])) for row in found}


def apart(one: Figure, other: Figure, notions: set[tuple[str, str]]) -> set[str]:
    """Return the attributes in which two figures differ so that nothing may join them."""
    found = {name for name in ("counter", "method") if one[name] != other[name]}
    if (one["wording"], other["wording"]) not in notions:
        found.add("wording")
    if one["qualifier"] or other["qualifier"]:
        found.add("qualifier")
    return found


def computed(graph: LocalGraph) -> Iterator[tuple[str, str, bool]]:
    """The pairs with a difference in per cent, and whether the source itself compares them."""
    for row in graph.rows(
        """SELECT ?current ?baseline ?basis { ?change tip:current ?current ;
          tip:baseline ?baseline ; tip:percent ?percent ; tip:basis ?basis .
          ?current a tip:Observation }"""
    ):
        is_compared = last_part(str(row["basis"])) == "stated-comparison"
        yield str(row["baseline"]), str(row["current"]), is_compared


def test_no_percentage_is_computed_between_figures_apart(everything: LocalGraph, figures, notions):
    pairs = list(computed(everything))
    assert len(pairs) > 100
    for earlier, later, is_compared in pairs:
        found = apart(figures[earlier], figures[later], notions)
        bounds = {figures[each]["qualifier"] for each in (earlier, later)} - {""}
        if is_compared and {last_part(each) for each in bounds} == {"approximately"}:
            found -= {"qualifier"}
        assert not found - ({"counter", "wording"} if is_compared else set()), (earlier, later)


def test_no_difference_of_editions_is_computed_between_figures_apart(
    everything: LocalGraph, figures: dict[str, Figure], notions: set[tuple[str, str]]
) -> None:
    editions = sorted(rows(everything, "sources"), key=lambda row: row["edition"])
    by_country: dict[str, list[str]] = {}
    for row in editions:
        by_country.setdefault(row["area"], []).append(row["edition"])
    checked = 0
    for names in by_country.values():
        for one, other in pairwise(sorted(set(names))):
            for each in everything.diff(one, other).figures.pairs:
                pair = figures.get(each.earlier.iri), figures.get(each.later.iri)
                if not each.direction or None in pair:
                    continue
                checked += 1
                assert not apart(*pair, notions), each  # type: ignore[arg-type]
    assert checked > 100


def test_no_line_joins_figures_apart(everything: LocalGraph, figures, notions):
    labels = entities.labels(everything.engine, {each["counter"] for each in figures.values()})
    # Two wordings of an edition may have one number.
    by_place: dict[tuple[str, str, float, str], list[Figure]] = {}
    for each in figures.values():
        edition, period = last_part(each["edition"]), last_part(each["period"])
        place = edition, period, float(each["value"]), labels[each["counter"]]
        by_place.setdefault(place, []).append(each)
    joined = 0
    for row in everything.rows("SELECT ?notion { ?notion a tip:Notion }"):
        table = QueryRows(
            everything.engine, everything.queries, "series", {"indicator": str(row["notion"])}
        )
        try:
            drawn = panels(table)
        except UsageError:
            continue
        for series in drawn:
            for run in line_runs(lay_out(series, 800)):
                # Money has no counter, and its figures are no observations.
                for before, after in pairwise([each for each in run if each.point.counter]):
                    pair = [
                        by_place[
                            last_part(point.citation.edition.iri),
                            point.period.label,
                            float(str(point.value)),
                            point.counter,
                        ]
                        for point in (before.point, after.point)
                    ]
                    joined += 1
                    reasons = [apart(one, other, notions) for one, other in product(*pair)]
                    assert not all(reasons), (series.title, pair)
    assert joined > 50


def test_nothing_is_comparable_across_a_break_or_a_counter(everything: LocalGraph, figures):
    cells = [row for row in rows(everything, "compare-countries") if row["value"]]
    methods = {
        tuple(last_part(each[name]) for name in ("edition", "period", "wording", "counter")): each
        for each in figures.values()
    }
    pairs = 0
    for one, other in combinations(cells, 2):
        if one["area"] == other["area"] and may_compare(one, other):
            both = [
                methods[row["edition"], row["period"], row["indicator"], row["counted_by"]]
                for row in (one, other)
            ]
            pairs += 1
            assert both[0]["method"] == both[1]["method"], (one, other)
            assert both[0]["counter"] == both[1]["counter"], (one, other)
    assert pairs > 50
