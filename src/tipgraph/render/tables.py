"""Rows for people, drawn with rich: a table where each row takes few lines, else records."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tipgraph.render.terminal import styled
from tipgraph.safe_text import visible

# The width without a terminal and without COLUMNS.
WIDTH = 100
# The width of a table without its text: at its two edges, and between two columns.
EDGES, MARGIN = 2, 3
# The lines that a row of a table may take.
FEW = 3
# The column of a sentence that says what its row is, and what is indented below it.
STATEMENT, INDENT = "statement", 2
# The least width for the text of a field, however narrow the terminal is.
NARROW = 24

Row = Sequence[str]


def table(columns: Row, rows: Iterable[Row], numbers: Sequence[int] = ()) -> str:
    """The rows under their columns, with text wrapped between words.

    The columns in `numbers` are aligned right. Where the longest words do not fit beside each
    other, each row is a record.
    """
    lines = [list(map(visible, line)) for line in [columns, *rows]]
    if widths := _fitting(lines):
        return _grid(lines, widths, numbers)
    return _records([zip(lines[0], row, strict=True) for row in lines[1:]])


def condensed(
    shared: Iterable[tuple[str, str]],
    columns: Row,
    rows: Iterable[Row],
    numbers: Sequence[int] = (),
) -> str:
    """The values that all rows share, and below them the rest of the rows.

    These are a table where each row takes few lines of the terminal. Otherwise a row is its
    statement, with the other fields below it; or a record with one field a line, where it has none.
    """
    ahead = [(visible(name), visible(text)) for name, text in shared]
    empty = ", ".join(name for name, text in ahead if not text)
    heading = _records([[*ahead, ("(empty)", empty)]]) + "\n" if ahead else ""
    lines = [list(map(visible, line)) for line in [columns, *rows]]
    widths = _fitting(lines)
    if widths and _most_lines(lines, widths) <= FEW:
        return heading + _grid(lines, widths, numbers)
    records = [list(zip(lines[0], row, strict=True)) for row in lines[1:]]
    if STATEMENT in columns:
        return heading + _statements(records)
    return heading + _records(records)


def fields(named: Iterable[tuple[str, str]]) -> str:
    """Each text beside its name, from a line of its own on."""
    return _records([[(visible(name), visible(text)) for name, text in named]])


def paragraph(text: str) -> str:
    """The text in lines that fit the terminal."""
    return "".join(line + "\n" for line in _wrapped(text, _console().width))


def _fitting(lines: Sequence[Row]) -> list[int]:
    """The widths of columns that fit beside each other; none where the longest words do not."""
    least, widths = _widths(lines, _longest_word), _widths(lines, cell_len)
    room = _room(lines[0])
    if sum(least) > room:
        return []
    while sum(widths) > room:
        _, widest = max((w, i) for i, w in enumerate(widths) if w > least[i])
        widths[widest] -= 1
    return widths


def _most_lines(lines: Sequence[Row], widths: Sequence[int]) -> int:
    return max(
        len(_wrapped(text, width))
        for line in lines
        for text, width in zip(line, widths, strict=True)
    )


def _widths(lines: Sequence[Row], measure: Callable[[str], int]) -> list[int]:
    return [max(map(measure, column)) for column in zip(*lines, strict=True)]


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)


def _room(columns: Row) -> int:
    """The width for the text of all columns together."""
    return _console().width - EDGES - MARGIN * (len(columns) - 1)


def _grid(lines: Sequence[Row], widths: Sequence[int], numbers: Sequence[int]) -> str:
    grid = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    columns, *rows = lines
    for position, name in enumerate(columns):
        justify: Literal["left", "right"] = "right" if position in numbers else "left"
        grid.add_column(escape(name), justify=justify, width=widths[position])
    for row in rows:
        grid.add_row(*map(escape, row))
    console = _console()
    with console.capture() as drawn:
        console.print(grid)
    return styled("".join(line + "\n" for line in _lines(drawn.get())))


def _records(records: Iterable[Iterable[tuple[str, str]]]) -> str:
    """For each record a line for each field that is not empty; a blank line between two records.

    Long text continues below its beginning. It breaks between words only: a word that is longer
    than the line stays whole.
    """
    filled = [[(name, text) for name, text in record if text] for record in records]
    indent = max((len(name) for record in filled for name, _ in record), default=0) + 2
    console = _console()
    width = max(console.width - indent, NARROW)
    with console.capture() as drawn:
        for position, record in enumerate(filled):
            if position:
                console.print()
            for name, text in record:
                first, *others = _wrapped(text, width)
                console.print(Text.assemble((name.ljust(indent), "bold"), first), soft_wrap=True)
                for line in others:
                    console.print(Text(" " * indent + line), soft_wrap=True)
    return styled(drawn.get())


def _statements(records: Iterable[list[tuple[str, str]]]) -> str:
    """Each record as its statement, if any, and below it the other fields that are not empty."""
    console = _console()
    width = max(console.width - INDENT, NARROW)
    with console.capture() as drawn:
        for record in records:
            statement = dict(record)[STATEMENT]
            others = " · ".join(
                f"{name.replace('_', ' ')}: {text}"
                for name, text in record
                if text and name != STATEMENT
            )
            for line in _wrapped(statement, console.width) if statement else ():
                console.print(Text(line, "bold"), soft_wrap=True)
            for line in _wrapped(others, width):
                console.print(Text(" " * INDENT * bool(statement) + line), soft_wrap=True)
    return styled(drawn.get())


def _wrapped(text: str, width: int) -> list[str]:
    paragraphs = text.splitlines() or [""]
    return [
        line
        for each in paragraphs
        for line in wrap(each, width, break_long_words=False, break_on_hyphens=False) or [""]
    ]


def _lines(text: str) -> Iterator[str]:
    return (line.rstrip() for line in text.splitlines() if line.strip())


def _console() -> Console:
    console = Console(highlight=False)
    # Where nobody knows the width, COLUMNS may be 0.
    if not (console.width and (sys.stdout.isatty() or "COLUMNS" in os.environ)):
        console.width = WIDTH
    return console
