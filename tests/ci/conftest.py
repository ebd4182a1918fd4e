"""A copy of this checkout as a repository, and an example library with invalid data."""

import os
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import OTHER_COUNTRY, OTHER_EDITION
from tipgraph.resources.folders import VARIABLE

from .page import EXAMPLE, ROOT
from .runner import Runner

EXCLUDED = shutil.ignore_patterns(".git", ".venv", ".tools", "dist", "__pycache__", ".*_cache")


@pytest.fixture(autouse=True)
def own_resources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the installed package use its own resources."""
    monkeypatch.delenv(VARIABLE)


def excluded(folder: str, names: list[str], without: re.Pattern[str] = OTHER_COUNTRY) -> set[str]:
    """The names in a folder that are not copied."""
    below = os.path.relpath(folder, ROOT / "data")
    others = {each for each in names if without.match(os.path.normpath(f"{below}/{each}"))}
    return EXCLUDED(folder, names) | others


def git(folder: Path, *arguments: str) -> str:
    """Git's output; the author needs no configuration."""
    author = ["-c", "user.name=Tests", "-c", "user.email=tests@example.org"]
    done = subprocess.run(
        ["git", *author, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def committed(folder: Path) -> Path:
    """The folder, after all of it is committed to a new repository."""
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "All")
    return folder


@pytest.fixture(autouse=True)
def quick_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own cache of pip, and nothing compiled but what a command imports."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("PIP_NO_COMPILE", "1")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the project, without ignored files, and with the data of one edition alone."""
    tree = tmp_path_factory.mktemp("published") / "tipgraph"
    shutil.copytree(ROOT, tree, ignore=partial(excluded, without=OTHER_EDITION))
    clone = tree.with_name("clone")
    git(tree.parent, "clone", "--quiet", str(committed(tree)), str(clone))
    return clone


@pytest.fixture(scope="session")
def runner(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner for the action."""
    return Runner(published, tmp_path_factory.mktemp("runner"))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The example of the page, with one violation and one warning."""
    folder = tmp_path / "library"
    shutil.copytree(EXAMPLE, folder)
    return folder


@pytest.fixture
def correct_library(library: Path) -> Path:
    """The example with correct data."""
    books = library / "data" / "books.ttl"
    text = books.read_text()
    corrected = text.replace("jane-austin", "jane-austen").replace('"1871"', '"1871"^^xsd:gYear')
    assert corrected != text
    books.write_text(corrected)
    return library
