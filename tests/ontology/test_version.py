"""The modules carry the package's version, and the citation file too."""

import pytest
import yaml
from rdflib import DCTERMS, OWL, RDF, URIRef

import tipgraph

from .graphs import ROOT

VERSION = tipgraph.__version__
ONTOLOGY = "https://w3id.org/tipgraph/ontology/"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (OWL.versionIRI, f"{ONTOLOGY}{{name}}/{VERSION}"),
        (OWL.versionInfo, VERSION),
        (DCTERMS.bibliographicCitation, f"version {VERSION}. {ONTOLOGY}{{name}}/{VERSION}"),
    ],
)
def test_every_module_has_the_version_of_the_package(modules, place, expected):
    for name, graph in modules.items():
        (stated,) = graph.objects(URIRef(ONTOLOGY + name), place)
        assert str(stated).endswith(expected.format(name=name))


def test_citation_has_the_version_of_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

    assert citation["version"] == VERSION


@pytest.mark.parametrize("place", [OWL.versionIRI, OWL.versionInfo, OWL.imports])
def test_only_the_header_mentions_versions_and_imports(modules, place):
    for graph in modules.values():
        assert set(graph.subjects(place)) <= set(graph.subjects(RDF.type, OWL.Ontology))


def test_whole_ontology_lists_all_modules(modules):
    whole = URIRef(ONTOLOGY + "tipgraph")

    parts = modules["tipgraph"].objects(whole, DCTERMS.hasPart)
    assert {str(part) for part in parts} == {
        ONTOLOGY + name for name in modules if name != "tipgraph"
    }
