"""A breakdown: a bar for each part, the total with its caveats, and the rest."""

from pathlib import Path

import pytest

from .conftest import Draw
from .reading import SVG, Svg

SAME = {"edition": 2021, "period": 2020, "total": 91}
PARTS = [
    {**SAME, "part": "code:labor", "value": 49, "percent": 53.8, "caveat": "broadly defined"},
    {**SAME, "part": "code:sexual", "value": 35, "percent": 38.5, "place": "id:S02-91"},
    {**SAME, "part": "code:other", "value": 7, "percent": 7.7},
]
SHARED = {**SAME, "completeness": "code:overlapping"}


def test_each_part_has_value_and_percent(draw: Draw, svg: Path):
    done = draw("breakdown", PARTS)
    text = Svg(svg).text

    assert done.code == 0
    assert "Total: 91 victims identified in 2020" in text
    for part in ("labor exploitation", "sexual exploitation", "other forms"):
        assert part in text
    for figure in ("49 (53.8%) [1]", "35 (38.5%)", "7 (7.7%)", "broadly defined."):
        assert figure in text
    assert "sentence S02" in text
    assert "not found" not in text
    assert Svg(svg).title == "Victims identified by form of exploitation, Belgium, 2020"
    assert "Parts: labor exploitation 49 (53.8%) [1]; sexual exploitation 35 (38.5%)" in done.out


def test_part_has_the_words_of_the_source(draw: Draw, svg: Path):
    reworded = {**PARTS[1], "part_wording": "sex exploitation"}
    done = draw("breakdown", [PARTS[0], reworded, PARTS[2]])

    assert "sex exploitation 35 (38.5%)" in done.out
    assert "sexual exploitation" not in done.out
    assert "sex exploitation" in Svg(svg).text


def test_total_has_its_own_caveats(draw: Draw, svg: Path):
    totals = [
        {"edition": 2021, "statement": "id:whole", "caveat": "a warning | broadly defined"},
        {"edition": 2021, "statement": "id:another", "caveat": "another warning"},
    ]
    done = draw("breakdown", PARTS, figures=totals)
    text = Svg(svg).text

    assert "Total: 91 victims identified in 2020 [1, 2]" in text
    assert "a warning." in text
    assert "another warning" not in text
    assert "49 (53.8%) [2]" in text, "the part shares a caveat with the total"
    assert "Total: 91 victims identified in 2020 [1, 2]." in done.out


def test_part_shares_the_footnote_of_its_total(draw: Draw, svg: Path):
    rows = [{**PARTS[0], "caveat": "Of the whole: a warning | Of the whole: another"}]
    draw(
        "breakdown",
        rows,
        figures=[{"edition": 2021, "statement": "id:whole", "caveat": "a warning"}],
    )
    text = Svg(svg).text

    assert "Total: 91 victims identified in 2020 [1]" in text
    assert "49 (53.8%) [1, 2]" in text
    assert "Of the whole: a warning" not in text
    assert "Of the whole: another." in text


def test_bars_have_different_hatches(draw: Draw, svg: Path):
    draw("breakdown", PARTS)
    patterns = [each.attrib["id"] for each in Svg(svg).root.iter(f"{SVG}pattern")]

    assert len(set(patterns)) == len(PARTS)


def test_rest_of_an_incomplete_breakdown_is_dotted(draw: Draw, svg: Path):
    rows = [{**row, "total": 120, "completeness": "code:incomplete"} for row in PARTS]
    done = draw("breakdown", rows)

    assert "not found in what was read" in Svg(svg).text
    assert "29 (24.2%)" in Svg(svg).text
    assert "stroke-dasharray" in Svg(svg).source
    assert "not found in what was read 29 (24.2%)" in done.out


def test_rest_is_not_stated_if_the_edition_was_read_in_full(draw: Draw, svg: Path):
    row = {**PARTS[0], "edition": 2022, "completeness": "code:incomplete"}
    draw("breakdown", [row])

    assert "not stated" in Svg(svg).text
    assert "not found" not in Svg(svg).text


def test_overlapping_parts_are_not_added_up(draw: Draw, svg: Path):
    rows = [
        {**SHARED, "part": "code:labor", "value": 60, "percent": 65.9},
        {**SHARED, "part": "code:sexual", "value": 40, "percent": 44},
    ]
    done = draw("breakdown", rows)

    assert "Parts overlap; they do not add up to the total." in Svg(svg).text
    assert "not found" not in Svg(svg).text
    assert "stroke-dasharray" not in Svg(svg).source
    assert "Parts overlap" in done.out


@pytest.mark.parametrize("value", [60, 91], ids=["below the total", "as many as the total"])
def test_overlapping_parts_may_not_cover_the_total(draw: Draw, svg: Path, value: int):
    draw("breakdown", [{**SHARED, "part": "code:labor", "value": value, "percent": 65.9}])

    assert "Parts share members, and do not cover the total; the rest was not" in Svg(svg).text


def test_part_of_a_part_is_a_note_on_it(draw: Draw, svg: Path):
    inner = {**SAME, "total": 49, "whole": "id:statement-0", "part": "code:long", "caveat": "apart"}
    draw("breakdown", [*PARTS, {**inner, "value": 9, "percent": 18.4}])
    text = Svg(svg).text

    assert "Of these, forced criminality within labor exploitation" in text
    assert "forced begging: 9 (18.4%)." in text
    assert "apart." in text
    assert "49 (53.8%) [1-3]" in text


def test_figure_within_a_longer_period_is_not_a_part(draw: Draw, svg: Path):
    within = {**SAME, "value": 5, "percent": 5.5, "part": "code:total", "whole": "id:longer"}
    resources = [*PARTS, {**within, "completeness": "UNDEF"}]

    assert draw("breakdown", resources).code == 0
    assert "5 (5.5%)" not in Svg(svg).text


@pytest.mark.parametrize(
    ("differing", "problem"),
    [
        ({"edition": 2022}, "more than one edition: TIP Report 2021, Belgium, TIP Report 2022,"),
        ({"period": 2019}, "more than one period: 2020, 2019; choose one, such as -p period="),
        ({"axis": "code:by-age"}, "choose one, such as -p axis=by-form"),
        ({"whole": "id:another"}, "more than one whole: "),
    ],
)
def test_more_than_one_breakdown_is_an_error(draw, svg, differing, problem):
    done = draw("breakdown", [*PARTS, {**PARTS[0], **differing}])

    assert done.code == 2
    assert problem in done.err
    assert not svg.exists()


def test_no_parts_is_an_error(draw: Draw, svg: Path):
    done = draw("breakdown", [], "-p", "area=BEL")

    assert done.code == 2
    assert (
        "no figure to draw; no row has a part; see 'tipgraph query shares -p area=BEL'" in done.err
    )
