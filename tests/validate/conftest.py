"""Data and shapes that have nothing to do with the shipped graph."""

from collections.abc import Callable
from pathlib import Path

import pytest

PREFIXES = """\
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

"""
SHAPES = """\
ex:Person
    a sh:NodeShape ;
    sh:targetClass ex:Human ;
    sh:property ex:Person-name , ex:Person-nick .

ex:Person-name
    a sh:PropertyShape ;
    sh:path ex:name ;
    sh:minCount 1 ;
    sh:message "Give a name." .

ex:Person-nick
    a sh:PropertyShape ;
    sh:path ex:nick ;
    sh:maxCount 1 ;
    sh:severity sh:Warning ;
    sh:message "One nickname will do." .
"""

Write = Callable[[str, str], Path]


@pytest.fixture
def folder(tmp_path: Path, mini: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, so that files have short names, with the small ontology.

    With the shipped one each run would take ten times as long.
    """
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Write:
    """Write a Turtle file; the prefixes take its first three lines."""

    def write(name: str, turtle: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + turtle, encoding="utf-8")
        return path

    return write


@pytest.fixture
def shapes(write: Write) -> Path:
    """Shapes that require a name and warn about a second nickname."""
    return write("shapes.ttl", SHAPES)
