"""The modules carry the package's version."""

import pytest
from rdflib import OWL, RDF

import tipgraph


def test_every_module_has_the_version_of_the_package(modules):
    versions = {
        name: [str(version) for version in graph.objects(None, OWL.versionIRI)]
        for name, graph in modules.items()
    }

    assert versions == {
        name: [f"https://w3id.org/tipgraph/ontology/{name}/{tipgraph.__version__}"]
        for name in modules
    }


@pytest.mark.parametrize("place", [OWL.versionIRI, OWL.imports])
def test_only_the_header_mentions_versions_and_imports(modules, place):
    for graph in modules.values():
        assert set(graph.subjects(place)) <= set(graph.subjects(RDF.type, OWL.Ontology))
