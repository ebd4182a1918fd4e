"""Blank nodes under names that are the same at every load, so that loading twice changes nothing.

In people's own files they become IRIs (RDF 1.1 Concepts, section 3.5). In ontologies and shapes,
where what is unnamed must stay so, they stay and get the labels of RDFC-1.0.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    Triple,
)

from tipgraph.errors import InputError
from tipgraph.namespaces import OURS

SKOLEM = OURS + ".well-known/genid/"
REMEMBERED = 100_000


def skolemised(quads: Iterable[Quad], scope: str) -> Iterator[Quad]:
    """The quads with an IRI for each blank node, made of the scope and a number.

    The numbers go in the order in which the blank nodes come. Any number of them takes little
    memory, as the table of them grows on disk.
    """
    prefix = f"{SKOLEM}{hashlib.sha256(scope.encode()).hexdigest()[:16]}/b"
    # Without a name, the database is a file of its own that goes when it is closed.
    with closing(sqlite3.connect("", isolation_level=None)) as table:
        table.execute("CREATE TABLE seen (label TEXT PRIMARY KEY)")
        table.execute("PRAGMA journal_mode = OFF")
        table.execute("PRAGMA cache_size = -65536")
        table.execute("BEGIN")

        @lru_cache(REMEMBERED)
        def named(label: str) -> NamedNode:
            table.execute("INSERT OR IGNORE INTO seen VALUES (?)", (label,))
            found = table.execute("SELECT rowid FROM seen WHERE label = ?", (label,))
            return NamedNode(f"{prefix}{found.fetchone()[0]}")

        def known(term: Any) -> Any:
            return named(term.value) if isinstance(term, BlankNode) else term

        for quad in quads:
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                subject, object_ = known(quad.subject), known(quad.object)
                quad = Quad(subject, quad.predicate, object_, quad.graph_name)
            yield quad


def canonical(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads, each graph's blank nodes labelled by RDFC-1.0. They are held in memory."""
    graphs: dict[object, Dataset] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, Dataset()).add(quad)
    for graph in graphs.values():
        graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        yield from graph


def checked(quads: Iterable[Quad], file: str) -> Iterator[Quad]:
    """The quads of the file as they are.

    Raises InputError for a graph whose name is a blank node, since nobody could ask for it, and
    for what is new in RDF 1.2, since hardly a store takes it in.
    """
    for quad in quads:
        if isinstance(quad.graph_name, BlankNode):
            raise InputError(f"{file}: the name of a graph is a blank node; give it an IRI")
        if isinstance(quad.object, Triple):
            raise InputError(f"{file}: holds a triple term of RDF 1.2, which most stores refuse")
        if isinstance(quad.object, Literal) and quad.object.direction:
            raise InputError(
                f"{file}: holds a text with a direction of RDF 1.2, which most stores refuse"
            )
        yield quad
