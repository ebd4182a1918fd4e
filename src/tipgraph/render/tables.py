"""Rows for people: a table where one fits, else a block for each row. Drawn by rich."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

# The width where no terminal tells one, unless COLUMNS does.
WIDTH = 100
UNBOUNDED = 10_000
# A table may need this many times the width that there is, before blocks are easier to read.
WRAPPED = 2

Row = Sequence[str]


def table(columns: Row, rows: Iterable[Row], numbers: Sequence[int] = ()) -> str:
    """The rows under their columns; those of numbers are set to the right."""
    return _drawn(_grid(columns, rows, numbers))


def answer(columns: Row, rows: Sequence[Row], numbers: Sequence[int] = ()) -> str:
    """The rows of an answer, with what is the same in all of them told once, ahead of them."""
    same = [i for i in range(len(columns)) if len(rows) > 1 and len({row[i] for row in rows}) == 1]
    rest = [i for i in range(len(columns)) if i not in same]
    empty = ", ".join(columns[i] for i in same if not rows[0][i])
    ahead = _fields([*((columns[i], rows[0][i]) for i in same), ("(empty)", empty)])

    head, cells = [columns[i] for i in rest], [[row[i] for i in rest] for row in rows]
    grid = _grid(head, cells, [rest.index(i) for i in numbers if i in rest])
    told = _drawn(ahead) + "\n" if same else ""
    if _fits(grid):
        return told + _drawn(grid)
    return told + "\n".join(_drawn(_fields(zip(head, row, strict=True))) for row in cells)


def _grid(columns: Row, rows: Iterable[Row], numbers: Sequence[int]) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    rows = list(rows)
    for position, name in enumerate(columns):
        grid.add_column(
            escape(name),
            justify="right" if position in numbers else "left",
            overflow="fold",
            # What has no blanks is a name or a number: in two pieces it could not be copied.
            no_wrap=not any(" " in row[position] for row in rows),
            min_width=max(map(len, name.split()), default=0),
        )
    for row in rows:
        grid.add_row(*map(escape, row))
    return grid


def _fields(fields: Iterable[tuple[str, str]]) -> Table:
    """A line for each field that holds something."""
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
