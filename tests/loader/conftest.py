"""Real stores, loads with a fault on the way to one, and checks of the result."""

import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache, partial
from pathlib import Path
from signal import SIGINT
from typing import Any

import pytest

from tests.conftest import Outcome, Run
from tests.loader.site import STAGING, Site, entry, text
from tests.proxy import Proxy, stalled
from tests.servers import STORES, started
from tipgraph.endpoint.retry import RetryPolicy

GRAPH = "https://example.org/faults/a"
OTHER = "https://example.org/not-ours"
OLD, NEW, NOT_OURS = text("a", "old"), text("a", "new"), text("b", "other")

# The pauses of the command line, shortened for tests.
quick = partial(
    RetryPolicy, connect=5, attempts=6, first_pause=0.005, longest_pause=2, settle=0.1, turn=0.1
)


# Each test looks through all graphs of the store, so these stores hold nothing else.


# A load takes ten times as long on these, so a few random faults are tried there. The command does
# the same at each signal: both are tried on Oxigraph.
SLOW_STORES, SEEDS = ("fuseki", "rdf4j"), 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what the other stores are asked."""

    def is_left_out(item: pytest.Item) -> bool:
        given: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
        if given.get("sign", SIGINT) != SIGINT and given.get("site") != "oxigraph":
            return True
        is_further = given.get("seed", 0) >= SEEDS
        # Fuseki waits half a minute for the rest of an upload before it does anything else.
        is_further |= given.get("fault") is stalled and given.get("site") == "fuseki"
        return given.get("site") in SLOW_STORES and is_further

    items[:] = [item for item in items if not is_left_out(item)]


@pytest.fixture(scope="session")
def site_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Site]]:
    """Gives a store of a kind."""
    with ExitStack() as opened:

        @cache
        def site(kind: str) -> Site:
            base = opened.enter_context(started(kind, tmp_path_factory.mktemp(kind)))
            return opened.enter_context(closing(Site(base, STORES[kind].environment)))

        yield site


@pytest.fixture(params=list(STORES))
def site(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    site_of: Callable[[str], Site],
    no_authorities: None,
) -> Site:
    """Each of the stores, with its credentials in the environment, and short pauses."""
    site = site_of(request.param)
    for name in ("TIPGRAPH_USER", "TIPGRAPH_PASSWORD", "TIPGRAPH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in site.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", quick)
    return site


def named(errors: str) -> set[str]:
    """Return the staging graphs that an error names."""
    return set(re.findall(rf"<({STAGING}[^>]*)>", errors))


class Lab:
    """A graph that was loaded before, a file with its new content, and a proxy to the store."""

    def __init__(self, site: Site, proxy: Proxy, run: Run, folder: Path) -> None:
        self.site = site
        self.proxy = proxy
        self._run = run
        self.file = folder / "new.nt"
        self.file.write_text("".join(f"{line}\n" for line in NEW))
        site.reset({GRAPH: OLD})
        site.put(OTHER, NOT_OURS)

    def arguments(self, *further: object) -> list[object]:
        """Return the command line that loads the file."""
        return ["load", self.file, "--graph", GRAPH, "--endpoint", self.proxy.address, *further]

    def load(self, *further: object) -> Outcome:
        return self._run(*self.arguments(*further))

    def check(self, code: int, errors: str) -> None:
        """Check the store after a load with this outcome, and clean it as the error advises."""
        self.proxy.remove_faults()
        self.proxy.wait_until_idle()
        assert self.site.content(OTHER) == NOT_OURS
        if code == 0:
            assert self.site.content(GRAPH) == NEW
            assert self.site.manifest() == {GRAPH: entry(NEW)}
            assert self.site.staging() == []
            assert errors == ""
            return
        assert self.site.content(GRAPH) in (OLD, NEW)
        if code == 4 or named(errors):
            assert errors.startswith("tipgraph: ")
            assert errors.count("\n") == 1
        left = named(errors)
        assert set(self.site.staging()) <= left
        if left:
            [command] = re.findall(r"'tipgraph (load --clean [^']*)'", errors)
            assert self._run(*shlex.split(command)).code == 0
            assert self.site.staging() == []
            assert self.site.content(GRAPH) in (OLD, NEW)


@pytest.fixture
def lab(site: Site, run: Run, tmp_path: Path) -> Iterator[Lab]:
    """The requests of a load with a fault, on each store."""
    with Proxy(site.base) as proxy:
        yield Lab(site, proxy, run, tmp_path)
