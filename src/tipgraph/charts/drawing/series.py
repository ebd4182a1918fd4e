"""The picture of a series: a sign for each figure, and lines where the wording stays."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from tipgraph.charts.alt_text import Alternative
from tipgraph.charts.drawing.break_markers import draw_breaks, flags, top
from tipgraph.charts.drawing.footer import foot
from tipgraph.charts.drawing.labels import Box, along, placed
from tipgraph.charts.drawing.layout import Layout, Spot, joined, laid_out
from tipgraph.charts.drawing.measure import height, width, wrapped
from tipgraph.charts.drawing.page import INSIDE, Page
from tipgraph.charts.drawing.save import written
from tipgraph.charts.drawing.style import FAINT, FILLS, INK, LINE, PAPER, SHAPES, TITLE, style
from tipgraph.charts.format import number, stated
from tipgraph.charts.series import Series

HIGH = 230.0
BELOW = 20.0
BESIDE = 12.0
HEADROOM = 1.2
MARK = 8.0
# Where figures coincide, each has its sign within that of the edition before.
LARGER = 6.0

Sign = dict[str, Any]


def draw_series(series: Series, form: str, text: Alternative) -> bytes:
    """The picture as a file's content."""
    with style():
        page = Page()
        page.text(series.title, TITLE, "bold")
        page.space(4)
        signs = _signs(series)
        page.keys((sign, key) for key, sign in signs.items())
        page.space(8)
        _plot(page, series, signs)
        foot(page, _told(series), series.notes, series.editions)
        return written(page.finished(), form, text)


def _signs(series: Series) -> dict[str, Sign]:
    """A sign for each edition, and for each wording of it."""
    points = sorted(series.points, key=lambda point: (point.edition.year, point.wording))
    keys = dict.fromkeys(point.key for point in points)
    return {
        key: {
            "marker": SHAPES[position % len(SHAPES)],
            "markerfacecolor": FILLS[position % len(FILLS)],
            "markeredgecolor": INK,
            "markersize": MARK,
            "linestyle": "none",
        }
        for position, key in enumerate(keys)
    }


def _plot(page: Page, series: Series, signs: dict[str, Sign]) -> None:
    """Put the plot on the page, with the words of the breaks above it."""
    ticks = _ticks(series)
    unit = wrapped(series.unit, HIGH)
    left = max(width(number(tick)) for tick in ticks) + BESIDE + height(len(unit))
    layout = laid_out(series, INSIDE - left)
    raised = flags(layout)
    page.space(top(raised))
    plot = page.plot(HIGH, left, BELOW)
    _axes(plot.axes, layout, ticks, "\n".join(unit))
    draw_breaks(plot.axes, layout, raised, HIGH)
    runs = [run for run in joined(layout) if run[1:]]
    for position, run in enumerate(runs, 1):
        xs, ys = [spot.x for spot in run], [spot.y for spot in run]
        plot.axes.plot(xs, ys, color=LINE, linewidth=1.3, zorder=2, gid=f"line-{position}")
    _draw_signs(plot.axes, layout, signs)
    _draw_values(plot.axes, layout, runs, series)


def _ticks(series: Series) -> list[float]:
    """Round numbers from zero on."""
    values = [float(str(point.value)) for point in series.points]
    whole = all(value.is_integer() for value in values)
    locator = MaxNLocator(nbins=6, integer=whole)
    most = max(*values, 0) or 1
    return [round(tick, 6) for tick in locator.tick_values(0, most) if 0 <= tick <= most * HEADROOM]


def _axes(axes: Axes, layout: Layout, ticks: list[float], unit: str) -> None:
    most = max(spot.y for spot in layout.spots)
    axes.set_yticks(ticks, [number(tick) for tick in ticks])
    axes.set_ylim(0, max(most * HEADROOM, ticks[-1]))
    axes.set_ylabel(unit)
    years = layout.ticks()
    axes.set_xticks(years, [str(year) for year in years])
    axes.set_xlim(layout.low, layout.high)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)


def _draw_signs(axes: Axes, layout: Layout, signs: dict[str, Sign]) -> None:
    for spots in _coinciding(layout):
        for position, spot in enumerate(spots, 1):
            period, size = spot.point.period, MARK + LARGER * (len(spots) - position)
            if not period.is_year:
                axes.plot(period.ends, [spot.y] * 2, color=INK, linewidth=0.8, zorder=2.8)
            sign = signs[spot.point.key] | {"markersize": size}
            axes.plot([spot.x], [spot.y], zorder=3 + position / 100, clip_on=False, **sign)


def _draw_values(axes: Axes, layout: Layout, runs: list[list[Spot]], series: Series) -> None:
    """Write each value once, clear of signs and other values, and off the lines if that can be."""
    scale = HIGH / axes.get_ylim()[1]

    def at(spot: Spot) -> tuple[float, float]:
        return layout.across(spot.x), spot.y * scale

    def span(spot: Spot) -> Iterator[Box]:
        begin, end = map(layout.across, spot.point.period.ends)
        return along((begin, spot.y * scale), (end, spot.y * scale))

    groups = _coinciding(layout)
    labels = [(*at(spots[0]), _label(spots, series)) for spots in groups]
    solid = [Box(*at(spots[0]), *[MARK + LARGER * (len(spots) - 1)] * 2) for spots in groups]
    for x, _ in layout.breaks:
        solid.append(Box(layout.across(x), HIGH / 2, 3, HIGH))
    light = [box for run in runs for pair in pairwise(map(at, run)) for box in along(*pair)]
    for spot in layout.spots:
        if not spot.point.period.is_year:
            light.extend(span(spot))
    whole = Box(layout.wide / 2, HIGH / 2, layout.wide, HIGH)
    for (x, y, text), box in zip(labels, placed(labels, solid, light, whole), strict=True):
        if box.is_away_from(x, y):
            axes.plot(
                [x / layout.wide, box.x / layout.wide], [y / HIGH, box.y / HIGH],
                transform=axes.transAxes, color=LINE, linewidth=0.6, zorder=2.2,
            )  # fmt: skip
        axes.text(
            box.x / layout.wide, box.y / HIGH, text, transform=axes.transAxes,
            ha="center", va="center", zorder=2.5,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5},
        )  # fmt: skip


def _coinciding(layout: Layout) -> list[list[Spot]]:
    """The figures by their places, in each the oldest edition first."""
    places: dict[tuple[float, float], list[Spot]] = {}
    for spot in sorted(layout.spots, key=lambda spot: spot.point.edition.year):
        places.setdefault((spot.x, spot.y), []).append(spot)
    return [places[place] for place in sorted(places)]


def _label(spots: list[Spot], series: Series) -> str:
    points = [spot.point for spot in spots]
    period = "" if points[0].period.is_year else f" ({points[0].period.label})"
    value = stated(points[0].value, any(point.approximate for point in points))
    marks = series.notes.marks(remark for point in points for remark in point.remarks)
    return f"{value}{period}{marks}"


def _told(series: Series) -> Iterator[str]:
    """What to know of the picture beside its notes."""
    if series.breaks:
        yield "Dashed line: the wording changes; nothing is joined over it."
    if any(point.approximate for point in series.points):
        yield "≈: approximately, as the source says."
    if _differing(series):
        yield "Where editions differ in a figure, the line follows the newest."
    yield from series.gaps


def _differing(series: Series) -> bool:
    """Whether editions give differing figures of one wording for one period."""
    figures = {(point.period, point.wording, str(point.value)) for point in series.points}
    return len(figures) > len({figure[:2] for figure in figures})
