"""The stored queries as RDF, and what checkers ask of the metadata of a dataset."""

from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

import tipgraph
from tests.conftest import Run
from tipgraph.export.catalog import catalog

PREFIXES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
# Queries whose rows are faults: what checkers ask of a dataset (FOOPS!, F-UJI), and what VoID
# defines. Shapes in ontology/shapes/style.ttl have what they ask of ontologies.
FAULTS = {
    "dataset without a property": """
        SELECT ?dataset ?property {
          BIND(<https://w3id.org/tipgraph/#dataset> AS ?dataset)
          VALUES ?property {
            dcterms:title dcterms:description dcterms:license dcterms:creator dcterms:publisher
            dcterms:issued dcterms:modified dcat:version dcterms:identifier dcat:contactPoint
            dcterms:bibliographicCitation
          }
          FILTER NOT EXISTS { ?dataset ?property ?value }
        }""",
    "properties that do not add up": """
        SELECT ?dataset {
          ?dataset void:triples ?all ; void:propertyPartition ?any .
          { SELECT ?dataset (SUM(?n) AS ?sum) {
              ?dataset void:propertyPartition [ void:property ?property ; void:triples ?n ] }
            GROUP BY ?dataset }
          FILTER(?sum != ?all)
        }""",
    "partition without its term or number": """
        SELECT ?partition {
          { ?dataset void:propertyPartition ?partition
            FILTER NOT EXISTS { ?partition void:property ?a ; void:triples ?b } }
          UNION
          { ?dataset void:classPartition ?partition
            FILTER NOT EXISTS { ?partition void:class ?a ; void:entities ?b } }
        }""",
    "subset that is larger than its set": """
        SELECT ?part { ?all void:triples ?n ; void:subset ?part . ?part void:triples ?m
                       FILTER(?m > ?n) }""",
}


@pytest.fixture(scope="module")
def described(shipped: tipgraph.LocalGraph) -> Store:
    """The description of the dataset in VoID and DCAT."""
    store = Store()
    store.extend(catalog(shipped.engine, shipped.resources, with_files=False).quads)
    return store


@pytest.mark.parametrize("fault", FAULTS)
def test_dataset_has_what_checkers_ask(described: Store, fault: str) -> None:
    rows: Any = described.query(PREFIXES + FAULTS[fault], use_default_graph_as_union=True)

    assert [str(row) for row in rows] == []


def test_stored_queries_are_executables_that_run(run: Run, shipped: tipgraph.LocalGraph) -> None:
    outcome = run("export", "queries")
    store = Store()
    store.extend(parse(outcome.out, RdfFormat.TURTLE))
    rows: Any = store.query(
        PREFIXES
        + """SELECT ?query ?name ?text { ?query a sh:SPARQLExecutable ; dcterms:identifier ?name ;
             rdfs:label ?label ; sh:select|sh:construct|sh:ask ?text }"""
    )
    found = {row["name"].value: (row["query"], row["text"].value) for row in rows}

    assert found.keys() == shipped.queries.keys()
    assert found["funding"][0] == NamedNode("https://w3id.org/tipgraph/query/funding")
    for query in ("funding", "residence-permits"):
        text = found[query][1]
        assert "#+" not in text
        assert text in shipped.queries[query].text
        answer: Any = shipped.engine.store.query(text, use_default_graph_as_union=True)
        assert list(answer)
