"""The shipped graph, a small resources, a cache of its own, and the command line as a function."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import tipgraph
from tipgraph.cli import main

MINI = Path(__file__).parent / "fixtures" / "mini"


class Outcome(NamedTuple):
    """What a command line gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tipgraph"


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> None:
    """No width of a terminal: tests that run in several processes are given one."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tipgraph.LocalGraph:
    """The shipped graph, made anew and opened once; its queries are read."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        graph = tipgraph.open()
        assert graph.queries
        return graph


@pytest.fixture
def mini(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small resources stands in for the shipped one."""
    monkeypatch.setattr("tipgraph.resources.folders.PACKAGE", str(MINI))
    return MINI / "shipped"


@pytest.fixture
def graph(mini: Path) -> tipgraph.LocalGraph:
    """The small resources's graph."""
    return tipgraph.open()


@pytest.fixture
def texts() -> Path:
    """The source texts of the small resources's editions."""
    return MINI / "texts"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line; `tty` makes a person look, `stdin` is standard input."""

    def run(*arguments: object, tty: bool = False, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: tty)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main([str(argument) for argument in arguments])
        return Outcome(code, *capsys.readouterr())

    return run
