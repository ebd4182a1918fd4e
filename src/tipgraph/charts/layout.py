"""The layout of a series: points and breaks along the axis, lines, and labels that do not overlap.

Lengths are in points, and places on the axis in years.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import ceil, floor, hypot

from matplotlib.path import Path
from matplotlib.transforms import Bbox

from tipgraph.charts.page import FONT_SIZE, height, width, wrap
from tipgraph.charts.series import DAY, Break, Point, Series

# The distance of a point from a break in the same period.
BREAK_OFFSET = 11.0
# Years that stay free at both ends of the axis.
AXIS_PADDING = 0.1
LABEL_HEIGHT = FONT_SIZE * 1.3
# The smallest distance of a label's edge from the middle of its point, and how often to step away.
LABEL_OFFSET = 9.0
LABEL_STEPS = 6
BREAK_LABEL_WIDTH = 250.0
BREAK_LABEL_GAP = 4.0

Position = tuple[float, float]


@dataclass(frozen=True)
class PlacedPoint:
    """A point with its place on the axis."""

    x: float
    point: Point

    @property
    def y(self) -> float:
        return float(str(self.point.value))


@dataclass(frozen=True)
class Layout:
    """The axis from `low` to `high` in years, which is `width` points long, and what is on it."""

    low: float
    high: float
    width: float
    breaks: tuple[tuple[float, Break], ...]
    points: tuple[PlacedPoint, ...]

    def across(self, x: float) -> float:
        """The distance from the left end of the axis."""
        return (x - self.low) * self.width / (self.high - self.low)

    def ticks(self, most: int = 12) -> list[int]:
        """The years to label, every year or fewer."""
        years = range(ceil(self.low), floor(self.high) + 1)
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if len(years) <= most * step)
        return [year for year in years if year % step == 0]


def lay_out(series: Series, width: float) -> Layout:
    """The points and breaks of a series along an axis of this width.

    A break is ahead of its period. If an earlier edition has a figure for that period too, the
    break is in the middle of the period, with the figures on both sides.
    """
    low = floor(min(point.period.start for point in series.points)) - 0.5 - AXIS_PADDING
    high = ceil(max(point.period.end for point in series.points) - DAY) - 0.5 + AXIS_PADDING
    offset = min(BREAK_OFFSET * (high - low) / width, 0.3)
    breaks = tuple(
        (each.period.middle - (0 if _has_earlier(each, series.points) else 0.5), each)
        for each in series.breaks
    )
    points = [PlacedPoint(_place(point, breaks, offset), point) for point in series.points]
    return Layout(low, high, width, breaks, tuple(points))


def line_runs(layout: Layout) -> Iterator[list[PlacedPoint]]:
    """The runs of points that a line joins; a run may be a single point.

    The points of a run are of editions of one publisher, and have one wording, one counter and
    exact values; their periods are consecutive, and no break is between them. Where editions differ
    in a figure, the run has that of the newest. No line joins figures of documents.
    """
    for points in _comparable(layout.points):
        run = points[:1]
        for before, after in pairwise(points):
            if _joins(before, after, layout.breaks):
                run.append(after)
            else:
                yield run
                run = [after]
        yield run


def _has_earlier(change: Break, points: Iterable[Point]) -> bool:
    """Return whether an edition before a break has a figure for the period of the break."""
    return any(
        point.period == change.period and point.citation.year < change.citation.year
        for point in points
        if not point.is_beside
    )


def _place(point: Point, breaks: Iterable[tuple[float, Break]], offset: float) -> float:
    x = point.period.middle
    for at, change in breaks:
        # A document has no side of a break between editions.
        if at == x and not point.is_beside:
            return x - offset if point.citation.year < change.citation.year else x + offset
    return x


def _comparable(points: Iterable[PlacedPoint]) -> Iterator[list[PlacedPoint]]:
    """One point of an edition at each place, from left to right, for each way to count."""
    groups: dict[tuple[str, str, str, int], dict[float, PlacedPoint]] = {}
    for placed in points:
        point = placed.point
        if point.is_beside:
            continue
        publisher = point.citation.edition.publisher
        months = round((point.period.end - point.period.start) * 12)
        places = groups.setdefault((publisher, point.wording, point.counter, months), {})
        other = places.get(placed.x)
        if other is None or other.point.citation.year <= placed.point.citation.year:
            places[placed.x] = placed
    for places in groups.values():
        yield [places[x] for x in sorted(places)]


def _joins(before: PlacedPoint, after: PlacedPoint, breaks: Iterable[tuple[float, Break]]) -> bool:
    consecutive = before.point.period.precedes(after.point.period)
    exact = before.point.is_exact and after.point.is_exact
    return consecutive and exact and not any(before.x <= at <= after.x for at, _ in breaks)


@dataclass(frozen=True)
class Box:
    """A rectangle around its middle."""

    x: float
    y: float
    width: float
    height: float

    def is_far_from(self, x: float, y: float) -> bool:
        """Return whether it is so far from a point that a leader line must join them."""
        aside = abs(self.x - x) - self.width / 2
        above = abs(self.y - y) - self.height / 2
        return max(aside, above) > LABEL_OFFSET * 1.5

    def distance(self, x: float, y: float) -> float:
        """The distance of its edge from a point; zero if the point is inside."""
        aside = max(abs(self.x - x) - self.width / 2, 0)
        above = max(abs(self.y - y) - self.height / 2, 0)
        return hypot(aside, above)

    def is_within(self, other: "Box") -> bool:
        fits_x = abs(self.x - other.x) * 2 <= other.width - self.width
        fits_y = abs(self.y - other.y) * 2 <= other.height - self.height
        return fits_x and fits_y

    def overlaps(self, other: "Box") -> bool:
        return (
            abs(self.x - other.x) * 2 < self.width + other.width
            and abs(self.y - other.y) * 2 < self.height + other.height
        )


def place_labels(
    labels: Iterable[tuple[float, float, str]], solid: list[Box], lines: list[Path], plot: Box
) -> list[Box]:
    """A box for each label, which is given by its point and its text.

    Where that is possible, boxes are inside the plot, do not overlap each other or `solid` boxes,
    are nearer to their own point than to others, and are beside the lines.
    """
    listed = list(labels)
    points = {(x, y) for x, y, _ in listed}
    placed: list[Box] = []
    for x, y, text in listed:
        cost = partial(_cost, (x, y), points - {(x, y)}, [*solid, *placed], lines, plot)
        placed.append(min(_candidates(x, y, width(text) + 4), key=cost))
    return placed


def _candidates(x: float, y: float, width: float) -> Iterator[Box]:
    """Boxes around a point, the better ones first."""
    beside = width / 2 + LABEL_OFFSET
    for step in range(LABEL_STEPS):
        away = LABEL_OFFSET + LABEL_HEIGHT / 2 + step * LABEL_HEIGHT
        yield Box(x, y + away, width, LABEL_HEIGHT)
        yield Box(x, y - away, width, LABEL_HEIGHT)
        for side in (beside, -beside):
            yield Box(x + side, y + step * LABEL_HEIGHT / 2, width, LABEL_HEIGHT)
            yield Box(x + side, y - step * LABEL_HEIGHT / 2, width, LABEL_HEIGHT)


def _cost(
    own: Position, others: set[Position], taken: list[Box], lines: list[Path], plot: Box, box: Box
) -> tuple[int, bool, int]:
    """Return what a box hides, whether it is as near to another point, and the lines under it."""
    hidden = sum(map(box.overlaps, taken)) + (not box.is_within(plot))
    is_misleading = any(box.distance(*each) <= box.distance(*own) for each in others)
    bounds = Bbox.from_bounds(box.x - box.width / 2, box.y - box.height / 2, box.width, box.height)
    return hidden, is_misleading, sum(each.intersects_bbox(bounds, False) for each in lines)


@dataclass(frozen=True)
class BreakLabel:
    """The text of a break above the plot; places are from the plot's upper left corner."""

    x: float
    lines: tuple[str, ...]
    box: Box

    @property
    def bottom(self) -> float:
        return self.box.y - self.box.height / 2

    @property
    def placed_lines(self) -> Iterator[tuple[str, float]]:
        """The lines with the height of their middles."""
        for number, line in enumerate(self.lines):
            from_bottom = len(self.lines) - number
            yield line, self.bottom + BREAK_LABEL_GAP + height(from_bottom) - height(1) / 2


def break_labels(layout: Layout) -> list[BreakLabel]:
    """A label for each break, raised above those that it would overlap."""
    labels: list[BreakLabel] = []
    for at, change in sorted(layout.breaks, key=lambda each: each[0]):
        lines = tuple(wrap(f"{change.period.label}: {change.text}", BREAK_LABEL_WIDTH))
        x, label_width = layout.across(at), max(map(width, lines))
        label_height = height(len(lines)) + BREAK_LABEL_GAP
        middle = min(max(x, label_width / 2), layout.width - label_width / 2)
        box = Box(middle, BREAK_LABEL_GAP + label_height / 2, label_width, label_height)
        while any(box.overlaps(each.box) for each in labels):
            box = Box(box.x, box.y + 1, label_width, label_height)
        labels.append(BreakLabel(x, lines, box))
    return labels


def top(labels: Iterable[BreakLabel]) -> float:
    """The height that the labels of breaks need above the plot."""
    return max((label.box.y + label.box.height / 2 for label in labels), default=0)
