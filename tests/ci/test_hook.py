"""The pre-commit hook, installed and run by pre-commit with the configuration on the page."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tipgraph.rdf.files import SEVERAL

from .conftest import committed, git
from .page import ROOT, parsed

pytestmark = pytest.mark.slow(reason="installs the project with pip, as pre-commit does")

(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
CONFIG = ".pre-commit-config.yaml"


class Hooks:
    """pre-commit with its own home folder."""

    def __init__(self, published: Path, home: Path) -> None:
        self._published = published
        self._home = home

    def configure(self, folder: Path, **hook: object) -> None:
        """Configure the hook as on the page, from the copy of the project."""
        config = parsed(CONFIG)
        (repository,) = config["repos"]
        repository |= {
            "repo": self._published.as_uri(),
            "rev": git(self._published, "rev-parse", "HEAD"),
        }
        repository["hooks"][0] |= hook
        (folder / CONFIG).write_text(yaml.safe_dump(config))

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the hooks on staged files."""
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color=never", *arguments],
            cwd=folder,
            env=os.environ | {"PRE_COMMIT_HOME": str(self._home)},
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="session")
def hooks(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    return Hooks(published, tmp_path_factory.mktemp("pre-commit"))


def change(folder: Path, file: str) -> None:
    """Stage a harmless change."""
    with (folder / file).open("a") as opened:
        opened.write("\n# A remark.\n")
    git(folder, "add", ".")


def test_correct_data_passes(hooks: Hooks, correct_library: Path) -> None:
    hooks.configure(correct_library)
    change(committed(correct_library), "data/people.ttl")

    done = hooks.run(correct_library)

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"SHACL validation\.+Passed", done.stdout)


def test_violation_in_unchanged_file_fails(hooks: Hooks, library: Path) -> None:
    hooks.configure(library)
    change(committed(library), "data/people.ttl")

    done = hooks.run(library)

    assert done.returncode == 1
    assert "- exit code: 1" in done.stdout
    assert "data/books.ttl:11:" in done.stdout


def test_hook_is_skipped_without_rdf_changes(hooks: Hooks, library: Path) -> None:
    hooks.configure(library)
    change(committed(library), CONFIG)

    assert "(no files to check)Skipped" in hooks.run(library).stdout


def test_missing_data_folder_fails(hooks: Hooks, library: Path) -> None:
    """The hook's default arguments must not fall back to the shipped graph."""
    (library / "data").rename(library / "elsewhere")
    hooks.configure(library, args=HOOK["args"])
    change(committed(library), "elsewhere/people.ttl")

    done = hooks.run(library)

    assert done.returncode == 1
    assert "- exit code: 3" in done.stdout
    assert "data: no such file or folder" in done.stdout


@pytest.mark.parametrize(
    "ending", ["ttl", "TTL", "trig", "nt", "nq", "n3", "rdf", "jsonld", "turtle", *SEVERAL]
)
def test_hook_runs_for_rdf_files(ending: str) -> None:
    assert re.search(HOOK["files"], f"data/books.{ending}")


@pytest.mark.parametrize("file", ["ttl", "data/books.ttl.md", "package.json", "pom.xml"])
def test_hook_does_not_run_for_other_files(file: str) -> None:
    assert not re.search(HOOK["files"], file)
