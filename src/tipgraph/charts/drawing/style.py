"""How pictures look: greys that can be told apart in print, and one font."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib

# The first comes with matplotlib; what may stand in for it in an SVG is no wider.
FONTS = ("DejaVu Sans", "Verdana", "Arial")
SIZE = 9.0
TITLE = 13.0

INK = "#000000"
LINE = "#767676"
FAINT = "#d9d9d9"
PAPER = "#ffffff"

# Neighbours differ in shape and in fill.
SHAPES = ("o", "s", "^", "d", "v", "P", "X")
FILLS = (INK, PAPER, "#a6a6a6")
BARS = (PAPER, "#e0e0e0")
HATCHES = ("////", "....", "xxxx", "", "----", "\\\\\\\\", "++++", "||||", "oooo")

SETTINGS: dict[Any, object] = {
    "font.family": "sans-serif",
    "font.sans-serif": list(FONTS),
    "font.size": SIZE,
    "text.parse_math": False,
    "axes.unicode_minus": False,
    "hatch.linewidth": 0.6,
    "hatch.color": INK,
    # Text stays text, and names within the file are the same each time.
    "svg.fonttype": "none",
    "svg.hashsalt": "tipgraph",
}


@contextmanager
def style() -> Iterator[None]:
    """Our style alone: what the user has set for other pictures is left out."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        yield
