"""Charts of rows that a test defines."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.charts.hand import Row, resources
from tests.conftest import Outcome, Run
from tipgraph.resources.folders import VARIABLE

Draw = Callable[..., Outcome]


@pytest.fixture
def svg(tmp_path: Path) -> Path:
    """The file of the picture."""
    return tmp_path / "chart.svg"


@pytest.fixture
def draw(run: Run, tmp_path: Path, svg: Path, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """Runs `tipgraph chart` on these rows; the default output is `svg`.

    `figures` are rows of the query `figures`, with the caveats of the totals.
    """

    def draw(
        name: str,
        rows: Iterable[Row],
        *options: str,
        output: Path | None = None,
        figures: Iterable[Row] = (),
    ) -> Outcome:
        root = tmp_path / "resources"
        query = "series" if name == "series" else "shares"
        resources(root, figures=figures, **{query: rows})
        monkeypatch.setenv(VARIABLE, str(root))
        return run("chart", name, *options, "--output", output or svg)

    return draw
