"""The W3C's tests of the SPARQL Protocol and of service descriptions; updates are refused.

The tests are not part of the project.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, Store, parse_query_results
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

from tests.explorer.server import CLIENT, serving

TESTS = Path(__file__).parents[3] / "shared" / "w3c-sparql-protocol"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
# Domains and ranges in the vocabulary for descriptions of queries.
SCHEMA = {
    SD.endpoint: (SD.Service, None),
    SD.supportedLanguage: (SD.Service, SD.Language),
    SD.feature: (SD.Service, SD.Feature),
    SD.resultFormat: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
# The languages and features that the vocabulary itself describes.
KNOWN = {SD.SPARQL11Query: SD.Language, SD.UnionDefaultGraph: SD.Feature}
FORMATS = {
    "application/sparql-results+json": "tabular boolean",
    "application/sparql-results+xml": "tabular boolean",
    "text/csv": "tabular",
    "text/tab-separated-values": "tabular",
    "text/turtle": "RDF",
    "application/n-triples": "RDF",
    "application/rdf+xml": "RDF",
}

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not TESTS.is_dir(), reason=f"the tests of the W3C are not in {TESTS}"),
]


class Exchange(NamedTuple):
    """A request, and what the manifest expects of the response."""

    method: str
    parameters: str
    headers: dict[str, str]
    body: bytes
    statuses: set[int]
    format: str | None
    boolean: bool | None

    @property
    def is_update(self) -> bool:
        media_type = self.headers.get("content-type", "")
        return (
            media_type.startswith("application/sparql-update")
            or b"update=" in self.body + self.parameters.encode()
            or self.body.startswith(b"CLEAR")
        )


class Case(NamedTuple):
    name: str
    exchanges: list[Exchange]
    graphs: dict[str, str]

    @property
    def is_update(self) -> bool:
        return any(each.is_update for each in self.exchanges)


def members(graph: Graph, subject: Node, predicate: Node) -> list[Node]:
    first = graph.value(subject, predicate)
    return list(Collection(graph, first)) if first else []


def manifest(folder: str) -> tuple[Graph, list[Node]]:
    file = TESTS / folder / "manifest.ttl"
    graph = Graph().parse(file, publicID=file.as_uri())
    return graph, members(graph, URIRef(file.as_uri()), MF.entries)


def cases() -> Iterator[Case]:
    graph, entries = manifest("protocol")
    for entry in entries:
        action = graph.value(entry, MF.action)
        assert action
        graphs = {
            str(graph.value(each, RDFS.label)): str(graph.value(each, UT.graph)).rpartition("/")[2]
            for each in graph.objects(entry, UT.graphData)
        }
        exchanges = [exchange(graph, each) for each in members(graph, action, HT.requests)]
        yield Case(str(entry).partition("#")[2], exchanges, graphs)


def exchange(graph: Graph, request: Node) -> Exchange:
    body = graph.value(request, HT.body)
    expected = graph.value(request, HT.resp)
    boolean = graph.value(expected, MF.expectedBoolean)
    form = graph.value(expected, MF.expectedFormat)
    return Exchange(
        str(graph.value(request, HT.methodName)),
        str(graph.value(request, HT.absolutePath)).removeprefix("/sparql/"),
        {
            str(graph.value(each, HT.fieldName)): str(graph.value(each, HT.fieldValue))
            for each in members(graph, request, HT.headers)
        },
        str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding)))
        if body
        else b"",
        {int(str(each)[-3]) for each in graph.objects(expected, MF.expectedStatus)},
        None if form is None else str(form),
        None if boolean is None else str(boolean) == "true",
    )


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    store = Store()
    graphs = {name: file for case in cases() for name, file in case.graphs.items()}
    for name, file in graphs.items():
        path = TESTS / "protocol" / file
        store.load(path=path, format=RdfFormat.N_TRIPLES, to_graph=NamedNode(name))
    with serving(store) as address:
        yield address
    assert len(store) == len(graphs)


def send(endpoint: str, each: Exchange) -> httpx.Response:
    return CLIENT.request(
        each.method, endpoint + each.parameters, headers=each.headers, content=each.body
    )


def truth(response: httpx.Response) -> bool:
    return bool(parse_query_results(response.content, QueryResultsFormat.JSON))


def test_every_query_case_passes(endpoint: str) -> None:
    queries = [case for case in cases() if not case.is_update]

    for case in queries:
        for each in case.exchanges:
            response = send(endpoint, each)
            assert response.status_code // 100 in each.statuses, case.name
            if each.format:
                media_type = response.headers["content-type"].partition(";")[0]
                assert each.format in FORMATS[media_type], case.name
            if each.boolean is not None:
                assert truth(response) == each.boolean, case.name
    assert len(queries) == 20


def test_every_update_case_is_refused_and_changes_nothing(endpoint: str) -> None:
    updates = [case for case in cases() if case.is_update]
    valid = 0

    for case in updates:
        for each in case.exchanges:
            response = send(endpoint, each)
            if each.is_update and 4 not in each.statuses:
                assert response.status_code == 403, case.name
                assert response.text == "the endpoint is read-only and runs no updates\n"
                valid += 1
            elif each.is_update:
                assert response.status_code // 100 == 4, case.name
            else:
                assert not truth(response), case.name
    assert (len(updates), valid) == (14, 7)


def test_service_description_passes(endpoint: str) -> None:
    _, entries = manifest("service-description")
    response = CLIENT.get(endpoint)
    description = Graph().parse(data=response.text, format="turtle")
    checks = {
        "returns-rdf": len(description) > 0,
        "has-endpoint-triple": (None, SD.endpoint, URIRef(endpoint)) in description,
        "conforms-to-schema": not list(contradictions(description)),
    }

    assert {str(each).partition("#")[2]: True for each in entries} == checks


def contradictions(description: Graph) -> Iterator[object]:
    """Return terms of a description that the vocabulary does not have, or not in this place."""
    if len(list(description.subjects(RDF.type, SD.Service))) != 1:
        yield "services"
    for subject, predicate, object_ in description:
        if predicate == RDF.type:
            if object_ not in {each for pair in SCHEMA.values() for each in pair}:
                yield object_
            continue
        domain, range_ = SCHEMA[URIRef(str(predicate))]
        if (subject, RDF.type, domain) not in description:
            yield subject
        types = {KNOWN.get(URIRef(str(object_)))} | set(description.objects(object_, RDF.type))
        if range_ and range_ not in types:
            yield object_
