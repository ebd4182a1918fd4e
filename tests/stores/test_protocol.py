"""What `tipgraph load` sends to each kind of store, and what is in the store afterwards."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

import tipgraph
from tests.conftest import Outcome, Run
from tests.exporting.quads import alike
from tests.stores.catalogue import STORES, THREE, Known
from tests.stores.fake import RDF4J, TRIPLES, UPDATE, Face, Fuseki, GraphDB, NoGraphStore, serving
from tests.stores.guards import Basic, Bearer, Digest, Guard, Silent
from tests.stores.message import FORM, Asked
from tests.stores.outcomes import assert_refused
from tipgraph.endpoint.settings import Endpoint
from tipgraph.endpoint.stores import KINDS, open_store

GRAPH = "https://w3id.org/tipgraph/graph/"
LEDGER = NamedNode(GRAPH + "loads")
STAGING = GRAPH + "staging/"
NAMES = ("actors", "derived", "ontology", "shapes", "tip-2021-xx", "tip-2022-xx")
DATASET = NamedNode("http://rdfs.org/ns/void#Dataset")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
OWN = "https://example.org/g"
THEIRS = "urn:theirs"
OTHERS = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("theirs"), NamedNode(THEIRS))
# All but the one that takes nothing from strangers, and knows no tokens.
OPEN = [name for name, known in STORES.items() if not known.user]
USER, PASSWORD = "loader", "sesame-öffne"


class Loading:
    """A store of some kind that is loaded into, by a command line that names it in its way."""

    def __init__(self, known: Known, face: Face, root: str, run: Run) -> None:
        self.known = known
        self.face = face
        self.root = root
        self._run = run

    def load(self, *arguments: object, way: int = 0) -> Outcome:
        """Run `tipgraph load`; what was asked before is forgotten."""
        self.face.asked.clear()
        return self._run("load", *self.known.options(self.root, way), *arguments)

    def writes(self) -> list[Asked]:
        """The requests that change something."""
        return [asked for asked in self.face.asked if is_write(asked)]


@pytest.fixture(params=STORES)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of store."""
    name: str = request.param
    return name


@pytest.fixture
def store(kind: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loading]:
    """An almost empty store of each kind: a graph of somebody else is in it."""
    known = STORES[kind]
    guard = Guard()
    if known.user:
        monkeypatch.setenv("TIPGRAPH_USER", known.user)
        monkeypatch.setenv("TIPGRAPH_PASSWORD", PASSWORD)
        guard = Digest(
            known.user, PASSWORD, "SPARQL", paths=("/sparql-auth", "/sparql-graph-crud-auth")
        )
    face = known.face(guard)
    face.store.add(OTHERS)
    with serving(face) as root:
        yield Loading(known, face, root, run)


def test_that_every_graph_is_made_as_it_is_to_be(resources, store):
    outcome = store.load()

    assert (outcome.code, outcome.err) == (0, "")
    assert actions(outcome) == dict.fromkeys(NAMES, "create")
    assert held(store.face) == wanted(resources)


def test_that_a_second_load_sends_nothing(resources, store):
    store.load()

    outcome = store.load()

    assert (outcome.code, outcome.err) == (0, "")
    assert actions(outcome) == dict.fromkeys(NAMES, "keep")
    assert store.writes() == []


def test_that_one_changed_statement_replaces_one_graph(resources, store):
    store.load()
    change(resources)

    outcome = store.load()

    assert outcome.code == 0
    assert actions(outcome) == dict.fromkeys(NAMES, "keep") | {"actors": "replace"}
    assert held(store.face) == wanted(resources)
    assert len([asked for asked in store.writes() if b"MOVE" in asked.body]) == 1


def test_that_what_is_wanted_no_more_goes_when_it_is_said(resources, store):
    store.load()
    shutil.rmtree(resources / "data" / "tip-2022-xx")

    assert "tip-2022-xx" not in actions(store.load())
    assert "tip-2022-xx" in held(store.face)

    outcome = store.load("--prune")

    assert outcome.code == 0
    assert actions(outcome)["tip-2022-xx"] == "remove"
    assert f"<{GRAPH}tip-2022-xx>" in outcome.err
    assert held(store.face) == wanted(resources)
    assert GRAPH + "tip-2022-xx" not in ledger(store.face)


def test_that_full_verification_reads_everything_back(resources, store, tmp_path):
    outcome = store.load("--verify", "full", "--receipt", tmp_path / "receipt.json")

    assert outcome.code == 0
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    assert all(len(each["sha256ByValue"]) == 64 for each in receipt["graphs"])

    actors = NamedNode(GRAPH + "actors")
    others = [Quad(NamedNode(f"urn:{n}"), TYPE, DATASET, actors) for n in range(count(receipt))]
    store.face.store.remove_graph(actors)
    store.face.store.extend(others)
    assert actions(store.load("--dry-run"))["actors"] == "keep"
    assert actions(store.load("--verify", "full"))["actors"] == "replace"
    assert held(store.face) == wanted(resources)


def test_that_a_dry_run_only_asks(resources, store):
    outcome = store.load("--dry-run", "--prune", "--verify", "full", "--force")

    assert outcome.code == 0
    assert actions(outcome) == dict.fromkeys(NAMES, "create")
    assert "nothing was done" in outcome.err
    assert store.writes() == []
    assert held(store.face) == {}
    assert LEDGER not in store.face.store.named_graphs()


def test_that_what_broken_loads_left_is_removed(resources, store):
    store.load()
    for number in range(3):
        left = NamedNode(f"{STAGING}{number}")
        store.face.store.add(Quad(OTHERS.subject, OTHERS.predicate, OTHERS.object, left))

    outcome = store.load("--clean")

    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.splitlines() == [
        f"tipgraph: removed <{STAGING}{number}>" for number in range(3)
    ]
    assert held(store.face) == wanted(resources)


def test_that_the_store_knows_what_was_loaded(resources, store, tmp_path):
    store.load("--receipt", tmp_path / "receipt.json")

    noted = ledger(store.face)
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    assert {each["graph"]: (each["triples"], each["sha256"]) for each in receipt["graphs"]} == {
        name: (int(entry["triples"]), entry["identifier"].removeprefix("sha256:"))
        for name, entry in noted.items()
    }
    assert (
        noted[GRAPH + "actors"]["identifier"] == f"sha256:{digest(resources / 'data/actors.ttl')}"
    )
    for entry in noted.values():
        assert set(entry) == {"type", "triples", "identifier", "modified"}
        assert datetime.fromisoformat(entry["modified"]).tzinfo


def test_that_requests_are_as_documented(resources, store):
    store.load()
    change(resources)
    store.load("--verify", "full", "--prune")

    asked = [asked for asked in store.face.asked if asked.status != 401]
    # A probe of what kind of store it is comes first.
    first, *rest = asked if store.known.ways[0][0] == "--endpoint" else [None, *asked]
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
        assert put.kind == TRIPLES
        assert int(put.headers["content-length"]) == len(put.body)
    assert any(each.method == "PUT" for each in rest) is (store.known.face is not NoGraphStore)


@pytest.mark.parametrize(
    ("kind", "way"),
    [(kind, way) for kind, known in STORES.items() for way in range(len(known.ways))],
    indirect=["kind"],
)
def test_that_any_of_its_addresses_will_do(resources, store, way, tmp_path):
    outcome = store.load("--receipt", tmp_path / "receipt.json", way=way)

    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads((tmp_path / "receipt.json").read_text())["store"] == store.known.title
    assert held(store.face) == wanted(resources)


def test_that_a_graph_has_any_name(store, tmp_path):
    own = tmp_path / "own.ttl"
    own.write_text('<urn:s> <urn:p> "Grüße, 你好 🙂" .')
    name = "https://example.org/größe?a=b&c=d+e%20f#g"

    outcome = store.load(own, "--graph", name, "--verify", "full")

    assert (outcome.code, outcome.err) == (0, "")
    assert {graph.value for graph in store.face.store.named_graphs()} == {
        name,
        LEDGER.value,
        THEIRS,
    }
    assert store.load(own, "--graph", name).out.splitlines()[1].startswith("keep")


def test_that_foreign_graphs_are_refused_before_anything_is_sent(store, tmp_path):
    own = tmp_path / "own.ttl"
    own.write_text("<urn:s> <urn:p> 1 .")

    outcome = store.load(own, "--graph", THEIRS)

    assert outcome.code == 2
    assert "--force" in outcome.err
    assert store.writes() == []
    assert OTHERS in store.face.store


def test_that_a_store_of_an_unknown_kind_is_to_be_named(resources, run):
    with serving(Face()) as root:
        outcome = run("load", "--endpoint", root)

    assert_refused(outcome, 4, "say it with --store")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--endpoint", "{}", "--store", "fuseki"), "name its dataset too"),
        (("--endpoint", "{}", "--store", "rdf4j"), "name the repository too"),
        (("--endpoint", "{}/repositories/", "--store", "graphdb"), "name the repository too"),
        (("--endpoint", "{}/ask", "--store", "sparql"), "--update-url"),
        (("--query-url", "{}/ask"), "--update-url"),
        (("--endpoint", "{}", "--store", "mysql"), "choose one of oxigraph, virtuoso, fuseki"),
        ((), "--endpoint"),
    ],
)
def test_that_half_an_address_is_asked_for_in_whole(resources, run, options, told):
    face = Face()
    with serving(face) as root:
        outcome = run("load", *(option.format(root) for option in options))

    assert_refused(outcome, 2, told)
    assert all(asked.method == "GET" for asked in face.asked)


@pytest.mark.parametrize(
    ("face", "options", "told"),
    [
        (Fuseki, ("--endpoint", "{}/other", "--store", "fuseki"), "no such address"),
        (RDF4J, ("--endpoint", "{}/rdf4j-server/repositories/other"), "no such address"),
        (Face, ("--query-url", "{}/ask", "--update-url", "{}/ask"), "status 415"),
        (Face, ("--query-url", "{}/graphs", "--update-url", "{}/change/now"), "status 400"),
        (Face, ("--query-url", "{}/ask", *THREE[:3], "{}/else"), "no such address"),
    ],
)
def test_that_a_wrong_address_is_told_in_one_line(resources, run, face, options, told):
    with serving(face()) as root:
        outcome = run("load", *(option.format(root) for option in options))

    assert_refused(outcome, 4, told)


class TestBatches:
    """Stores without the Graph Store Protocol get the graphs in updates."""

    @pytest.fixture
    def kind(self) -> str:
        return "no graph store"

    def test_that_a_large_graph_goes_in_several(self, store, tmp_path):
        own = tmp_path / "own.nt"
        own.write_text("".join(f'<urn:s{n}> <urn:p> "{"x" * 60} {n}" .\n' for n in range(30_000)))
        store.face.limit = 1_050_000

        outcome = store.load(own, "--graph", OWN, "--verify", "full")

        assert outcome.code == 0
        inserts = [each for each in store.writes() if b'"xxx' in each.body]
        assert len(inserts) == 3
        assert len(list(graph(store.face, OWN))) == 30_000

    def test_that_blank_nodes_survive_them(self, resources, store, monkeypatch):
        monkeypatch.setattr("tipgraph.endpoint.stores.Store.batch_bytes", 300)

        outcome = store.load("--verify", "full")

        assert (outcome.code, outcome.err) == (0, "")
        assert len(store.writes()) > 50
        assert held(store.face) == wanted(resources)

    def test_that_what_is_too_much_at_once_leaves_the_old_graph(self, resources, store, tmp_path):
        own = tmp_path / "own.ttl"
        own.write_text("<urn:s> <urn:p> 1 .")
        store.load(own, "--graph", OWN)
        own.write_text(f'<urn:s> <urn:p> "{"x" * 9000}" .')
        store.face.limit = 5000

        outcome = store.load(own, "--graph", OWN)

        assert_refused(outcome, 4, "does not take that much in one request")
        [old] = graph(store.face, OWN)
        assert old.object == Literal(1)
        assert not staged(store.face)


def test_that_a_graph_too_large_for_the_store_leaves_the_old_one(store, tmp_path):
    own = tmp_path / "own.ttl"
    own.write_text("<urn:s> <urn:p> 1 .")
    store.load(own, "--graph", OWN)
    own.write_text(f'<urn:s> <urn:p> "{"x" * 900_000}" .')
    store.face.limit = 500_000

    outcome = store.load(own, "--graph", OWN)

    assert_refused(outcome, 4, "does not take that much in one request")
    assert [quad.object for quad in graph(store.face, OWN)] == [Literal(1)]
    assert not staged(store.face)


GUARDS: dict[str, tuple[str, Guard]] = {
    "Fuseki, digest": ("fuseki", Digest(USER, PASSWORD)),
    "Fuseki, basic": ("fuseki", Basic(USER, PASSWORD)),
    "RDF4J, basic": ("rdf4j", Basic(USER, PASSWORD, "RDF4J Server configuration")),
    "GraphDB, 401": ("graphdb", Silent(USER, PASSWORD)),
    "GraphDB, 403": ("graphdb", Silent(USER, PASSWORD, status=403)),
    "GraphDB, reading is free": ("graphdb", Silent(USER, PASSWORD, is_free=True)),
    "SPARQL, basic": ("sparql", Basic(USER, PASSWORD)),
    "no graph store, digest": ("no graph store", Digest(USER, PASSWORD)),
}


@pytest.fixture(params=GUARDS)
def guarded(request: pytest.FixtureRequest, run: Run) -> Iterator[Loading]:
    """A store that wants to know who asks."""
    kind, guard = GUARDS[request.param]
    face = STORES[kind].face(guard)
    with serving(face) as root:
        yield Loading(STORES[kind], face, root, run)


def test_that_the_right_user_may_load(resources, guarded, monkeypatch):
    log_in(monkeypatch)

    outcome = guarded.load("--verify", "full")

    assert (outcome.code, outcome.err) == (0, "")
    assert held(guarded.face) == wanted(resources)


def test_that_a_user_costs_no_download(resources, guarded, monkeypatch):
    log_in(monkeypatch)
    guarded.load()
    change(resources)

    guarded.load()

    # All but the probe: what comes by GET is a graph, or the whole store.
    gets = [asked for asked in guarded.face.asked if asked.method == "GET"]
    assert [asked.target for asked in gets if "query" not in asked.parameters] == []
    # Two connections, and digest authentication asks twice.
    refused = [asked for asked in guarded.face.asked if asked.status in (401, 403)]
    assert len(refused) <= 4


def test_that_a_large_body_goes_once(resources, guarded, monkeypatch):
    log_in(monkeypatch)
    guarded.load()

    puts = [asked for asked in guarded.face.asked if asked.method == "PUT"]
    assert all(asked.status < 300 for asked in puts)


@pytest.mark.parametrize("password", [None, "wrong-secret"])
def test_that_others_are_told_so(resources, guarded, monkeypatch, password):
    if password:
        log_in(monkeypatch, password)

    outcome = guarded.load()

    told = "does not" if password else "TIPGRAPH_USER"
    assert_refused(outcome, 4, told)
    assert "wrong-secret" not in outcome.err
    assert held(guarded.face) == {}


@pytest.mark.parametrize("kind", OPEN)
def test_that_a_token_goes_with_every_request(resources, kind, run, monkeypatch):
    monkeypatch.setenv("TIPGRAPH_TOKEN", "t0ken")
    face = STORES[kind].face(Bearer("t0ken"))
    with serving(face) as root:
        outcome = run("load", *STORES[kind].options(root))

    assert (outcome.code, outcome.err) == (0, "")
    assert held(face) == wanted(resources)


def test_that_a_token_of_graphdb_itself_goes_under_its_own_name(resources, run, monkeypatch):
    monkeypatch.setenv("TIPGRAPH_TOKEN", "GDB t0ken")
    face = GraphDB(Bearer("t0ken", scheme="GDB"))
    with serving(face) as root:
        outcome = run("load", *STORES["graphdb"].options(root))

    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.parametrize("kind", OPEN)
def test_that_a_certificate_of_a_private_authority_will_do(
    resources, kind, run, private, monkeypatch
):
    face = STORES[kind].face()
    with serving(face, private.context) as root:
        outcome = run("load", *STORES[kind].options(root), "--ca-file", private.file)

    assert (outcome.code, outcome.err) == (0, "")
    assert held(face) == wanted(resources)


@pytest.mark.parametrize(
    ("kind", "seconds", "told"),
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
def test_that_time_limits_are_told_in_the_store_s_own_unit(kind, seconds, told):
    url = "http://localhost:1/repositories/tip"
    store = open_store(Endpoint(url=url, store=kind))

    assert store.timeout_parameter(seconds) == told
    assert set(KINDS) == {"oxigraph", "virtuoso", "fuseki", "graphdb", "rdf4j", "sparql"}


def log_in(monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD) -> None:
    """Let the environment have a user."""
    monkeypatch.setenv("TIPGRAPH_USER", USER)
    monkeypatch.setenv("TIPGRAPH_PASSWORD", password)


def change(resources: Path) -> None:
    """Say of an actor what nobody has said before."""
    actors = resources / "data" / "actors.ttl"
    actors.write_text(actors.read_text().replace("shelters", "houses"))


def is_write(asked: Asked) -> bool:
    """Whether the request changes something."""
    is_form = asked.kind == FORM and asked.body.startswith(b"update=")
    return asked.method in ("PUT", "DELETE") or asked.kind in (UPDATE, TRIPLES) or is_form


def actions(outcome: Outcome) -> dict[str, str]:
    """What became of each graph, by the end of its name."""
    head, *rows = (line.split("\t") for line in outcome.out.splitlines())
    assert head == ["action", "graph", "triples", "before"]
    return {name.removeprefix(GRAPH): action for action, name, *_ in rows}


def held(face: Face) -> dict[str, set[str]]:
    """The graphs of ours in the store; that of somebody else is still there and nothing besides."""
    assert OTHERS in face.store or not any(True for _ in graph(face, THEIRS))
    assert not staged(face)
    names = {name.value for name in face.store.named_graphs()} - {LEDGER.value, THEIRS}
    found = {name.removeprefix(GRAPH): plain(graph(face, name)) for name in names}
    assert len(list(face.store)) == sum(map(len, found.values())) + len(
        [*graph(face, LEDGER.value), *graph(face, THEIRS)]
    )
    return {name: content for name, content in found.items() if content}


def wanted(resources: Path) -> dict[str, set[str]]:
    """What the graphs of the resources are to be."""
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
        name: plain(quad for path in paths for quad in parse(path=str(path)))
        for name, paths in files.items()
    }
    return graphs | {"derived": plain(Quad(*triple) for triple in derived)}


def count(receipt: Any) -> int:
    """How many triples the graph of the actors has."""
    [actors] = [each for each in receipt["graphs"] if each["graph"] == GRAPH + "actors"]
    triples: int = actors["triples"]
    return triples


def plain(quads: Iterable[Quad]) -> set[str]:
    """The triples, whatever their graph and their blank nodes are called."""
    return alike(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)


def graph(face: Face, name: str) -> Iterator[Quad]:
    """The quads of a graph."""
    return face.store.quads_for_pattern(None, None, None, NamedNode(name))


def staged(face: Face) -> list[str]:
    """The graphs that are on their way."""
    names = (name.value for name in face.store.named_graphs())
    return [name for name in names if name.startswith(STAGING) and any(graph(face, name))]


def ledger(face: Face) -> dict[str, dict[str, str]]:
    """What the store knows of each graph that was loaded."""
    entries: dict[str, dict[str, str]] = {}
    for quad in face.store.quads_for_pattern(None, None, None, LEDGER):
        said: Any = quad
        key = said.predicate.value.replace("#", "/").rpartition("/")[2]
        entries.setdefault(said.subject.value, {})[key] = said.object.value
    assert all(Quad(NamedNode(name), TYPE, DATASET, LEDGER) in face.store for name in entries)
    return entries


def digest(turtle: Path) -> str:
    """The SHA-256 of the file as canonical N-Triples."""
    lines = sorted(
        f"{quad.triple} .\n" for quad in parse(path=str(turtle), format=RdfFormat.TURTLE)
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()
