"""A load is complete only if the graph itself has what was sent, and its record says the same."""

import random
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Condition, Thread
from typing import Any, cast

import pytest
from pyoxigraph import NamedNode

from tests.conftest import Run
from tests.endpoint.fake import FakeStore, Fuseki, Virtuoso, is_move, serving
from tests.endpoint.message import StoreRequest, StoreResponse
from tests.loader.conftest import quick
from tests.loader.site import ENTRY, MANIFEST, STAGING, Lines, entry, text
from tests.proxy import Proxy, status
from tipgraph.endpoint.client import open_store
from tipgraph.endpoint.settings import Endpoint, resolve_endpoint
from tipgraph.graph import load_request
from tipgraph.loader import LoadReport, load

GRAPH = "https://example.org/final/a"
OLD, NEW = text("a", "old"), text("a", "new")
IDENTIFIER = NamedNode("http://purl.org/dc/terms/identifier")


def written(folder: Path, name: str, lines: Lines) -> Path:
    file = folder / f"{name}.nt"
    file.write_text("".join(f"{line}\n" for line in lines))
    return file


def content(fake: FakeStore) -> Lines:
    quads = fake.store.quads_for_pattern(None, None, None, NamedNode(GRAPH))
    return frozenset(f"{quad.triple} ." for quad in quads)


def recorded(fake: FakeStore) -> str | None:
    """Return the digest of the graph in the manifest."""
    quads = fake.store.quads_for_pattern(NamedNode(GRAPH), IDENTIFIER, None, NamedNode(MANIFEST))
    return next((str(cast(Any, quad.object).value) for quad in quads), None)


class LossyStore(Fuseki):
    """A store whose move reports success and damages the graph."""

    damage = ""

    def update(self, request: StoreRequest) -> StoreResponse:
        response = super().update(request)
        if is_move(request):
            self.store.update(self.damage)
        return response


LOSS = f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ <https://example.org/a/7> ?p ?o }} }}"
CHANGE = f"{LOSS} ; INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:a> <urn:b> 'c' }} }}"


@pytest.mark.parametrize(
    ("damage", "options", "message"),
    [
        (LOSS, [], "200 triples were sent and the store has 199"),
        (LOSS, ["--verify", "full"], "200 triples were sent and the store has 199"),
        (CHANGE, ["--verify", "full"], "the store does not return <https://example.org/a/7>"),
    ],
)
def test_damage_by_a_move_is_an_error_at_every_load(damage, options, message, run, tmp_path):
    file, fake = written(tmp_path, "new", NEW), LossyStore()
    fake.damage = damage
    with serving(fake) as root:
        line = ["load", file, "--graph", GRAPH, "--endpoint", f"{root}/ds", *options]
        for _ in range(2):
            code, _, err = run(*line)

            assert code == 4
            assert err.startswith(f"tipgraph: <{GRAPH}>: after the move, {message}")
            assert "load it again" in err
            assert recorded(fake) is None
        fake.damage = "INSERT DATA { }"
        assert run(*line).code == 0
    assert content(fake) == NEW


class DenyingStore(Fuseki):
    """A store that counts triples which it does not find."""

    def query(self, request: StoreRequest) -> StoreResponse:
        response = super().query(request)
        if b"ASK" in request.body:
            return replace(response, body=response.body.replace(b"true", b"false"))
        return response


def test_store_that_contradicts_itself_is_an_error(run, tmp_path):
    file = written(tmp_path, "new", NEW)
    with serving(DenyingStore()) as root:
        code, _, err = run("load", file, "--graph", GRAPH, "--endpoint", f"{root}/ds")

    assert code == 4
    assert "load it again" in err


OTHERS = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:a> <urn:b> 'other' }} }}"


class MixingStore(Fuseki):
    """A store in which another load adds its triples as soon as this one has recorded its own."""

    def update(self, request: StoreRequest) -> StoreResponse:
        response = super().update(request)
        if b"sha256" in request.body:
            self.store.update(OTHERS)
        return response


def test_triples_of_another_load_are_an_error(run, tmp_path):
    file = written(tmp_path, "new", NEW)
    with serving(MixingStore()) as root:
        code, _, err = run("load", file, "--graph", GRAPH, "--endpoint", f"{root}/ds")

    assert code == 4
    assert f"<{GRAPH}>: another load has replaced it meanwhile; load it again" in err


class ClaimedStore(Fuseki):
    """A store in which another load claims a graph, until it was asked twice for the claims."""

    claims = f"GRAPH <{MANIFEST}> {{ <{STAGING}0> <http://purl.org/dc/terms/replaces> <{GRAPH}> }}"
    asked = 0
    is_killed = False

    def query(self, request: StoreRequest) -> StoreResponse:
        if b"replaces" in request.body:
            self.asked += 1
            if self.asked > 2 and not self.is_killed:
                self.store.update(f"DELETE DATA {{ {self.claims} }}")
        return super().query(request)

    def update(self, request: StoreRequest) -> StoreResponse:
        if is_move(request):
            assert not self.store.query(f"ASK {{ {self.claims} }}")
        return super().update(request)


@pytest.mark.parametrize("is_killed", [False, True])
def test_load_waits_for_another_one_unless_it_was_killed(is_killed, run, tmp_path, monkeypatch):
    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", quick)
    file, fake = written(tmp_path, "new", NEW), ClaimedStore()
    fake.is_killed = is_killed
    fake.store.update(f"INSERT DATA {{ {fake.claims} }}")
    with serving(fake) as root:
        assert run("load", file, "--graph", GRAPH, "--endpoint", f"{root}/ds").code == 0

    assert fake.asked > 2
    assert content(fake) == NEW
    assert not fake.store.query("ASK { GRAPH ?g { ?load <http://purl.org/dc/terms/replaces> ?x } }")


def test_claim_that_a_store_does_not_remove_is_an_error(run, tmp_path, monkeypatch):
    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", quick)
    file, fake = written(tmp_path, "new", NEW), Fuseki()
    fake.store.update(f"INSERT DATA {{ {ClaimedStore.claims} }}")
    with serving(fake) as root, Proxy(f"{root}/ds") as proxy:
        proxy.inject(status(204), lambda request: "DELETE { GRAPH" in request.text)
        code, _, err = run("load", file, "--graph", GRAPH, "--endpoint", proxy.address)

    assert code == 4
    assert "did not remove the claims of killed loads" in err


class CutOff(FakeStore):
    """A store that keeps the request of a move, and cannot be used by that load any more."""

    move: StoreRequest | None = None

    def _respond(self, request: StoreRequest) -> StoreResponse:
        if self.move:
            return StoreResponse(500)
        return super()._respond(request)

    def update(self, request: StoreRequest) -> StoreResponse:
        if is_move(request):
            self.move = request
            return StoreResponse(500)
        return super().update(request)


@pytest.mark.parametrize("kind", [Fuseki, Virtuoso])
def test_late_move_changes_no_graph_of_a_later_load(kind, run, tmp_path, monkeypatch):
    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", quick)
    monkeypatch.setenv("TIPGRAPH_USER", "dba")
    monkeypatch.setenv("TIPGRAPH_PASSWORD", "dba")
    first, later = type("", (CutOff, kind), {})(), kind()
    later.store = first.store
    files = {first: written(tmp_path, "old", OLD), later: written(tmp_path, "new", NEW)}
    codes = []
    for fake, file in files.items():
        with serving(fake) as root:
            place = root if kind is Virtuoso else f"{root}/ds"
            codes.append(run("load", file, "--graph", GRAPH, "--endpoint", place).code)
    assert codes == [4, 0]
    assert first.move

    assert later.update(first.move).status == kind.updated

    assert content(later) == NEW
    assert recorded(later) == entry(NEW)[1]


class QueuedStore(Fuseki):
    """A store in which two other loads claim a graph, one after the other and both again."""

    asked = 0

    def query(self, request: StoreRequest) -> StoreResponse:
        if b"replaces" in request.body:
            claims = [ClaimedStore.claims, ClaimedStore.claims.replace("staging/0", "staging/1")]
            self.store.update(f"DELETE DATA {{ {claims[self.asked % 2]} }}")
            self.asked += 1
            if self.asked < 60:
                self.store.update(f"INSERT DATA {{ {claims[self.asked % 2]} }}")
        return super().query(request)


def test_load_that_claims_a_graph_again_does_not_count_as_killed(run, tmp_path, monkeypatch):
    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", quick)
    file, fake = written(tmp_path, "new", NEW), QueuedStore()
    with serving(fake) as root:
        assert run("load", file, "--graph", GRAPH, "--endpoint", f"{root}/ds").code == 0

    assert fake.asked >= 60
    withdrawn = [each for each in fake.requests if b"replaces> ?graph" in each.body]
    assert not [each for each in withdrawn if re.search(rb"staging/[01]>", each.body)]


B = "https://example.org/final/b"
CLAIM = f"""
DELETE WHERE {{ GRAPH <{MANIFEST}> {{ <{B}> ?p ?o }} }} ;
INSERT DATA {{ GRAPH <{MANIFEST}> {{ <{B}> a <http://rdfs.org/ns/void#Dataset> }} }}
"""


class RemovingStore(Fuseki):
    """A store that is asked to remove a graph and does not, or only after another update."""

    update_before = ""

    def update(self, request: StoreRequest) -> StoreResponse:
        if f"DELETE {{ GRAPH <{B}>".encode() in request.body and not is_move(request):
            if not self.update_before:
                return StoreResponse(204)
            self.store.update(self.update_before)
        return super().update(request)


MOVED = CLAIM.replace("Dataset>", "Dataset> ; <http://purl.org/dc/terms/source> <urn:staging>")


@pytest.mark.parametrize(
    ("found", "update_before"),
    [
        # The store does nothing, or another load is about to replace the graph.
        ("", ""),
        ("", CLAIM),
        # One was killed after its move, and another one replaces the graph.
        (MOVED, MOVED.replace("urn:staging", "urn:staging/later")),
    ],
)
def test_graph_that_is_not_removed_is_an_error(found, update_before, run, tmp_path):
    fake, folder = RemovingStore(), tmp_path / "files"
    fake.update_before = update_before
    folder.mkdir()
    _, removed = (written(folder, name, OLD) for name in ("a", "b"))
    with serving(fake) as root:
        line = ["load", folder, "--base", B[:-2], "--endpoint", f"{root}/ds", "--prune"]
        assert run(*line).code == 0
        removed.unlink()
        fake.store.update(found)
        code, _, err = run(*line)

    assert code == 4
    assert f"<{B}>: it was not removed, or another load has replaced it" in err
    assert fake.holds(NamedNode(B))


def test_manifest_that_others_wrote_to_does_no_harm(run: Run, tmp_path: Path):
    fake, file = Fuseki(), written(tmp_path, "a", OLD)
    with serving(fake) as root:
        line = ["load", file, "--base", MANIFEST.rpartition("/")[0], "--endpoint", f"{root}/ds"]
        assert run(*line).code == 0
        fake.store.update(CLAIM.replace(B, MANIFEST))
        for number in ('"many"', f'"{"9" * 5000}"'):
            fake.store.update(ENTRY.format(manifest=MANIFEST, graph=B, triples=number, sha256="x"))

        assert run(*line, "--prune").code == 0
    assert fake.holds(NamedNode(MANIFEST))


def test_record_beside_the_source_of_a_later_move_is_not_believed(run, tmp_path):
    # A store that isolates transactions may commit the record of a load and a move of another.
    fake, file = Fuseki(), written(tmp_path, "new", NEW)
    moved = f"""
        DELETE WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }} ;
        INSERT DATA {{
            GRAPH <{GRAPH}> {{ {" ".join(text("a", "other", len(NEW)))} }}
            GRAPH <{MANIFEST}> {{
                <{GRAPH}> <http://purl.org/dc/terms/source> <https://example.org/staging> }} }}"""
    with serving(fake) as root:
        line = ["load", file, "--graph", GRAPH, "--endpoint", f"{root}/ds"]
        assert run(*line).code == 0
        fake.store.update(moved)

        assert run(*line).code == 0
    assert content(fake) == NEW
    assert recorded(fake) == entry(NEW)[1]


class Turns:
    """Lets the requests of two loads through in a given order, one at a time."""

    def __init__(self, order: str) -> None:
        self._order = list(order)
        self._finished: set[str] = set()
        self._changed = Condition()

    def take(self, name: str, respond: Callable[[], StoreResponse]) -> StoreResponse:
        with self._changed:
            self._changed.wait_for(lambda: self._is_turn(name), timeout=30)
            if self._order:
                self._order.pop(0)
            response = respond()
            self._changed.notify_all()
            return response

    def finish(self, name: str) -> None:
        with self._changed:
            self._finished.add(name)
            self._changed.notify_all()

    def _is_turn(self, name: str) -> bool:
        while self._order and self._order[0] in self._finished:
            self._order.pop(0)
        return not self._order or self._order[0] == name


class Shared(Fuseki):
    """One of two addresses of a store."""

    def __init__(self, name: str, turns: Turns, shared: FakeStore) -> None:
        super().__init__()
        self._name, self._turns = name, turns
        self.store = shared.store

    def respond(self, request: StoreRequest, body: Callable[[], bytes]) -> StoreResponse:
        here = body()
        return self._turns.take(
            self._name, lambda: super(Shared, self).respond(request, lambda: here)
        )


@pytest.mark.slow(reason="waits for a server or sends it much")
@pytest.mark.parametrize("seed", range(12))
def test_two_loads_of_one_graph_leave_a_record_that_is_true(seed, run, tmp_path):
    # In any order of their requests, the record is that of the graph, or there is none.
    order = "".join(random.Random(seed).choice("AB") for _ in range(12))
    turns, shared = Turns(order), Fuseki()
    files = {"A": written(tmp_path, "old", OLD), "B": written(tmp_path, "new", NEW)}
    failures: dict[str, BaseException | None] = {}

    def loading(name: str, root: str) -> None:
        try:
            store = open_store(Endpoint(url=f"{root}/ds", store="fuseki"))
            failures[name] = load(store, load_request((str(files[name]),), GRAPH, None)).failure
        except Exception as error:
            failures[name] = error
        finally:
            turns.finish(name)

    with ExitStack() as stack:
        threads = []
        for name in files:
            root = stack.enter_context(serving(Shared(name, turns, shared)))
            threads.append(Thread(target=loading, args=(name, root)))
        for each in threads:
            each.start()
        for each in threads:
            each.join(timeout=60)

    lines = content(shared)
    assert lines in (OLD, NEW)
    assert recorded(shared) in (None, entry(lines)[1])
    for name, failure in failures.items():
        assert failure is None or re.search("another load|after the move", str(failure)), name
    with serving(shared) as root:
        assert run("load", files["A"], "--graph", GRAPH, "--endpoint", f"{root}/ds").code == 0
    assert content(shared) == OLD


@pytest.mark.store
def test_loads_and_removals_at_once_leave_one_complete_graph(site, tmp_path):
    # Without claims, RDF4J has the triples of several after one round in twenty.
    common = text("a", "common")
    versions = [common | text("b", "first"), text("b", "second"), frozenset[str]()]
    store = open_store(resolve_endpoint(Endpoint(url=site.base), site.environment))
    site.reset({GRAPH: OLD})
    begun: list[LoadReport] = []
    for _ in range(5):
        start = Barrier(len(versions))

        def loading(number: int, start: Barrier) -> None:
            folder = tmp_path / str(number)
            folder.mkdir(exist_ok=True)
            files = {"a": versions[number], "b": OLD}
            for name in files:
                if files[name]:
                    written(folder, name, files[name])
            request = load_request(
                (str(folder),), None, GRAPH[:-1], prune=True, retry_policy=quick(turn=60)
            )
            start.wait()
            # It raises what is found before a load begins.
            begun.append(load(store, request))

        threads = [Thread(target=loading, args=(number, start)) for number in range(len(versions))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        assert site.content(GRAPH) in versions
        assert site.manifest().get(GRAPH) in (None, entry(site.content(GRAPH)))
    assert len(begun) == 5 * len(versions)
