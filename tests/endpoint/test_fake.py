"""The fake stores refuse what real stores refuse."""

import gzip
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.endpoint.fake import (
    RDF4J,
    ROWS,
    TRIPLES,
    UPDATE,
    FakeStore,
    Fuseki,
    GraphDB,
    Virtuoso,
    serving,
)
from tests.endpoint.guards import Basic, Digest

# Making a client takes longer than a request.
CLIENT = httpx.Client()
GRAPH = "urn:g"
TRIPLE = b"<urn:s> <urn:p> <urn:o> .\n"
INSERT = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> <urn:o> } }"
PATHS: dict[type[FakeStore], tuple[str, str, str]] = {
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


class PlainClient:
    """A client that knows a fake store's three addresses."""

    def __init__(self, fake: FakeStore, root: str) -> None:
        self.fake = fake
        self.queries, self.updates, self.graphs = (root + path for path in PATHS[type(fake)])

    def put(self, content: Any = TRIPLE, kind: str = TRIPLES, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kinds = {"Content-Type": kind, **named}
        return CLIENT.put(self.graphs, params={"graph": GRAPH}, content=content, headers=kinds)


@pytest.fixture(params=PATHS, ids=lambda fake: fake.__name__)
def store(request: pytest.FixtureRequest) -> Iterator[PlainClient]:
    """A store of each kind that has these three addresses."""
    fake = request.param(limit=5000)
    with serving(fake) as root:
        yield PlainClient(fake, root)


def test_correct_requests_succeed(store):
    assert store.put().status_code in (201, 204)
    assert store.put().status_code in (200, 204)
    kind = {"Content-Type": UPDATE}
    assert CLIENT.post(store.updates, content=INSERT, headers=kind).status_code == 204
    assert CLIENT.post(store.updates, data={"update": INSERT}).is_success
    rows = CLIENT.post(store.queries, data={"query": "ASK { GRAPH <urn:g> { ?s ?p ?o } }"})
    assert rows.json() == {"head": {}, "boolean": True}
    assert CLIENT.get(store.graphs, params={"graph": GRAPH}).content == TRIPLE


def test_body_without_length_or_compressed_is_refused(store):
    assert store.put(iter([TRIPLE])).status_code == 411
    assert store.put(gzip.compress(TRIPLE), Content_Encoding="gzip").status_code == 415
    assert not list(store.fake.store)


def test_large_body_is_refused(store):
    assert store.put(TRIPLE * 1000).status_code == 413
    assert not list(store.fake.store)


def test_wrong_media_type_is_refused(store):
    assert store.put(kind="application/json").status_code == 415
    for address in (store.updates, store.queries):
        wrong = CLIENT.post(address, content=INSERT, headers={"Content-Type": "text/plain"})
        assert wrong.status_code == 415
    accept = {"Accept": "text/html"}
    request = CLIENT.post(store.queries, data={"query": "ASK {}"}, headers=accept)
    assert request.status_code == 406


def test_put_without_graph_name_is_refused(store):
    answer = CLIENT.put(store.graphs, content=TRIPLE, headers={"Content-Type": TRIPLES})

    assert answer.status_code == 400


def test_query_address_refuses_updates(store):
    assert CLIENT.post(store.queries, data={"query": INSERT}).status_code == 400
    assert CLIENT.post(store.queries, data={"update": INSERT}).status_code == 400
    assert not list(store.fake.store)


def test_broken_triples_and_operations_are_refused(store):
    assert store.put(TRIPLE + b"<urn:s>").status_code == 400
    assert CLIENT.post(store.updates, data={"update": "INSERT"}).status_code == 400
    assert CLIENT.post(store.queries, data={"query": "SELECT"}).status_code == 400
    assert not list(store.fake.store)


@pytest.mark.parametrize(
    ("fake", "path", "status"),
    [
        (Fuseki, "/ds/else", 404),
        (Fuseki, "/ds/query", 404),
        (Fuseki, "/ds/update", 405),
        (Fuseki, "/ds/data?graph=urn:none", 404),
        (RDF4J, "/rdf4j-server/repositories/else", 404),
        (RDF4J, "/rdf4j-server/repositories/tip", 400),
        (RDF4J, "/rdf4j-server/repositories/tip/rdf-graphs/service?graph=urn:none", 200),
        (RDF4J, "/rdf4j-server/protocol", 200),
        (Virtuoso, "/sparql-graph-crud?graph=urn:none", 404),
        (Virtuoso, "/", 404),
    ],
)
def test_get_returns_documented_status(fake, path, status):
    with serving(fake()) as root:
        assert CLIENT.get(root + path).status_code == status


@pytest.mark.parametrize(("fake", "found"), [(Fuseki, False), (RDF4J, True), (GraphDB, True)])
def test_default_graph_is_the_union_where_documented(fake, found):
    with serving(fake()) as root:
        store = PlainClient(fake(), root)
        store.put()
        request = CLIENT.post(store.queries, data={"query": "ASK { ?s ?p ?o }"})

    assert request.json()["boolean"] is found


def test_servlet_reads_text_as_latin_1():
    fake = RDF4J()
    text = INSERT.replace("urn:o", "urn:ö")
    with serving(fake) as root:
        for charset in ("", "; charset=utf-8"):
            kind = {"Content-Type": UPDATE + charset}
            CLIENT.post(PlainClient(fake, root).updates, content=text, headers=kind)

    assert {str(quad.object) for quad in fake.store} == {"<urn:Ã¶>", "<urn:ö>"}


def test_virtuoso_discards_chunked_bodies():
    fake = Virtuoso()
    with serving(fake) as root:
        address = f"{root}/sparql-graph-crud-auth"
        kind = {"Content-Type": TRIPLES}
        for content in (TRIPLE, iter([TRIPLE])):
            named = CLIENT.put(address, content=content, params={"graph": GRAPH}, headers=kind)
            assert named.status_code == 201
        page = CLIENT.put(address, content=TRIPLE, headers=kind)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html")
        request = CLIENT.post(f"{root}/sparql", data={"update": INSERT})
        assert request.status_code == 500

    assert not list(fake.store)


@pytest.mark.parametrize("scheme", [Basic, Digest])
def test_only_the_known_user_is_admitted(scheme):
    with serving(FakeStore(scheme("me", "secret"))) as root:

        def status(auth: Any) -> int:
            ask = {"query": "ASK {}"}
            return CLIENT.post(f"{root}/ask", data=ask, auth=auth).status_code

        kinds = {Basic: httpx.BasicAuth, Digest: httpx.DigestAuth}
        assert status(None) == 401
        assert status(kinds.pop(scheme)("me", "secret")) == 200
        assert status(kinds.popitem()[1]("me", "secret")) == 401
        assert status(httpx.BasicAuth("me", "wrong")) == 401
        assert status(httpx.DigestAuth("me", "wrong")) == 401


def test_digest_response_is_accepted_once():
    with serving(FakeStore(Digest("me", "secret"))) as root:
        client = httpx.Client(auth=httpx.DigestAuth("me", "secret"), verify=False)
        right = client.get(f"{root}/ask", params={"query": "ASK {}"})
        again = httpx.Request("GET", right.request.url, headers=right.request.headers)

        assert right.json() == {"head": {}, "boolean": True}
        assert right.headers["content-type"] == ROWS
        assert CLIENT.send(again).status_code == 401
