"""A series: every figure with its caveats, joined only where the wording is the same."""

from pathlib import Path
from typing import Any

import pytest

from .conftest import Draw
from .reading import Svg

BREAK = "Belgium: victims assisted, where editions before 2021 had victims identified"
ASSISTED = {"reported_indicator": "code:victims-assisted", "series_break": BREAK}
BELGIUM: list[dict[str, Any]] = [
    {"edition": 2019, "period": 2017, "value": 137, "caveat": "prior-year figure"},
    {"edition": 2019, "period": 2018, "value": 139},
    {"edition": 2020, "period": 2018, "value": 139, "caveat": "prior-year figure"},
    {"edition": 2020, "period": 2019, "value": 265},
    {"edition": 2021, "period": 2019, "value": 159, **ASSISTED},
    {"edition": 2021, "period": 2020, "value": 91, "place": "id:S02-91", "caveat": "A | B"},
    {"edition": 2022, "availability": "not found in what was read"},
]
MONEY = {
    "indicator": "code:allocation",
    "reported_indicator": "code:allocation",
    "unit": "currency:EUR",
    "per_unit": "code:per-shelter",
}


def joined(svg: Path) -> list[int]:
    """The number of figures that each line joins."""
    return sorted(len(line) for line in Svg(svg).paths("line-"))


def test_every_figure_is_in_the_picture_once(draw: Draw, svg: Path):
    assert draw("series", BELGIUM).code == 0
    written = [line.content for line in Svg(svg).lines]

    for value in ("137 [1]", "139 [1]", "265", "159", "91 [2, 3]"):
        assert written.count(value) == 1
    assert {"2017", "2018", "2019", "2020"} <= set(written)
    assert "Victims identified, Belgium, 2017 to 2020" in written
    assert "persons" in Svg(svg).text


def test_editions_differ_in_shape_and_fill(draw: Draw, svg: Path):
    draw("series", BELGIUM)
    markers = Svg(svg).markers

    # The markers of the legend, and a larger one around that of an edition with the same figure.
    assert len({shape for shape, _ in markers}) == 5
    assert len({fill for _, fill in markers}) == 3
    for key in ("2019 edition", "2020 edition", "2021 edition, worded “victims assisted”"):
        assert key in Svg(svg).text


def test_line_ends_at_a_break(draw: Draw, svg: Path):
    draw("series", BELGIUM)
    picture = Svg(svg)
    (((at, low), (_, high)),) = picture.paths("break-")

    assert "victims assisted, where editions before" in picture.text
    assert "Belgium: victims assisted" not in picture.text
    assert low > high
    assert joined(svg) == [3]
    for line in picture.paths("line-"):
        places = [x for x, _ in line]
        assert not min(places) <= at <= max(places)


def test_break_is_the_same_from_the_other_wording(draw: Draw, svg: Path):
    asked = {"indicator": "code:victims-assisted"}
    other = {"reported_indicator": "code:victims-identified", "series_break": BREAK}
    rows = [
        {**asked, **other, "edition": 2021, "period": 2018, "value": 30},
        {**asked, **other, "edition": 2021, "period": 2019, "value": 81},
        {**asked, **other, "edition": 2021, "period": 2020, "value": 188},
        {
            **asked,
            "reported_indicator": "code:victims-assisted",
            "edition": 2022,
            "period": 2020,
            "value": 188,
        },
        {
            **asked,
            "reported_indicator": "code:victims-assisted",
            "edition": 2022,
            "period": 2021,
            "value": 171,
        },
    ]
    draw("series", rows)
    picture = Svg(svg)
    (((at, _), _),) = picture.paths("break-")
    left, right = sorted(picture.paths("line-"))

    assert (len(left), len(right)) == (3, 2)
    assert left[-1][0] < at < right[0][0]


def test_line_of_a_part_ends_where_an_edition_words_the_part_differently(draw: Draw, svg: Path):
    change = "Belgium: labor exploitation, where the edition of 2018 had labor trafficking"
    before: dict[str, Any] = {"reported_part": "code:trafficking", "series_break": change}
    rows: list[dict[str, Any]] = [
        {"edition": 2018, "period": 2016, "value": 69, **before},
        {"edition": 2018, "period": 2017, "value": 61, **before},
        {"edition": 2019, "period": 2017, "value": 61},
        {"edition": 2019, "period": 2018, "value": 80},
    ]
    out = draw("series", [{"part": "code:labor", **row} for row in rows]).out
    picture = Svg(svg)
    (((at, _), _),) = picture.paths("break-")
    left, right = sorted(picture.paths("line-"))

    assert (len(left), len(right)) == (2, 2)
    assert left[-1][0] < at < right[0][0]
    assert "2018 edition, worded “labor trafficking”" in picture.text
    assert "2017: 61 (2018 edition, worded “labor trafficking”); 61 (2019 edition)." in out
    assert "changes at 2017; no line joins figures across it: labor exploitation, where" in out


def test_caveat_that_repeats_a_break_is_no_footnote(draw: Draw, svg: Path):
    rows = [{**row, "caveat": BREAK} for row in BELGIUM[2:5]]
    out = draw("series", rows).out

    assert "changes at 2019; no line joins figures across it: victims assisted, where" in out
    assert "[1]" not in out


def test_words_of_the_source_for_a_part_are_a_note(draw: Draw, svg: Path):
    same = {"edition": 2019, "part": "code:sexual", "reported_part": "code:sexual"}
    rows: list[dict[str, Any]] = [
        {**same, "period": 2017, "value": 59, "part_wording": "sex exploitation"},
        {**same, "period": 2018, "value": 38},
    ]
    out = draw("series", rows).out

    assert "2017: 59 (2019 edition) [1]" in out
    assert "Worded “sex exploitation” (2019 edition)." in Svg(svg).text
    assert joined(svg) == [2], "a variant of the words is no break"


def test_breaks_of_indicator_and_part_are_drawn_apart(draw: Draw, svg: Path):
    change = "Belgium: labor exploitation, where the edition of 2018 had labor trafficking"
    labor = {"indicator": "code:victims-assisted", "part": "code:labor"}
    other = {"reported_indicator": "code:victims-identified"}
    same = {"reported_indicator": "code:victims-assisted"}
    older = {"reported_part": "code:trafficking", "series_break": f"{BREAK} | {change}"}
    rows = [
        {**labor, **other, **older, "edition": 2018, "period": 2017, "value": 61},
        {**labor, **other, "edition": 2019, "period": 2018, "value": 80, "series_break": BREAK},
        {**labor, **same, "edition": 2021, "period": 2020, "value": 9},
    ]
    out = draw("series", rows).out

    assert len(Svg(svg).paths("break-")) == 2
    assert "changes at 2018; no line joins figures across it: labor exploitation, where" in out
    assert "changes at 2020; no line joins figures across it: victims assisted, where" in out
    assert "worded “victims identified, labor trafficking”" in Svg(svg).text


def test_parts_are_not_joined_across_a_break_of_their_total(draw: Draw, svg: Path):
    labor = [
        {**row, "value": row["value"] - 50, "part": "code:labor"}
        for row in BELGIUM
        if "value" in row and "series_break" not in row
    ]
    draw("series", [*BELGIUM, *labor], "-p", "part=labor")

    assert len(Svg(svg).paths("break-")) == 1
    assert "2019: of the total, victims assisted, where editions before" in Svg(svg).text
    assert joined(svg) == [3]

    draw("series", [*BELGIUM, *labor[-1:]], "-p", "part=labor")
    assert not Svg(svg).paths("break-"), "the break is before all figures"


def test_figures_of_two_wordings_are_never_joined(draw: Draw, svg: Path):
    rows = [
        {
            "edition": 2021,
            "period": 2019,
            "value": 159,
            "reported_indicator": "code:victims-assisted",
        },
        {"edition": 2021, "period": 2020, "value": 91},
    ]
    draw("series", rows)

    assert joined(svg) == []


def test_no_line_crosses_a_year_without_a_figure(draw: Draw, svg: Path):
    years = (2015, 2016, 2018, 2019, 2020)
    draw("series", [{"edition": 2021, "period": year, "value": year} for year in years])

    assert joined(svg) == [2, 3]


def test_line_follows_the_newest_of_different_figures(draw: Draw, svg: Path):
    rows = [
        {"edition": 2020, "period": 2018, "value": 100},
        {"edition": 2020, "period": 2019, "value": 100},
        {"edition": 2021, "period": 2019, "value": 50},
    ]
    out = draw("series", rows).out
    ((before, after),) = Svg(svg).paths("line-")

    assert before[1] < after[1], "y grows downwards in an SVG"
    assert "Where editions differ in a figure, the line follows the newest." in Svg(svg).text
    assert "2019: 100 (2020 edition); 50 (2021 edition)." in out


def test_label_is_not_at_the_marker_of_another_figure(draw: Draw, svg: Path):
    rows = [
        *BELGIUM[:-3],
        {"edition": 2021, "period": 2019, "value": 159, **ASSISTED, "caveat": "A | B"},
        {"edition": 2021, "period": 2020, "value": 91, "caveat": "A | C | D | E"},
        {"edition": 2030, "period": 2029, "value": 2400},
    ]
    draw("series", [{"edition": 2017, "period": 2015, "value": 152}, *rows])
    labels = {line.content.partition(" ")[0]: line for line in Svg(svg).lines}

    assert labels["265"].right < labels["159"].left < labels["91"].left
    assert labels["91"].top > labels["159"].top


def test_longer_period_is_labelled(draw: Draw, svg: Path):
    rows = [
        {"edition": 2021, "period": "2018-2020", "value": 2642},
        {"edition": 2021, "period": 2019, "value": 540},
        {"edition": 2021, "period": 2020, "value": 583},
    ]
    draw("series", rows)

    assert "2,642 (2018–2020)" in Svg(svg).text  # noqa: RUF001
    assert Svg(svg).title == "Victims identified, Belgium, 2018 to 2020"
    assert joined(svg) == [2]


def test_caveats_are_numbered_footnotes(draw: Draw, svg: Path):
    out = draw("series", BELGIUM).out
    written = [line.content for line in Svg(svg).lines]

    for number, note in (("1", "prior-year figure."), ("2", "A."), ("3", "B.")):
        assert written[written.index(note) - 1] == number
    assert "Notes: [1] prior-year figure. [2] A. [3] B." in out


def test_a_picture_has_six_notes_and_the_table_has_the_others(draw: Draw, svg: Path):
    caveats = " | ".join(f"caveat {number:02}" for number in range(20))
    row = {"edition": 2021, "period": 2020, "value": 91, "caveat": caveats}
    draw("series", [row], "-p", "indicator=victims-identified", "-p", "area=BEL")
    text = Svg(svg).text

    assert text.count("caveat ") == 6
    assert "14 more notes in the table of the figures" in text
    assert "91 [1-6]" in text


def test_editions_without_a_figure_are_named(draw: Draw, svg: Path):
    out = draw("series", [*BELGIUM, {"edition": 2018, "availability": "not stated"}]).out

    assert "Not found in what was read: 2022 edition." in Svg(svg).text
    assert "Not stated: 2018 edition." in out


def test_source_is_shown(draw: Draw, svg: Path):
    draw("series", BELGIUM)
    text = Svg(svg).text

    assert "Source: US Department of State: TIP Report 2019, Belgium" in text
    assert "example.org/reports/2020/belgium" in text
    assert "sentence S02" in text
    assert "TIP Report 2022" not in text, "an edition without a figure"


def test_money_has_its_currency_and_approximate_figures_are_marked(draw: Draw, svg: Path):
    rows = [
        {**MONEY, "edition": 2021, "period": 2020, "value": "419000.0", "approximate": True},
        {**MONEY, "edition": 2021, "period": 2019, "value": "427000.0", "approximate": False},
    ]
    out = draw("series", rows).out
    text = Svg(svg).text

    assert "≈\N{NO-BREAK SPACE}419,000" in text
    assert " 427,000" in text
    assert "EUR, per shelter" in text
    assert "Chart of figures in EUR, per shelter" in out
    assert "2020: about 419,000 (2021 edition)." in out


def test_speaker_other_than_the_publisher_is_a_note(draw: Draw, svg: Path):
    row = {"edition": 2021, "period": 2020, "value": 583, "speaker": "id:agency"}
    draw("series", [row])

    assert "According to the agency." in Svg(svg).text


@pytest.mark.parametrize(
    ("column", "values", "note"),
    [
        ("population", ("victim", "identified victim"), "Counted: identified victim."),
        ("counted_by", ("id:department", "id:agency"), "Counted by the agency."),
    ],
)
def test_population_and_counter_are_notes_where_they_differ(draw, svg, column, values, note):
    one, other = (
        {"edition": 2021, "period": 2019 + at, "value": 1 + at, column: value}
        for at, value in enumerate(values)
    )
    draw("series", [one, other])
    assert note in Svg(svg).text

    draw("series", [one])
    assert "Counted" not in Svg(svg).text


def test_part_is_in_the_title(draw: Draw, svg: Path):
    draw("series", [{"edition": 2021, "period": 2020, "value": 49, "part": "code:labor"}])

    assert Svg(svg).title == "Victims identified: labor exploitation, Belgium, 2020"


@pytest.mark.parametrize(
    ("differing", "problem"),
    [
        ({"part": "code:labor"}, "part: total, labor exploitation; choose one, such as -p part="),
        ({"unit": "currency:USD"}, "unit: persons, USD; choose one, such as -p unit=persons"),
        ({"indicator": "code:allocation"}, "indicator: victims identified, allocation to each"),
    ],
)
def test_figures_of_several_kinds_are_an_error(draw, svg, differing, problem):
    row = {"edition": 2021, "period": 2020, "value": 91}
    done = draw("series", [row, {**row, **differing}])

    assert done.code == 2
    assert f"tipgraph: more than one {problem}" in done.err
    assert not svg.exists()


def test_error_suggests_other_parameters_where_the_column_is_none(draw: Draw, svg: Path):
    rows = [
        {**MONEY, "edition": 2021, "period": 2020, "value": 1, "per_unit": per}
        for per in ("code:per-shelter", "code:total")
    ]
    done = draw("series", rows, "-p", "indicator=allocation", "-p", "area=BEL")

    assert done.code == 2
    assert (
        "more than one per_unit: per shelter, total; select fewer with -p edition=… or" in done.err
    )


def test_no_figures_is_an_error(draw: Draw, svg: Path):
    none = draw("series", [])
    gaps = draw("series", [{"edition": 2020, "availability": "not found in what was read"}])

    assert none.code == gaps.code == 2
    assert none.err == (
        "tipgraph: no figure to draw; no row has one; see 'tipgraph query series'\n"
    )
    assert "the editions have none (not found in what was read)" in gaps.err
    assert not svg.exists()
