"""Loads that are interrupted by a signal, or end because the store's disk is full."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests import proxy
from tests.conftest import Run
from tests.loader.conftest import GRAPH, NEW, OLD, Lab, named, quick
from tests.loader.site import Site, entry, text
from tests.loader.steps import At, step
from tests.proxy import Exchange, Proxy
from tests.servers import oxigraph, started

pytestmark = pytest.mark.store

STOPS = [signal.SIGINT, signal.SIGTERM]


class Process:
    """A load in a separate process, which the test stops."""

    def __init__(self, arguments: Sequence[object]) -> None:
        command = [sys.executable, "-m", "tipgraph", *map(str, arguments)]
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell starts background jobs with SIGINT ignored, and their children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def stop(self, sign: signal.Signals) -> None:
        self._process.send_signal(sign)

    def end(self) -> tuple[int, str]:
        """Return exit code and standard error."""
        _, errors = self._process.communicate(timeout=60)
        return self._process.returncode, errors


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("sign", STOPS, ids=lambda sign: sign.name)
@pytest.mark.parametrize("fault", [proxy.stalled, proxy.never_answered])
def test_stop_during_the_upload_leaves_nothing(lab, sign, fault):
    lab.proxy.inject(fault, At("put"), times=1)
    process = Process(lab.arguments())
    wait_for(lab.proxy.has_struck.is_set if fault is proxy.stalled else lab.site.staging)

    process.stop(sign)
    code, errors = process.end()

    assert code == 128 + sign
    assert "Traceback" not in errors
    assert lab.site.content(GRAPH) == OLD
    assert lab.site.staging() == []
    lab.check(code, errors)


def test_stop_before_a_late_upload_names_the_graph(lab: Lab) -> None:
    lab.proxy.inject(proxy.late, At("put"), times=1)
    process = Process(lab.arguments())
    wait_for(lambda: lab.proxy.late_requests)

    process.stop(signal.SIGINT)
    code, errors = process.end()

    assert code == 130
    assert "interrupted" in errors
    lab.check(code, errors)


@pytest.mark.parametrize("sign", STOPS, ids=lambda sign: sign.name)
@pytest.mark.parametrize("fault", [proxy.never_forwarded, proxy.never_answered, proxy.late])
def test_stop_during_the_move_keeps_a_complete_graph(lab, sign, fault):
    lab.proxy.inject(fault, At("move"), times=1)
    process = Process(lab.arguments())
    wait_for(lab.proxy.has_struck.is_set)
    if fault is proxy.never_answered:
        wait_for(lambda: lab.site.content(GRAPH) == NEW)

    process.stop(sign)
    code, errors = process.end()

    assert code == 128 + sign
    assert "Traceback" not in errors
    assert lab.site.content(GRAPH) == (NEW if fault is proxy.never_answered else OLD)
    lab.check(code, errors)


def test_stop_while_waiting_for_the_move_keeps_a_complete_graph(lab: Lab) -> None:
    lab.proxy.inject(proxy.late, At("move"), times=1)
    process = Process(lab.arguments("--timeout", 0.5))
    wait_for(lambda: "staging-exists" in map(step, lab.proxy.seen))

    process.stop(signal.SIGINT)
    code, errors = process.end()

    assert code == 130
    lab.check(code, errors)


@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
def test_second_stop_still_names_what_is_left(lab: Lab) -> None:
    lab.proxy.inject(proxy.never_answered, At("put"), times=1)
    lab.proxy.inject(proxy.never_forwarded, At("drop"), times=1)
    process = Process(lab.arguments())
    wait_for(lab.proxy.has_struck.is_set)
    wait_for(lab.site.staging)

    process.stop(signal.SIGINT)
    wait_for(lambda: "drop" in map(step, lab.proxy.seen))
    process.stop(signal.SIGINT)
    code, errors = process.end()

    assert code == 130
    assert "interrupted" in errors
    lab.check(code, errors)


def killed_load(lab: Lab, at: str = "verify") -> str:
    """Kill a load at this step, before it verifies by default; return the staging graph left."""
    lab.proxy.inject(proxy.never_forwarded, At(at), times=1)
    process = Process(lab.arguments())
    wait_for(lab.proxy.has_struck.is_set)
    process.stop(signal.SIGKILL)
    process.end()
    [left] = lab.site.staging()
    return left


@pytest.mark.parametrize("at", ["verify", "move"])
def test_load_reports_and_keeps_what_a_killed_one_left(lab, run, tmp_path, at):
    left = killed_load(lab, at)

    code, _, errors = lab.load("--report", tmp_path / "report.json")

    assert (code, lab.site.content(GRAPH)) == (0, NEW)
    # In Virtuoso, a move that is killed may still arrive, and must not find its source.
    kept = {left} if at == "verify" or lab.site.has_snapshots else set()
    assert named(errors) == kept == set(lab.site.staging())
    assert (f"<{left}> is a staging graph of another load" in errors) == bool(kept)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["staging_of_other_loads"] == [*kept]
    assert run("load", "--clean", "--endpoint", lab.proxy.address).code == 0
    assert lab.site.staging() == []


def test_clean_removes_what_a_killed_load_left(lab: Lab, run: Run) -> None:
    left = killed_load(lab)
    assert lab.site.content(GRAPH) == OLD

    cleaned = run("load", "--clean", "--endpoint", lab.proxy.address)
    assert cleaned.code == 0
    assert left in cleaned.err
    assert lab.site.staging() == []
    outcome = lab.load()
    lab.check(outcome.code, outcome.err)


@pytest.mark.slow(reason="starts Fuseki twice")
def test_load_into_a_killed_store_is_complete(tmp_path: Path, run: Run) -> None:
    folder, file, lines = tmp_path / "tdb", tmp_path / "new.nt", text("a", "new", 12_000)
    folder.mkdir()
    file.write_text("".join(f"{line}\n" for line in lines))
    with started("fuseki", folder, signal.SIGKILL) as base, Proxy(base) as proxy_server:
        site = Site(base, {})
        site.reset({GRAPH: OLD})
        proxy_server.inject(proxy.never_answered, At("move"), times=1)
        process = Process(["load", file, "--graph", GRAPH, "--endpoint", proxy_server.address])
        wait_for(proxy_server.has_struck.is_set)
        process.stop(signal.SIGKILL)
        site.close()

    with started("fuseki", folder) as base:
        site = Site(base, {})
        assert site.content(GRAPH) in (OLD, lines)
        assert run("load", file, "--graph", GRAPH, "--endpoint", base).code == 0
        assert site.content(GRAPH) == lines
        assert site.manifest() == {GRAPH: entry(lines)}
        site.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with little space."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a disk")
    yield folder
    wait_for(lambda: subprocess.run(["umount", str(folder)], check=False).returncode == 0)


@contextmanager
def filled_at(place: str, disk: Path, proxy_server: Proxy) -> Iterator[None]:
    """Fill the disk at this request, until the context ends."""
    file = disk / "filler"

    def fill(exchange: Exchange) -> None:
        with suppress(OSError), file.open("wb", buffering=0) as opened:
            while True:
                opened.write(bytes(4096))
        proxy.passed(exchange)

    proxy_server.inject(fill, At(place), times=1)
    yield
    file.unlink()


@pytest.mark.parametrize("place", ["put", "move"])
def test_full_disk_of_the_store_is_reported(small_disk, tmp_path, run, monkeypatch, place):
    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", quick)
    with oxigraph(small_disk) as base, Proxy(base) as proxy_server:
        site = Site(base, {})
        lab = Lab(site, proxy_server, run, tmp_path)
        with filled_at(place, small_disk, proxy_server):
            outcome = lab.load()
            assert outcome.code == 4
            assert "No space left on device" in outcome.err
            assert site.content(GRAPH) == OLD
            assert set(site.staging()) == named(outcome.err)
            assert bool(site.staging()) == (place == "move")
        site.close()

    # The store accepts no updates before it is restarted.
    with oxigraph(small_disk) as base:
        site = Site(base, {})
        assert site.content(GRAPH) == OLD
        assert run("load", "--clean", "--endpoint", base).code == 0
        assert site.staging() == []
        assert run("load", lab.file, "--graph", GRAPH, "--endpoint", base).code == 0
        assert site.content(GRAPH) == NEW
        site.close()
