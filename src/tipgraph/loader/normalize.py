"""Graphs by value: a store may give `1.0` back as `1`, and both say the same.

What a value is, the RDF library knows: its own store keeps numbers, dates and times by value.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad
from pyoxigraph import Store as Scratch

from tipgraph.endpoint.profiles.standard import Store
from tipgraph.namespaces import XSD

REMEMBERED = 50_000
ANY = NamedNode(XSD + "anyURI")
STRING = NamedNode(XSD + "string")


def by_value(quads: Iterable[Quad], store: Store) -> Iterator[Quad]:
    """The quads with each literal in one spelling of the value that the store keeps."""

    @lru_cache(REMEMBERED)
    def spelt(literal: Literal) -> Literal:
        scratch = Scratch()
        scratch.add(Quad(ANY, ANY, store.respelled(literal)))
        [quad] = scratch
        assert isinstance(quad.object, Literal)
        return quad.object

    for quad in quads:
        term = quad.object
        if isinstance(term, Literal) and term.datatype != STRING:
            quad = Quad(quad.subject, quad.predicate, spelt(term), quad.graph_name)
        yield quad
