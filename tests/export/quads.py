"""Quads parsed and compared, whatever their blank nodes are named."""

from collections.abc import Iterable

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Store, parse

from tipgraph.export.graph import SYNTAXES
from tipgraph.graph import LocalGraph
from tipgraph.store.engine import Embedded


def canonical(quads: Iterable[Quad]) -> set[str]:
    """The quads as canonical N-Quads: equal for equal datasets."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def read(text: str, syntax: str) -> set[str]:
    """The quads that pyoxigraph parses."""
    return canonical(parse(text.encode(), format=SYNTAXES[syntax]))


def read_by_rdflib(text: str) -> set[str]:
    """The quads that rdflib parses from JSON-LD, with literals as written."""
    import rdflib

    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="json-ld")
    return canonical(parse(dataset.serialize(format="nquads").encode(), format=RdfFormat.N_QUADS))


def merged(quads: Iterable[Quad]) -> set[str]:
    """The triples of all graphs."""
    return canonical(Quad(*quad.triple) for quad in quads)


def graph_of(quads: Iterable[Quad], other: LocalGraph) -> LocalGraph:
    """A graph of these quads, with the resources of another graph."""
    store = Store()
    store.extend(quads)
    return LocalGraph(Embedded(store), other.resources, (), bundled=False)
