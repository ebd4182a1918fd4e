"""Two editions on one country, side by side: `diff` as text, as JSON and as an object."""

import json
from typing import Any

import pytest

from tests.conftest import Run
from tipgraph import LocalGraph
from tipgraph import open as open_graph
from tipgraph.diff import Difference
from tipgraph.diff.document import document
from tipgraph.diff.figures import FigurePair
from tipgraph.diff.statements import Topic
from tipgraph.render import document as documents

IN_PART = "was read in part: what is not found in it may be in the part that was not read"


@pytest.fixture
def belgium(run: Run) -> Any:
    outcome = run("diff", "tip-2020-be", "tip-2021-be", "--format", "json")
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def shown(difference: Difference) -> str:
    return " ".join(documents.text(document(difference)).split())


def has(topic: Any, side: str, words: str) -> bool:
    return any(words in each for each in labels([topic], side))


def labels(topics: Any, side: str) -> set[str]:
    return {each["label"] for topic in topics for each in topic[side]}


def test_different_figures_for_one_period_are_those_of_the_rule(belgium: Any) -> None:
    (revision,) = belgium["figures"]["revisions"]

    assert revision["result"] == "wording-differs"
    assert (revision["earlier"]["value"], revision["later"]["value"]) == (265, 159)
    assert "the two differ in wording, stage, counter" in revision["notes"]
    assert any("neither containing the other" in note for note in revision["notes"])


def test_changes_are_those_that_rules_compute_within_the_later_edition(shipped: LocalGraph):
    found = shipped.diff("tip-2020-be", "tip-2021-be").figures.changes
    rows = [*shipped.rows("changes", edition="tip-2021-be")]

    assert found
    assert {each.later.iri for each in found} == {str(row["statement"]) for row in rows}
    for each in found:
        assert bool(each.result) != any(note.startswith("not computed: ") for note in each.notes)
    permits = next(each for each in found if each.later.value == 174)
    assert (int(permits.earlier.value), permits.result) == (235, "-61 (-26 %)")


def test_country_alone_compares_its_newest_two_editions(run: Run) -> None:
    newest = run("diff", "--area", "HUN")

    assert newest.code == 0, newest.err
    assert newest.out == run("diff", "tip-2021-hu", "tip-2022-hu").out
    assert "name two editions" in run("diff", "tip-2021-hu", "--area", "HUN").err
    assert "name two editions" in run("diff").err


def test_newest_figures_of_both_stand_side_by_side_with_their_caveats(belgium: Any) -> None:
    pairs = {each["later"]["measure"]: each for each in belgium["figures"]["pairs"]}
    victims = pairs["victims identified and assisted"]

    assert (victims["earlier"]["value"], victims["later"]["value"]) == (265, 91)
    assert (victims["direction"], victims["result"]) == ("", ""), "2019 is assisted alone"
    assert any("broad legal definition" in each for each in victims["earlier"]["caveats"])


def measures(pair: FigurePair) -> tuple[str, str]:
    return pair.earlier.measure, pair.later.measure


def test_figures_of_one_series_are_paired_where_the_wording_differs(shipped: LocalGraph) -> None:
    parts = shipped.diff("tip-2018-be", "tip-2019-be").figures
    totals = shipped.diff("tip-2021-hu", "tip-2022-hu").figures

    assert {
        ("victims identified and assisted, labor trafficking",
         "victims identified and assisted, labor exploitation"),
        ("victims identified and assisted, sex trafficking",
         "victims identified and assisted, sexual exploitation"),
    } <= set(map(measures, parts.pairs))  # fmt: skip
    assert ("victims registered", "victims identified") in set(map(measures, totals.pairs))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("tip-2017-pl", "tip-2018-pl"),
        ("tip-2019-mx", "tip-2020-mx"),
        ("tip-2021-si", "tip-2022-si"),
    ],
)
def test_figures_without_a_year_are_compared_with_none(earlier, later, everything: LocalGraph):
    found = everything.diff(earlier, later).figures
    undated = {each.iri for each in found.undated}
    pairs = [*found.pairs, *found.revisions, *found.changes]

    assert undated
    assert undated.isdisjoint(iri for each in pairs for iri in (each.earlier.iri, each.later.iri))
    assert undated.isdisjoint(each.iri for each in (*found.only_earlier, *found.only_later))


def test_figures_of_one_measure_have_one_counter(everything: LocalGraph) -> None:
    found = everything.diff("tip-2021-si", "tip-2022-si")

    for each in found.figures.pairs:
        one, other = each.earlier, each.later
        assert one.counted_by == other.counted_by or one.measure != other.measure
    text = shown(found)
    assert "145,520 EUR (2020), then 119,208 EUR (2021); -26,312 (-18.1 %)" in text
    assert "12 persons, counted or paid by NGOs (Slovenia)" in text


@pytest.mark.parametrize(
    ("area", "years", "line"),
    [
        ("GRC", ("2020", "2021"), "68 cases (2019), then 94 persons (2020)"),
        ("IRL", ("2018", "2019"), "103 persons (2017), then 64 persons (2018)"),
        ("MEX", ("2018", "2019"), "not computed: a value is not exact"),
        ("KEN", ("2021", "2022"), "then by the edition not computed: two speakers state them"),
    ],
)
def test_difference_is_of_exact_values_of_one_measure_counted_alike(
    area: str, years: tuple[str, str], line: str, everything: LocalGraph
) -> None:
    difference = everything.diff(*years, area=area)

    assert line in shown(difference)
    for each in difference.figures.pairs:
        one, other = each.earlier, each.later
        assert one.period != other.period or not each.direction
        if each.direction:
            assert (one.unit, one.qualifier, other.qualifier) == (other.unit, "", "")
            assert (one.counted_by, one.speaker) == (other.counted_by, other.speaker)
        elif one.period != other.period:
            assert each.notes


def test_percentages_are_rounded_as_in_the_query_changes(everything: LocalGraph) -> None:
    found = everything.diff("tip-2021-dk", "tip-2022-dk").figures

    results = [each.result for each in (*found.pairs, *found.changes) if each.earlier.value == 64]
    assert set(results) == {"+4 (+6.3 %)"}


def test_absence_from_partly_read_edition_is_neither_new_nor_dropped(run, belgium):
    text = run("diff", "tip-2020-be", "tip-2021-be").out

    assert belgium["earlier"]["absence"] == "not found in what was read of TIP Report 2020, Belgium"
    assert belgium["later"]["absence"] == "not stated in TIP Report 2021, Belgium"
    assert f"TIP Report 2020, Belgium {IN_PART}" in " ".join(text.split())
    titles = [line for line in text.splitlines() if line and line[0] not in " <"]
    absence = "not found in what was read of TIP Report 2020, Belgium"
    assert f"Figures in TIP Report 2021, Belgium, {absence}" in titles


def test_claims_and_non_reports_of_both_stand_under_their_topic(belgium: Any) -> None:
    found = next(
        each for each in belgium["claims"] if has(each, "earlier", "persistent challenges")
    )

    assert has(found, "later", "particular challenges")
    assert all(each["attribution"].startswith("stated by") for each in found["later"])
    unreported = "The government did not report whether courts granted restitution in 2020"
    assert unreported in labels(belgium["non_reports"], "later")
    assert unreported not in labels(belgium["claims"], "later")


def test_norms_are_paired_by_their_provisions_and_links(shipped: LocalGraph) -> None:
    def pairs(one: str, other: str) -> list[Topic]:
        return [each for each in shipped.diff(one, other).norms if each.earlier and each.later]

    same, linked = pairs("tip-2017-be", "tip-2018-be"), pairs("tip-2018-be", "tip-2021-be")
    assert len(same) == 2
    assert {each.note for each in same} == {""}
    assert linked
    assert all(each.note for each in linked), "our note on the change"


def test_order_of_the_names_does_not_matter(shipped: LocalGraph) -> None:
    assert shipped.diff("2021", "2020", "BEL") == shipped.diff("tip-2020-be", "tip-2021-be")


def test_markdown_links_each_passage(run: Run) -> None:
    text = run("diff", "tip-2020-be", "tip-2021-be", "--format", "markdown").out
    assert run("diff", "tip-2020-be", "tip-2021-be", "--format", "md").out == text

    assert "\n> From TIP Report 2020, Belgium to TIP Report 2021, Belgium." in text
    assert "[S02 “formally identified and assisted 91 victims”](https://www.state.gov/" in text


@pytest.mark.parametrize(
    ("editions", "message"),
    [
        (
            ("tip-2020-be", "tip-2021-nl"),
            "are about two countries; use 'tipgraph query compare-countries'",
        ),
        (
            ("tip-2020-be", "tip-2020-be"),
            "tip-2020-be cannot be compared with itself; name two editions",
        ),
        (
            ("tip-2020-be", "tip-2021-bee"),
            "unknown edition 'tip-2021-bee'; did you mean 'tip-2021-be'",
        ),
    ],
)
def test_editions_that_cannot_be_compared_are_a_usage_error(run, editions, message):
    outcome = run("diff", *editions)

    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_python_and_json_give_the_same(belgium: Any) -> None:
    difference = open_graph().diff("tip-2020-be", "tip-2021-be")

    assert json.loads(json.dumps(difference.as_dict())) == belgium
