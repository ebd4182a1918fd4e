"""A move that exceeds the time limit of Virtuoso is rolled back."""

from functools import partial
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.loader.conftest import GRAPH, OLD, named, quick
from tests.loader.site import Site
from tests.servers import STORES, started

pytestmark = pytest.mark.store


@pytest.mark.slow(reason="fills a Virtuoso until a move takes more than a second")
def test_move_beyond_the_time_limit_changes_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", partial(quick, attempts=1))
    for name, value in STORES["virtuoso"].environment.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "new.nt"
    file.write_text("".join(f'<urn:s{n}> <urn:p> "new {n}" .\n' for n in range(45_000)))
    with started("virtuoso", tmp_path, "", "", 1) as base:
        site = Site(base, STORES["virtuoso"].environment)
        site.put(GRAPH, OLD)

        outcome = run("load", file, "--graph", GRAPH, "--endpoint", base, "--force")

        assert (outcome.code, "SR171: Transaction timed out" in outcome.err) == (4, True)
        assert site.content(GRAPH) == OLD
        # To remove it may take too long, too.
        assert set(site.staging()) <= named(outcome.err)
        site.close()
