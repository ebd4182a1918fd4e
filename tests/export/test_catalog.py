"""The catalogue: its numbers are right, its files are there, and other catalogues can read it."""

from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, RdfFormat, Store, parse
from rdflib import DCTERMS, FOAF, PROV, RDFS, SH, SKOS, VOID, Graph

import tipgraph
from tipgraph import LocalGraph
from tipgraph.export.catalog import WHOLE_FILES, Catalog, Release, catalog
from tipgraph.export.graph import KNOWN_PREFIXES, SYNTAXES, named_graphs, serialize_quads
from tipgraph.namespaces import GRAPH, ID, RDF

pytestmark = pytest.mark.slow(reason="writes the graph as files, and states their checksums")

# Terms of vocabularies that rdflib does not have, or not in full.
TERMS = {
    "dcat": {
        *("Catalog", "Dataset", "DatasetSeries", "Distribution", "accessURL", "byteSize"),
        *("contactPoint", "dataset", "distribution", "downloadURL", "endDate", "inSeries"),
        *("keyword", "landingPage", "mediaType", "resource", "startDate", "theme"),
        *(
            "themeTaxonomy",
            "version",
            "DataService",
            "endpointURL",
            "previousVersion",
            "servesDataset",
        ),
        "service",
    },
    "adms": {"versionNotes"},
    "dcatap": {"availability"},
    "sd": {"NamedGraph", "name"},
    "spdx": {
        *("Checksum", "ChecksumAlgorithm", "checksum", "algorithm", "checksumValue"),
        "checksumAlgorithm_sha256",
    },
    "vcard": {"Kind", "Organization", "fn", "hasURL"},
}
PREFIXES = "".join(f"PREFIX {name}: <{iri}> " for name, iri in KNOWN_PREFIXES.items())

DATASET_IRI = "https://w3id.org/tipgraph/#dataset"
ENDPOINT = "https://example.org/sparql"
SHAPES = Path(__file__).parents[3] / "shared" / "dcat-ap"
# The mandatory and the recommended properties of DCAT-AP 3.0.1, by class, without those that the
# authority tables state of their own concepts.
DATASET = (
    *("dcterms:title", "dcterms:description", "dcat:contactPoint", "dcat:distribution"),
    *("dcterms:spatial", "dcat:keyword", "dcterms:publisher", "dcterms:temporal", "dcat:theme"),
)
KEYWORDED = ("dcat:keyword", "dcat:theme", "dcat:contactPoint", "dcterms:publisher")
PROPERTIES = {
    "dcat:Catalog": (
        *("dcterms:title", "dcterms:description", "dcterms:publisher", "dcat:dataset"),
        *("dcterms:spatial", "foaf:homepage", "dcterms:language", "dcterms:license"),
        *("dcterms:modified", "dcterms:issued", "dcat:themeTaxonomy"),
    ),
    "dcat:Dataset": DATASET,
    "dcat:DataService": ("dcterms:title", "dcat:endpointURL", "dcat:servesDataset", *KEYWORDED),
    "dcat:DatasetSeries": (
        *("dcterms:title", "dcterms:description", "dcat:contactPoint", "dcterms:spatial"),
        *("dcterms:publisher", "dcterms:temporal"),
    ),
    "dcat:Distribution": (
        *("dcat:accessURL", "dcterms:description", "dcterms:format", "dcterms:license"),
    ),
    "foaf:Agent": ("foaf:name", "dcterms:type"),
    "dcterms:PeriodOfTime": ("dcat:startDate", "dcat:endDate"),
    "dcterms:LicenseDocument": ("dcterms:type",),
    "spdx:Checksum": ("spdx:algorithm", "spdx:checksumValue"),
    "skos:Concept": ("skos:prefLabel",),
    "skos:ConceptScheme": ("dcterms:title",),
    # Beyond the profile, for the datasets and the files that are ours.
    "sd:NamedGraph": (
        *("dcterms:identifier", "dcterms:license", "dcterms:issued", "dcterms:modified"),
        *("dcterms:language", "dcat:version"),
    ),
}
# All figures of this edition are of years that it does not state.
YEAR_NOT_STATED = {ID + "tip-2019-mt", GRAPH + "tip-2019-mt"}
OUR_FILES = (
    *("dcatap:availability", "dcat:mediaType", "dcat:byteSize", "spdx:checksum"),
    *("dcat:downloadURL", "dcterms:modified", "dcterms:title"),
)


@pytest.fixture(scope="module")
def made(shipped: LocalGraph) -> Catalog:
    """The catalogue of the shipped graph, as that of a later release."""
    release = Release(ENDPOINT, f"{DATASET_IRI}-0.0.9", "Norms are new.", shipped.digest)
    return catalog(shipped.engine, shipped.resources, release=release)


@pytest.fixture(scope="module")
def turtle(made: Catalog, shipped: LocalGraph) -> str:
    """The same, as the command writes it."""
    return serialize_quads(made.quads, "turtle", shipped.resources)


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
def described(turtle: str) -> Description:
    return Description(turtle)


def counted(shipped: LocalGraph, select: str) -> dict[str, int]:
    return {str(row["x"]): int(str(row["number"])) for row in shipped.rows(select)}


@pytest.fixture(scope="module")
def names(shipped: LocalGraph) -> list[str]:
    return sorted(
        str(x) for x in shipped.rows("SELECT DISTINCT ?x { GRAPH ?x { ?s ?p ?o } }").column("x")
    )


def test_every_named_graph_is_a_dataset(described: Description, names: list[str]) -> None:
    assert len(names) > 4
    assert described.column("?c a dcat:Catalog ; dcat:dataset ?x . ?x a sd:NamedGraph") == names
    assert described.column("?x a void:Dataset . ?c void:subset ?x") == names
    whole = f"<{DATASET_IRI}> a dcat:Dataset ; dcterms:hasPart ?x . ?x dcterms:isPartOf"
    assert described.column(f"{whole} <{DATASET_IRI}>") == names
    assert described.column("?any a sd:NamedGraph ; sd:name ?x") == names


def test_statistics_are_those_of_the_store(described, shipped: LocalGraph, names):
    for name, counts in {
        "triples": "*",
        "distinctSubjects": "DISTINCT ?s",
        "properties": "DISTINCT ?p",
    }.items():
        assert described.numbers(f"?x a sd:NamedGraph ; void:{name} ?number") == counted(
            shipped,
            f"SELECT ?x (COUNT({counts}) AS ?number) {{ GRAPH ?x {{ ?s ?p ?o }} }} GROUP BY ?x",
        )
    # An export has whole numbers in two datatypes, the store in one.
    objects = {name: {q.object for q in named_graphs(shipped.engine, [name])} for name in names}
    assert described.numbers("?x a sd:NamedGraph ; void:distinctObjects ?number") == {
        name: len(found) for name, found in objects.items()
    }
    assert described.numbers("?x void:uriSpace ?space ; void:triples ?number") == {
        DATASET_IRI: len(shipped.engine.store)
    }


@pytest.mark.parametrize("name", ["ontology", "derived", "tip-2021-be"])
def test_partitions_are_those_of_the_store(name, described, shipped: LocalGraph):
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


def test_examples_and_vocabularies_are_in_the_graph(described, shipped: LocalGraph, names):
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
    documents = shipped.rows("SELECT ?x { ?x a tip:Document }").column("x")
    of_documents = {str(each).replace(ID, GRAPH) for each in documents}
    assert set(origins) - of_documents == {str(each).replace(ID, GRAPH) for each in editions} | {
        f"{GRAPH}wordings"
    }


def test_every_dataset_is_listed_under_an_identifier_of_its_own(described: Description) -> None:
    datasets = described.column("?x a dcat:Dataset")
    series = described.column("?x a dcat:DatasetSeries")

    assert described.column("?catalog dcat:dataset ?x") == datasets
    assert described.column("?catalog dcat:resource ?x") == series
    every = described.column("?any dcterms:identifier ?x")
    assert len(every) == len(datasets) + len(series) + 1
    assert described.column("?x dcterms:identifier ?one , ?other FILTER(?one != ?other)") == []


def test_recommended_properties_of_dcat_ap_are_present(described: Description) -> None:
    for kind, properties in PROPERTIES.items():
        things = described.column(f"?x a {kind}")
        assert things, kind
        for name in properties:
            known = set(things) - (YEAR_NOT_STATED if name == "dcterms:temporal" else set())
            assert set(described.column(f"?x a {kind} ; {name} ?value")) == known, (kind, name)
    ours = described.column("?set a sd:NamedGraph ; dcat:distribution ?x")
    for name in OUR_FILES:
        assert (
            described.column(f"?x {name} ?value . ?set a sd:NamedGraph ; dcat:distribution ?x")
            == ours
        )


def test_files_have_the_size_and_checksum_that_the_catalogue_states(made, described, names):
    assert len(made.files) == len(names) * len(SYNTAXES) + len(WHOLE_FILES)
    whole = described.column(f"<{DATASET_IRI}> dcat:distribution/dcat:downloadURL ?x")
    assert whole == sorted(GRAPH + name for name in WHOLE_FILES)
    sizes = described.numbers("?file dcat:downloadURL ?x ; dcat:byteSize ?number")
    assert sizes == {GRAPH + name: len(content) for name, content in made.files.items()}
    for name, content in made.files.items():
        pattern = f"?file dcat:downloadURL <{GRAPH}{name}> ; spdx:checksum/spdx:checksumValue ?x"
        assert described.column(pattern) == [sha256(content).hexdigest()]


def test_export_writes_the_files_that_the_catalogue_lists(run, made, turtle, tmp_path):
    folder = tmp_path / "files"
    facts = (
        "--sparql",
        ENDPOINT,
        "--previous",
        f"{DATASET_IRI}-0.0.9",
        "--notes",
        "Norms are new.",
    )
    outcome = run("export", "catalog", "--files", f"{folder}/", *facts)

    assert (outcome.code, outcome.out) == (0, turtle)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == made.files
    for name in ("tip-2021-be.ttl", "ontology.jsonld"):
        exported = tmp_path / name
        run("export", "graph", "--graph", name.partition(".")[0], "--output", exported)
        assert exported.read_bytes() == made.files[name]
    outcome = run("export", "catalog", "--files", folder)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == f"tipgraph: {folder}: this folder is not empty; name a new one\n"


def test_coverage_is_that_of_the_graph(described: Description) -> None:
    def period(graph: str) -> list[str]:
        bounds = ("dcat:startDate", "dcat:endDate")
        return [
            described.column(f"<{GRAPH}{graph}> dcterms:temporal/{bound} ?x")[0][:10]
            for bound in bounds
        ]

    country = KNOWN_PREFIXES["country"]
    assert described.column(f"<{GRAPH}tip-2021-be> dcterms:spatial ?x") == [country + "BEL"]
    assert len(described.column(f"<{GRAPH}countries> dcterms:spatial ?x")) > 150
    assert described.column(f"<{GRAPH}ontology> dcterms:spatial ?x") == [
        country + code for code in ("BEL", "HUN", "LUX", "MLT", "NLD")
    ]
    assert period("periods") == ["2003-01-01", "2030-12-31"]
    assert described.column(f"<{ID}tip-2021-be> dcterms:temporal/dcat:startDate ?x") == [
        "2020-04-01T00:00:00Z"
    ]


def test_links_to_tables_of_the_eu_are_counted(described: Description, shipped: LocalGraph) -> None:
    tables = "http://publications.europa.eu/resource/authority/"
    pattern = (
        "?set a void:Linkset ; void:linkPredicate dcterms:spatial ; void:triples ?number ;"
        f" void:objectsTarget <{tables}country> . ?any void:subset ?set BIND(?any AS ?x)"
    )
    counted_links = shipped.rows(
        "SELECT ?thing ?country { ?thing dcterms:spatial ?country FILTER(STRSTARTS(STR(?country),"
        f" '{tables}country/') && STRSTARTS(STR(?thing), 'https://w3id.org/tipgraph/')) }}"
    )
    assert described.numbers(pattern) == {DATASET_IRI: len(counted_links)}
    targets = described.column("?set void:objectsTarget ?x")
    assert {each.removeprefix(tables) for each in targets} >= {"country", "currency", "language"}


def test_facts_of_a_release_are_in_the_catalogue(described: Description, run) -> None:
    assert described.column(f"<{DATASET_IRI}> adms:versionNotes ?x") == ["Norms are new."]
    assert described.column("?c dcat:service/dcat:endpointURL ?x") == [ENDPOINT]
    assert described.column(f"<{DATASET_IRI}> dcat:previousVersion ?x") == [f"{DATASET_IRI}-0.0.9"]
    outcome = run("export", "catalog", "--sparql", "not an address")
    assert (outcome.code, outcome.out) == (2, "")
    assert "'not an address' is no IRI" in outcome.err


def test_graphs_of_others_are_no_origin_of_an_edition(described: Description) -> None:
    assert described.column(f"<{GRAPH}tip-2021-be> prov:wasDerivedFrom ?x") == []


@pytest.mark.conformance
def test_shapes_of_dcat_ap_find_nothing(turtle: str) -> None:
    if not SHAPES.exists():
        pytest.skip("the shapes of DCAT-AP are not in ../shared/dcat-ap")
    from pyshacl import validate

    shapes = Graph()
    for name in ("dcat-ap-SHACL.ttl", "ranges.ttl"):
        shapes.parse(SHAPES / name)
    # Five property shapes are referred to and in neither file.
    for node, shape in list(shapes.subject_objects(SH.property)):
        if (shape, SH.path, None) not in shapes:
            shapes.remove((node, SH.property, shape))
    conforms, _, text = validate(Graph().parse(data=turtle), shacl_graph=shapes)

    assert conforms, text


def test_every_term_exists(described: Description) -> None:
    used = {*described.column("?s ?x ?o"), *described.column("?s a ?x")}
    spaces = (DCTERMS, FOAF, PROV, RDFS, SKOS, VOID)
    known = {
        *(KNOWN_PREFIXES[prefix] + name for prefix, names in TERMS.items() for name in names),
        *(iri for space in spaces for iri in used if iri in space),
        RDF + "type",
    }

    assert used <= known


@pytest.mark.parametrize("syntax", list(SYNTAXES))
def test_every_syntax_has_the_same_quads(syntax: str, made: Catalog, shipped: LocalGraph) -> None:
    found = parse(
        serialize_quads(made.quads, syntax, shipped.resources).encode(), format=SYNTAXES[syntax]
    )

    assert set(found) == set(made.quads)
    assert not any(isinstance(each, BlankNode) for quad in made.quads for each in quad)


def test_graph_of_the_user_is_described(shipped, mini, tmp_path) -> None:
    own = tmp_path / "mine.ttl"
    own.write_text(
        "@prefix dcterms: <http://purl.org/dc/terms/> ."
        " <urn:x> a <http://example.org/on#Thing> ; <urn:p> 1 ; dcterms:license <urn:other> ."
        f' <{GRAPH}mine> dcterms:license <urn:licence> ; dcterms:issued "2026-01-01" .',
        encoding="utf-8",
    )
    graph = tipgraph.open(own)
    found = catalog(graph.engine, shipped.resources)
    description = Description(serialize_quads(found.quads, "turtle", shipped.resources))
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
