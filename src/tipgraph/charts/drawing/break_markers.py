"""The lines at which the wording changes, with their words above the plot."""

from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.axes import Axes

from tipgraph.charts.drawing.labels import Box
from tipgraph.charts.drawing.layout import Layout
from tipgraph.charts.drawing.measure import height, width, wrapped
from tipgraph.charts.drawing.style import INK, PAPER

ROOM = 250.0
LIFT = 4.0


@dataclass(frozen=True)
class Flag:
    """The words of a break, on a pole: all in points from the plot's upper left corner."""

    x: float
    words: tuple[str, ...]
    box: Box

    @property
    def foot(self) -> float:
        return self.box.y - self.box.height / 2


def flags(layout: Layout) -> list[Flag]:
    """A flag for each break, raised above those that it would cover."""
    raised: list[Flag] = []
    for at, change in sorted(layout.breaks, key=lambda each: each[0]):
        lines = tuple(wrapped(f"{change.period.label}: {change.words}", ROOM))
        x, wide, high = layout.across(at), max(map(width, lines)), height(len(lines)) + LIFT
        middle = min(max(x, wide / 2), layout.wide - wide / 2)
        box = Box(middle, LIFT + high / 2, wide, high)
        while any(box.meets(each.box) for each in raised):
            box = Box(box.x, box.y + 1, wide, high)
        raised.append(Flag(x, lines, box))
    return raised


def top(raised: list[Flag]) -> float:
    """How much room they need above the plot."""
    return max((flag.box.y + flag.box.height / 2 for flag in raised), default=0)


def draw_breaks(axes: Axes, layout: Layout, raised: list[Flag], high: float) -> None:
    """Draw the lines through a plot so high, and the words above it."""
    for number, flag in enumerate(raised, 1):
        axes.plot(
            [flag.x / layout.wide] * 2,
            [0, 1 + flag.foot / high],
            transform=axes.transAxes,
            color=INK,
            linestyle=(0, (5, 3)),
            linewidth=1.1,
            clip_on=False,
            gid=f"break-{number}",
        )
        for words, y in _lines(flag):
            axes.text(
                flag.box.x / layout.wide,
                1 + y / high,
                words,
                transform=axes.transAxes,
                ha="center",
                va="center",
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5},
            )


def _lines(flag: Flag) -> Iterator[tuple[str, float]]:
    for number, words in enumerate(flag.words):
        below = len(flag.words) - number
        yield words, flag.foot + LIFT + height(below) - height(1) / 2
