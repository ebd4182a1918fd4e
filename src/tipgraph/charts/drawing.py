"""The pictures, drawn with matplotlib: a series as points and lines, a breakdown as bars.

Each is a figure of its own, so there is no display and no global state. Lengths are in points.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from tipgraph.charts.breakdown import Breakdown
from tipgraph.charts.layout import (
    Box,
    BreakLabel,
    Layout,
    PlacedPoint,
    Position,
    break_labels,
    lay_out,
    line_runs,
    place_labels,
    top,
)
from tipgraph.charts.page import (
    BLACK,
    CONTENT_WIDTH,
    DARK_GREY,
    LIGHT_GREY,
    TITLE_SIZE,
    WHITE,
    Page,
    height,
    page_style,
    width,
    wrap,
)
from tipgraph.charts.series import PANELS, Series
from tipgraph.charts.table import AltText, figure, number
from tipgraph.store.engine import grouped

# A series.
PLOT_HEIGHT = 230.0
SPACE_BELOW = 20.0
SPACE_LEFT = 12.0
# Between the panels of several countries.
PANEL_SPACE = 26.0
# The axis is higher than the highest point by this factor.
HEADROOM = 1.2
MARKER_SIZE = 8.0
# If points coincide, each marker is inside that of the edition before.
MARKER_STEP = 6.0
# Consecutive markers differ in shape and in fill.
SHAPES = ("o", "s", "^", "d", "v", "P", "X")
FILLS = (BLACK, WHITE, "#a6a6a6")
# Each other publisher has a shape, and each of its documents a fill.
OTHER_SHAPES = ("*", "p", "<", ">", "h", "8")
STAR_SIZE = 12.0

# A breakdown.
NAME_WIDTH = 170.0
BAR_HEIGHT = 22.0
BAR_SPACING = 10.0
TEXT_GAP = 6.0
BAR_FILLS = (WHITE, "#e0e0e0")
HATCHES = ("////", "....", "xxxx", "", "----", "\\\\\\\\", "++++", "||||", "oooo")
REST: dict[str, Any] = {
    "facecolor": WHITE,
    "edgecolor": BLACK,
    "linestyle": (0, (1, 2)),
    "linewidth": 1.2,
}

LABEL_BACKGROUND = {"facecolor": WHITE, "edgecolor": "none", "pad": 0.5}

# Keyword arguments of matplotlib for a marker.
Marker = dict[str, Any]


def draw_series(panels: Sequence[Series], format: str, text: AltText) -> bytes:
    """The picture of one series, or of a panel for each, as the content of a file."""
    with page_style():
        page = Page()
        if panels[1:]:
            page.text(PANELS)
            page.space(PANEL_SPACE)
        for number, series in enumerate(panels, 1):
            page.text(series.title, TITLE_SIZE, "bold")
            page.space(4)
            markers = _markers(series)
            page.legend((marker, key) for key, marker in markers.items())
            page.space(8)
            _plot_series(page, series, markers, f"{number}-" if panels[1:] else "")
            page.footer(_remarks(series), series.footnotes, series.citations)
            if panels[number:]:
                page.space(PANEL_SPACE)
        return page.save(format, text)


def draw_breakdown(breakdown: Breakdown, format: str, text: AltText) -> bytes:
    """The picture of a breakdown as the content of a file."""
    with page_style():
        page = Page()
        page.text(breakdown.title, TITLE_SIZE, "bold")
        page.space(4)
        page.text(breakdown.total + breakdown.footnotes.marks(breakdown.total_notes))
        page.space(6)
        _plot_breakdown(page, breakdown)
        remarks = [breakdown.overlap] if breakdown.overlap else []
        page.footer(remarks, breakdown.footnotes, [breakdown.citation])
        return page.save(format, text)


def _markers(series: Series) -> dict[str, Marker]:
    """A marker for each edition and wording, and others for the documents of each publisher."""
    points = sorted(series.points, key=lambda point: (point.citation.year, point.wording))
    keys = dict.fromkeys(point.key for point in points if not point.is_beside)
    found = {
        key: _marker(SHAPES[position % len(SHAPES)], FILLS[position % len(FILLS)])
        for position, key in enumerate(keys)
    }
    others = [point for point in series.points if point.is_beside]
    by_publisher = grouped((each.citation.edition.publisher, each.key) for each in others)
    for position, of_publisher in enumerate(by_publisher.values()):
        shape = OTHER_SHAPES[position % len(OTHER_SHAPES)]
        for nth, key in enumerate(dict.fromkeys(of_publisher)):
            found[key] = _marker(shape, FILLS[nth % len(FILLS)])
    return found


def _marker(shape: str, fill: str) -> Marker:
    return {
        "marker": shape,
        "markerfacecolor": fill,
        "markeredgecolor": BLACK,
        "markersize": STAR_SIZE if shape == "*" else MARKER_SIZE,
        "linestyle": "none",
    }


def _plot_series(page: Page, series: Series, markers: dict[str, Marker], prefix: str) -> None:
    """Add the plot, with the labels of the breaks above it; `prefix` makes its ids unique."""
    ticks = _value_ticks(series)
    unit = wrap(series.unit, PLOT_HEIGHT)
    left = max(width(number(tick)) for tick in ticks) + SPACE_LEFT + height(len(unit))
    layout = lay_out(series, CONTENT_WIDTH - left)
    labels = break_labels(layout)
    page.space(top(labels))
    axes = page.plot(PLOT_HEIGHT, left, SPACE_BELOW)
    _set_axes(axes, layout, ticks, "\n".join(unit))
    _draw_breaks(axes, layout, labels, prefix)
    runs = [run for run in line_runs(layout) if run[1:]]
    for position, run in enumerate(runs, 1):
        xs, ys = [placed.x for placed in run], [placed.y for placed in run]
        axes.plot(xs, ys, color=DARK_GREY, linewidth=1.3, zorder=2, gid=f"line-{prefix}{position}")
    _draw_markers(axes, layout, markers)
    _draw_values(axes, layout, runs, series)


def _value_ticks(series: Series) -> list[float]:
    """Round numbers from zero up."""
    values = [float(str(point.value)) for point in series.points]
    integer = all(value.is_integer() for value in values)
    locator = MaxNLocator(nbins=6, integer=integer)
    most = max(*values, 0) or 1
    return [round(tick, 6) for tick in locator.tick_values(0, most) if 0 <= tick <= most * HEADROOM]


def _set_axes(axes: Axes, layout: Layout, ticks: list[float], unit: str) -> None:
    most = max(placed.y for placed in layout.points)
    axes.set_yticks(ticks, [number(tick) for tick in ticks])
    axes.set_ylim(0, max(most * HEADROOM, ticks[-1]))
    axes.set_ylabel(unit)
    years = layout.ticks()
    axes.set_xticks(years, [str(year) for year in years])
    axes.set_xlim(layout.low, layout.high)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)


def _draw_breaks(axes: Axes, layout: Layout, labels: Iterable[BreakLabel], prefix: str) -> None:
    """Draw a dashed line for each break, and its label above the plot."""
    for position, label in enumerate(labels, 1):
        axes.plot(
            [label.x / layout.width] * 2,
            [0, 1 + label.bottom / PLOT_HEIGHT],
            transform=axes.transAxes,
            color=BLACK,
            linestyle=(0, (5, 3)),
            linewidth=1.1,
            clip_on=False,
            gid=f"break-{prefix}{position}",
        )
        for line, y in label.placed_lines:
            axes.text(
                label.box.x / layout.width,
                1 + y / PLOT_HEIGHT,
                line,
                transform=axes.transAxes,
                ha="center",
                va="center",
                bbox=LABEL_BACKGROUND,
            )


def _draw_markers(axes: Axes, layout: Layout, markers: dict[str, Marker]) -> None:
    for group in _coinciding(layout):
        for position, placed in enumerate(group, 1):
            period = placed.point.period
            if not period.is_year:
                axes.plot(period.span, [placed.y] * 2, color=BLACK, linewidth=0.8, zorder=2.8)
            own = markers[placed.point.key]
            size = own["markersize"] + MARKER_STEP * (len(group) - position)
            marker = own | {"markersize": size}
            axes.plot([placed.x], [placed.y], zorder=3 + position / 100, clip_on=False, **marker)


def _draw_values(axes: Axes, layout: Layout, runs: list[list[PlacedPoint]], series: Series) -> None:
    """Write each value once, clear of markers and other values, and of lines where possible."""
    scale = PLOT_HEIGHT / axes.get_ylim()[1]

    def at(placed: PlacedPoint) -> Position:
        return layout.across(placed.x), placed.y * scale

    groups = _coinciding(layout)
    labels = [(*at(group[0]), _value_label(group, series)) for group in groups]
    solid = [
        Box(*at(group[0]), *[MARKER_SIZE + MARKER_STEP * (len(group) - 1)] * 2) for group in groups
    ]
    for x, _ in layout.breaks:
        solid.append(Box(layout.across(x), PLOT_HEIGHT / 2, 3, PLOT_HEIGHT))
    lines = [Path([*map(at, run)]) for run in runs]
    for placed in layout.points:
        ends = map(layout.across, placed.point.period.span)
        if not placed.point.period.is_year:
            lines.append(Path([(end, placed.y * scale) for end in ends]))
    plot = Box(layout.width / 2, PLOT_HEIGHT / 2, layout.width, PLOT_HEIGHT)
    boxes = place_labels(labels, solid, lines, plot)
    for (x, y, text), box in zip(labels, boxes, strict=True):
        if box.is_far_from(x, y):
            axes.plot(
                [x / layout.width, box.x / layout.width],
                [y / PLOT_HEIGHT, box.y / PLOT_HEIGHT],
                transform=axes.transAxes,
                color=DARK_GREY,
                linewidth=0.6,
                zorder=2.2,
            )
        axes.text(
            box.x / layout.width,
            box.y / PLOT_HEIGHT,
            text,
            transform=axes.transAxes,
            ha="center",
            va="center",
            zorder=2.5,
            bbox=LABEL_BACKGROUND,
        )


def _coinciding(layout: Layout) -> list[list[PlacedPoint]]:
    """The points by place, in each the oldest edition first."""
    oldest_first = sorted(layout.points, key=lambda placed: placed.point.citation.year)
    places = grouped(((placed.x, placed.y), placed) for placed in oldest_first)
    return [places[place] for place in sorted(places)]


def _value_label(group: list[PlacedPoint], series: Series) -> str:
    points = [placed.point for placed in group]
    period = "" if points[0].period.is_year else f" ({points[0].period.label})"
    value = figure(points[0].value, any(point.approximate for point in points), points[0].qualifier)
    marks = series.footnotes.marks(note for point in points for note in point.notes)
    return f"{value}{period}{marks}"


def _remarks(series: Series) -> Iterator[str]:
    """Sentences that explain the picture."""
    if series.breaks:
        yield "Dashed line: the wording changes; no line joins figures across it."
    counters = {each.counter for each in series.points if each.counter and not each.is_beside}
    if len(counters) > 1:
        yield "Who counts changes; no line joins figures of different counters."
    if any(point.approximate and not point.qualifier for point in series.points):
        yield "≈: approximate in the source."
    if _editions_differ(series):
        yield "Where editions differ in a figure, the line follows the newest."
    yield from series.gaps


def _editions_differ(series: Series) -> bool:
    """Return whether editions have different figures of one wording for one period."""
    figures = {
        (point.period, point.wording, point.counter, str(point.value))
        for point in series.points
        if not point.is_beside
    }
    return len(figures) > len({figure[:3] for figure in figures})


def _plot_breakdown(page: Page, breakdown: Breakdown) -> None:
    """Add the bars, with their names to the left and their figures to the right."""
    bars = [(part, _bar_style(position)) for position, part in enumerate(breakdown.parts)]
    if breakdown.rest:
        bars.append((breakdown.rest, REST))
    names = [wrap(part.name, NAME_WIDTH) for part, _ in bars]
    figures = [part.figure + breakdown.footnotes.marks(part.notes) for part, _ in bars]
    left = max(width(line) for lines in names for line in lines) + TEXT_GAP
    right = max(map(width, figures)) + TEXT_GAP
    heights = [max(BAR_HEIGHT, height(len(lines))) + BAR_SPACING for lines in names]
    middles = [below - high / 2 for below, high in zip(accumulate(heights), heights, strict=True)]

    axes, plot_width = page.plot(sum(heights), left, 0), CONTENT_WIDTH - left
    longest = max(float(str(part.value)) for part, _ in bars) or 1
    axes.set_xlim(0, longest * plot_width / (plot_width - right))
    axes.set_ylim(sum(heights), 0)
    axes.axis("off")
    axes.axvline(0, color=BLACK, linewidth=0.8)
    for (part, style), y, lines, text in zip(bars, middles, names, figures, strict=True):
        length = float(str(part.value))
        axes.barh(y, length, height=BAR_HEIGHT, **style)
        _annotate(axes, "\n".join(lines), (0, y), -TEXT_GAP)
        _annotate(axes, text, (length, y), TEXT_GAP)


def _bar_style(position: int) -> dict[str, Any]:
    return {
        "facecolor": BAR_FILLS[position % len(BAR_FILLS)],
        "hatch": HATCHES[position % len(HATCHES)],
        "edgecolor": BLACK,
        "linewidth": 0.8,
    }


def _annotate(axes: Axes, text: str, at: Position, offset: float) -> None:
    """Write to the right of a place, or to the left where the offset is negative."""
    axes.annotate(
        text,
        at,
        (offset, 0),
        textcoords="offset points",
        ha="left" if offset > 0 else "right",
        va="center",
    )
