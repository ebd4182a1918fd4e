"""A resources that may be changed, and the stores that it is loaded into."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import MINI
from tests.stores.authority import Authority, authority

UNNAMED = """
tip:Actor rdfs:subClassOf
    [ a owl:Restriction ; owl:onProperty tip:oversees ; owl:allValuesFrom [ owl:unionOf (
        [ a owl:Restriction ; owl:onProperty tip:about ; owl:someValuesFrom tip:Actor ]
        [ a owl:Restriction ; owl:onProperty tip:about ; owl:someValuesFrom tip:Edition ]
        tip:Statement ) ] ] .
"""


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor a file of whoever runs the tests tells of a store."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("USER", "PASSWORD", "TOKEN", "CA_FILE"):
        monkeypatch.delenv(f"TIPGRAPH_{name}", raising=False)


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small resources in place of the shipped ones, with blank nodes in the ontology."""
    copy = tmp_path / "package" / "shipped"
    shutil.copytree(MINI / "shipped", copy)
    with (copy / "ontology" / "mini.ttl").open("a") as ontology:
        ontology.write(UNNAMED)
    monkeypatch.setattr("tipgraph.resources.folders.PACKAGE", str(copy.parent))
    return copy


@pytest.fixture(scope="session")
def private(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A private authority with a server of its own."""
    return authority(tmp_path_factory.mktemp("authority"))
