"""The graph as RDF, whole or some of its named graphs."""

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode, Quad, Store

from tipgraph.errors import UsageError
from tipgraph.export import syntaxes
from tipgraph.graph import LocalGraph
from tipgraph.lookup.entities import nearest
from tipgraph.namespaces import last_part, shorten


def graph(graph: LocalGraph, names: Iterable[str] = (), style: str = "trig") -> str:
    """The whole graph in a style of SYNTAXES, or its named graphs of these names.

    A name is an IRI, `graph:tip-2021-be` or just `tip-2021-be`. Turtle and N-Triples have the
    graphs as one. Raises UsageError for an unknown name, InputError for what JSON-LD cannot hold.
    """
    store = graph.engine.store
    known = graph_names(store)
    chosen = [_meant(name, known) for name in names]
    quads = _quads(store, chosen) if chosen else iter(store)
    return syntaxes.text(quads, style, graph.resources)


def graph_names(store: Store) -> list[str]:
    """The IRIs of the named graphs in a store."""
    return sorted(name.value for name in store.named_graphs() if isinstance(name, NamedNode))


def _quads(store: Store, names: Sequence[str]) -> Iterable[Quad]:
    for name in dict.fromkeys(names):
        yield from store.quads_for_pattern(None, None, None, NamedNode(name))


def _meant(name: str, known: Sequence[str]) -> str:
    meant = [iri for iri in known if name in (iri, shorten(iri), last_part(iri))]
    if name in meant or len(meant) == 1:
        return name if name in meant else meant[0]
    if meant:
        raise UsageError(f"{name!r} may be any of: {', '.join(meant)}")
    short = [last_part(iri) for iri in known]
    near = nearest(name, short)
    hint = f"nearest: {', '.join(near)}" if near else f"there are {', '.join(short)}"
    raise UsageError(f"no graph is called {name!r}; {hint}")
