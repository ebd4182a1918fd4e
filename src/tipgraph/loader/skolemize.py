"""Stable names for blank nodes, so that loading the same file twice changes nothing.

In users' files they become IRIs (RDF 1.1 Concepts, section 3.5). In ontologies and shapes, where
they must stay blank, they get the labels of RDF Dataset Canonicalization (RDFC-1.0).
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad

from tipgraph.rdf import canonical

CACHED = 100_000


def skolemize(quads: Iterable[Quad], prefix: str, scope: str) -> Iterator[Quad]:
    """Yield the quads with an IRI for each blank node: the prefix, a hash of the scope, a number.

    Blank nodes are numbered in the order in which they first occur. Any number of them takes little
    memory, since their table is on disk.
    """
    prefix = f"{prefix}{hashlib.sha256(scope.encode()).hexdigest()[:16]}/b"
    # Without a name, the database is a temporary file that is removed when it is closed.
    with closing(sqlite3.connect("", isolation_level=None)) as table:
        table.execute("CREATE TABLE seen (label TEXT PRIMARY KEY)")
        table.execute("PRAGMA journal_mode = OFF")
        table.execute("PRAGMA cache_size = -65536")
        table.execute("BEGIN")

        @lru_cache(CACHED)
        def iri(label: str) -> NamedNode:
            table.execute("INSERT OR IGNORE INTO seen VALUES (?)", (label,))
            found = table.execute("SELECT rowid FROM seen WHERE label = ?", (label,))
            return NamedNode(f"{prefix}{found.fetchone()[0]}")

        def named(term: Any) -> Any:
            return iri(term.value) if isinstance(term, BlankNode) else term

        for quad in quads:
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                subject, object_ = named(quad.subject), named(quad.object)
                quad = Quad(subject, quad.predicate, object_, quad.graph_name)
            yield quad


def canonicalize(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the quads with each graph's blank nodes labelled by RDFC-1.0, from memory.

    Raises InputError where that would take too long.
    """
    graphs: dict[object, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, []).append(quad)
    for graph in graphs.values():
        yield from canonical.canonicalize(graph)
