"""The shipped graph, read in the background while the command line is being imported.

Parsing needs a processor and not the interpreter, importing needs the interpreter; so on two
processors the one hides the other.
"""

from threading import Thread

from tipgraph.errors import TipgraphError
from tipgraph.graph import LocalGraph
from tipgraph.graph import open as open_graph

READERS = {
    *("assess", "chart", "coverage", "diff", "export"),
    *("new", "queries", "query", "show", "sources"),
}

# With these it is another graph that is read, or one that is elsewhere.
OTHERS = ("--data", "--no-bundled", "--endpoint", "--query-url")


class _Reading(Thread):
    graph: LocalGraph | None = None

    def run(self) -> None:
        try:
            self.graph = open_graph()
        except (TipgraphError, OSError):
            return  # Whoever needs the graph opens it again, and is told.


_reading: list[_Reading] = []


def begin(arguments: list[str]) -> None:
    """Begin to read when the command line is one that needs the shipped graph."""
    if READERS & set(arguments[:1]) and not any(each.startswith(OTHERS) for each in arguments):
        _reading.append(_Reading(daemon=True))
        _reading[0].start()


def shipped_graph() -> LocalGraph:
    """The shipped graph, as it was begun or read now."""
    for reading in _reading:
        reading.join()
        if reading.graph:
            return reading.graph
    return open_graph()
