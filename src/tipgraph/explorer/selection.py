"""The part of the graph that some countries need, for a site without the others."""

from collections.abc import Callable, Sequence
from functools import cached_property
from hashlib import sha256

from pyoxigraph import NamedNode, Quad, Store

from tipgraph.entities import parts
from tipgraph.entities.editions import Choice, Edition, sources
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import GRAPH
from tipgraph.rdf.canonical import canonicalize
from tipgraph.rdf.sparql import terms
from tipgraph.store.build import nquads
from tipgraph.store.engine import Embedded


class PartialGraph(LocalGraph):
    """A part of a graph, in memory. Nothing about it is kept between runs."""

    @cached_property
    def nquads(self) -> bytes:
        return nquads(canonicalize(self.engine.store))

    @property
    def digest(self) -> str:
        return sha256(self.nquads).hexdigest()

    def copied_to_memory(self) -> Store:
        return self.engine.store

    def _prepared(self, name: str, make: Callable[[], bytes]) -> bytes:
        return make()


def of_areas(graph: LocalGraph, areas: Sequence[str]) -> LocalGraph:
    """Return the graph without the sources on other countries, and without what only they need.

    Raises UsageError for a country that is unknown or has no edition.
    """
    kept = {each.area for each in Choice(graph.engine).on_areas(areas)}
    others = [each for each in sources(graph.engine).values() if each.area not in kept]
    store = graph.copied_to_memory()
    dropped = _of_sources(Embedded(store), others)
    quads = _without(store, dropped)
    named = {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
    # A body of another country stays where a statement that is kept names it.
    abroad = terms(each.area for each in others)
    bodies = _subjects(Embedded(store), f"VALUES ?of {{ {abroad} }} ?node dcterms:spatial ?of")
    part = Store()
    part.bulk_extend(_without(quads, bodies - named))
    return PartialGraph(Embedded(part), graph.resources, (), False)


def _of_sources(engine: Embedded, others: Sequence[Edition]) -> set[str]:
    """The sources, their graphs, and all that belongs to them."""
    own = {each.iri for each in others}
    found = own | {GRAPH + each.slug for each in others}
    found |= _subjects(engine, f"VALUES ?of {{ {terms(own)} }} ?node tip:edition|tip:document ?of")
    below = tuple(f"{each}/" for each in own)
    found |= {each for each in _subjects(engine, "?node ?p ?o") if each.startswith(below)}
    return found | {part for part, whole in parts.wholes(engine).items() if whole in found}


def _subjects(engine: Embedded, pattern: str) -> set[str]:
    rows = engine.select(f"SELECT DISTINCT ?node {{ {pattern} FILTER(isIRI(?node)) }}")
    return set(map(str, rows.column("node")))


def _without(quads: "Store | list[Quad]", dropped: set[str]) -> list[Quad]:
    """The quads in which none of these things is."""
    return [
        quad
        for quad in quads
        if not any(
            isinstance(each, NamedNode) and each.value in dropped
            for each in (quad.subject, quad.object, quad.graph_name)
        )
    ]
