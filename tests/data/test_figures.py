"""Each figures.ttl of the data is what the import of the figures.csv beside it writes."""

import csv
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.conftest import Run
from tipgraph.resources.folders import shipped as resources

ROOT = Path(resources().root)
DATA = ROOT / "data"
TABLES = sorted(DATA.glob("*/figures.csv"))


@pytest.fixture
def without_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped resources without the files that were written from tables."""
    package = tmp_path / "package"
    bare = package / "shipped"
    copytree(DATA, bare / "data", ignore=ignore_patterns("figures.ttl"))
    for name in ("ontology", "queries"):
        copytree(ROOT / name, bare / name)
    monkeypatch.setattr("tipgraph.resources.folders.PACKAGE", str(package))


def assert_import_writes_the_committed_files(run: Run) -> None:
    for table in TABLES:
        outcome = run("import-figures", table)
        assert outcome.code == 0, outcome.err
        assert outcome.out.encode() == table.with_suffix(".ttl").read_bytes(), table


def test_tables_and_imported_figures_stand_in_the_same_folders() -> None:
    assert {table.parent for table in TABLES} == {file.parent for file in DATA.rglob("figures.ttl")}
    assert set(DATA.rglob("figures.csv")) == set(TABLES)
    assert len(TABLES) >= 10


@pytest.mark.slow(reason="imports the tables of all editions")
def test_import_of_each_table_writes_the_committed_file(run: Run, all_countries: None) -> None:
    assert_import_writes_the_committed_files(run)


@pytest.mark.slow(reason="imports the tables of all editions")
def test_tables_suffice_without_the_figures_made_from_them(run: Run, without_figures: None) -> None:
    assert_import_writes_the_committed_files(run)


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
