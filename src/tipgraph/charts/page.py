"""A page for a chart: its style, its text, its footer and its file. Lengths are in points."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from itertools import takewhile
from threading import Lock
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path

from tipgraph.charts.table import AltText, CitedEdition, Footnotes, source_line
from tipgraph.errors import UsageError
from tipgraph.safe_text import replace_non_xml, xml

# The first font comes with matplotlib; the others replace it in an SVG and are no wider.
FONTS = ("DejaVu Sans", "Verdana", "Arial")
FONT_SIZE = 9.0
TITLE_SIZE = 13.0
LINE_SPACING = 1.35
# A little wider than a space is, by the size of the font.
SPACE = 1 / 3
# Renderers differ a little in the width of a text.
WIDTH_TOLERANCE = 1.02
# The letters of a text, and of a line, that are measured: a line of the narrowest has fewer.
LONGEST_TEXT, LONGEST_LINE = 10_000, 250

POINTS_PER_INCH = 72
PNG_DOTS_PER_INCH = 150
# Matplotlib makes no higher PNG.
MOST_DOTS = 65_535
PAGE_WIDTH = 620.0
MARGIN = 18.0
CONTENT_WIDTH = PAGE_WIDTH - 2 * MARGIN
INDENT = 18.0
LEGEND_GAP = 18.0

# Greys that differ in print.
BLACK = "#000000"
DARK_GREY = "#767676"
LIGHT_GREY = "#d9d9d9"
WHITE = "#ffffff"

SETTINGS: dict[Any, object] = {
    "font.family": "sans-serif",
    "font.sans-serif": list(FONTS),
    "font.size": FONT_SIZE,
    "text.parse_math": False,
    "axes.unicode_minus": False,
    "hatch.linewidth": 0.6,
    "hatch.color": BLACK,
    # Text stays text, and the ids in the file are the same each time.
    "svg.fonttype": "none",
    "svg.hashsalt": "tipgraph",
}
# All threads share those of matplotlib.
_settings = Lock()
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))

# A legend entry: how matplotlib draws its marker, and its text.
LegendEntry = tuple[dict[str, Any], str]
# Places a block, given its distance from the top of the page and the height of the page.
Place = Callable[[float, float], None]


@contextmanager
def page_style() -> Iterator[None]:
    """Our matplotlib settings, without those of the user; threads draw one after the other."""
    with _settings, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        yield


@cache
def width(text: str, size: float = FONT_SIZE, weight: str = "normal") -> float:
    """The width of a line of text, with a little tolerance."""
    font = FontProperties(family=FONTS[0], size=size, weight=weight)
    measured = text_to_path.get_text_width_height_descent(text, font, False)[0]
    return WIDTH_TOLERANCE * float(measured)


def height(lines: int, size: float = FONT_SIZE) -> float:
    """The height of a number of lines."""
    return lines * size * LINE_SPACING


def wrap(text: str, max_width: float, size: float = FONT_SIZE, weight: str = "normal") -> list[str]:
    """The lines of a text, none wider than the maximum."""
    if len(text) > LONGEST_TEXT:
        raise UsageError(
            f"a text in a chart has {LONGEST_TEXT:,} characters at most; the query has them all"
        )
    lines: list[str] = []
    right, space = max_width, SPACE * size
    for word in _words(text, max_width, size, weight):
        # To measure a line takes long, a word that is known none.
        length = width(word, size, weight)
        if right + space + length > max_width:
            lines.append(word)
            right = length
        else:
            lines[-1] += f" {word}"
            right += space + length
    return lines


def _words(text: str, max_width: float, size: float, weight: str) -> Iterator[str]:
    """The words; those that are too long for a line are split."""
    for word in text.split():
        while width(word, size, weight) > max_width and len(word) > 1:
            parts = (word[:n] for n in range(2, min(len(word), LONGEST_LINE)))
            fitting = takewhile(lambda part: width(part, size, weight) <= max_width, parts)
            most = max(map(len, fitting), default=1)
            yield word[:most]
            word = word[most:]
        yield word


class Page:
    """A matplotlib figure of blocks below one another, as high as they need."""

    def __init__(self) -> None:
        size = (PAGE_WIDTH / POINTS_PER_INCH, 1)
        self._figure = Figure(figsize=size, dpi=POINTS_PER_INCH, facecolor=WHITE)
        self._blocks: list[tuple[float, Place]] = []

    def space(self, height: float) -> None:
        """Add empty space."""
        self._blocks.append((height, lambda top, page_height: None))

    def text(self, text: str, size: float = FONT_SIZE, weight: str = "normal") -> None:
        """Add a paragraph."""
        for line in wrap(text, CONTENT_WIDTH, size, weight):
            self._line([(MARGIN, line)], size, weight)

    def item(self, mark: str, text: str) -> None:
        """Add a paragraph with a hanging mark."""
        for number, line in enumerate(wrap(text, CONTENT_WIDTH - INDENT)):
            hanging = [(MARGIN, mark)] if number == 0 else []
            self._line([*hanging, (MARGIN + INDENT, line)])

    def legend(self, entries: Iterable[LegendEntry]) -> None:
        """Add a legend, with as many entries per line as fit."""
        row: list[tuple[float, LegendEntry]] = []
        right = MARGIN
        for marker, label in entries:
            lines = wrap(label, CONTENT_WIDTH - INDENT)
            entry_width = INDENT + max(map(width, lines))
            if row and right + entry_width > PAGE_WIDTH - MARGIN:
                self._legend_row(row)
                row, right = [], MARGIN
            row.append((right, (marker, lines[0])))
            right += entry_width + LEGEND_GAP
            for line in lines[1:]:
                self._legend_row(row)
                row = [(MARGIN, ({}, line))]
        self._legend_row(row)

    def plot(self, height: float, left: float, below: float) -> Axes:
        """Add axes of this height, with space to the left of them and below."""
        axes = self._figure.add_axes((0, 0, 1, 1))

        def place(top: float, page_height: float) -> None:
            bottom = page_height - top - height
            axes.set_position(
                (
                    (MARGIN + left) / PAGE_WIDTH,
                    bottom / page_height,
                    (CONTENT_WIDTH - left) / PAGE_WIDTH,
                    height / page_height,
                )
            )

        self._blocks.append((height + below, place))
        return axes

    def footer(
        self, remarks: Iterable[str], footnotes: Footnotes, citations: Iterable[CitedEdition]
    ) -> None:
        """Add remarks on the picture, the footnotes, and the sources."""
        self.space(8)
        for text in remarks:
            self.text(text)
        self.space(4)
        for mark, text in footnotes:
            self.item(mark, text)
        if footnotes.more:
            self.text(footnotes.more)
        self.space(4)
        self.text(source_line(citations))

    def save(self, format: str, text: AltText) -> bytes:
        """The page as the content of an `svg` or `png` file, the same bytes each time."""
        self._place_blocks()
        return _svg(self._figure, text) if format == "svg" else _png(self._figure, text)

    def _place_blocks(self) -> None:
        page_height = sum(height for height, _ in self._blocks) + 2 * MARGIN
        self._figure.set_size_inches(PAGE_WIDTH / POINTS_PER_INCH, page_height / POINTS_PER_INCH)
        top = MARGIN
        for height, place in self._blocks:
            place(top, page_height)
            top += height

    def _line(
        self, texts: list[tuple[float, str]], size: float = FONT_SIZE, weight: str = "normal"
    ) -> None:
        """Add a line of texts, each at its distance from the left."""

        def place(top: float, page_height: float) -> None:
            for left, text in texts:
                at = left / PAGE_WIDTH, 1 - (top + size) / page_height
                self._figure.text(*at, text, fontsize=size, fontweight=weight)

        self._blocks.append((height(1, size), place))

    def _legend_row(self, row: list[tuple[float, LegendEntry]]) -> None:
        def place(top: float, page_height: float) -> None:
            for left, (marker, _) in row:
                at = [(left + 6) / PAGE_WIDTH], [1 - (top + FONT_SIZE * 0.62) / page_height]
                self._figure.add_artist(Line2D(*at, transform=self._figure.transFigure, **marker))

        self._blocks.append((0, place))
        self._line([(left + INDENT, label) for left, (_, label) in row])
        self.space(2)


def _svg(figure: Figure, text: AltText) -> bytes:
    """An SVG with the alt text as `title` and `desc`, which `aria-labelledby` refers to."""
    content = BytesIO()
    figure.savefig(content, format="svg", metadata=NO_METADATA)
    # Ids must be unique where a web page contains several charts.
    key = f"{zlib.crc32(str(text).encode()):08x}"
    head, _, rest = content.getvalue().decode().partition("<svg ")
    attributes, _, body = rest.partition(">")
    svg = (
        f'{head}<svg role="img" aria-labelledby="title-{key} desc-{key}" {attributes}>'
        f'\n <title id="title-{key}">{xml(text.title)}</title>'
        f'\n <desc id="desc-{key}">{xml(text.description)}</desc>{body}'
    )
    return replace_non_xml(svg).encode()


def _png(figure: Figure, text: AltText) -> bytes:
    """A PNG with the alt text in `tEXt` chunks, or `iTXt` chunks where Latin-1 is not enough."""
    if figure.get_figheight() * PNG_DOTS_PER_INCH > MOST_DOTS:
        raise UsageError("the chart is too high for a PNG; ask for less, or for an SVG")
    content = BytesIO()
    metadata = {"Title": text.title, "Description": text.description, "Software": None}
    figure.savefig(content, format="png", dpi=PNG_DOTS_PER_INCH, metadata=metadata)
    return content.getvalue()
