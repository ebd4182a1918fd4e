"""Where the figures of a series stand along its axis, and which of them a line joins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from tipgraph.charts.periods import DAY
from tipgraph.charts.series import Break, Point, Series

# Points; figures on two sides of a break in one period stand so far from it.
ASIDE = 11.0
# Years; what is left free at the ends of the axis, beside whole years.
FREE = 0.1


@dataclass(frozen=True)
class Spot:
    """A figure with its place on the axis."""

    x: float
    point: Point

    @property
    def y(self) -> float:
        return float(str(self.point.value))


@dataclass(frozen=True)
class Layout:
    """The axis from `low` to `high` in years, which is so many points `wide`."""

    low: float
    high: float
    wide: float
    breaks: tuple[tuple[float, Break], ...]
    spots: tuple[Spot, ...]

    def across(self, x: float) -> float:
        """Points from the left end of the axis."""
        return (x - self.low) * self.wide / (self.high - self.low)

    def ticks(self, most: int = 12) -> list[int]:
        """Years to write at the axis."""
        years = range(ceil(self.low), floor(self.high) + 1)
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if len(years) <= most * step)
        return [year for year in years if year % step == 0]


def laid_out(series: Series, wide: float) -> Layout:
    """The figures along an axis of so many points.

    A line for a break stands ahead of the period in which it comes. Where that period has a figure
    of an edition before it too, it stands in its middle, and the figures to its two sides.
    """
    low = floor(min(point.period.start for point in series.points)) - 0.5 - FREE
    high = ceil(max(point.period.end for point in series.points) - DAY) - 0.5 + FREE
    aside = min(ASIDE * (high - low) / wide, 0.3)
    breaks = tuple(
        (each.period.place - (0 if _earlier(each, series.points) else 0.5), each)
        for each in series.breaks
    )
    spots = [Spot(_place(point, breaks, aside), point) for point in series.points]
    return Layout(low, high, wide, breaks, tuple(spots))


def joined(layout: Layout) -> Iterator[list[Spot]]:
    """The runs of figures that a line joins.

    They are of one wording, their periods follow each other, and no break is between them. Where
    editions differ in a figure, it is the newest one's.
    """
    for spots in _of_a_kind(layout.spots):
        run = spots[:1]
        for before, after in pairwise(spots):
            if _joins(before, after, layout.breaks):
                run.append(after)
            else:
                yield run
                run = [after]
        yield run


def _earlier(change: Break, points: Iterable[Point]) -> bool:
    """Whether an edition before a break has a figure for the period of the break."""
    return any(
        point.period == change.period and point.edition.year < change.edition.year
        for point in points
    )


def _place(point: Point, breaks: Iterable[tuple[float, Break]], aside: float) -> float:
    x = point.period.place
    for at, change in breaks:
        if at == x:
            return x - aside if point.edition.year < change.edition.year else x + aside
    return x


def _of_a_kind(spots: Iterable[Spot]) -> Iterator[list[Spot]]:
    """For each wording and length of period, one figure at each place, from left to right."""
    kinds: dict[tuple[str, int], dict[float, Spot]] = {}
    for spot in spots:
        months = round((spot.point.period.end - spot.point.period.start) * 12)
        places = kinds.setdefault((spot.point.wording, months), {})
        held = places.get(spot.x)
        if held is None or held.point.edition.year <= spot.point.edition.year:
            places[spot.x] = spot
    for places in kinds.values():
        yield [places[x] for x in sorted(places)]


def _joins(before: Spot, after: Spot, breaks: Iterable[tuple[float, Break]]) -> bool:
    follows = before.point.period.precedes(after.point.period)
    return follows and not any(before.x <= at <= after.x for at, _ in breaks)
