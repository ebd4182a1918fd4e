"""The fake stores refuse what real stores refuse, so that the tests with them prove something."""

import gzip
from collections.abc import Iterator

import httpx
import pytest

from tests.endpoint.fake import (
    RDF4J,
    TRIPLES,
    UPDATE,
    FakeStore,
    Fuseki,
    GraphDB,
    Virtuoso,
    serving,
)
from tests.endpoint.guards import Digest

# Making a client takes longer than a request.
CLIENT = httpx.Client()
GRAPH = {"graph": "urn:g"}
TRIPLE = b"<urn:s> <urn:p> <urn:o> .\n"
INSERT = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> <urn:o> } }"
# The address of queries, of updates and of graphs.
ADDRESSES: dict[type[FakeStore], tuple[str, str, str]] = {
    FakeStore: ("/ask", "/change/now", "/graphs"),
    Fuseki: ("/ds/query", "/ds/update", "/ds/data"),
    RDF4J: (
        "/rdf4j-server/repositories/tip",
        "/rdf4j-server/repositories/tip/statements",
        "/rdf4j-server/repositories/tip/rdf-graphs/service",
    ),
    GraphDB: (
        "/repositories/tip",
        "/repositories/tip/statements",
        "/repositories/tip/rdf-graphs/service",
    ),
}
QUERIES, UPDATES, GRAPHS = range(3)


@pytest.fixture(params=ADDRESSES, ids=lambda fake: fake.__name__)
def store(request: pytest.FixtureRequest) -> Iterator[tuple[FakeStore, list[str]]]:
    """A store of each kind, and its three addresses."""
    fake = request.param(limit=5000)
    with serving(fake) as root:
        yield fake, [root + path for path in ADDRESSES[request.param]]


def test_correct_requests_succeed(store):
    _, (queries, updates, graphs) = store
    triples, update = {"Content-Type": TRIPLES}, {"Content-Type": UPDATE}
    for statuses in ((201, 204), (200, 204)):
        put = CLIENT.put(graphs, params=GRAPH, content=TRIPLE, headers=triples)
        assert put.status_code in statuses
    assert CLIENT.post(updates, content=INSERT, headers=update).status_code == 204
    assert CLIENT.post(updates, data={"update": INSERT}).is_success
    rows = CLIENT.post(queries, data={"query": "ASK { GRAPH <urn:g> { ?s ?p ?o } }"})
    assert rows.json() == {"head": {}, "boolean": True}
    assert CLIENT.get(graphs, params=GRAPH).content == TRIPLE


@pytest.mark.parametrize(
    ("address", "status", "request_"),
    [
        (GRAPHS, 411, {"params": GRAPH, "content": [TRIPLE]}),
        (
            GRAPHS,
            415,
            {
                "params": GRAPH,
                "content": gzip.compress(TRIPLE),
                "headers": {"Content-Encoding": "gzip"},
            },
        ),
        (GRAPHS, 413, {"params": GRAPH, "content": TRIPLE * 1000}),
        (GRAPHS, 415, {"params": GRAPH, "content": TRIPLE, "headers": {"Content-Type": "a/json"}}),
        (GRAPHS, 400, {"content": TRIPLE}),
        (GRAPHS, 400, {"params": GRAPH, "content": TRIPLE + b"<urn:s>"}),
        (UPDATES, 415, {"content": INSERT, "headers": {"Content-Type": "text/plain"}}),
        (QUERIES, 415, {"content": INSERT, "headers": {"Content-Type": "text/plain"}}),
        (QUERIES, 406, {"data": {"query": "ASK {}"}, "headers": {"Accept": "text/html"}}),
        (QUERIES, 400, {"data": {"query": INSERT}}),
        (QUERIES, 400, {"data": {"update": INSERT}}),
        (QUERIES, 400, {"data": {"query": "SELECT"}}),
        (UPDATES, 400, {"data": {"update": "INSERT"}}),
    ],
)
def test_incorrect_request_is_refused_and_changes_nothing(store, address, status, request_):
    fake, addresses = store
    headers = ({"Content-Type": TRIPLES} if address == GRAPHS else {}) | request_.get("headers", {})
    method = "PUT" if address == GRAPHS else "POST"

    answer = CLIENT.request(method, addresses[address], **{**request_, "headers": headers})

    assert answer.status_code == status
    assert not list(fake.store)


def test_virtuoso_discards_chunked_bodies():
    fake = Virtuoso()
    with serving(fake) as root:
        address = f"{root}/sparql-graph-crud-auth"
        kind = {"Content-Type": TRIPLES}
        for content in (TRIPLE, iter([TRIPLE])):
            named = CLIENT.put(address, content=content, params=GRAPH, headers=kind)
            assert named.status_code == 201
        page = CLIENT.put(address, content=TRIPLE, headers=kind)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html")
        request = CLIENT.post(f"{root}/sparql", data={"update": INSERT})
        assert request.status_code == 500

    assert not list(fake.store)


def test_digest_response_is_accepted_once():
    with serving(FakeStore(Digest("me", "secret"))) as root:
        client = httpx.Client(auth=httpx.DigestAuth("me", "secret"), verify=False)
        right = client.get(f"{root}/ask", params={"query": "ASK {}"})
        again = httpx.Request("GET", right.request.url, headers=right.request.headers)

        assert right.json() == {"head": {}, "boolean": True}
        assert CLIENT.send(again).status_code == 401
