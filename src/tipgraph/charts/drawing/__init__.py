"""The pictures, drawn with matplotlib on figures of their own: no display, no state."""

from tipgraph.charts.drawing.breakdown import draw_breakdown
from tipgraph.charts.drawing.series import draw_series

__all__ = ["draw_breakdown", "draw_series"]
