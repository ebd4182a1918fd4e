"""The catalogue: what the graph contains and where its files are, in DCAT-AP 3 and VoID.

The queries beside this module copy what the graph states of editions, series and named graphs, and
complete it. Sizes and checksums are those of the files that `files` contains, which `export graph`
writes too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os.path import dirname, join

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store

from tipgraph.cite import AUTHORS
from tipgraph.entities.editions import ALL
from tipgraph.export.catalog.descriptions import (
    AUTHORITY,
    Properties,
    describe,
    english,
    part,
    term,
)
from tipgraph.export.catalog.statistics import linksets, statistics
from tipgraph.export.figures import figures
from tipgraph.export.graph import (
    KNOWN_PREFIXES,
    SYNTAXES,
    named_graphs,
    serialize_in,
    serialize_quads,
)
from tipgraph.export.jsonld import NON_NEGATIVE
from tipgraph.export.network import graphml, network
from tipgraph.export.package import DATASET, DESCRIPTION, TABLES, TITLE, package, zipped
from tipgraph.files import read_text
from tipgraph.namespaces import GRAPH, OURS, XSD, last_part
from tipgraph.queries.catalogue import Catalogue
from tipgraph.render import formats
from tipgraph.resources.folders import Resources
from tipgraph.store.engine import Embedded
from tipgraph.version import VERSION

CITATION = f"{AUTHORS}: {TITLE}, version {VERSION}. {OURS}"
# The graph of what the catalogue draws on and does not contain.
TERMS = NamedNode(GRAPH + "terms")
FILE_TYPES = {
    "turtle": "RDF_TURTLE",
    "trig": "RDF_TRIG",
    "nquads": "RDF_N_QUADS",
    "ntriples": "RDF_N_TRIPLES",
    "jsonld": "JSON_LD",
}
# The files of the whole graph: what each contains, its media type, and its type of the EU table.
WHOLE_FILES = {
    "tipgraph.nq": ("all named graphs, N-Quads", "application/n-quads", "RDF_N_QUADS"),
    "figures.csv": ("the figures of all editions, CSV", "text/csv", "CSV"),
    "network.graphml": ("the network of actors, GraphML", "application/xml", "XML"),
    "tables.zip": ("the tables as a data package", "application/zip", "ZIP"),
}
BYTE_SIZE = NamedNode(KNOWN_PREFIXES["dcat"] + "byteSize")
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True)
class Release:
    """The facts of a release that only its publisher knows; each may be empty.

    `endpoint` is the address of a SPARQL endpoint that serves the graph, `previous` the IRI of the
    dataset of the release before, `notes` are in words what changed since. `digest` is that of the
    graph.
    """

    endpoint: str = ""
    previous: str = ""
    notes: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Catalog:
    """The description, without blank nodes, and the files that it lists, by name."""

    quads: list[Quad]
    files: dict[str, bytes]


def catalog(
    engine: Embedded,
    resources: Resources,
    with_files: bool = True,
    release: Release = Release(),
) -> Catalog:
    """The catalogue of the graph: a dataset, and each named graph as one that is a part of it.

    `export.graph.serialize_quads` writes it. The editions and series that the graph draws on are
    datasets of others. `resources` has the context of JSON-LD. Without files it names none.
    """
    graphs: dict[str, list[Quad]] = {}
    for quad in named_graphs(engine):
        if isinstance(quad.graph_name, NamedNode):
            graphs.setdefault(quad.graph_name.value, []).append(quad)
    quads = [quad for content in graphs.values() for quad in content]

    made = Store()
    made.load(path=join(dirname(__file__), "constants.trig"), format=RdfFormat.TRIG)
    for name, target in (("sources", None), ("graphs", None), ("terms", TERMS)):
        copied = engine.construct(_text(f"{name}.rq"))
        made.extend(Quad(each.subject, each.predicate, each.object, target) for each in copied)
    made.extend(_release(release, len(quads)))
    files: dict[str, bytes] = {}
    if with_files:
        for name, content in _whole_files(engine, resources, quads, release.digest):
            files[name] = content
            title, media, kind = WHOLE_FILES[name]
            made.extend(_file(DATASET, name, f": {title}", content, kind, media))
        for graph, content_of in graphs.items():
            if not graph.startswith(OURS):
                continue
            for syntax, text in serialize_in(content_of, SYNTAXES, resources).items():
                rdf_format, kind = SYNTAXES[syntax], FILE_TYPES[syntax]
                name = f"{last_part(graph)}.{rdf_format.file_extension}"
                files[name] = text.encode()
                title, media = f", {rdf_format.name}", rdf_format.media_type
                made.extend(_file(graph, name, title, files[name], kind, media))
    made.update(_text("complete.ru"), prefixes=KNOWN_PREFIXES)

    found = [*_described(made), *linksets(quads)]
    for graph, content_of in graphs.items():
        found += statistics(graph, content_of)
    return Catalog(list(dict.fromkeys(found)), files)


def _text(name: str) -> str:
    return read_text(join(dirname(__file__), name))


def _described(made: Store) -> Iterator[Quad]:
    """The catalogue, with sizes in their datatype, for which a store has another."""
    for quad in made.quads_for_pattern(None, None, None, DefaultGraph()):
        subject, predicate, value = quad.triple
        if predicate == BYTE_SIZE and isinstance(value, Literal):
            yield Quad(subject, predicate, Literal(value.value, datatype=NON_NEGATIVE))
        elif not isinstance(subject, BlankNode) and not isinstance(value, BlankNode):
            yield quad


def _release(release: Release, size: int) -> Iterator[Quad]:
    """The dataset of a release."""
    named = {"dcterms:title": [english(TITLE)], "dcterms:description": [english(DESCRIPTION)]}
    for quad in describe(DATASET, {**named, "dcat:version": [Literal(VERSION)]}):
        yield Quad(quad.subject, quad.predicate, quad.object, TERMS)
    properties: Properties = {
        "dcterms:bibliographicCitation": [Literal(CITATION)],
        "dcat:previousVersion": [NamedNode(release.previous)] if release.previous else [],
        "adms:versionNotes": [english(release.notes)] if release.notes else [],
        "void:sparqlEndpoint": [NamedNode(release.endpoint)] if release.endpoint else [],
        "void:triples": [Literal(size)],
    }
    yield from describe(DATASET, properties)


def _whole_files(
    engine: Embedded, resources: Resources, quads: list[Quad], digest: str
) -> Iterator[tuple[str, bytes]]:
    """The files of the whole graph; resources without our queries have N-Quads alone."""
    queries = Catalogue(resources)
    yield "tipgraph.nq", serialize_quads(quads, "nquads", resources).encode()
    if not {*TABLES.values()} <= {*queries}:
        return
    rows = figures(engine, queries, ALL)
    yield "figures.csv", formats.csv(rows.columns, formats.plain(rows)).encode()
    yield "network.graphml", graphml(network(engine, queries)).encode()
    yield "tables.zip", zipped(package(engine, queries, resources, digest, False))


def _file(
    dataset: str, name: str, title: str, content: bytes, kind: str, media_type: str
) -> Iterator[Quad]:
    """A file of a dataset, at the address of the graphs; `title` is the end of its title."""
    from hashlib import sha256

    of_file = name.removeprefix(f"{last_part(dataset)}.")
    address, file = NamedNode(GRAPH + name), part(dataset, of_file)
    checksum = part(dataset, f"{of_file}-sha256")
    digest = Literal(sha256(content).hexdigest(), datatype=NamedNode(XSD + "hexBinary"))
    described: Mapping[str, Properties] = {
        dataset: {"dcat:distribution": [NamedNode(file)]},
        file: {
            "dcterms:format": [NamedNode(f"{AUTHORITY}file-type/{kind}")],
            "dcat:mediaType": [NamedNode(MEDIA_TYPES + media_type)],
            "dcat:downloadURL": [address],
            "dcat:byteSize": [Literal(len(content))],
            "spdx:checksum": [NamedNode(checksum)],
        },
        checksum: {"spdx:checksumValue": [digest]},
    }
    for subject, properties in described.items():
        yield from describe(subject, properties)
    yield Quad(NamedNode(file), term("rdfs:label"), Literal(title), TERMS)
