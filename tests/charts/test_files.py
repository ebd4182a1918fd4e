"""The files: they contain the alt text, have the same bytes each time, and replace atomically."""

import re
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
from PIL import Image

from tests.conftest import Run

from .conftest import Draw
from .hand import Row
from .reading import Svg, png_texts
from .test_breakdown import PARTS
from .test_series import BELGIUM, MONEY

LONG = "A caveat that is so long that it does not fit into one line of the page at all, " * 3
CROWDED = [
    {"edition": 2010 + year % 12, "period": 2008 + year % 12, "value": value, "caveat": LONG}
    for year, value in enumerate((1000, 1040, 900, 980, 1010, 700, 1020, 1000, 960, 950, 400, 1000))
] + [
    {"edition": 2011 + year % 12, "period": 2009 + year, "value": value + 20, "caveat": f"{year}"}
    for year, value in enumerate((1000, 1040, 900, 980, 1010, 700, 1020, 1000))
]
LENGTHY = [
    {**row, "part": "code:long", "caveat": LONG, "speaker": "id:agency"} for row in PARTS[:1]
]
MANY = [
    {**MONEY, "edition": year, "period": year - back, "value": 430000 - year, "approximate": True}
    for year in range(2015, 2022)
    for back in (1, 2)
]


@pytest.mark.parametrize(("name", "rows"), [("series", BELGIUM), ("breakdown", PARTS)])
def test_svg_has_its_alt_text_as_title_and_description(draw, svg, name, rows):
    done = draw(name, rows)
    picture = Svg(svg)
    title, description = picture.root[0], picture.root[1]

    assert (title.tag.split("}")[1], description.tag.split("}")[1]) == ("title", "desc")
    assert picture.root.attrib["role"] == "img"
    assert picture.root.attrib["aria-labelledby"].split() == [
        title.attrib["id"],
        description.attrib["id"],
    ]
    assert done.out == f"{picture.title}. {picture.description}\n"
    assert done.err == ""


@pytest.mark.parametrize(("name", "rows"), [("series", BELGIUM), ("breakdown", PARTS)])
def test_png_has_its_alt_text_and_is_grey(draw: Draw, tmp_path: Path, name: str, rows: list[Row]):
    file = tmp_path / "chart.PNG"
    done = draw(name, rows, output=file)
    texts = png_texts(file)

    assert list(texts) == ["Title", "Description"]
    assert done.out == f"{texts['Title']}. {texts['Description']}\n"
    with Image.open(file) as picture:
        red, green, blue, _ = picture.convert("RGBA").split()
        assert red.tobytes() == green.tobytes() == blue.tobytes(), "the picture is grey"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("series", BELGIUM),
        ("series", BELGIUM[:2]),
        ("series", CROWDED),
        ("series", MANY),
        ("breakdown", PARTS),
        ("breakdown", LENGTHY),
    ],
)
def test_no_text_overlaps_another_or_leaves_the_page(draw, svg, name, rows):
    draw(name, rows)
    picture = Svg(svg)
    lines = picture.lines

    assert len(lines) > 5
    for number, line in enumerate(lines):
        assert line.left >= 0
        assert line.right <= picture.width
        assert line.bottom <= picture.height
        assert not [other for other in lines[:number] if line.overlaps(other)], line


@pytest.mark.parametrize(("name", "rows"), [("series", BELGIUM), ("breakdown", PARTS)])
def test_colours_are_grey_and_text_is_large_enough(draw, svg, name, rows):
    draw(name, rows)
    picture = Svg(svg)

    assert len(picture.colours) >= 3
    for colour in picture.colours:
        assert colour[1:3] == colour[3:5] == colour[5:7]
    assert min(map(int, re.findall(r"font[^;]* (\d+)px", picture.source))) == 9


@pytest.mark.parametrize("extension", ["svg", "png"])
def test_same_figures_give_the_same_bytes(draw: Draw, tmp_path: Path, extension: str):
    files = [tmp_path / f"{name}.{extension}" for name in ("one", "two")]
    for file in files:
        draw("series", BELGIUM, output=file)

    assert files[0].read_bytes() == files[1].read_bytes()


def test_matplotlib_settings_of_the_user_have_no_effect(draw, tmp_path, monkeypatch):
    import matplotlib

    files = [tmp_path / f"{name}.svg" for name in ("ours", "theirs")]
    draw("series", BELGIUM, output=files[0])
    monkeypatch.setitem(matplotlib.rcParams, "text.color", "red")
    monkeypatch.setitem(matplotlib.rcParams, "font.size", 30)
    draw("series", BELGIUM, output=files[1])

    assert files[0].read_bytes() == files[1].read_bytes()
    assert matplotlib.rcParams["font.size"] == 30


@pytest.mark.slow(reason="starts a process, since matplotlib reads its settings once")
def test_threads_do_not_draw_with_the_settings_of_others():
    import matplotlib

    from tipgraph.charts.page import page_style

    begun, first_is_done, parsed = Event(), Event(), []

    def draw_second() -> None:
        with page_style():
            begun.set()
            first_is_done.wait(1)
            # Of two amounts in dollars, the text between them would be a formula.
            parsed.append(matplotlib.rcParams["text.parse_math"])

    second = Thread(target=draw_second)
    with page_style():
        second.start()
        begun.wait(0.2)
    first_is_done.set()
    second.join()

    assert parsed == [False]
    assert matplotlib.rcParams["text.parse_math"]


def test_settings_of_matplotlib_that_are_not_utf_8_are_an_error(tmp_path: Path):
    (tmp_path / "matplotlibrc").write_bytes(b"font.family: caf\xe9")
    command = [sys.executable, "-m", "tipgraph", "chart", "series", "--output", "x.svg"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
    assert done.stderr.startswith("tipgraph: matplotlibrc: cannot be read")


def test_labels_may_contain_any_characters(draw: Draw, svg: Path):
    row = {"edition": 2021, "period": 2020, "value": 91, "caveat": r"$x^2$ & <b>\u0001 被"}
    done = draw("series", [row])

    assert done.code == 0
    assert done.err == ""
    assert "$x^2$ & <b>\ufffd 被." in Svg(svg).text


def test_png_warns_of_characters_that_the_font_lacks(draw: Draw, tmp_path: Path):
    row = {"edition": 2021, "period": 2020, "value": 91, "caveat": "被害人"}
    done = draw("series", [row], output=tmp_path / "chart.png")

    assert done.code == 0
    assert done.err.startswith("tipgraph: the font lacks some characters of the picture; use .svg")
    assert done.err.count("\n") == 1


def test_long_texts_are_drawn_or_refused(draw: Draw, svg: Path, tmp_path: Path, monkeypatch):
    row = {"edition": 2021, "period": 2020, "value": 91}
    # All beginnings of a word were measured for each of its lines, for hours and in all memory.
    assert draw("series", [{**row, "caveat": "x" * 1000}]).code == 0
    assert Svg(svg).text.count("x") > 1000

    too_long = draw("series", [{**row, "caveat": "x " * 6000}])
    assert (too_long.code, too_long.err.count("\n")) == (2, 1)
    monkeypatch.setattr("tipgraph.charts.page.MOST_DOTS", 300)
    assert draw("series", [row], output=tmp_path / "chart.png").code == 2


@pytest.mark.parametrize("file", ["chart.pdf", "chart", "svg", "chart.svg.txt"])
def test_other_extension_is_an_error(run: Run, tmp_path: Path, file: str):
    done = run("chart", "series", "--output", tmp_path / file)

    assert done.code == 2
    assert done.err.endswith("unknown chart format; use a file that ends in .svg or .png\n")
    assert not (tmp_path / file).exists()


def test_usage_error_is_one_line(draw: Draw, run: Run, svg: Path, tmp_path: Path):
    for code, done in (
        (2, run("chart", "series")),
        (2, run("chart", "pie", "--output", svg)),
        (2, draw("series", BELGIUM, "-p", "area")),
        (2, draw("series", BELGIUM, "-p", "part=total", "-p", "part=total")),
        (2, draw("series", BELGIUM, "-p", "year=2020")),
        (2, draw("series", BELGIUM, "-p", "area=Atlantis")),
        (3, draw("series", BELGIUM, output=tmp_path / "none" / "chart.svg")),
        (3, draw("series", BELGIUM, "--data", str(tmp_path / "none.ttl"))),
    ):
        assert done.code == code
        assert done.out == ""
        assert done.err.startswith("tipgraph: ")
        assert done.err.count("\n") == 1
    assert not svg.exists()


def test_failure_keeps_the_existing_file(draw: Draw, svg: Path):
    draw("series", BELGIUM)
    before = svg.read_bytes()

    assert draw("series", []).code == 2
    assert svg.read_bytes() == before
    assert [file.name for file in svg.parent.glob("chart*")] == ["chart.svg"]


def test_missing_matplotlib_is_an_error_that_names_the_extra(draw, svg, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = draw("series", BELGIUM)

    assert done.code == 2
    assert "charts need matplotlib; run pip install '.[chart]' in the checkout" in done.err
    assert not svg.exists()
