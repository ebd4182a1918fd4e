"""A figure as a file's content, with the text that stands in for it."""

import re
import zlib
from io import BytesIO
from xml.sax.saxutils import escape

from matplotlib.figure import Figure

from tipgraph.charts.alt_text import Alternative

DOTS = 150  # Of a PNG, in an inch
NO_TRACE = dict.fromkeys(("Date", "Creator", "Format", "Type"))
# What XML 1.0 cannot hold.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(figure: Figure, form: str, text: Alternative) -> bytes:
    """The figure as `svg` or `png`, each time the same bytes."""
    return _svg(figure, text) if form == "svg" else _png(figure, text)


def _svg(figure: Figure, text: Alternative) -> bytes:
    """The text stands first, and the picture is named by it for those who do not see it."""
    drawn = BytesIO()
    figure.savefig(drawn, format="svg", metadata=NO_TRACE)
    # Several pictures may get into one page, where each name may be there once.
    key = f"{zlib.crc32(str(text).encode()):08x}"
    head, _, rest = drawn.getvalue().decode().partition("<svg ")
    attributes, _, body = rest.partition(">")
    svg = (
        f'{head}<svg role="img" aria-labelledby="title-{key} desc-{key}" {attributes}>'
        f'\n <title id="title-{key}">{escape(text.title)}</title>'
        f'\n <desc id="desc-{key}">{escape(text.description)}</desc>{body}'
    )
    return UNWRITABLE.sub("\ufffd", svg).encode()


def _png(figure: Figure, text: Alternative) -> bytes:
    """The text stands in chunks of the kind `tEXt`, or `iTXt` where Latin-1 does not have it."""
    drawn = BytesIO()
    told = {"Title": text.title, "Description": text.description, "Software": None}
    figure.savefig(drawn, format="png", dpi=DOTS, metadata=told)
    return drawn.getvalue()
