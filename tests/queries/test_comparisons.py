"""Figures of countries and editions compare by facets, wording, counter and period."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from tipgraph.graph import LocalGraph
from tipgraph.namespaces import last_part

from .cells import table

pytestmark = pytest.mark.slow(reason="the graph of all countries")

Rows = list[dict[str, str]]
MEXICO = ("mexico-government", "mexico-international-organization")
IDENTIFIED = """?figure a tip:Observation ; tip:indicator/tip:countedStage code:counted-identified ;
  tip:indicator/tip:countedUnit code:units-persons ; tip:part code:total ;
  sdmx-attribute:unitMeasure code:persons ; sdmx-dimension:refArea ?area ;
  sdmx-dimension:refPeriod ?period ."""


def rows(graph: LocalGraph, query: str, **parameters: str) -> Rows:
    found = graph.rows(query, **parameters)
    return [dict(zip(found.columns, row, strict=True)) for row in table(found)]


@pytest.fixture(scope="module")
def compared(everything: LocalGraph) -> Rows:
    """The comparison without parameters: of identified victims."""
    return rows(everything, "compare-countries")


def names(graph: LocalGraph, pattern: str, column: str) -> set[str]:
    found = graph.rows(f"SELECT DISTINCT ?{column} {{ {pattern} }}")
    return {last_part(str(each)) for each in found.column(column)}


def may_compare(one: dict[str, str], other: dict[str, str]) -> bool:
    """Return whether two cells may be compared, by the answer alone."""
    if one["table"] != other["table"] or one["indicator"] != other["indicator"]:
        return False
    reasons = " | ".join([one["not_comparable_with"], other["not_comparable_with"]])
    if "any other cell: " in reasons or "any other cell, " in reasons:
        return False
    if one["area"] == other["area"]:
        methods = {
            row["not_comparable_with"].partition("counted otherwise: ")[2] for row in (one, other)
        }
        is_year = one["period"] == other["period"] or "no calendar year" not in reasons
        return is_year and len(methods) == 1 and one["counted_by"] == other["counted_by"]
    return one["period"] == other["period"]


def test_every_country_with_a_figure_of_identified_victims_is_compared(
    everything: LocalGraph, compared: Rows
) -> None:
    stated = names(everything, f"{IDENTIFIED} ?period tip:start ?start", "area")

    assert stated <= {row["area"] for row in compared if row["value"]}
    assert len(stated) > 25
    whole = names(everything, f"{IDENTIFIED} ?period tip:start ?start", "figure")
    cells = [row for row in compared if row["value"]]
    alone = [row["statement"] for row in cells if row["counted_stage"] == "counted-identified"]
    assert set(alone) == whole
    assert len(alone) == len({(row["edition"], row["statement"]) for row in cells}) - sum(
        row["counted_stage"] != "counted-identified" for row in cells
    )


def test_table_has_one_combination_of_facets_and_is_in_one_place(compared: Rows) -> None:
    facets = ("counted_stage", "population", "counted_unit", "stock_or_flow", "part")
    by_table: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in compared:
        by_table[row["table"]].add(tuple(row[each] for each in facets))

    assert all(len(each) == 1 for each in by_table.values())
    assert len(by_table) == len({each for every in by_table.values() for each in every})
    tables = [row["table"] for row in compared]
    runs = 1 + sum(one != other for one, other in pairwise(tables))
    assert runs == len(by_table)
    assert tables[0] == "identified: victims, persons, flow"


def test_rows_have_the_order_of_countries_and_periods_and_none_of_values(compared: Rows) -> None:
    by_table = defaultdict(list)
    for row in compared:
        if row["value"]:
            by_table[row["table"]].append((row["area"], row["period"]))

    assert all(each == sorted(each) for each in by_table.values())


def test_joined_stage_has_a_table_of_its_own_and_a_warning(compared: Rows) -> None:
    (belgium,) = [r for r in compared if (r["edition"], r["period"]) == ("tip-2021-be", "2020")]

    assert belgium["value"] == "91"
    assert belgium["table"].startswith("identified and assisted: ")
    assert belgium["not_comparable_with"] == (
        "cells of one of its stages alone: it counts them in one"
    )


def test_answer_alone_says_whether_two_cells_may_be_compared(compared: Rows) -> None:
    def cell(edition: str, period: str, **wanted: str) -> dict[str, str]:
        found = [
            row
            for row in compared
            if (row["edition"], row["period"]) == (edition, period)
            and wanted.items() <= row.items()
        ]
        assert len(found) == 1, found
        return found[0]

    spain, mexico = cell("tip-2021-es", "2020"), cell("tip-2021-mx", "2020")
    assert may_compare(spain, mexico)
    assert not may_compare(spain, cell("tip-2021-be", "2020")), "another stage"
    former = cell("tip-2021-mx", "2019", indicator=mexico["indicator"])
    assert may_compare(former, mexico), "another year of the country"
    assert not may_compare(spain, former), "another country and year"
    assert not may_compare(spain, cell("tip-2022-it", "2020")), "another wording"
    assert not may_compare(mexico, cell("tip-2021-cy", "2020")), "an inferred year"
    own = [cell("tip-2023-mx", "2022", counted_by=by) for by in MEXICO]
    assert not may_compare(*own), "another counter in one country"
    germany = cell("tip-2022-de", "2020"), cell("tip-2022-de", "2020-01-to-2021-06")
    assert not may_compare(*germany), "another period"
    unknown = [row for row in compared if row["counted_by"] == "unidentified-actor"]
    assert unknown
    assert all("who counted is not stated" in row["not_comparable_with"] for row in unknown)


def test_cells_of_another_population_and_approximate_ones_are_told_apart(compared: Rows) -> None:
    tables = {row["population"]: row["table"] for row in compared if row["value"]}
    hedged = [row for row in compared if row["qualifier"]]

    assert len(set(tables.values())) == len(tables)
    assert {"victims", "potential-victims", "suspected-victims"} <= tables.keys()
    assert hedged
    assert all("more than roughly: the value is" in row["not_comparable_with"] for row in hedged)


def test_unstated_periods_and_percentages_are_left_out_and_counted(
    everything: LocalGraph, compared: Rows
) -> None:
    left_out = [row for row in compared if row["left_out"]]
    number = sum(int(row["left_out"].split()[0]) for row in left_out)
    unstated = everything.rows(f"SELECT ?figure {{ {IDENTIFIED} ?period a tip:UnstatedPeriod }}")

    assert not any(row["value"] or row["statement"] for row in left_out)
    assert all(row["left_out"].endswith(" without a stated year") for row in left_out)
    assert number >= len(unstated) > 10
    children = rows(everything, "compare-countries", part="children")
    assert not any(row["unit"] == "percent" for row in [*compared, *children])


def test_break_names_the_wording_or_the_counter_of_the_year_before(compared: Rows) -> None:
    broken = [row for row in compared if row["breaks"]]

    assert any(" was worded “" in row["breaks"] for row in broken)
    assert any(" was counted by: " in row["breaks"] for row in broken)
    declared = [row for row in broken if " was counted otherwise: " in row["breaks"]]
    assert {row["area"] for row in declared} >= {"CZE", "GRC"}
    assert all(
        " cells of the year before: see breaks" in row["not_comparable_with"] for row in broken
    )
    before = {
        (r["area"], r["table"], r["indicator"], r["period"], r["counted_by"]) for r in compared
    }
    for row in broken:
        last_year = str(int(row["period"]) - 1)
        same = (row["area"], row["table"], row["indicator"], last_year, row["counted_by"])
        assert row in declared or same not in before


def test_indicator_that_is_asked_for_needs_no_stage(everything: LocalGraph) -> None:
    assisted = rows(everything, "compare-countries", indicator="victims-assisted")
    sheltered = rows(everything, "compare-countries", stage="sheltered")

    assert {row["counted_stage"] for row in assisted} == {"counted-assisted"}
    assert {row["indicator"] for row in assisted if row["value"]} == {
        "trafficking-victims-assisted",
        "victims-assisted",
    }
    assert "counted-sheltered" in {row["counted_stage"] for row in sheltered}
    assert all("sheltered" in row["counted_stage"] for row in sheltered)
    assert {row["counted_unit"] for row in sheltered} == {"units-persons"}


def test_figure_is_current_in_the_edition_of_the_next_year(compared: Rows) -> None:
    for row in compared:
        if row["value"]:
            year = int(row["edition"].split("-")[1])
            latest = int(row["period"].split("-to-")[-1].split("-")[0])
            assert row["edition_year"] == {1: "current"}.get(year - latest, "prior")


def test_wordings_of_one_notion_are_the_same_definition(everything: LocalGraph):
    hungary = {
        (row["edition"], row["indicator"], row["counted_by"]): row
        for row in rows(everything, "definitions", area="HUN")
    }
    earlier = hungary["tip-2020-hu", "registered-trafficking-victims", "hungary-government"]
    later = hungary["tip-2021-hu", "victims-registered", "hungary-government"]
    asylum = "hungary-immigration-and-asylum-office"
    kept = hungary["tip-2019-hu", "victims-identified", asylum]

    assert (earlier["replaced_by"], later["replaces"]) == ("", "")
    assert earlier["later"] == "TIP Report 2021, Hungary: the same"
    assert later["earlier"] == "TIP Report 2020, Hungary: the same"
    assert (kept["later"], kept["replaced_by"]) == ("TIP Report 2020, Hungary: the same", "")
    now = hungary["tip-2020-hu", "victims-identified", asylum]
    assert now["earlier"] == "TIP Report 2019, Hungary: the same"
    first = [row for row in hungary.values() if row["edition"] == "tip-2017-hu"]
    assert {(row["earlier"], row["replaces"]) for row in first} == {("", "")}


def test_definitions_are_of_all_countries(everything: LocalGraph) -> None:
    found = rows(everything, "definitions")
    counting = names(everything, "?figure a tip:Observation ; sdmx-dimension:refArea ?area", "area")

    assert {row["area"] for row in found} == counting
    assert all(row["counted_by"] for row in found)


def test_revision_has_the_reasons_that_are_known_or_none(everything: LocalGraph) -> None:
    found = rows(everything, "revisions")
    by_pair = {
        (r["earlier_edition"], r["edition"], r["earlier_value"], r["value"]): r for r in found
    }

    spain = by_pair["tip-2019-es", "tip-2021-es", "200", "225"]
    assert (spain["kind"], spain["reason"]) == ("revision", "none")
    belgium = by_pair["tip-2020-be", "tip-2021-be", "265", "159"]
    assert belgium["reason"] == "wording, stage, counter"
    france = by_pair["tip-2021-fr", "tip-2022-fr", "931", "785"]
    assert (france["kind"], france["reason"]) == ("wording-differs", "wording")
    mexico = by_pair["tip-2022-mx", "tip-2023-mx", "1352", "86"]
    assert mexico["reason"] == "wording, population, counter"
    assert all(row["reason"] for row in found)
    assert Counter(row["reason"] for row in found)["none"] >= 5


def test_figures_that_the_later_edition_gives_again_are_no_revision(everything: LocalGraph) -> None:
    """The edition of 2021 on Mexico has both figures of 2018 again, and words them otherwise."""
    found = rows(everything, "revisions", area="MEX")

    assert not [row for row in found if row["period"] == "2018"]


def test_revisions_have_no_unstated_periods_and_no_percentages_beside_counts(
    everything: LocalGraph,
) -> None:
    stated = names(everything, "?period a tip:Period", "period")

    assert {row["period"] for row in rows(everything, "revisions")} <= stated


def test_claims_have_the_remarks_of_others_and_criticism_those_of_its_tone(everything: LocalGraph):
    remarks = (
        "?remark a tip:Remark ; tip:edition ?any ; tip:speaker ?speaker ; tip:reporter ?reporter"
    )
    others = everything.rows(f"SELECT ?remark {{ {remarks} FILTER(?speaker != ?reporter) }}")
    every = everything.rows(f"SELECT ?remark {{ {remarks} }}")
    critical = everything.rows(
        "SELECT ?remark { ?remark a tip:Remark ; tip:edition ?any ; tip:tone code:criticism }"
    )
    claims = everything.rows("claims", edition="all")
    criticism = everything.rows("criticism", edition="all")

    assert set(others.column("remark")) <= set(claims.column("statement"))
    assert not (set(every.column("remark")) - set(others.column("remark"))) & set(
        claims.column("statement")
    )
    kinds = zip(criticism.column("finding"), criticism.column("criticised_kind"), strict=True)
    assert {each for each, kind in kinds if str(kind) == "remark"} == set(critical.column("remark"))
    assert all(map(str, claims.column("gist")))
    assert all(map(str, criticism.column("topics")))
    of_outcome = rows(everything, "criticism", outcome="insufficient-capacity", edition="all")
    assert of_outcome
    assert "remark" not in {row["criticised_kind"] for row in of_outcome}


def test_a_government_that_describes_itself_criticises_nothing(everything: LocalGraph) -> None:
    assert rows(everything, "criticism", area="POL") == []
    assert [(row["tone"], row["speaker"]) for row in rows(everything, "remarks", area="POL")] == [
        ("self-reported", "poland-government")
    ]


@pytest.mark.parametrize(
    ("area", "edition", "expected"),
    [
        ("GRC", "tip-2021-gr", {("girls", "35"), ("boys", "39"), ("children", "74")}),
        ("ROU", "tip-2020-ro", {("minors", "327")}),
    ],
)
def test_children_are_found_in_the_words_of_the_source(
    everything: LocalGraph, area: str, edition: str, expected: set[tuple[str, str]]
) -> None:
    given = {"part": "children", "area": area, "indicator": "victims-identified"}
    figures = rows(everything, "figures", edition=edition, **given)
    compared = rows(everything, "compare-countries", edition=edition, **given)

    for found in (figures, compared):
        assert {(row["part"], str(row["value"])) for row in found} >= expected
    ours = {row["part"] for row in figures if row["speaker"] == "tipgraph"}
    assert ours == ({"children"} if area == "GRC" else set()), "a sum is ours, and no source's"


def test_unmentioned_indicators_are_those_of_the_country(everything: LocalGraph) -> None:
    kenya = "?figure tip:indicator ?indicator ; sdmx-dimension:refArea ?area"
    own = names(everything, f"{kenya} FILTER(STRENDS(STR(?area), 'KEN'))", "indicator")
    found = rows(everything, "unmentioned-topics", edition="tip-2022-ke")

    topics = names(everything, "?topic skos:inScheme code:topics", "topic")
    indicators = {row["topic"] for row in found if row["subject"] == "indicator"} - topics
    assert indicators
    assert indicators < own


# The newest count of identified victims, before other counters, parts and our sums.
FIRST = {
    "MEX": "440 victims identified by the government, Mexico 2022",
    "DEU": "581 trafficking victims identified by state government authorities, Germany 2021",
    "KEN": "482 victims of trafficking identified by the government, Kenya 2021 (period inferred)",
    "GRC": "167 victims identified by the government, Greece 2020 (period inferred)",
    "PHL": "1,443 victims of trafficking identified by law enforcement, Philippines 2019"
    " (period inferred)",
    # Others have parts, percentages or zeros alone of those who were identified.
    "SVN": "3 confirmed victims identified by the government, Slovenia 2022",
    "LUX": "50 trafficking victims officially identified by police, Luxembourg 2022"
    " (period inferred)",
    "FIN": "243 trafficking victims admitted to the assistance system, Finland 2021"
    " (period inferred)",
    "GBR": "10,613 potential trafficking victims referred for care by authorities,"
    " United Kingdom 2020",
}


@pytest.mark.slow(reason="needs the graph of all countries")
@pytest.mark.parametrize("area", FIRST)
def test_first_figure_is_the_newest_main_count(area: str, everything: LocalGraph) -> None:
    rows = everything.rows("figures", area=area)
    first = everything.labelled(rows.only(["statement"]))[0]

    assert first["statement"] == FIRST[area]


@pytest.mark.slow(reason="needs the graph of all countries")
@pytest.mark.parametrize("area", FIRST)
def test_total_comes_before_its_parts_and_part_before_parts_of_it(area, everything: LocalGraph):
    rows = list(everything.rows("figures", area=area))
    broader = everything.engine.select("SELECT ?part ?whole { ?part skos:broader ?whole }")
    nested = {str(part) for part in broader.column("part")}
    places: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        rank = 0 if str(row["part"]).endswith("/total") else 1 + (row["part"] in nested)
        if str(row["speaker"]).endswith("/id/tipgraph"):
            continue
        key = (row["edition"], row["indicator"], row["period"])
        places.setdefault((*key, row["counted_by"]), []).append(rank)

    assert all(ranks == sorted(ranks) for ranks in places.values())
