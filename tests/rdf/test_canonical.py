"""Canonical labels of blank nodes."""

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset

from tipgraph.namespaces import ONTOLOGY_GRAPH
from tipgraph.rdf import files
from tipgraph.rdf.canonical import canonicalize
from tipgraph.resources.folders import shipped


def test_labels_are_those_of_the_algorithm_on_all_quads() -> None:
    quads = [quad for file in shipped().ontology() for quad in files.read(file, ONTOLOGY_GRAPH)]
    labelled = Dataset(quads)
    labelled.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)

    assert set(canonicalize(quads)) == set(labelled)
    nodes = {quad.subject for quad in quads if isinstance(quad.subject, BlankNode)}
    assert len(nodes) > 100
