"""How much room text takes, in points, and where its lines break."""

from collections.abc import Iterator
from functools import cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from tipgraph.charts.drawing.style import FONTS, SIZE

LEADING = 1.35
SLACK = 1.02


@cache
def width(text: str, size: float = SIZE, weight: str = "normal") -> float:
    """The width of a line, with a little to spare."""
    font = FontProperties(family=FONTS[0], size=size, weight=weight)
    return SLACK * float(text_to_path.get_text_width_height_descent(text, font, False)[0])


def height(lines: int, size: float = SIZE) -> float:
    """The height of some lines."""
    return lines * size * LEADING


def wrapped(text: str, room: float, size: float = SIZE, weight: str = "normal") -> list[str]:
    """The lines of a text, none wider than the room."""
    lines: list[str] = []
    for word in _pieces(text, room, size, weight):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, weight) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pieces(text: str, room: float, size: float, weight: str) -> Iterator[str]:
    """The words, those that are too long for a line in pieces."""
    for word in text.split():
        while width(word, size, weight) > room and len(word) > 1:
            most = max(
                (n for n in range(1, len(word)) if width(word[:n], size, weight) <= room),
                default=1,
            )
            yield word[:most]
            word = word[most:]
        yield word
