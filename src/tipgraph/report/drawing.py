"""A small drawing of who does what: bodies to the left, what each does to whom to the right.

A body stands once, beside all of its lines, so that no line crosses another. It is an SVG without a
library: text, boxes and arrows in grey, readable in print.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from tipgraph.escape import replace_non_xml, xml
from tipgraph.render.document import Picture
from tipgraph.text import plural

# A body, what it does, and to whom.
Line = tuple[str, str, str]
MOST_LINES = 12
# Lengths in pixels: the boxes, the arrows between them, a line of text, and the space around.
BOX, ARROW, TEXT, GAP, MARGIN = 250, 190, 15, 12, 10
# The characters of a line of text in a box, and above an arrow.
IN_BOX, ON_ARROW = 36, 28
WIDTH = 2 * (BOX + MARGIN) + ARROW
STYLE = 'font-family="DejaVu Sans, Verdana, Arial, sans-serif" font-size="12" fill="#000"'


def drawing(title: str, lines: Sequence[Line]) -> Picture:
    """The first lines as a picture, whose description has their words."""
    shown = lines[:MOST_LINES]
    words = " ".join(f"{who}: {does} {whom}." for who, does, whom in shown)
    more = len(lines) - len(shown)
    rest = f" {plural(more, 'more line')} in the list." if more else ""
    body, height = _drawn(shown)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}">'
        f"<title>{xml(title)}</title><desc>{xml(words + rest)}</desc>"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/><g {STYLE}>{body}</g></svg>'
    )
    return Picture(title, f"{words}{rest}", replace_non_xml(svg).encode(), "svg")


def _drawn(lines: Sequence[Line]) -> tuple[str, int]:
    """The boxes and arrows, and the height of all."""
    parts: list[str] = []
    top = MARGIN
    for who, group in groupby(lines, key=lambda line: line[0]):
        start = top
        for _, does, whom in group:
            height = max(_height(whom, IN_BOX), 2 * TEXT * len(wrap(does, ON_ARROW)))
            middle = top + height // 2
            parts += _box(MARGIN + BOX + ARROW, top, height, whom)
            parts += _arrow(middle, does)
            top += height + GAP
        height = max(top - GAP - start, _height(who, IN_BOX))
        top = max(top, start + height + GAP)
        parts += _box(MARGIN, start, height, who)
    return "".join(parts), top - GAP + MARGIN


def _height(text: str, width: int) -> int:
    return max(2, len(_lines(text, width))) * TEXT + GAP


def _lines(text: str, width: int) -> list[str]:
    """The lines of a text in a box; of a long one the beginning, since the list has all of it."""
    return wrap(text, width, max_lines=3, placeholder=" …")


def _box(left: int, top: int, height: int, text: str) -> Iterator[str]:
    yield (
        f'<rect x="{left}" y="{top}" width="{BOX}" height="{height}" rx="4" fill="#f1f3f5"'
        ' stroke="#767676"/>'
    )
    yield from _text(left + BOX // 2, top + height // 2, _lines(text, IN_BOX))


def _arrow(y: int, text: str) -> Iterator[str]:
    left, right = MARGIN + BOX, MARGIN + BOX + ARROW
    yield f'<path d="M{left} {y}H{right - 7}" stroke="#000" fill="none"/>'
    yield f'<path d="M{right} {y}l-8 -4v8z"/>'
    lines = wrap(text, ON_ARROW)
    # Above the arrow.
    yield from _text((left + right) // 2, y - TEXT * len(lines) // 2 - 3, lines)


def _text(x: int, middle: int, lines: Sequence[str]) -> Iterator[str]:
    """The lines around a height, each in the middle."""
    first = middle - TEXT * (len(lines) - 1) // 2 + 4
    for number, line in enumerate(lines):
        y = first + number * TEXT
        yield f'<text x="{x}" y="{y}" text-anchor="middle">{xml(line)}</text>'
