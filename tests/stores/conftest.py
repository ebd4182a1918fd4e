"""A bundle that may be changed, and the stores that it is loaded into."""

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
def nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_authorities: None, unhurried: None
) -> None:
    """Neither the environment nor a file of whoever runs the tests tells of a store."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("USER", "PASSWORD", "TOKEN", "CA_FILE"):
        monkeypatch.delenv(f"TIPGRAPH_{name}", raising=False)


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small bundle, with blank nodes in its ontology, in place of the shipped one."""
    copy = tmp_path / "package" / "bundle"
    shutil.copytree(MINI / "bundle", copy)
    with (copy / "ontology" / "mini.ttl").open("a") as ontology:
        ontology.write(UNNAMED)
    monkeypatch.setattr("tipgraph.bundle.PACKAGE", str(copy.parent))
    return copy


@pytest.fixture(scope="session")
def private(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A private authority with a server of its own."""
    return authority(tmp_path_factory.mktemp("authority"))
