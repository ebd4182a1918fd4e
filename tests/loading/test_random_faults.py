"""Fifty loads on each store, each with a fault at some point: the same ones at every run."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import proxy
from tests.loading.conftest import named, quick
from tests.loading.site import Lines, Site, entry, parsed, text
from tests.loading.steps import since
from tests.proxy import Fault, Proxy, status
from tipgraph.endpoint.settings import Endpoint, settled
from tipgraph.endpoint.stores import Store, open_store
from tipgraph.errors import EndpointError
from tipgraph.loader import Request, clean, load
from tipgraph.resources.folders import shipped

BASE = "https://example.org/faults/"
OTHER = "https://example.org/not-ours"
NOT_OURS = text("b", "other")
NOTHING: Lines = frozenset()
# What was loaded before and what is to be: two graphs are replaced, one is made, one removed.
OLD = {"a": text("a", "old"), "b": text("b", "old", 150), "c": NOTHING, "d": text("d", "old", 50)}
NEW = {"a": text("a", "new"), "b": text("b", "new"), "c": text("c", "new"), "d": NOTHING}


@dataclass
class Drawn:
    """A fault, from which request on it strikes, and how often (None is for ever).

    `delay` is for how many requests one is held back that comes late, `answer` for how long answers
    are waited for.
    """

    name: str
    fault: Fault
    number: int
    times: int | None
    delay: int
    answer: float = 30


def drawn(seed: int, length: int) -> Drawn:
    """The fault of this seed, in a load of so many requests."""
    rng = random.Random(seed)
    code = rng.choice([401, 403, 404, 413, 429, 500, 502, 503, 504, 507])
    is_after = rng.random() < 0.5
    headers = {"Retry-After": "0"} if rng.random() < 0.5 else {}
    kinds: dict[str, Callable[[], Fault]] = {
        f"{code}{'-after' if is_after else ''}": lambda: status(
            code, after=is_after, headers=lambda: headers
        ),
        "refused": lambda: proxy.refused(rng.choice([0.01, 0.05, None])),
        "reset": lambda: proxy.reset_within(rng.randrange(20_000)),
        "request lost": lambda: proxy.request_lost,
        "reply lost": lambda: proxy.reply_lost,
        "cut": lambda: proxy.cut(rng.random()),
        "page": lambda: proxy.page,
        "slow": lambda: proxy.slow(0.05),
        "hanging": lambda: proxy.hanging,
        "answerless": lambda: proxy.answerless,
        "late": lambda: proxy.late,
    }
    # Half of the faults are answers of the server.
    name = next(iter(kinds)) if rng.random() < 0.4 else rng.choice(list(kinds))
    answer = 0.2 if name in ("hanging", "answerless", "late") else 30
    times = rng.choice([1, 1, 1, 2, 3, None])
    return Drawn(name, kinds[name](), rng.randrange(length), times, rng.choice([2, 5]), answer)


class Scene:
    """A store with graphs that were loaded before, files with what they are to be, and a proxy."""

    def __init__(self, site: Site, way: Proxy, folder: Path) -> None:
        self.site = site
        self.way = way
        self._files = folder / "files"
        self._files.mkdir()
        for name, lines in NEW.items():
            if lines:
                (self._files / f"{name}.nt").write_text("".join(f"{line}\n" for line in lines))
        site.reset({BASE + name: lines for name, lines in OLD.items()})
        site.put(OTHER, NOT_OURS)

    def store(self) -> Store:
        return open_store(
            settled(Endpoint(url=self.way.address), self.site.environment), quick(answer=1)
        )

    def load(self, answer: float = 30) -> str | None:
        """What went wrong; nothing when success is told."""
        patience = quick(answer=answer)
        request = Request(shipped(), [str(self._files)], base=BASE, prune=True, patience=patience)
        try:
            failure = load(self.store(), request).failure
        except EndpointError as error:
            failure = error
        assert failure is None or isinstance(failure, EndpointError), failure
        return str(failure) if failure else None

    def check_new(self) -> None:
        """All is what it is to be, and noted."""
        assert {name: self.site.content(BASE + name) for name in NEW} == NEW
        assert self.site.noted() == {BASE + name: entry(NEW[name]) for name in NEW if NEW[name]}

    def check_old_or_new(self) -> None:
        """Each graph is what it was, or what it is to be."""
        for name in NEW:
            assert self.site.content(BASE + name) in (OLD[name], NEW[name]), name
        assert self.site.content(OTHER) == NOT_OURS


@contextmanager
def reader(site: Site, graph: str) -> Iterator[set[bytes]]:
    """All that somebody sees who looks at the graph again and again."""
    seen: set[bytes] = set()
    leave = threading.Event()

    def look() -> None:
        while not leave.wait(0.01):
            seen.add(site.read(graph))

    thread = threading.Thread(target=look)
    thread.start()
    yield seen
    leave.set()
    thread.join()


@pytest.fixture(scope="session")
def lengths() -> dict[str, int]:
    """How many requests a load without a fault takes, by the store's address."""
    return {}


@pytest.fixture
def scene(site: Site, tmp_path: Path, lengths: dict[str, int]) -> Iterator[Scene]:
    """What a load with a fault needs, on each of the stores."""
    if site.base not in lengths:
        (tmp_path / "first").mkdir()
        with Proxy(site.base) as way:
            first = Scene(site, way, tmp_path / "first")
            assert first.load() is None
            first.check_new()
            lengths[site.base] = len(way.seen)
    with Proxy(site.base) as way:
        yield Scene(site, way, tmp_path)


@pytest.mark.parametrize("seed", range(50))
def test_that_no_fault_makes_half_a_graph_or_a_false_success(
    scene: Scene, lengths: dict[str, int], seed: int
) -> None:
    site, way = scene.site, scene.way
    fault = drawn(seed, lengths[site.base])
    # What comes late comes while the load goes on, or when it has failed.
    way.spoil(proxy.releasing, since(fault.number + fault.delay), times=1)
    way.spoil(fault.fault, since(fault.number), fault.times)

    with reader(site, BASE + "a") as seen:
        failure = scene.load(fault.answer)

    assert way.struck.is_set()
    assert {parsed(content) for content in seen} <= {OLD["a"], NEW["a"]}
    way.heal()
    way.wait_for_rest()
    scene.check_old_or_new()
    if failure is None:
        scene.check_new()
    left = named(failure or "")
    assert set(site.staging()) <= left

    assert scene.load() is None
    scene.check_new()
    if left:
        clean(scene.store(), quick())
    assert site.staging() == []
    assert site.content(OTHER) == NOT_OURS
