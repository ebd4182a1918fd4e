"""Resources that tests may change, and an environment without settings of a store."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import MINI
from tipgraph.resources.folders import VARIABLE

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
    """Remove the settings of a store from the environment."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("USER", "PASSWORD", "TOKEN", "CA_FILE"):
        monkeypatch.delenv(f"TIPGRAPH_{name}", raising=False)


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small resources in place of the shipped ones, with blank nodes."""
    copy = tmp_path / "resources"
    shutil.copytree(MINI / "shipped", copy)
    with (copy / "ontology" / "mini.ttl").open("a") as ontology:
        ontology.write(UNNAMED)
    monkeypatch.setenv(VARIABLE, str(copy))
    return copy
