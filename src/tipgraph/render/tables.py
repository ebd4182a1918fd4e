"""Rows for people, drawn with rich: a table where it fits, else a block of lines for each row."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

# The width without a terminal and without COLUMNS.
WIDTH = 100
UNBOUNDED = 10_000
# A table may be this many times as wide as the terminal before blocks are easier to read.
WRAPPED = 2

Row = Sequence[str]


def table(columns: Row, rows: Iterable[Row], numbers: Sequence[int] = ()) -> str:
    """The rows under their columns; the columns in `numbers` are aligned right."""
    return _drawn(_grid(columns, rows, numbers))


def query_table(columns: Row, rows: Sequence[Row], numbers: Sequence[int] = ()) -> str:
    """The rows of a query; values that all rows share are printed once, before them."""
    same = [i for i in range(len(columns)) if len(rows) > 1 and len({row[i] for row in rows}) == 1]
    rest = [i for i in range(len(columns)) if i not in same]
    empty = ", ".join(columns[i] for i in same if not rows[0][i])
    ahead = _fields([*((columns[i], rows[0][i]) for i in same), ("(empty)", empty)])

    head, cells = [columns[i] for i in rest], [[row[i] for i in rest] for row in rows]
    grid = _grid(head, cells, [rest.index(i) for i in numbers if i in rest])
    heading = _drawn(ahead) + "\n" if same else ""
    if _fits(grid):
        return heading + _drawn(grid)
    return heading + "\n".join(_drawn(_fields(zip(head, row, strict=True))) for row in cells)


def _grid(columns: Row, rows: Iterable[Row], numbers: Sequence[int]) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    rows = list(rows)
    for position, name in enumerate(columns):
        grid.add_column(
            escape(name),
            justify="right" if position in numbers else "left",
            overflow="fold",
            # A value without spaces is a name or a number: split over lines it could not be copied.
            no_wrap=not any(" " in row[position] for row in rows),
            min_width=max(map(len, name.split()), default=0),
        )
    for row in rows:
        grid.add_row(*map(escape, row))
    return grid


def _fields(fields: Iterable[tuple[str, str]]) -> Table:
    """A line for each field that is not empty."""
    block = Table.grid(padding=(0, 2), pad_edge=False)
    block.add_column(style="bold", no_wrap=True)
    block.add_column(overflow="fold")
    for name, text in fields:
        if text:
            block.add_row(escape(name), escape(text))
    return block


def _fits(grid: Table) -> bool:
    console = _console()
    needed = grid.__rich_measure__(console, console.options.update(max_width=UNBOUNDED))
    return needed.minimum <= console.width and needed.maximum <= WRAPPED * console.width


def _drawn(what: Table) -> str:
    console = _console()
    with console.capture() as drawn:
        console.print(what)
    return "".join(line + "\n" for line in _lines(drawn.get()))


def _lines(text: str) -> Iterator[str]:
    return (line.rstrip() for line in text.splitlines() if line.strip())


def _console() -> Console:
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if known else WIDTH, highlight=False)
