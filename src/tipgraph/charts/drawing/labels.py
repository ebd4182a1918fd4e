"""Where the labels of a plot's points may stand, so that none hides another. In points."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from math import hypot

from tipgraph.charts.drawing.measure import width
from tipgraph.charts.drawing.style import SIZE

HIGH = SIZE * 1.3
# How far a label's edge is from the middle of its point at best, and how far it may wander.
OFF = 9.0
STEPS = 6

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle about its middle."""

    x: float
    y: float
    width: float
    height: float

    def is_away_from(self, x: float, y: float) -> bool:
        """Whether it stands so far from a point that one may not see to which it belongs."""
        aside = abs(self.x - x) - self.width / 2
        above = abs(self.y - y) - self.height / 2
        return max(aside, above) > OFF * 1.5

    def distance(self, x: float, y: float) -> float:
        """How far its edge is from a point; nothing where the point is within."""
        aside = max(abs(self.x - x) - self.width / 2, 0)
        above = max(abs(self.y - y) - self.height / 2, 0)
        return hypot(aside, above)

    def meets(self, other: "Box") -> bool:
        return (
            abs(self.x - other.x) * 2 < self.width + other.width
            and abs(self.y - other.y) * 2 < self.height + other.height
        )


def along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Box]:
    """A straight line as a string of small boxes."""
    pieces = int(max(abs(end[0] - start[0]), abs(end[1] - start[1])) / 3) + 1
    for piece in range(pieces + 1):
        share = piece / pieces
        x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
        yield Box(x, y, 3, 3)


def placed(
    labels: Iterable[tuple[float, float, str]], solid: list[Box], light: list[Box], plot: Box
) -> list[Box]:
    """A place for each label, by its point and its text.

    It is within the plot, and nearer to its own point than to others. Labels and what is solid are
    kept clear of, and what is light is where that can be.
    """
    each = list(labels)
    points = {(x, y) for x, y, _ in each}
    taken: list[Box] = []
    for x, y, text in each:
        cost = partial(_cost, (x, y), points, [*solid, *taken], light, plot)
        taken.append(min(_around(x, y, width(text) + 4), key=cost))
    return taken


def _around(x: float, y: float, wide: float) -> Iterator[Box]:
    """Places about a point, the better ones first."""
    beside = wide / 2 + OFF
    for step in range(STEPS):
        away = OFF + HIGH / 2 + step * HIGH
        yield Box(x, y + away, wide, HIGH)
        yield Box(x, y - away, wide, HIGH)
        for side in (beside, -beside):
            yield Box(x + side, y + step * HIGH / 2, wide, HIGH)
            yield Box(x + side, y - step * HIGH / 2, wide, HIGH)


def _cost(
    own: Point, points: set[Point], solid: list[Box], light: list[Box], plot: Box, box: Box
) -> tuple[int, int, int]:
    """Of equal costs the first place is taken."""
    hidden = sum(map(box.meets, solid)) + _outside(box, plot)
    return hidden, _misleads(box, own, points), sum(map(box.meets, light))


def _misleads(box: Box, own: Point, points: set[Point]) -> int:
    """Whether one would take it for the label of another point."""
    return int(any(box.distance(*other) <= box.distance(*own) for other in points - {own}))


def _outside(box: Box, plot: Box) -> int:
    fits_x = abs(box.x - plot.x) * 2 <= plot.width - box.width
    fits_y = abs(box.y - plot.y) * 2 <= plot.height - box.height
    return 0 if fits_x and fits_y else 1
