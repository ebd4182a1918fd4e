"""The distribution beside tipgraph: its commands and its check, and what is there without it."""

import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from tests.conftest import Run
from tipgraph.cli import commands
from tipgraph.editions import check

ROOT = Path(__file__).parents[1]


@pytest.fixture
def without_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which no other distribution has entry points."""
    monkeypatch.setattr(metadata, "entry_points", lambda **_: ())
    monkeypatch.setattr(check, "entry_points", lambda **_: ())
    commands._further_commands.cache_clear()


@pytest.fixture(autouse=True)
def fresh() -> object:
    yield
    commands._further_commands.cache_clear()


def test_help_lists_the_commands_of_both(run: Run) -> None:
    shown = run("--help").out

    assert "  draft  " in shown
    assert "  review  " in shown
    assert shown.index("  diff  ") < shown.index("  draft  ") < shown.index("  export  ")


@pytest.mark.usefixtures("without_draft")
def test_command_that_is_not_installed_is_named_with_its_distribution(run: Run) -> None:
    for name in ("draft", "review"):
        outcome = run(name, "folder", "--text", "story.txt")

        assert (outcome.code, outcome.err.count("\n")) == (2, 1)
        assert f"{name!r} is in tipgraph-draft, which is not installed; run pip inst" in outcome.err
    assert "  draft  " not in run("--help").out
    assert "did you mean 'diff'?" in run("dif").err


def test_own_command_starts_without_a_look_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: str) -> None:
        raise AssertionError("looked up")

    monkeypatch.setattr(metadata, "entry_points", fail)

    assert run("queries", "figures").code == 0


@pytest.mark.slow(reason="builds a wheel")
def test_wheel_has_the_package_alone(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("tipgraph_draft-*.whl")

    names = zipfile.ZipFile(wheel).namelist()
    assert {each.partition("/")[0].partition("-")[0] for each in names} == {"tipgraph_draft"}
    package = ROOT / "src/tipgraph_draft"
    files = (each for each in package.rglob("*") if each.is_file() and each.suffix != ".pyc")
    assert {f"tipgraph_draft/{each.relative_to(package)}" for each in files} <= {*names}
