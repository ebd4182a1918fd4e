"""`make stamp` writes version and dates, and nothing else."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tipgraph.version import VERSION

ROOT = Path(__file__).parents[2]
FILES = (
    "CITATION.cff",
    "src/tipgraph/version.py",
    "draft/pyproject.toml",
    ".ci/stamp.py",
    "ontology",
    "data",
)
# Publications on other countries: these are alike.
OTHERS = shutil.ignore_patterns("*-[a-ac-z][a-z]", "*-b[a-df-z]")
BEGUN, CHANGED = "2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with the files that are stamped, and one later change to an edition."""
    for name in FILES:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=OTHERS)
        else:
            shutil.copy(ROOT / name, target)
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "Begin", BEGUN)
    edition = tmp_path / "data" / "tip-2021-be" / "edition.ttl"
    edition.write_text(edition.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    commit(tmp_path, "Add more", CHANGED)
    return tmp_path


def git(folder: Path, *arguments: str, time: str = BEGUN) -> None:
    author = {
        f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    dates = {"GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time}
    environment = os.environ | author | dates
    subprocess.run(["git", *arguments], cwd=folder, check=True, env=environment)


def commit(folder: Path, subject: str, time: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", subject, time=time)


def stamp(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ".ci/stamp.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, str]:
    files = (path for name in FILES for path in [folder / name, *(folder / name).rglob("*")])
    return {str(path): path.read_text(encoding="utf-8") for path in files if path.is_file()}


def test_version_and_dates_are_written_once_for_all(checkout: Path) -> None:
    assert stamp(checkout, "9.8.7").returncode == 0

    for module in (checkout / "ontology").glob("*.ttl"):
        header = module.read_text(encoding="utf-8")
        assert f"{module.stem}/9.8.7>" in header
        (prior,) = re.findall(r"owl:priorVersion +<(.*)>", header)
        assert prior.endswith(f"{module.stem}/{VERSION}")
        assert 'owl:versionInfo               "9.8.7"' in header
        assert f"version 9.8.7. https://w3id.org/tipgraph/ontology/{module.stem}/9.8.7" in header
        assert f'dcterms:modified              "{BEGUN}"' in header
    assert "version: 9.8.7" in (checkout / "CITATION.cff").read_text(encoding="utf-8")
    for name in ("src/tipgraph/version.py", "draft/pyproject.toml"):
        assert '"9.8.7"' in (checkout / name).read_text(encoding="utf-8")
    datasets = (checkout / "data" / "datasets.ttl").read_text(encoding="utf-8")
    assert dates(datasets, "actors") == (BEGUN, BEGUN)
    assert dates(datasets, "tip-2021-be") == dates(datasets, "datasets") == (BEGUN, CHANGED)

    before = contents(checkout)
    commit(checkout, "Stamp version 9.8.7", "2026-03-03T00:00:00Z")
    assert stamp(checkout, "9.8.7").returncode == 0
    assert contents(checkout) == before


def test_version_that_is_none_is_refused(checkout: Path) -> None:
    before = contents(checkout)
    found = stamp(checkout, "next")

    assert (found.returncode, contents(checkout)) == (2, before)
    assert found.stderr == "next: a version has three numbers, such as 0.2.0\n"


def dates(turtle: str, graph: str) -> tuple[str, ...]:
    """The dates when a graph was issued and modified."""
    entry = turtle.partition(f"graph:{graph} a ")[2].partition(" .\n")[0]
    return tuple(re.findall(r'"([^"]+Z)"', entry))
