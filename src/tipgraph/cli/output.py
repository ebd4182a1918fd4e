"""The output of commands: lines to the standard streams, and progress."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def for_people() -> bool:
    """Return whether the output goes to a terminal."""
    return sys.stdout.isatty()


def write(text: str) -> None:
    """Write to standard output."""
    sys.stdout.write(text)


def note(text: str) -> None:
    """Write one line to standard error."""
    print(f"tipgraph: {' '.join(text.split())}", file=sys.stderr, flush=True)


@contextmanager
def progress_bar(doing: str, after: float = 0) -> Iterator[Callable[[int, int], None]]:
    """Yields the function that the work calls with (done, total); the bar ends with the work.

    It shows the time that has passed and an estimate of the rest. It appears after `after`
    seconds.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from tipgraph.render.terminal import escape_streams, unescaped

    columns = TextColumn(doing), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    bar = Progress(*columns, console=Console(file=unescaped(sys.stderr)), transient=True)
    task = bar.add_task(doing, total=None)
    due = time.monotonic() + after

    def start() -> None:
        bar.start()
        # Messages go through the bar now.
        escape_streams()

    def update(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)
        if time.monotonic() >= due:
            start()

    try:
        if not after:
            start()
        yield update
    finally:
        bar.stop()
