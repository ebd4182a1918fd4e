"""Describe the endpoint and its features (SPARQL 1.1 Service Description)."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from tipgraph.explorer.execution import GRAPHS, ROWS
from tipgraph.namespaces import RDF

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
# The names of formats (https://www.w3.org/ns/formats/).
FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF_XML",
}
PREFIXES = {"sd": SD, "formats": FORMATS}


def describe(endpoint: str, graphs: Iterable[str]) -> list[Triple]:
    """The triples on the endpoint at this address, with the named graphs of its dataset."""
    return list(_triples(NamedNode(endpoint), graphs))


def serialized(triples: Iterable[Triple], media_type: str) -> bytes:
    """The description in one of the formats for graphs."""
    syntax = GRAPHS[media_type]
    prefixes = PREFIXES if syntax == RdfFormat.TURTLE else None
    return serialize(triples, format=syntax, prefixes=prefixes) or b""


def _triples(endpoint: NamedNode, graphs: Iterable[str]) -> Iterator[Triple]:
    service, dataset, default = BlankNode("service"), BlankNode("dataset"), BlankNode("default")
    yield _is_a(service, "Service")
    yield Triple(service, _sd("endpoint"), endpoint)
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    for media_type in (*ROWS, *GRAPHS):
        if media_type in FORMAT_NAMES:
            format_ = NamedNode(FORMATS + FORMAT_NAMES[media_type])
            yield Triple(service, _sd("resultFormat"), format_)
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield _is_a(dataset, "Dataset")
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield _is_a(default, "Graph")
    for number, iri in enumerate(graphs):
        named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        yield Triple(dataset, _sd("namedGraph"), named)
        yield _is_a(named, "NamedGraph")
        yield Triple(named, _sd("name"), NamedNode(iri))
        yield Triple(named, _sd("graph"), graph)
        yield _is_a(graph, "Graph")


def _is_a(subject: BlankNode, name: str) -> Triple:
    return Triple(subject, NamedNode(RDF + "type"), _sd(name))


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
