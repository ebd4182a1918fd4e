"""Rows for people, drawn with rich: a table where every row fits on a line, else records."""

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

from tipgraph.escape import visible
from tipgraph.render.terminal import styled

# The width without a terminal and without COLUMNS.
WIDTH = 100
# The width of a table without its text: at its two edges, and between two columns.
EDGES, MARGIN = 2, 3
# The least width for the text of a field, however narrow the terminal is.
NARROW = 24

Row = Sequence[str]


def table(columns: Row, rows: Iterable[Row], numbers: Sequence[int] = ()) -> str:
    """The rows under their columns, with text wrapped between words.

    The columns in `numbers` are aligned right. Where the longest words do not fit beside each
    other, each row is a record.
    """
    lines = [list(map(visible, line)) for line in [columns, *rows]]
    columns = lines[0]
    least, widths = _widths(lines, _longest_word), _widths(lines, cell_len)
    room = _room(columns)
    if sum(least) > room:
        return _records([zip(columns, row, strict=True) for row in lines[1:]])
    while sum(widths) > room:
        _, widest = max((w, i) for i, w in enumerate(widths) if w > least[i])
        widths[widest] -= 1
    return _grid(lines, widths, numbers)


def query_table(columns: Row, rows: Sequence[Row], numbers: Sequence[int] = ()) -> str:
    """The rows of a query, in the same layout whatever the rows are.

    Values that all rows share are printed once, before them. The rest is a table where every row
    fits on one line of the terminal; otherwise each row is a record, with one field a line.
    """
    columns, *rows = [list(map(visible, line)) for line in [columns, *rows]]
    same = [i for i in range(len(columns)) if len(rows) > 1 and len({row[i] for row in rows}) == 1]
    rest = [i for i in range(len(columns)) if i not in same]
    empty = ", ".join(columns[i] for i in same if not rows[0][i])
    ahead = [*((columns[i], rows[0][i]) for i in same), ("(empty)", empty)]

    head, cells = [columns[i] for i in rest], [[row[i] for i in rest] for row in rows]
    heading = _records([ahead]) + "\n" if same else ""
    widths = _widths([head, *cells], cell_len)
    if sum(widths) <= _room(head) and not any("\n" in "".join(row) for row in cells):
        return heading + _grid(
            [head, *cells], widths, [rest.index(i) for i in numbers if i in rest]
        )
    return heading + _records([zip(head, row, strict=True) for row in cells])


def paragraph(text: str) -> str:
    """The text in lines that fit the terminal."""
    return "".join(line + "\n" for line in _wrapped(text, _console().width))


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
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if known else WIDTH, highlight=False)
