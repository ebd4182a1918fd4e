"""The requests of `tipgraph load` to each kind of store, and the content of the store after it."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

import tipgraph
from tests.conftest import Outcome, Run
from tests.endpoint.catalogue import STORES, THREE, StoreKind
from tests.endpoint.fake import (
    RDF4J,
    TRIPLES,
    UPDATE,
    FakeStore,
    Fuseki,
    GraphDB,
    NoGraphStore,
    is_move,
    serving,
)
from tests.endpoint.guards import Authenticator, Basic, Bearer, Digest, NoChallenge
from tests.endpoint.message import FORM, StoreRequest, StoreResponse
from tests.endpoint.outcomes import assert_refused
from tests.export.quads import canonical
from tipgraph.endpoint.client import open_store
from tipgraph.endpoint.profiles import PROFILES
from tipgraph.endpoint.settings import Endpoint

GRAPH = "https://w3id.org/tipgraph/graph/"
MANIFEST = NamedNode(GRAPH + "loads")
STAGING = GRAPH + "staging/"
SKOLEM = "https://w3id.org/tipgraph/.well-known/genid/"
NAMES = ("actors", "all", "derived", "ontology", "shapes", "tip-2021-xx", "tip-2022-xx")
DATASET = NamedNode("http://rdfs.org/ns/void#Dataset")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
OWN = "https://example.org/g"
FOREIGN_GRAPH = "urn:theirs"
FOREIGN_QUAD = Quad(
    NamedNode("urn:s"), NamedNode("urn:p"), Literal("theirs"), NamedNode(FOREIGN_GRAPH)
)
# All but Virtuoso, which accepts no updates from anonymous users, and has no tokens.
ANONYMOUS = [name for name, known in STORES.items() if not known.user]
USER, PASSWORD = "loader", "sesame-öffne"


class TargetStore:
    """A store to load into, and the options that name it."""

    def __init__(self, known: StoreKind, fake: FakeStore, root: str, run: Run) -> None:
        self.known = known
        self.fake = fake
        self.root = root
        self._run = run

    def load(self, *arguments: object, way: int = 0) -> Outcome:
        """Run `tipgraph load`; earlier requests are forgotten."""
        self.fake.requests.clear()
        return self._run("load", *self.known.options(self.root, way), *arguments)

    def writes(self) -> list[StoreRequest]:
        """The requests that write."""
        return [request for request in self.fake.requests if is_write(request)]


@pytest.fixture(params=STORES)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of store."""
    name: str = request.param
    return name


@pytest.fixture
def store(kind: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[TargetStore]:
    """A store of each kind, with one graph that tipgraph did not load."""
    known = STORES[kind]
    authenticator = Authenticator()
    if known.user:
        monkeypatch.setenv("TIPGRAPH_USER", known.user)
        monkeypatch.setenv("TIPGRAPH_PASSWORD", PASSWORD)
        authenticator = Digest(
            known.user, PASSWORD, "SPARQL", paths=("/sparql-auth", "/sparql-graph-crud-auth")
        )
    fake = known.fake(authenticator)
    fake.store.add(FOREIGN_QUAD)
    with serving(fake) as root:
        yield TargetStore(known, fake, root, run)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file of the user's. To load its one graph takes a seventh of the requests."""
    file = tmp_path / "own.ttl"
    file.write_text('<urn:s> <urn:p> "Grüße" , [ <urn:q> 1 ] .', encoding="utf-8")
    return file


@pytest.mark.slow(reason="waits for a server or sends it much")
def test_only_a_graph_that_changed_is_sent_again(resources, store):
    assert actions(store.load()) == dict.fromkeys(NAMES, "create")
    assert loaded_graphs(store.fake) == expected_graphs(resources)

    outcome = store.load()

    assert (outcome.code, outcome.err) == (0, "")
    assert actions(outcome) == dict.fromkeys(NAMES, "keep")
    assert store.writes() == []

    change_label(resources)

    outcome = store.load()

    assert outcome.code == 0
    changed = {"actors": "replace", "all": "replace"}
    assert actions(outcome) == dict.fromkeys(NAMES, "keep") | changed
    assert list(actions(outcome))[-1] == "all"
    assert loaded_graphs(store.fake) == expected_graphs(resources)
    assert sum(map(is_move, store.writes())) == 2


@pytest.mark.parametrize("kind", ["fuseki", "rdf4j"], indirect=True)
def test_small_graphs_are_loaded_together(store, tmp_path):
    files = [tmp_path / f"{number}.nt" for number in range(30)]
    for file in files:
        file.write_text(f"<urn:{file.stem}> <urn:p> <urn:o> .")

    outcome = store.load(*files, "--base", OWN)

    assert list(actions(outcome).values()) == ["create"] * 30
    assert {graph.value for graph in store.fake.store.named_graphs()} >= {
        f"{OWN}/{file.stem}" for file in files
    }
    # Each time one to send, to claim, to move, and to record.
    assert len(store.writes()) == 8


@pytest.mark.slow(reason="waits for a server or sends it much")
def test_prune_removes_graphs_that_are_gone(resources, store):
    store.load()
    shutil.rmtree(resources / "data" / "tip-2022-xx")

    assert "tip-2022-xx" not in actions(store.load())
    assert "tip-2022-xx" in loaded_graphs(store.fake)

    outcome = store.load("--prune")

    assert outcome.code == 0
    assert actions(outcome)["tip-2022-xx"] == "remove"
    assert f"<{GRAPH}tip-2022-xx>" in outcome.err
    assert loaded_graphs(store.fake) == expected_graphs(resources)
    assert GRAPH + "tip-2022-xx" not in manifest(store.fake)


def test_full_verification_reads_everything_back(own, store, tmp_path):
    outcome = store.load(own, "--graph", OWN, "--verify", "full", "--report", tmp_path / "report")

    assert outcome.code == 0
    [loaded] = json.loads((tmp_path / "report").read_text())["graphs"]
    assert len(loaded["sha256_by_value"]) == 64

    name = NamedNode(OWN)
    others = [Quad(NamedNode(f"urn:{n}"), TYPE, DATASET, name) for n in range(loaded["triples"])]
    store.fake.store.remove_graph(name)
    store.fake.store.extend(others)
    assert actions(store.load(own, "--graph", OWN, "--dry-run")) == {OWN: "keep"}
    assert actions(store.load(own, "--graph", OWN, "--verify", "full")) == {OWN: "replace"}
    assert loaded_graphs(store.fake) == expected_graph(own)


def test_manifest_describes_loaded_graphs(resources, store, tmp_path):
    store.load("--report", tmp_path / "report.json")

    noted = manifest(store.fake)
    report = json.loads((tmp_path / "report.json").read_text())
    assert {each["graph"]: (each["triples"], each["sha256"]) for each in report["graphs"]} == {
        name: (int(entry["triples"]), entry["identifier"].removeprefix("sha256:"))
        for name, entry in noted.items()
    }
    assert (
        noted[GRAPH + "actors"]["identifier"] == f"sha256:{digest(resources / 'data/actors.ttl')}"
    )
    for entry in noted.values():
        assert set(entry) == {"type", "triples", "identifier", "modified"}
        assert datetime.fromisoformat(entry["modified"]).tzinfo


def test_requests_are_as_documented(resources, store):
    store.load()
    change_label(resources)
    store.load("--verify", "full", "--prune")

    requests = [request for request in store.fake.requests if request.status != 401]
    # The first one detects the kind of store.
    first, *rest = requests if store.known.ways[0][0] == "--endpoint" else [None, *requests]
    assert first is None or first.method == "GET"
    for each in rest:
        assert each.status < 400 or (each.method, each.status) == ("DELETE", 404)
        assert each.path in (store.known.writes if is_write(each) else store.known.reads)
        assert "transfer-encoding" not in each.headers
        assert "content-encoding" not in each.headers
        assert each.headers["user-agent"].startswith("tipgraph/")
    for each in (each for each in rest if each.method in ("PUT", "DELETE")):
        assert [name.startswith(STAGING) for name in each.parameters["graph"]] == [True]
    for put in (each for each in rest if each.method == "PUT"):
        assert put.media_type == TRIPLES
        assert int(put.headers["content-length"]) == len(put.body)
    assert any(each.method == "PUT" for each in rest) is (store.known.fake is not NoGraphStore)


@pytest.mark.parametrize(
    ("kind", "way"),
    [(kind, way) for kind, known in STORES.items() for way in range(len(known.ways))],
    indirect=["kind"],
)
def test_each_form_of_address_works(own, store, way, tmp_path):
    outcome = store.load(own, "--graph", OWN, "--report", tmp_path / "report.json", way=way)

    assert (outcome.code, outcome.err) == (0, "")
    assert actions(outcome) == {OWN: "create"}
    assert json.loads((tmp_path / "report.json").read_text())["store"] == store.known.title
    assert loaded_graphs(store.fake) == expected_graph(own)


def test_graph_name_may_be_any_iri(store, tmp_path):
    own = tmp_path / "own.ttl"
    own.write_text('<urn:s> <urn:p> "Grüße, 你好 🙂" .')
    name = "https://example.org/größe?a=b&c=d+e%20f#g"

    outcome = store.load(own, "--graph", name, "--verify", "full")

    assert (outcome.code, outcome.err) == (0, "")
    assert {graph.value for graph in store.fake.store.named_graphs()} == {
        name,
        MANIFEST.value,
        FOREIGN_GRAPH,
    }
    assert store.load(own, "--graph", name).out.splitlines()[1].startswith("keep")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("fuseki", "urn:x-arq:UnionGraph"),
        ("rdf4j", "http://www.openrdf.org/schema/sesame#nil"),
        ("graphdb", "urn:rdf4j:nil"),
        ("rdf4j", "http://rdf4j.org/schema/rdf4j#nil"),
        ("virtuoso", "http://www.openlinksw.com/schemas/virtrdf#"),
        ("virtuoso", f"https://example.org/{'x' * 2000}"),
        ("fuseki", "https://example.org/a/../b"),
        ("fuseki", "https://w3id.org/tipgraph/graph/x/.."),
    ],
    indirect=["kind"],
)
def test_name_that_the_store_uses_itself_is_refused(store, name, tmp_path):
    own = tmp_path / "own.nq"
    own.write_text(f"<urn:s> <urn:p> <urn:o> <{name}> .\n<urn:s> <urn:p> <urn:o> <urn:g> .")

    outcome = store.load(own, "--force")

    assert_refused(outcome, 2, f"<{name}>: {store.known.title} uses this name itself")
    assert not store.writes()


def test_norms_that_a_store_lost_in_part_are_an_error(resources, run):
    fake = Fuseki()
    with serving(fake) as root:
        assert run("load", "--endpoint", f"{root}/ds").code == 0
        lost = next(fake.store.quads_for_pattern(None, None, None, NamedNode(GRAPH + "all")))
        fake.store.remove(lost)
        outcome = run("assess", "--facts", "--endpoint", f"{root}/ds")

    assert_refused(outcome, 4, f"the graph <{GRAPH}all> is not as it was loaded; load it again")


class ReplacedStore(Fuseki):
    """A store in which a load replaces the merged graph after some requests."""

    left = 0

    def respond(self, request: StoreRequest, body: Callable[[], bytes]) -> StoreResponse:
        response = super().respond(request, body)
        self.left -= 1
        if self.left == 0:
            self.store.update(
                f"DELETE WHERE {{ GRAPH <{GRAPH}loads> {{ <{GRAPH}all> ?p ?o }} }} ;"
                f" INSERT DATA {{ GRAPH <{GRAPH}loads> {{ <{GRAPH}all> a {DATASET} ;"
                " <http://purl.org/dc/terms/source> <urn:staging> } }"
            )
        return response


@pytest.mark.parametrize("asked", [["query", "figures"], ["assess", "--facts"]])
def test_answer_from_two_loads_is_an_error(resources, run, asked):
    fake = ReplacedStore()
    with serving(fake) as root:
        assert run("load", "--endpoint", f"{root}/ds").code == 0
        begun = len(fake.requests)
        assert run(*asked, "--endpoint", f"{root}/ds").code != 4
        # From the first request after the one that finds the graph to the last but one.
        for each in range(2, len(fake.requests) - begun):
            fake.left = each
            outcome = run(*asked, "--endpoint", f"{root}/ds")

            assert_refused(outcome, 4, "again")
            fake.left = 0
            assert run("load", "--endpoint", f"{root}/ds").code == 0


def test_unknown_kind_of_store_needs_the_option(resources, run):
    with serving(FakeStore()) as root:
        outcome = run("load", "--endpoint", root)

    assert_refused(outcome, 4, "name the kind with --store")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--endpoint", "{}", "--store", "fuseki"), "the dataset is missing"),
        (("--endpoint", "{}", "--store", "rdf4j"), "the repository is missing"),
        (("--endpoint", "{}/repositories/", "--store", "graphdb"), "the repository is missing"),
        (("--endpoint", "{}/ask", "--store", "sparql"), "--update-url"),
        (("--query-url", "{}/ask"), "--update-url"),
        (("--endpoint", "{}", "--store", "mysql"), "choose one of oxigraph, virtuoso, fuseki"),
        ((), "--endpoint"),
    ],
)
def test_incomplete_address_is_an_error(resources, run, options, message):
    fake = FakeStore()
    with serving(fake) as root:
        outcome = run("load", *(option.format(root) for option in options))

    assert_refused(outcome, 2, message)
    assert all(request.method == "GET" for request in fake.requests)


@pytest.mark.parametrize(
    ("fake", "options", "message"),
    [
        (Fuseki, ("--endpoint", "{}/other", "--store", "fuseki"), "no such address"),
        (RDF4J, ("--endpoint", "{}/rdf4j-server/repositories/other"), "no such address"),
        (FakeStore, ("--query-url", "{}/ask", "--update-url", "{}/ask"), "status 415"),
        (
            FakeStore,
            ("--query-url", "{}/graphs", "--update-url", "{}/change/now"),
            "status 400",
        ),
        (FakeStore, ("--query-url", "{}/ask", *THREE[:3], "{}/else"), "no such address"),
    ],
)
def test_wrong_address_is_reported_in_one_line(resources, run, fake, options, message):
    with serving(fake()) as root:
        outcome = run("load", *(option.format(root) for option in options))

    assert_refused(outcome, 4, message)


class TestBatches:
    """A store without the Graph Store Protocol gets graphs as updates."""

    @pytest.fixture
    def kind(self) -> str:
        return "no graph store"

    def test_blank_nodes_are_kept_across_batches(self, resources, store, monkeypatch):
        monkeypatch.setattr("tipgraph.endpoint.profiles.RemoteStore.max_batch_bytes", 0)
        monkeypatch.setattr("tipgraph.endpoint.profiles.RemoteStore.max_insert_bytes", 300)

        outcome = store.load("--verify", "full")

        assert (outcome.code, outcome.err) == (0, "")
        assert len(store.writes()) > 50
        assert loaded_graphs(store.fake) == expected_graphs(resources)


AUTHENTICATORS: dict[str, tuple[str, Authenticator]] = {
    "Fuseki, digest": ("fuseki", Digest(USER, PASSWORD)),
    "Fuseki, basic": ("fuseki", Basic(USER, PASSWORD)),
    "RDF4J, basic": ("rdf4j", Basic(USER, PASSWORD, "RDF4J Server configuration")),
    "GraphDB, 401": ("graphdb", NoChallenge(USER, PASSWORD)),
    "GraphDB, 403": ("graphdb", NoChallenge(USER, PASSWORD, status=403)),
    "GraphDB, reading is free": ("graphdb", NoChallenge(USER, PASSWORD, is_free=True)),
    "SPARQL, basic": ("sparql", Basic(USER, PASSWORD)),
    "no graph store, digest": ("no graph store", Digest(USER, PASSWORD)),
}


@pytest.fixture(params=AUTHENTICATORS)
def guarded(request: pytest.FixtureRequest, run: Run) -> Iterator[TargetStore]:
    """A store that needs a login."""
    kind, authenticator = AUTHENTICATORS[request.param]
    fake = STORES[kind].fake(authenticator)
    with serving(fake) as root:
        yield TargetStore(STORES[kind], fake, root, run)


def test_known_user_can_load(own, guarded, monkeypatch):
    log_in(monkeypatch)

    outcome = guarded.load(own, "--graph", OWN, "--verify", "full")

    assert (outcome.code, outcome.err) == (0, "")
    assert loaded_graphs(guarded.fake) == expected_graph(own)


def test_login_downloads_nothing(own, guarded, monkeypatch):
    log_in(monkeypatch)
    guarded.load(own, "--graph", OWN)
    own.write_text("<urn:s> <urn:p> 2 .")

    guarded.load(own, "--graph", OWN)

    # Apart from the detection, a GET returns a graph, or the whole store.
    gets = [request for request in guarded.fake.requests if request.method == "GET"]
    assert [request.target for request in gets if "query" not in request.parameters] == []
    # No body is sent twice: the detection and the load each begin without credentials.
    puts = [request for request in guarded.fake.requests if request.method == "PUT"]
    assert all(request.status < 300 for request in puts)
    refused = [request for request in guarded.fake.requests if request.status in (401, 403)]
    assert len(refused) <= 2


@pytest.mark.parametrize("password", [None, "wrong-secret"])
def test_other_users_get_an_error(own, guarded, monkeypatch, password):
    if password:
        log_in(monkeypatch, password)

    outcome = guarded.load(own, "--graph", OWN)

    message = "does not" if password else "TIPGRAPH_USER"
    assert_refused(outcome, 4, message)
    assert "wrong-secret" not in outcome.err
    assert loaded_graphs(guarded.fake) == {}


@pytest.mark.parametrize("kind", ANONYMOUS)
def test_token_is_sent_with_every_request(own, kind, run, monkeypatch):
    monkeypatch.setenv("TIPGRAPH_TOKEN", "t0ken")
    fake = STORES[kind].fake(Bearer("t0ken"))
    with serving(fake) as root:
        outcome = run("load", *STORES[kind].options(root), own, "--graph", OWN)

    assert (outcome.code, outcome.err) == (0, "")
    assert loaded_graphs(fake) == expected_graph(own)


def test_graphdb_token_keeps_its_own_scheme(own, run, monkeypatch):
    monkeypatch.setenv("TIPGRAPH_TOKEN", "GDB t0ken")
    fake = GraphDB(Bearer("t0ken", scheme="GDB"))
    with serving(fake) as root:
        outcome = run("load", *STORES["graphdb"].options(root), own, "--graph", OWN)

    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.parametrize(
    ("kind", "seconds", "message"),
    [
        # Whole seconds: Jena reads a `long`, and leaves out what is none.
        ("fuseki", 60, {"timeout": "60"}),
        ("fuseki", 0.5, {"timeout": "1"}),
        ("fuseki", 2_000_000, {"timeout": "2000000"}),
        # "a maximum query execution time, in whole seconds"
        ("rdf4j", 60, {"timeout": "60"}),
        ("rdf4j", 0.5, {"timeout": "1"}),
        ("graphdb", 2.5, {"timeout": "3"}),
        # Milliseconds, and less than a second is taken for one.
        ("virtuoso", 2.5, {"timeout": "2500"}),
        ("oxigraph", 60, {}),
        ("sparql", 60, {}),
    ],
)
def test_time_limit_is_in_the_unit_of_the_store(kind, seconds, message):
    url = "http://localhost:1/repositories/tip"
    store = open_store(Endpoint(url=url, store=kind))

    assert store.timeout_parameter(seconds) == message
    assert set(PROFILES) == {"oxigraph", "virtuoso", "fuseki", "graphdb", "rdf4j", "sparql"}


def log_in(monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD) -> None:
    """Set user and password in the environment."""
    monkeypatch.setenv("TIPGRAPH_USER", USER)
    monkeypatch.setenv("TIPGRAPH_PASSWORD", password)


def change_label(resources: Path) -> None:
    """Change the label of an actor."""
    actors = resources / "data" / "actors.ttl"
    actors.write_text(actors.read_text().replace("shelters", "houses"))


def is_write(request: StoreRequest) -> bool:
    """Return whether the request writes."""
    is_form = request.media_type == FORM and request.body.startswith(b"update=")
    return request.method in ("PUT", "DELETE") or request.media_type in (UPDATE, TRIPLES) or is_form


def actions(outcome: Outcome) -> dict[str, str]:
    """The action for each graph, by the last part of its name."""
    head, *rows = (line.split("\t") for line in outcome.out.splitlines())
    assert head == ["action", "graph", "triples", "before"]
    return {name.removeprefix(GRAPH): action for action, name, *_ in rows}


def loaded_graphs(fake: FakeStore) -> dict[str, set[str]]:
    """The graphs that were loaded; checks that the foreign graph is unchanged."""
    assert FOREIGN_QUAD in fake.store or not any(True for _ in graph(fake, FOREIGN_GRAPH))
    assert not staging_graphs(fake)
    names = {name.value for name in fake.store.named_graphs()} - {MANIFEST.value, FOREIGN_GRAPH}
    found = {name.removeprefix(GRAPH): unnamed(graph(fake, name)) for name in names}
    assert len(list(fake.store)) == sum(map(len, found.values())) + len(
        [*graph(fake, MANIFEST.value), *graph(fake, FOREIGN_GRAPH)]
    )
    return {name: content for name, content in found.items() if content}


def expected_graphs(resources: Path) -> dict[str, set[str]]:
    """The content that the graphs of the resources should have."""
    files = {
        "ontology": resources.glob("ontology/*.ttl"),
        "shapes": [resources / "ontology/shapes/mini.ttl"],
        "actors": [resources / "data/actors.ttl"],
        **{folder.name: folder.glob("*.ttl") for folder in resources.glob("data/*/")},
    }
    derived: Any = tipgraph.open().query(
        f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{GRAPH}derived> {{ ?s ?p ?o }} }}"
    )
    graphs = {
        name: [quad for path in paths for quad in parse(path=str(path))]
        for name, paths in files.items()
    }
    graphs["derived"] = [Quad(*triple) for triple in derived]
    graphs["all"] = [quad for name in graphs if name != "shapes" for quad in graphs[name]]
    return {name: unnamed(quads) for name, quads in graphs.items()}


def expected_graph(own: Path) -> dict[str, set[str]]:
    """The same where a file of the user's was loaded."""
    return {OWN: unnamed(parse(path=str(own)))}


def unnamed(quads: Iterable[Quad]) -> set[str]:
    """The triples without graph names, comparable whatever the labels of blank nodes.

    In the merged graph these have IRIs.
    """
    return canonical(Quad(blank(q.subject), q.predicate, blank(q.object)) for q in quads)


def blank(term: Any) -> Any:
    """The blank node for its IRI in the merged graph, and any other term as it is."""
    is_named = isinstance(term, NamedNode) and term.value.startswith(SKOLEM)
    return BlankNode(term.value.rpartition("/")[2]) if is_named else term


def graph(fake: FakeStore, name: str) -> Iterator[Quad]:
    """The quads of a graph."""
    return fake.store.quads_for_pattern(None, None, None, NamedNode(name))


def staging_graphs(fake: FakeStore) -> list[str]:
    """The staging graphs in the store."""
    names = (name.value for name in fake.store.named_graphs())
    return [name for name in names if name.startswith(STAGING) and any(graph(fake, name))]


def manifest(fake: FakeStore) -> dict[str, dict[str, str]]:
    """The manifest entry of each loaded graph."""
    entries: dict[str, dict[str, str]] = {}
    for quad in fake.store.quads_for_pattern(None, None, None, MANIFEST):
        statement: Any = quad
        key = statement.predicate.value.replace("#", "/").rpartition("/")[2]
        entries.setdefault(statement.subject.value, {})[key] = statement.object.value
    assert all(Quad(NamedNode(name), TYPE, DATASET, MANIFEST) in fake.store for name in entries)
    return entries


def digest(turtle: Path) -> str:
    """The SHA-256 of the file as canonical N-Triples."""
    lines = sorted(
        f"{quad.triple} .\n" for quad in parse(path=str(turtle), format=RdfFormat.TURTLE)
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()
