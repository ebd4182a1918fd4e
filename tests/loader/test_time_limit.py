"""A move that exceeds the time limit of Virtuoso is rolled back, and done in another way."""

from functools import partial
from urllib.parse import unquote_plus

import pytest

from tests.loader.conftest import GRAPH, OLD, named, quick
from tests.loader.site import Site, entry, text
from tests.loader.steps import At
from tests.proxy import Proxy, Request, status
from tests.servers import STORES, started

pytestmark = pytest.mark.store


@pytest.mark.slow(reason="fills a Virtuoso until a move takes more than a second")
def test_move_beyond_the_time_limit_changes_nothing(run, tmp_path, monkeypatch):
    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", partial(quick, attempts=1))
    for name, value in STORES["virtuoso"].environment.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "new.nt"
    with started("virtuoso", tmp_path, "", "", 1) as base:
        site = Site(base, STORES["virtuoso"].environment)
        # A fast machine moves more in a second.
        for triples in (45_000, 90_000, 180_000, 360_000):
            # The store answers with no more than 10,000 triples of a graph.
            graph = f"{GRAPH}/{triples}"
            site.put(graph, OLD)
            file.write_text("".join(f"{line}\n" for line in text("s", "new", triples)))
            outcome = run("load", file, "--graph", graph, "--endpoint", base, "--force")
            if outcome.code:
                break

        assert (outcome.code, "SR171: Transaction timed out" in outcome.err) == (4, True)
        assert site.content(graph) == OLD
        # To remove it may take too long, too.
        assert set(site.staging()) <= named(outcome.err)
        site.close()


@pytest.mark.slow(reason="moves a large graph in Virtuoso")
def test_move_that_takes_too_long_is_done_in_another_way(run, tmp_path, monkeypatch):
    # As after a start after which it plans each MOVE badly; the other way fails once.
    def is_move(request: Request) -> bool:
        return "MOVE SILENT" in unquote_plus(request.text)

    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", quick)
    for name, value in STORES["virtuoso"].environment.items():
        monkeypatch.setenv(name, value)
    old, new = text("a", "old", 9_999), text("a", "new", 10_000)
    file = tmp_path / "new.nt"
    with started("virtuoso", tmp_path) as base, Proxy(base) as proxy:
        site = Site(base, STORES["virtuoso"].environment)
        timed_out = status(500, "Virtuoso S1T00 Error SR171: Transaction timed out")
        proxy.inject(timed_out, At("move"), 1)
        proxy.inject(timed_out, is_move)
        for lines in (old, new):
            file.write_text("".join(f"{line}\n" for line in lines))
            outcome = run("load", file, "--graph", GRAPH, "--endpoint", proxy.address)

            assert outcome.code == 0, outcome.err
            assert site.content(GRAPH) == lines
            assert site.manifest() == {GRAPH: entry(lines)}
            assert site.staging() == []
        site.close()
