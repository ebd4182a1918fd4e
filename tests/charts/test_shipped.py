"""Charts of the shipped graph, from Python."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tipgraph import UsageError
from tipgraph.charts import Chart
from tipgraph.charts.series import PANELS
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import TOTAL

from .reading import Svg

VICTIMS = {"indicator": "victims-identified-and-assisted", "area": "BEL"}


def picture(drawn: Chart, tmp_path: Path) -> Svg:
    file = tmp_path / "chart.svg"
    file.write_bytes(drawn.content)
    return Svg(file)


def test_belgian_victims_are_drawn_over_six_years(shipped: LocalGraph, tmp_path: Path):
    drawn = shipped.chart("series", **VICTIMS)
    svg = picture(drawn, tmp_path)

    for text in (
        "2015: 152 (2017 edition)",
        "2016: 144 (2017 and 2018 editions)",
        "2019: 265 (2020 edition)",
        "159 (2021 edition, worded “victims assisted”)",
        "2020: 91 (2021 edition)",
    ):
        assert text in drawn.alt_text
    assert [len(line) for line in svg.paths("line-")] == [5], "to 265, and no further"
    assert len(svg.paths("break-")) == 1
    assert "may have included cases that are not trafficking crimes" in drawn.alt_text
    assert "sentence S02" in svg.text


def test_figures_of_other_publishers_have_other_markers_and_no_line(shipped: LocalGraph, tmp_path):
    drawn = shipped.chart("series", **VICTIMS)
    chosen = shipped.chart(
        "series", **VICTIMS, edition=[f"tip-{year}-be" for year in range(2017, 2022)]
    )

    for text in (
        "; 145 (GRETA third report 2022, worded “victims of trafficking receiving support",
        "; meer dan (more than) 160 (Payoke press note 2019, worded “slachtoffers begeleid door",
        "figures of GRETA, Minister of Justice of Belgium, Myria and Payoke, with another marker",
        "longer than a year: 475 (GRETA third report 2022, 2017",
        "Payoke: Payoke press note 2019, Belgium (payoke.be/",
    ):
        assert text in drawn.alt_text
        assert text not in chosen.alt_text, "somebody asked for these editions"
    pictures = picture(drawn, tmp_path), picture(chosen, tmp_path)
    shapes, own = ({shape for shape, _ in each.markers} for each in pictures)
    assert len(shapes - own) == 4, "one for each publisher"
    lines = [[len(line) for line in each.paths("line-")] for each in pictures]
    assert lines[0] == lines[1], "no line joins their figures"
    assert all(len({each[1:3], each[3:5], each[5:]}) == 1 for each in pictures[0].colours)


def test_belgian_labor_figures_break_where_their_wording_changes(shipped: LocalGraph, tmp_path):
    drawn = shipped.chart("series", **{**VICTIMS, "part": "labor-exploitation"})
    svg = picture(drawn, tmp_path)

    for described in (
        "2015: 43 (2017 edition, worded “labor trafficking”)",
        "2017: 61 (2018 edition, worded “labor trafficking”); 61 (2019 edition).",
        "2018: 80 (2019 and 2020 editions)",
        "changes at 2017; no line joins figures across it: labor exploitation, where the"
        " editions of 2017 and 2018 had labor trafficking",
    ):
        assert described in drawn.alt_text
    assert [len(line) for line in svg.paths("line-")] == [3, 3], "none over 2017, or past 2019"
    assert len(svg.paths("break-")) == 2, "that of the total too"


def test_a_note_that_several_editions_give_stands_once(shipped: LocalGraph):
    text = shipped.chart("series", indicator="victims-identified", area="HUN").alt_text

    assert text.count("the period is inferred.") == 1
    assert "The wording changes at 2020;" in text
    assert "Notes: [1] Counted by Government of Hungary." in text


def test_parts_of_a_belgian_figure_are_drawn(shipped: LocalGraph):
    drawn = shipped.chart(
        "breakdown", "png", **{**VICTIMS, "edition": "tip-2021-be", "period": "2020"}
    )

    assert "labor exploitation 49 (53.8%)" in drawn.alt_text
    assert drawn.content.startswith(b"\x89PNG")


def test_incomplete_breakdown_shows_the_rest(shipped: LocalGraph):
    drawn = shipped.chart(
        "breakdown", "svg", **{**VICTIMS, "edition": "tip-2017-be", "period": "2015"}
    )

    assert "not found in what was read 16 (10.5%)" in drawn.alt_text


def test_several_countries_have_a_panel_and_an_axis_each(everything: LocalGraph, tmp_path: Path):
    drawn = everything.chart("series", indicator="victims-identified", area=["SVN", "GRC", "HRV"])
    svg = picture(drawn, tmp_path)
    ids = re.findall(r'id="((?:line|break)-[^"]+)"', drawn.content.decode())

    titles = [f"Victims identified, {each}" for each in ("Croatia", "Greece", "Slovenia")]
    places = [drawn.alt_text.index(title) for title in titles]
    assert places == sorted(places), "in alphabetical order"
    assert "so they do not rank countries" in drawn.alt_text
    assert "so they do not rank countries" in svg.text
    assert all(title in svg.text for title in titles)
    assert ids
    assert len(set(ids)) == len(ids)


def test_figures_of_an_unstated_year_are_named_and_not_drawn(everything: LocalGraph):
    unstated = {"indicator": "victims-identified", "area": "FIN"}
    with pytest.raises(UsageError, match="the year is not stated"):
        everything.chart("series", **unstated)

    mixed = everything.chart("series", indicator="victims-identified", area="KEN")
    assert "Not drawn, since the year is not stated: " in mixed.alt_text


def test_qualifier_of_a_number_is_shown(everything: LocalGraph):
    drawn = everything.chart("series", indicator="victims-of-trafficking-identified", area="KEN")

    assert "at least 400 (" in drawn.alt_text
    assert "about 400" not in drawn.alt_text


def test_breakdown_of_several_countries_is_refused_with_the_reason(everything: LocalGraph):
    with pytest.raises(UsageError, match="would rank countries: counts show what each state found"):
        everything.chart("breakdown", indicator="victims-identified", period="2018")


@pytest.mark.slow(reason="draws a panel for each of the countries that share an indicator")
def test_indicators_of_several_countries_are_drawn_or_refused_with_a_reason(everything: LocalGraph):
    rows = everything.rows("figures")
    pairs = {(str(row["indicator"]), row["area"]) for row in rows if row["axis"] == TOTAL}
    countries = Counter(indicator for indicator, _ in pairs)
    refused = {}
    for indicator in sorted(name for name, number in countries.items() if number > 2):
        try:
            drawn = everything.chart("series", indicator=indicator)
        except UsageError as error:
            refused[indicator] = str(error)
        else:
            assert PANELS in drawn.alt_text
    assert all("the year is not stated" in text for text in refused.values()), refused


@pytest.mark.parametrize(
    ("name", "format", "problem"),
    [
        ("pie", "svg", "the charts are series and breakdown"),
        ("series", "pdf", "a chart is svg or png"),
    ],
)
def test_unknown_charts_and_formats_are_an_error(shipped: LocalGraph, name, format, problem):
    with pytest.raises(UsageError, match=problem):
        shipped.chart(name, format, **VICTIMS)


@pytest.mark.slow(reason="makes the whole graph")
def test_other_commands_do_not_import_matplotlib():
    script = (
        "import sys; from tipgraph.cli import main; main(['queries']); main(['chart', '--help']);"
        " print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert {"matplotlib", "PIL", "numpy"} & set(done.stderr.decode().split()) == set()
