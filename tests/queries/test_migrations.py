"""The stored migration of renamed terms, on invented ones, in two engines."""

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, Store

MIGRATION = Path(__file__).parents[2] / "queries" / "migrations" / "replaced-terms.ru"
PREFIXES = """
@prefix tip: <https://w3id.org/tipgraph/ns#> . @prefix code: <https://w3id.org/tipgraph/code/> .
@prefix id: <https://w3id.org/tipgraph/id/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix graph: <https://w3id.org/tipgraph/graph/> .
"""
ONTOLOGY = """
tip:aids a owl:ObjectProperty ; owl:deprecated true ; dcterms:isReplacedBy tip:supports .
tip:Aid a owl:Class ; owl:deprecated true ; dcterms:isReplacedBy tip:Support .
tip:FirstAid rdfs:subClassOf tip:Aid .
code:beds owl:deprecated true ; dcterms:isReplacedBy code:places .
"""
OLD = "id:a a tip:Aid ; tip:aids id:b ; tip:topic code:beds . id:b tip:value 1 ."
NEW = "id:a a tip:Support ; tip:supports id:b ; tip:topic code:places . id:b tip:value 1 ."
LAYOUTS = {
    "one graph": "{ontology} {data}",
    "named graphs": "graph:ontology {{ {ontology} }} graph:data {{ {data} }}",
    "ontology apart": "graph:ontology {{ {ontology} }} {data}",
}


def quads(store: Store) -> set[str]:
    return set(map(str, store))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_replaced_terms_are_migrated_in_data_alone(layout: str) -> None:
    def written(data: str) -> str:
        return PREFIXES + LAYOUTS[layout].format(ontology=ONTOLOGY, data=data)

    def store_of(text: str) -> Store:
        store = Store()
        store.load(text.encode(), RdfFormat.TRIG)
        return store

    migration, wanted = MIGRATION.read_text(encoding="utf-8"), quads(store_of(written(NEW)))
    store = store_of(written(OLD))
    for _ in range(2):
        store.update(migration)
        assert quads(store) == wanted

    other = rdflib.Dataset()
    other.parse(data=written(OLD), format="trig")
    other.update(migration)
    again = Store()
    again.load(other.serialize(format="nquads").encode(), RdfFormat.N_QUADS)
    assert quads(again) == wanted
