"""The picture of a breakdown: a bar for each part, told apart by its hatching."""

from itertools import accumulate
from typing import Any

from matplotlib.axes import Axes

from tipgraph.charts.alt_text import Alternative
from tipgraph.charts.breakdown import Breakdown
from tipgraph.charts.drawing.footer import foot
from tipgraph.charts.drawing.measure import height, width, wrapped
from tipgraph.charts.drawing.page import Page
from tipgraph.charts.drawing.save import written
from tipgraph.charts.drawing.style import BARS, HATCHES, INK, PAPER, TITLE, style

NAMES = 170.0
BAR = 22.0
APART = 10.0
GAP = 6.0

REST: dict[str, Any] = {
    "facecolor": PAPER,
    "edgecolor": INK,
    "linestyle": (0, (1, 2)),
    "linewidth": 1.2,
}


def draw_breakdown(breakdown: Breakdown, form: str, text: Alternative) -> bytes:
    """The picture as a file's content."""
    with style():
        page = Page()
        page.text(breakdown.title, TITLE, "bold")
        page.space(4)
        page.text(breakdown.whole)
        page.space(6)
        _plot(page, breakdown)
        told = [breakdown.overlap] if breakdown.overlap else []
        foot(page, told, breakdown.notes, breakdown.editions)
        return written(page.finished(), form, text)


def _plot(page: Page, breakdown: Breakdown) -> None:
    """Put the bars on the page, with their names to the left and their figures to the right."""
    bars = [(part, _look(position)) for position, part in enumerate(breakdown.parts)]
    if breakdown.rest:
        bars.append((breakdown.rest, REST))
    names = [wrapped(part.name, NAMES) for part, _ in bars]
    figures = [part.figure + breakdown.notes.marks(part.remarks) for part, _ in bars]
    left = max(width(line) for lines in names for line in lines) + GAP
    right = max(map(width, figures)) + GAP
    highs = [max(BAR, height(len(lines))) + APART for lines in names]
    middles = [below - high / 2 for below, high in zip(accumulate(highs), highs, strict=True)]

    plot = page.plot(sum(highs), left, 0)
    longest = max(float(str(part.value)) for part, _ in bars) or 1
    plot.axes.set_xlim(0, longest * plot.width / (plot.width - right))
    plot.axes.set_ylim(plot.height, 0)
    plot.axes.axis("off")
    plot.axes.axvline(0, color=INK, linewidth=0.8)
    for (part, look), y, lines, figure in zip(bars, middles, names, figures, strict=True):
        length = float(str(part.value))
        plot.axes.barh(y, length, height=BAR, **look)
        _write(plot.axes, "\n".join(lines), (0, y), -GAP)
        _write(plot.axes, figure, (length, y), GAP)


def _look(position: int) -> dict[str, Any]:
    return {
        "facecolor": BARS[position % len(BARS)],
        "hatch": HATCHES[position % len(HATCHES)],
        "edgecolor": INK,
        "linewidth": 0.8,
    }


def _write(axes: Axes, text: str, at: tuple[float, float], aside: float) -> None:
    """Write beside a place, to the left of it where `aside` is negative."""
    axes.annotate(
        text, at, (aside, 0), textcoords="offset points",
        ha="left" if aside > 0 else "right", va="center",
    )  # fmt: skip
