"""Quads read back, and compared whatever their blank nodes are called."""

from collections.abc import Iterable

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Store, parse

from tipgraph.export.syntaxes import SYNTAXES
from tipgraph.graph import LocalGraph
from tipgraph.store.embedded import Embedded


def alike(quads: Iterable[Quad]) -> set[str]:
    """The quads as texts that are the same for the same quads."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def read(text: str, style: str) -> set[str]:
    """What pyoxigraph reads."""
    return alike(parse(text.encode(), format=SYNTAXES[style]))


def read_by_rdflib(text: str) -> set[str]:
    """What rdflib reads of JSON-LD, the literals as they are spelt."""
    import rdflib

    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="json-ld")
    return alike(parse(dataset.serialize(format="nquads").encode(), format=RdfFormat.N_QUADS))


def merged(quads: Iterable[Quad]) -> set[str]:
    """The triples of all graphs."""
    return alike(Quad(*quad.triple) for quad in quads)


def holding(quads: Iterable[Quad], other: LocalGraph) -> LocalGraph:
    """A graph of these quads, with another's resources."""
    store = Store()
    store.extend(quads)
    return LocalGraph(Embedded(store), other.resources, (), bundled=False)
