"""Folders of editions, made by `tipgraph new` and edited."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tipgraph.resources import folders

TEXT = Path(__file__).parents[3] / "shared/sources/tip-2021-belgium-protection.txt"
PAGE = "https://www.state.gov/reports/2022-trafficking-in-persons-report/belgium/"
STORY = """\
The U.S. Department of State wrote this. The government assisted 12 victims (Art. 3).
Shelters were “full.” Observers said so, e.g. GRETA.
"""

Edit = Callable[[str, str, str], int]


@pytest.fixture(autouse=True)
def here(one_edition: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, so that files have short names in messages."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def five_countries(here: Path, test_graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The graph has the editions of five countries after all."""
    monkeypatch.setenv(folders.VARIABLE, str(test_graph))


@pytest.fixture
def text(here: Path) -> Path:
    """A short text of two paragraphs and four sentences."""
    path = here / "story.txt"
    path.write_bytes(STORY.encode())
    return path


@pytest.fixture
def begun(here: Path, run: Run) -> Path:
    """A new folder, with a page."""
    assert run("new", "tip-2022-be", "--page", PAGE).code == 0
    return here / "tip-2022-be"


@pytest.fixture
def written(begun: Path) -> Path:
    """The folder with all examples uncommented."""
    uncomment(begun)
    return begun


@pytest.fixture
def edit(here: Path) -> Edit:
    """Replaces the first occurrence in a file, and returns its line."""

    def edit(file: str, old: str, new: str) -> int:
        path = here / file
        before, found, after = path.read_text(encoding="utf-8").partition(old)
        assert found, f"{file} has no {old!r}"
        path.write_text(before + new + after, encoding="utf-8")
        return before.count("\n") + 1

    return edit


def uncomment(folder: Path) -> None:
    """Remove the first # of each line of the examples."""
    for path in folder.glob("*.ttl"):
        head, found, examples = path.read_text(encoding="utf-8").partition("\n## ")
        if found:
            examples = re.sub(r"^# ?", "", f"## {examples}", flags=re.MULTILINE)
            path.write_text(f"{head}\n{examples}", encoding="utf-8")
