"""The catalogue: its numbers are right, and other catalogues can read it."""

import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import DCTERMS, FOAF, PROV, VOID

import tipgraph
from tipgraph import LocalGraph
from tipgraph.export.catalog import catalog as catalog_of
from tipgraph.export.graph import KNOWN_PREFIXES, SYNTAXES, serialize_quads
from tipgraph.namespaces import GRAPH, ID, RDF

from .quads import read

# Terms of DCAT 3, which rdflib does not have in full, and of SPARQL's service description.
DCAT = {"Catalog", "Dataset", "DatasetSeries", "dataset", "inSeries", "landingPage", "version"}
SERVICE = {"NamedGraph", "name"}
PREFIXES = "".join(f"PREFIX {name}: <{iri}> " for name, iri in KNOWN_PREFIXES.items())

# The mandatory properties of DCAT-AP 3, by class.
MANDATORY = {
    "dcat:Catalog": ("dcterms:title", "dcterms:description", "dcterms:publisher"),
    "dcat:Dataset": ("dcterms:title", "dcterms:description"),
    "dcat:DatasetSeries": ("dcterms:title", "dcterms:description"),
    "foaf:Agent": ("foaf:name",),
}


def catalog(graph: LocalGraph, syntax: str = "turtle") -> str:
    """The catalogue of a graph, as the command writes it."""
    return serialize_quads(catalog_of(graph.engine), syntax, graph.resources)


class Description:
    """A catalogue to query in SPARQL."""

    def __init__(self, turtle: str) -> None:
        self.store = Store()
        self.store.load(turtle.encode(), RdfFormat.TURTLE)

    def column(self, pattern: str) -> list[str]:
        """The values of ?x, sorted."""
        found = self.store.query(f"{PREFIXES} SELECT DISTINCT ?x {{ {pattern} }} ORDER BY ?x")
        return [row["x"].value for row in found]  # type: ignore[union-attr]

    def numbers(self, pattern: str) -> dict[str, int]:
        """?number for each ?x."""
        found = self.store.query(f"{PREFIXES} SELECT DISTINCT ?x ?number {{ {pattern} }}")
        return {row["x"].value: int(row["number"].value) for row in found}  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def described(shipped: LocalGraph) -> Description:
    return Description(catalog(shipped))


def counted(shipped: LocalGraph, select: str) -> dict[str, int]:
    return {str(row["x"]): int(str(row["number"])) for row in shipped.rows(select)}


@pytest.fixture(scope="module")
def names(shipped: LocalGraph) -> list[str]:
    return sorted(
        str(x) for x in shipped.rows("SELECT DISTINCT ?x { GRAPH ?x { ?s ?p ?o } }").column("x")
    )


def test_every_named_graph_is_a_dataset(described: Description, names: list[str]) -> None:
    assert len(names) > 4
    assert described.column("?c a dcat:Catalog ; dcat:dataset ?x . ?x a dcat:Dataset") == names
    assert described.column("?x a void:Dataset . ?c void:subset ?x") == names
    assert described.column("?any a sd:NamedGraph ; sd:name ?x") == names


def test_statistics_are_those_of_the_store(described: Description, shipped: LocalGraph) -> None:
    for name, counts in {
        "triples": "*",
        "distinctSubjects": "DISTINCT ?s",
        "distinctObjects": "DISTINCT ?o",
        "properties": "DISTINCT ?p",
    }.items():
        assert described.numbers(f"?x a sd:NamedGraph ; void:{name} ?number") == counted(
            shipped,
            f"SELECT ?x (COUNT({counts}) AS ?number) {{ GRAPH ?x {{ ?s ?p ?o }} }} GROUP BY ?x",
        )
    assert described.numbers("?x a dcat:Catalog ; void:triples ?number") == {
        "https://w3id.org/tipgraph/catalog": len(shipped.engine.store)
    }


@pytest.mark.parametrize("name", ["ontology", "derived", "tip-2021-be"])
def test_partitions_are_those_of_the_store(
    name: str, described: Description, shipped: LocalGraph
) -> None:
    graph = f"<{GRAPH}{name}>"
    classes = described.numbers(
        f"{graph} void:classPartition ?part . ?part void:class ?x ; void:entities ?number"
    )
    properties = described.numbers(
        f"{graph} void:propertyPartition ?part . ?part void:property ?x ; void:triples ?number"
    )

    assert classes == counted(
        shipped,
        f"SELECT ?x (COUNT(DISTINCT ?s) AS ?number) {{ GRAPH {graph} {{ ?s a ?x }} }} GROUP BY ?x",
    )
    assert properties == counted(
        shipped,
        f"SELECT (?p AS ?x) (COUNT(*) AS ?number) {{ GRAPH {graph} {{ ?s ?p ?o }} }} GROUP BY ?p",
    )
    assert described.numbers(f"BIND({graph} AS ?x) ?x void:classes ?number") == {
        GRAPH + name: len(classes)
    }


def test_examples_and_vocabularies_are_in_the_graph(
    described: Description, shipped: LocalGraph, names: list[str]
) -> None:
    for name in names:
        (example,) = described.column(f"<{name}> void:exampleResource ?x")
        sizes = counted(
            shipped,
            f"SELECT ?x (COUNT(*) AS ?number) {{ GRAPH <{name}> {{ ?x ?p ?o FILTER(isIRI(?x)) }} }}"
            " GROUP BY ?x",
        )
        assert sizes[example] == max(sizes.values())
    assert described.column(f"<{GRAPH}periods> void:vocabulary ?x") == [
        RDF,
        KNOWN_PREFIXES["rdfs"],
        KNOWN_PREFIXES["tip"],
    ]


def test_edition_is_described_as_in_the_data(described: Description, shipped: LocalGraph) -> None:
    terms = "dcterms:publisher dcterms:spatial dcterms:identifier dcat:inSeries dcat:landingPage"
    edition = ID + "tip-2021-be"
    pattern = f"VALUES ?p {{ {terms} }} <{edition}> ?p ?x"

    stated = shipped.rows(f"SELECT DISTINCT ?x {{ {pattern} }}").column("x")
    assert len(stated) == 5
    assert described.column(pattern) == sorted(map(str, stated))
    assert described.column(f"<{GRAPH}tip-2021-be> dcterms:source ?x") == [edition]
    assert described.column("?e dcat:inSeries ?x . ?x a dcat:DatasetSeries") == [ID + "tip-report"]
    origins = described.column(f"<{GRAPH}derived> prov:wasDerivedFrom ?x")
    editions = shipped.rows("SELECT ?x { ?x a tip:Edition }").column("x")
    assert set(origins) == {str(each).replace(ID, GRAPH) for each in editions} | {
        f"{GRAPH}wordings"
    }


def test_licence_is_present_where_the_graph_states_one(described: Description) -> None:
    licensed = described.column("?x dcterms:license ?any")

    assert licensed == ["https://w3id.org/tipgraph/catalog", GRAPH + "ontology"]


def test_mandatory_properties_of_dcat_ap_are_present(described: Description) -> None:
    for kind, properties in MANDATORY.items():
        things = described.column(f"?x a {kind}")
        assert things
        for name in properties:
            assert described.column(f"?x a {kind} ; {name} ?value") == things
    assert (
        described.column("?catalog dcterms:publisher ?x FILTER NOT EXISTS { ?x a foaf:Agent }")
        == []
    )


def test_every_term_exists(described: Description) -> None:
    used = {*described.column("?s ?x ?o"), *described.column("?s a ?x")}
    known = {
        *(KNOWN_PREFIXES["dcat"] + name for name in DCAT),
        *(KNOWN_PREFIXES["sd"] + name for name in SERVICE),
        *(iri for space in (DCTERMS, FOAF, PROV, VOID) for iri in map(str, used) if iri in space),
        RDF + "type",
    }

    assert used <= known


@pytest.mark.parametrize("syntax", list(SYNTAXES))
def test_every_syntax_has_the_same_quads(syntax: str, shipped: LocalGraph) -> None:
    found = read(catalog(shipped, syntax), syntax)

    assert found == read(catalog(shipped), "turtle")
    assert not any("_:" in quad for quad in found)


def test_graph_of_the_user_is_described(mini, tmp_path) -> None:
    own = tmp_path / "mine.ttl"
    own.write_text(
        "@prefix dcterms: <http://purl.org/dc/terms/> ."
        " <urn:x> a <http://example.org/on#Thing> ; <urn:p> 1 ; dcterms:license <urn:other> ."
        f' <{GRAPH}mine> dcterms:license <urn:licence> ; dcterms:issued "2026-01-01" .',
        encoding="utf-8",
    )
    description = Description(catalog(tipgraph.open(own)))
    mine = f"<{GRAPH}mine>"

    assert description.column(f"{mine} dcterms:title ?x") == ["tipgraph: mine"]
    assert description.column(f"{mine} dcterms:description ?x") == [
        "Resources of these classes: http://example.org/on#Thing."
    ]
    assert description.column(f"{mine} void:vocabulary ?x") == [
        "http://example.org/on#",
        KNOWN_PREFIXES["dcterms"],
        RDF,
        "urn:",
    ]
    assert description.numbers(f"BIND({mine} AS ?x) ?x void:triples ?number") == {GRAPH + "mine": 5}
    assert description.column("?x a dcat:Dataset ; dcterms:title 'TIP Report 2021, Xland'@en") == [
        ID + "tip-2021-xx"
    ]
    assert description.column(f"{mine} dcterms:license ?x") == ["urn:licence"]
    assert description.column(f"{mine} dcterms:issued ?x") == ["2026-01-01"]
