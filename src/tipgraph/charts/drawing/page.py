"""A page: blocks below one another, each as high as it needs. Lengths are in points."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tipgraph.charts.drawing.measure import height, width, wrapped
from tipgraph.charts.drawing.style import PAPER, SIZE

POINTS = 72  # An inch of them
WIDTH = 620.0
MARGIN = 18.0
INSIDE = WIDTH - 2 * MARGIN
INDENT = 18.0
# Between the entries of a key
APART = 18.0

# How a key draws a thing, and what it says of it.
Key = tuple[dict[str, Any], str]
# Places a block whose top is so far from the top of a page that is so high.
Place = Callable[[float, float], None]


@dataclass(frozen=True)
class Plot:
    """Axes with their width and height."""

    axes: Axes
    width: float
    height: float


class Page:
    """A figure that grows downwards."""

    def __init__(self) -> None:
        self._figure = Figure(figsize=(WIDTH / POINTS, 1), dpi=POINTS, facecolor=PAPER)
        self._blocks: list[tuple[float, Place]] = []

    def space(self, high: float) -> None:
        """Nothing, so high."""
        self._blocks.append((high, lambda top, page: None))

    def text(self, text: str, size: float = SIZE, weight: str = "normal") -> None:
        """A paragraph."""
        for line in wrapped(text, INSIDE, size, weight):
            self._line([(MARGIN, line)], size, weight)

    def item(self, mark: str, text: str) -> None:
        """A paragraph whose mark hangs out of it."""
        for number, line in enumerate(wrapped(text, INSIDE - INDENT)):
            hanging = [(MARGIN, mark)] if number == 0 else []
            self._line([*hanging, (MARGIN + INDENT, line)])

    def keys(self, keys: Iterable[Key]) -> None:
        """Signs with what they stand for, as many beside each other as there is room for."""
        row: list[tuple[float, Key]] = []
        right = MARGIN
        for sign, label in keys:
            lines = wrapped(label, INSIDE - INDENT)
            room = INDENT + max(map(width, lines))
            if row and right + room > WIDTH - MARGIN:
                self._signs(row)
                row, right = [], MARGIN
            row.append((right, (sign, lines[0])))
            right += room + APART
            for line in lines[1:]:
                self._signs(row)
                row = [(MARGIN, ({}, line))]
        self._signs(row)

    def plot(self, high: float, left: float, below: float) -> Plot:
        """Axes so high, with room for what stands beside and below them."""
        axes = self._figure.add_axes((0, 0, 1, 1))
        wide = INSIDE - left

        def place(top: float, page: float) -> None:
            bottom = page - top - high
            axes.set_position(
                ((MARGIN + left) / WIDTH, bottom / page, wide / WIDTH, high / page)
            )  # fmt: skip

        self._blocks.append((high + below, place))
        return Plot(axes, wide, high)

    def finished(self) -> Figure:
        """The figure, with all blocks in their places."""
        page = sum(high for high, _ in self._blocks) + 2 * MARGIN
        self._figure.set_size_inches(WIDTH / POINTS, page / POINTS)
        top = MARGIN
        for high, place in self._blocks:
            place(top, page)
            top += high
        return self._figure

    def _line(
        self, texts: list[tuple[float, str]], size: float = SIZE, weight: str = "normal"
    ) -> None:
        """A line with texts that begin so far from the left."""

        def place(top: float, page: float) -> None:
            for left, text in texts:
                at = left / WIDTH, 1 - (top + size) / page
                self._figure.text(*at, text, fontsize=size, fontweight=weight, va="baseline")

        self._blocks.append((height(1, size), place))

    def _signs(self, row: list[tuple[float, Key]]) -> None:
        """A line of a key."""

        def place(top: float, page: float) -> None:
            for left, (sign, _) in row:
                at = [(left + 6) / WIDTH], [1 - (top + SIZE * 0.62) / page]
                self._figure.add_artist(Line2D(*at, transform=self._figure.transFigure, **sign))

        self._blocks.append((0, place))
        self._line([(left + INDENT, label) for left, (_, label) in row])
        self.space(2)
