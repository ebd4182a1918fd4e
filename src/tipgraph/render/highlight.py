"""Highlighted text for a terminal and for a pipe."""

import re
from dataclasses import replace

from tipgraph.entities.highlight import Highlighted
from tipgraph.render import terminal

# Characters of no width that no text needs: invisible times, invisible separator.
MARKS = ("\u2062", "\u2063")
BOLD, NOT_BOLD = "\x1b[1m", "\x1b[22m"


def for_terminal(text: Highlighted) -> str:
    """The text on one line, for standard output: bold on a terminal, else in brackets."""
    if not terminal.is_styled():
        return in_brackets(text)
    before, after = terminal.styled(BOLD), terminal.styled(NOT_BOLD)
    return _marked(text, before, after)


def in_brackets(text: Highlighted) -> str:
    """The text on one line, with brackets around what is highlighted."""
    return _marked(text, "[", "]")


def in_marks(text: Highlighted) -> str:
    """The text for lines that are wrapped, and then drawn by `in_bold`; the marks have no width."""
    return _marked(replace(text, text=re.sub("|".join(MARKS), " ", text.text)), *MARKS)


def in_bold(drawn: str) -> str:
    """Return drawn text for a terminal that `is_styled`, with marked text in bold."""
    before, after = terminal.styled(BOLD), terminal.styled(NOT_BOLD)
    return drawn.replace(MARKS[0], before).replace(MARKS[1], after)


def _marked(text: Highlighted, before: str, after: str) -> str:
    parts = (f"{before}{part}{after}" if is_in else part for part, is_in in text.parts)
    return " ".join("".join(parts).split())
