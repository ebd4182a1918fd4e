"""Loads that are broken off: by whoever started them, or since the store's disk is full."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests import proxy
from tests.conftest import Run
from tests.loading.conftest import GRAPH, NEW, OLD, Lab, named, quick
from tests.loading.site import Site
from tests.loading.steps import At, step
from tests.proxy import Exchange, Fault, Proxy
from tests.servers import oxigraph

STOPS = [signal.SIGINT, signal.SIGTERM]


class Process:
    """A load as a process of its own, which is stopped at some point."""

    def __init__(self, lab: Lab, *further: object) -> None:
        command = [sys.executable, "-m", "tipgraph", *map(str, lab.arguments(*further))]
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background has interrupts ignored, and so have children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def stop(self, sign: signal.Signals) -> None:
        self._process.send_signal(sign)

    def end(self) -> tuple[int, str]:
        """Exit code and errors."""
        _, errors = self._process.communicate(timeout=60)
        return self._process.returncode, errors


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("sign", STOPS, ids=lambda sign: sign.name)
@pytest.mark.parametrize("fault", [proxy.stalled, proxy.answerless])
def test_that_a_stop_in_the_upload_leaves_nothing(
    lab: Lab, sign: signal.Signals, fault: Fault
) -> None:
    lab.proxy.spoil(fault, At("put"), times=1)
    process = Process(lab)
    wait_for(lab.proxy.struck.is_set if fault is proxy.stalled else lab.site.staging)

    process.stop(sign)
    code, errors = process.end()

    assert code in (4, 130)
    assert "Traceback" not in errors
    assert lab.site.content(GRAPH) == OLD
    assert lab.site.staging() == []
    lab.check(code, errors)


def test_that_a_stop_before_an_upload_is_done_names_it(lab: Lab) -> None:
    lab.proxy.spoil(proxy.late, At("put"), times=1)
    process = Process(lab)
    wait_for(lambda: lab.proxy.held)

    process.stop(signal.SIGINT)
    code, errors = process.end()

    assert code == 4
    assert "interrupted" in errors
    lab.check(code, errors)


@pytest.mark.parametrize("sign", STOPS, ids=lambda sign: sign.name)
@pytest.mark.parametrize("fault", [proxy.hanging, proxy.answerless, proxy.late])
def test_that_a_stop_in_the_move_spoils_nothing(
    lab: Lab, sign: signal.Signals, fault: Fault
) -> None:
    lab.proxy.spoil(fault, At("move"), times=1)
    process = Process(lab)
    wait_for(lab.proxy.struck.is_set)
    if fault is proxy.answerless:
        wait_for(lambda: lab.site.content(GRAPH) == NEW)

    process.stop(sign)
    code, errors = process.end()

    # Virtuoso must find the graph still there, whenever it comes to move it.
    assert code == (4 if lab.site.is_virtuoso else 130)
    assert "Traceback" not in errors
    assert lab.site.content(GRAPH) == (NEW if fault is proxy.answerless else OLD)
    lab.check(code, errors)


def test_that_a_stop_while_a_move_is_waited_for_spoils_nothing(lab: Lab) -> None:
    lab.proxy.spoil(proxy.late, At("move"), times=1)
    process = Process(lab, "--timeout", 0.5)
    wait_for(lambda: "ask" in map(step, lab.proxy.seen))

    process.stop(signal.SIGINT)
    code, errors = process.end()

    assert code == (4 if lab.site.is_virtuoso else 130)
    lab.check(code, errors)


@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
def test_that_a_second_stop_still_names_what_is_left(lab: Lab) -> None:
    lab.proxy.spoil(proxy.answerless, At("put"), times=1)
    lab.proxy.spoil(proxy.hanging, At("drop"), times=1)
    process = Process(lab)
    wait_for(lab.proxy.struck.is_set)
    wait_for(lab.site.staging)

    process.stop(signal.SIGINT)
    wait_for(lambda: "drop" in map(step, lab.proxy.seen))
    process.stop(signal.SIGINT)
    code, errors = process.end()

    assert code == 4
    assert "interrupted" in errors
    lab.check(code, errors)


def test_that_what_a_killed_load_leaves_can_be_removed(lab: Lab, run: Run) -> None:
    lab.proxy.spoil(proxy.hanging, At("verify"), times=1)
    process = Process(lab)
    wait_for(lab.proxy.struck.is_set)

    process.stop(signal.SIGKILL)
    process.end()

    [left] = lab.site.staging()
    assert lab.site.content(GRAPH) == OLD
    cleaned = run("load", "--clean", "--endpoint", lab.proxy.address)
    assert cleaned.code == 0
    assert left in cleaned.err
    assert lab.site.staging() == []
    outcome = lab.load()
    lab.check(outcome.code, outcome.err)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with little room on it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("to mount a small disk takes rights that this user lacks")
    yield folder
    wait_for(lambda: subprocess.run(["umount", str(folder)], check=False).returncode == 0)


@contextmanager
def filled_at(place: str, disk: Path, way: Proxy) -> Iterator[None]:
    """From this request on, and while this lasts, there is no room on the disk."""
    file = disk / "filler"

    def fill(exchange: Exchange) -> None:
        with suppress(OSError), file.open("wb", buffering=0) as opened:
            while True:
                opened.write(bytes(4096))
        proxy.passed(exchange)

    way.spoil(fill, At(place), times=1)
    yield
    file.unlink()


@pytest.mark.parametrize("place", ["put", "move"])
def test_that_a_full_disk_of_the_store_is_told(
    small_disk: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", quick)
    with oxigraph(small_disk) as base, Proxy(base) as way:
        site = Site(base, {})
        lab = Lab(site, way, run, tmp_path)
        with filled_at(place, small_disk, way):
            outcome = lab.load()
            assert outcome.code == 4
            assert "No space left on device" in outcome.err
            assert site.content(GRAPH) == OLD
            assert set(site.staging()) == named(outcome.err)
            assert bool(site.staging()) == (place == "move")
        site.close()

    # This store takes nothing in again before it is started anew.
    with oxigraph(small_disk) as base:
        site = Site(base, {})
        assert site.content(GRAPH) == OLD
        assert run("load", "--clean", "--endpoint", base).code == 0
        assert site.staging() == []
        assert run("load", lab.file, "--graph", GRAPH, "--endpoint", base).code == 0
        assert site.content(GRAPH) == NEW
        site.close()
