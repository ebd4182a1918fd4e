"""The merged ontology has all that the modules state, in one ontology without imports."""

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, URIRef

from tipgraph.export.graph import merged_ontology, serialize_quads
from tipgraph.resources.folders import shipped

WHOLE = URIRef("https://w3id.org/tipgraph/ontology/tipgraph")


@pytest.fixture(scope="module")
def modules() -> Graph:
    """All that tipgraph.ttl imports, and its own header."""
    whole = Graph()
    for file in shipped().ontology():
        if not file.endswith("alignments.ttl"):
            whole.parse(file)
    return whole


@pytest.fixture(scope="module")
def merged() -> Graph:
    """The export, as a tool reads it."""
    resources = shipped()
    return Graph().parse(data=serialize_quads(merged_ontology(resources), "turtle", resources))


def test_header_is_the_only_one_and_imports_nothing(merged: Graph) -> None:
    assert list(merged.subjects(RDF.type, OWL.Ontology)) == [WHOLE]
    assert (WHOLE, OWL.versionIRI, None) in merged
    assert list(merged.objects(None, OWL.imports)) == []


def test_merged_ontology_has_each_axiom_of_each_module(merged: Graph, modules: Graph) -> None:
    headers = set(modules.subjects(RDF.type, OWL.Ontology)) - {WHOLE}
    axioms = {t for t in modules if t[0] not in headers and t[1] != OWL.imports}
    labels = {(code, RDFS.label, label) for code, label in modules[: SKOS.prefLabel]}

    assert {t for t in merged if not has_blank_node(t)} == {
        t for t in axioms | labels if not has_blank_node(t)
    }
    assert len(merged) == len(axioms) + len(labels)


def has_blank_node(triple: tuple[object, ...]) -> bool:
    return any(isinstance(term, BNode) for term in triple)
