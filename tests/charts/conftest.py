"""Charts of rows by hand, and of the shipped graph."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

import tipgraph
from tests.charts.hand import Row, bundle
from tests.conftest import Outcome, Run
from tipgraph.knowledge import KnowledgeGraph

Draw = Callable[..., Outcome]


@pytest.fixture
def svg(tmp_path: Path) -> Path:
    """Where a picture goes."""
    return tmp_path / "chart.svg"


@pytest.fixture
def draw(run: Run, tmp_path: Path, svg: Path, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """Runs `tipgraph chart` on rows by hand; into `svg` when it is told nothing else."""

    def draw(name: str, rows: Iterable[Row], *options: str, output: Path | None = None) -> Outcome:
        root = tmp_path / "package"
        told = {"series" if name == "series" else "shares": rows}
        bundle(root / "bundle", **told)
        monkeypatch.setattr("tipgraph.bundle.PACKAGE", str(root))
        return run("chart", name, *options, "--output", output or svg)

    return draw


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """The shipped graph, made anew."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        graph = tipgraph.open()
        assert graph.queries
        yield graph
