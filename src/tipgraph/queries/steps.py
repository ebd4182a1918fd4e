"""The steps of a command that asks an engine: their times, and the rows that the engine gave."""

import time

from tipgraph.store.engine import Engine
from tipgraph.text import plural


class Steps:
    """Measures the steps of a command, from now on."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._time = time.perf_counter()
        self._queries = self._rows = 0

    def done(self, name: str, engine: Engine) -> None:
        """Add the line of a step: all that was done since the one before.

        Its rows are those that the engine gave: an engine does not report what it reads for them.
        """
        now, work = time.perf_counter(), engine.work
        line = f"{name}: {1000 * (now - self._time):,.0f} ms"
        if asked := work.queries - self._queries:
            queries = "1 query" if asked == 1 else f"{asked:,} queries"
            line += f", {queries}, {plural(work.rows - self._rows, 'row')} read"
        self.lines.append(line)
        self._time, self._queries, self._rows = now, work.queries, work.rows
