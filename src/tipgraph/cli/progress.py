"""A bar on the terminal for work that takes long; nothing where nobody looks."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(doing: str, after: float = 0) -> Iterator[Callable[[int, int], None]]:
    """Gives what the work tells how much of how much is done; the bar goes when the work ends.

    It comes when the work has taken so many seconds.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn(doing), BarColumn(), TimeElapsedColumn()
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(doing, total=None)
    due = time.monotonic() + after

    def tell(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)
        if time.monotonic() >= due:
            bar.start()

    try:
        if not after:
            bar.start()
        yield tell
    finally:
        bar.stop()
