"""Each figures.ttl of the data is what the import of the figures.csv beside it writes."""

import csv
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tipgraph import LocalGraph
from tipgraph.editions.import_figures import import_figures
from tipgraph.resources.folders import Resources
from tipgraph.resources.folders import shipped as resources
from tipgraph.store.build import make_store
from tipgraph.store.engine import Embedded, Remembering

ROOT = Path(resources().root)
DATA = ROOT / "data"
TABLES = sorted(DATA.glob("*/figures.csv"))


@pytest.fixture
def without_figures(tmp_path: Path) -> Remembering:
    """The graph of the shipped files but for those that were written from tables."""
    copytree(DATA, tmp_path / "data", ignore=ignore_patterns("figures.ttl"))
    for name in ("ontology", "queries"):
        copytree(ROOT / name, tmp_path / name)
    return Remembering(make_store(Resources(str(tmp_path))))


def assert_import_writes_the_committed_files(engine: Embedded) -> None:
    for table in TABLES:
        made = import_figures(engine, str(table)).single
        assert made.encode() == table.with_suffix(".ttl").read_bytes(), table


def test_tables_and_imported_figures_stand_in_the_same_folders() -> None:
    assert {table.parent for table in TABLES} == {file.parent for file in DATA.rglob("figures.ttl")}
    assert set(DATA.rglob("figures.csv")) == set(TABLES)
    assert len(TABLES) >= 10


@pytest.mark.slow(reason="imports the tables of all editions")
def test_import_of_each_table_writes_the_committed_file(everything: LocalGraph) -> None:
    assert_import_writes_the_committed_files(everything.engine)


@pytest.mark.slow(reason="imports the tables of all editions")
def test_tables_suffice_without_the_figures_made_from_them(without_figures: Remembering) -> None:
    assert_import_writes_the_committed_files(without_figures)


@pytest.mark.parametrize("table", TABLES, ids=[table.parent.name for table in TABLES])
def test_table_holds_the_figures_of_its_folder_as_plain_csv(table: Path) -> None:
    content = table.read_bytes()
    rows = list(csv.DictReader(content.decode("utf-8").splitlines(), strict=True))

    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert not content.startswith(b"\xef\xbb\xbf"), "no byte order mark"
    ((year, country),) = {(row["edition"], row["country"]) for row in rows}
    assert table.parent.name.startswith(f"tip-{year}-")
    assert len(country) == 3
