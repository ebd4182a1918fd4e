"""Graphs in memory for all tests of a worker: nobody changes them, and each query runs once.

A graph in memory is made in a fraction of the time of a folder on disk, and most queries are faster
there.
"""

import os
from collections import OrderedDict
from collections.abc import Callable

from pyoxigraph import Store

from tipgraph.files import locked
from tipgraph.rdf import files
from tipgraph.rdf.canonical import canonicalize
from tipgraph.resources import folders
from tipgraph.resources.folders import Resources
from tipgraph.store import build
from tipgraph.store.engine import Rows

# The number of graphs with a test's own files that are kept for tests with equal files.
OWN_GRAPHS = 4


class SharedGraphs:
    """Makes graphs, and keeps them with the rows of each query."""

    def __init__(self) -> None:
        self._with_own_files: OrderedDict[object, Store] = OrderedDict()
        # The rows of each query, with their store, by what identifies it while it is kept.
        self._rows: dict[int, tuple[Store, dict[str, Rows]]] = {}

    def shipped(self, resources: Resources) -> Store:
        """The graph that is shipped; its blank nodes have the labels that they have on disk.

        The first worker derives it, and the others then find the parts of it in the cache.
        """
        store = Store()
        with locked(resources.root):
            made = build.make_store(resources)
        store.extend(canonicalize(made))
        return self._kept(store)

    def with_own_files(self, resources: Resources, own: tuple[str, ...], bundled: bool) -> Store:
        """The graph with files of a test's own, kept for the next tests with equal files."""
        key = resources.digest, bundled, tuple(_content(path) for path in own)
        if key not in self._with_own_files:
            made = build.make_store(resources, own, bundled)
            self._with_own_files[key] = self._kept(made)
        self._with_own_files.move_to_end(key)
        if len(self._with_own_files) > OWN_GRAPHS:
            _, oldest = self._with_own_files.popitem(last=False)
            del self._rows[id(oldest)]
        return self._with_own_files[key]

    def _kept(self, store: Store) -> Store:
        self._rows[id(store)] = store, {}
        return store

    def rows(self, store: Store, query: str, run: Callable[[], Rows]) -> Rows:
        """The rows of a query, which is run the first time, and always in another store."""
        if id(store) not in self._rows:
            return run()
        _, kept = self._rows[id(store)]
        if query not in kept:
            kept[query] = run()
        return kept[query]


def _content(path: str) -> tuple[str, str]:
    """Return the name and a digest of the content of a file or folder, wherever that is."""
    name = os.path.basename(os.path.abspath(path))
    return name, folders.digest(files.rdf_files(path), path)
