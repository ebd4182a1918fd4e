"""Fifteen loads into each store, each with a random fault: the same ones in every run."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import proxy
from tests.loader.conftest import named, quick
from tests.loader.site import Lines, Site, entry, parsed, text
from tests.loader.steps import since
from tests.proxy import Fault, Proxy, status
from tipgraph.endpoint.client import open_store
from tipgraph.endpoint.profiles import RemoteStore
from tipgraph.endpoint.retry import RetryPolicy
from tipgraph.endpoint.settings import Endpoint, resolve_endpoint
from tipgraph.errors import EndpointError
from tipgraph.graph import load_request
from tipgraph.loader import LoadRequest, clean, load

pytestmark = pytest.mark.store

BASE = "https://example.org/faults/"
OTHER = "https://example.org/not-ours"
NOT_OURS = text("b", "other")
NOTHING: Lines = frozenset()
# Content before and after: two graphs are replaced, one is created, one is removed.
OLD = {"a": text("a", "old"), "b": text("b", "old", 150), "c": NOTHING, "d": text("d", "old", 50)}
NEW = {"a": text("a", "new"), "b": text("b", "new"), "c": text("c", "new"), "d": NOTHING}


@dataclass
class RandomFault:
    """A fault, the number of the first request that it affects, and how often (None: always).

    A late request is delayed until `delay` requests have passed; responses may take `response`
    seconds.
    """

    name: str
    fault: Fault
    number: int
    times: int | None
    delay: int
    response: float = 30


def random_fault(seed: int, length: int) -> RandomFault:
    """Return the fault of this seed, in a load of this number of requests."""
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
        "twice": lambda: proxy.twice,
        "reply lost": lambda: proxy.reply_lost,
        "cut": lambda: proxy.cut(rng.random()),
        "page": lambda: proxy.page,
        "slow": lambda: proxy.slow(0.05),
        "hanging": lambda: proxy.never_forwarded,
        "answerless": lambda: proxy.never_answered,
        "late": lambda: proxy.late,
    }
    # About half of the faults are error responses.
    name = next(iter(kinds)) if rng.random() < 0.4 else rng.choice(list(kinds))
    response = 0.2 if name in ("hanging", "answerless", "late") else 30
    times = rng.choice([1, 1, 1, 2, 3, None])
    return RandomFault(
        name, kinds[name](), rng.randrange(length), times, rng.choice([2, 5]), response
    )


class Scene:
    """A store with graphs that were loaded before, files with new content, and a proxy."""

    def __init__(self, site: Site, proxy_server: Proxy, folder: Path) -> None:
        self.site = site
        self.proxy_server = proxy_server
        self._files = folder / "files"
        self._files.mkdir()
        for name, lines in NEW.items():
            if lines:
                (self._files / f"{name}.nt").write_text("".join(f"{line}\n" for line in lines))
        site.reset({BASE + name: lines for name, lines in OLD.items()})
        site.put(OTHER, NOT_OURS)

    def store(self) -> RemoteStore:
        return open_store(
            resolve_endpoint(Endpoint(url=self.proxy_server.address), self.site.environment),
            quick(response=1),
        )

    def request(self, policy: RetryPolicy) -> LoadRequest:
        return load_request([str(self._files)], base=BASE, prune=True, retry_policy=policy)

    def load(self, response: float = 30) -> str | None:
        """Load, and return the error, if there is one."""
        request = self.request(quick(response=response))
        try:
            failure = load(self.store(), request).failure
        except EndpointError as error:
            failure = error
        assert failure is None or isinstance(failure, EndpointError), failure
        return str(failure) if failure else None

    def check_new(self) -> None:
        """Check that every graph has its new content, and is in the manifest."""
        assert {name: self.site.content(BASE + name) for name in NEW} == NEW
        assert self.site.manifest() == {BASE + name: entry(NEW[name]) for name in NEW if NEW[name]}

    def check_old_or_new(self) -> None:
        """Check that every graph has its old or its new content."""
        for name in NEW:
            assert self.site.content(BASE + name) in (OLD[name], NEW[name]), name
        assert self.site.content(OTHER) == NOT_OURS


@contextmanager
def reader(site: Site, graph: str) -> Iterator[set[bytes]]:
    """Yield everything that a reader sees who reads the graph again and again."""
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
    """The number of requests of a load without a fault, by the store's address."""
    return {}


@pytest.fixture
def scene(site: Site, tmp_path: Path, lengths: dict[str, int]) -> Iterator[Scene]:
    """The requests of a load with a fault, on each store."""
    if site.base not in lengths:
        (tmp_path / "first").mkdir()
        with Proxy(site.base) as proxy_server:
            first = Scene(site, proxy_server, tmp_path / "first")
            assert first.load() is None
            first.check_new()
            lengths[site.base] = len(proxy_server.seen)
    with Proxy(site.base) as proxy_server:
        yield Scene(site, proxy_server, tmp_path)


@pytest.mark.parametrize("seed", range(10))
def test_random_fault_never_leaves_a_partial_graph_or_false_success(scene, lengths, seed):
    site, proxy_server = scene.site, scene.proxy_server
    fault = random_fault(seed, lengths[site.base])
    # A late request arrives while the load goes on, or after it has failed.
    proxy_server.inject(proxy.releasing, since(fault.number + fault.delay), times=1)
    proxy_server.inject(fault.fault, since(fault.number), fault.times)

    with reader(site, BASE + "a") as seen:
        failure = scene.load(fault.response)

    assert proxy_server.has_struck.is_set()
    assert {parsed(content) for content in seen} <= {OLD["a"], NEW["a"]}
    proxy_server.remove_faults()
    proxy_server.wait_until_idle()
    scene.check_old_or_new()
    if failure is None:
        scene.check_new()
    left = named(failure or "")
    # Graphs that are loaded together are named by what their names begin with.
    assert all(name.startswith(tuple(left)) for name in site.staging())

    assert scene.load() is None
    scene.check_new()
    if left:
        clean(scene.store(), scene.request(quick()).names, quick())
    assert site.staging() == []
    assert site.content(OTHER) == NOT_OURS
