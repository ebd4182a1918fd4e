"""Charts of rows by hand."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.charts.hand import Row, resources
from tests.conftest import Outcome, Run

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
        resources(root / "shipped", **told)
        monkeypatch.setattr("tipgraph.resources.folders.PACKAGE", str(root))
        return run("chart", name, *options, "--output", output or svg)

    return draw
