"""What makes a copy of a text equal to the pinned one, though its characters differ.

Copies of one text differ in line ends, spaces, quotation marks and the like. Each such difference
is undone, alone and with the others, until the digest is the pinned one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

from tipgraph.texts.pinned_text import Source, digest

Change = Callable[[str], str]

# The most texts that are tried, and how many times as long as the pinned one they may be.
MOST, LONGEST = 20_000, 4


def _replacing(pattern: str, replacement: str) -> Change:
    return lambda text: re.sub(pattern, replacement, text)


def _typographic(straight: str, opening: str, closing: str) -> Change:
    """A change of straight quotation marks: an opening one follows a space or a bracket."""

    def change(text: str) -> str:
        begun = re.sub(
            rf"(^|[\s(\[{{\u2018\u201c\u2013\u2014-]){straight}", rf"\1{opening}", text, flags=re.M
        )
        return begun.replace(straight, closing)

    return change


# By what is done, in groups: of each group nothing or one thing is done, in this order.
STEPS: tuple[dict[str, Change], ...] = (
    {"without the byte order mark": lambda text: text.removeprefix("\ufeff")},
    {"with line feeds as line ends": _replacing(r"\r\n?", "\n")},
    {"in Unicode's form NFC": lambda text: normalize("NFC", text)},
    {"with plain spaces": _replacing(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]", " ")},
    {"without invisible characters": _replacing(r"[\u00ad\u200b-\u200d\u2060\ufeff]", "")},
    {"without spaces at the ends of lines": _replacing(r"[ \t]+(?=\n|\Z)", "")},
    {"with the lines of each paragraph joined": _replacing(r"(?<!\n)\n(?!\n|\Z)", " ")},
    {"with single spaces": _replacing(r"[ \t]{2,}", " ")},
    {
        "without blank lines": lambda text: re.sub(r"\n[ \t]*(?:\n[ \t]*)+", "\n", text).lstrip(),
        "with blank lines between paragraphs": _replacing(r"\n+(?!\Z)", "\n\n"),
    },
    {
        "without the final line end": lambda text: text.rstrip("\n"),
        "with a final line end": lambda text: text.rstrip("\n") + "\n",
    },
    {
        "with full stops for an ellipsis": _replacing("\u2026", "..."),
        "with an ellipsis for full stops": _replacing(r"\.\.\.", "\u2026"),
    },
    {
        "with hyphens for dashes": _replacing("[\u2010-\u2015\u2212]", "-"),
        "with en dashes for em dashes": _replacing("\u2014", "\u2013"),
        "with em dashes for en dashes": _replacing("\u2013", "\u2014"),
        "with en dashes for hyphens between spaces": _replacing(r"(?<=\s)--?(?=\s)", "\u2013"),
        "with em dashes for hyphens between spaces": _replacing(r"(?<=\s)--?(?=\s)", "\u2014"),
    },
    {
        "with straight apostrophes": _replacing("[\u2018\u2019\u201b\u02bc]", "'"),
        "with typographic apostrophes": _typographic("'", "\u2018", "\u2019"),
    },
    {
        "with straight quotation marks": _replacing("[\u201c\u201d\u201e\u201f]", '"'),
        "with typographic quotation marks": _typographic('"', "\u201c", "\u201d"),
    },
)


@dataclass(frozen=True)
class Normalised:
    """A text that is equal to the pinned one, and what was done to make it so."""

    text: str
    steps: tuple[str, ...]


def normalised(source: Source, text: str) -> Normalised | None:
    """The text with the fewest changes that make it the pinned one; None where none do."""
    tried: dict[str, tuple[str, ...]] = {text: ()}
    if len(text) > LONGEST * source.length + LONGEST:
        return None
    for group in STEPS:
        for known, steps in list(tried.items()):
            for name, change in group.items():
                changed = change(known)
                is_shorter = changed not in tried or len(steps) + 1 < len(tried[changed])
                if is_shorter and len(tried) < MOST:
                    tried[changed] = (*steps, name)
    for each, steps in sorted(tried.items(), key=lambda item: len(item[1])):
        if len(each) == source.length and digest(each.encode()) == source.sha256:
            return Normalised(each, steps)
    return None
