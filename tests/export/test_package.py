"""The package of tables: every row has its evidence, and the programs of others read it."""

import csv
import io
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.tools import convert, needs_command
from tipgraph import LocalGraph
from tipgraph.export.package import TABLES, package, zipped

# Residence permits that Belgium issued, from 2017 to 2020.
PERMITS = [235, 248, 154, 174]
BELGIAN = ("Belgium", "residence permits issued")


@pytest.fixture(scope="module")
def files(shipped: LocalGraph) -> dict[str, bytes]:
    return package(shipped.engine, shipped.queries, shipped.resources, shipped.digest, True)


@pytest.fixture(scope="module")
def folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def permits(found: list[dict[str, str]]) -> list[float]:
    own = [row for row in found if (row["area"], row["indicator"]) == BELGIAN]
    return [float(row["value"]) for row in sorted(own, key=lambda row: row["period"])]


def test_every_row_has_its_evidence(files: dict[str, bytes], shipped: LocalGraph) -> None:
    for name, query in TABLES.items():
        found = rows(files[f"{name}.csv"].decode())
        given = {"edition": "all"} if shipped.queries[query].has_editions else {}
        statements = {str(each) for each in shipped.rows(query, **given).column("statement")}
        assert {row["statement_iri"] for row in found} == statements
        for row in found:
            assert all(row[each] for each in ("speaker", "speaker_iri", "place", "link", "quote"))
            assert {"counted_by", "caveat", "section"} <= row.keys()
            assert row["coverage"] in ("read in full", "read in part")
    figures = rows(files["figures.csv"].decode())
    assert permits(figures) == PERMITS
    assert len({(row["statement_iri"], row["unit_iri"]) for row in figures}) == len(figures)
    (permit,) = [row for row in figures if row["quote"] == "issued 174 residence permits"]
    assert (permit["counted_by"], permit["place"]) == ("Government of Belgium", "S30")
    assert permit["caveat"].startswith("Permits, not persons")
    assert (permit["section"], permit["coverage"]) == ("Protection", "read in full")


def test_speakers_and_places_of_one_claim_share_a_row(files: dict[str, bytes]) -> None:
    claims = rows(files["claims.csv"].decode())

    assert len({row["statement_iri"] for row in claims}) == len(claims)
    assert any(" | " in row["speaker_iri"] for row in claims)


def test_archive_has_the_files_and_is_the_same_each_time(run, files, tmp_path, monkeypatch):
    target, text = tmp_path / "tables.zip", tmp_path / "text"
    assert run("export", "package", target) == (0, "", "")
    assert target.read_bytes() == zipped(files)
    with ZipFile(target) as archive:
        assert {each: archive.read(each) for each in archive.namelist()} == files

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    outcome = run("export", "package", text)
    assert outcome.code == 0
    assert "the package has no Parquet; for that, install pyarrow" in outcome.err
    assert (text / "figures.csv").read_bytes() == files["figures.csv"]
    assert not list(text.glob("*.parquet"))
    assert run("export", "package", text).code == 3


@pytest.mark.slow(reason="imports three libraries with many dependencies")
def test_descriptions_are_valid(folder: Path, files: dict[str, bytes]) -> None:
    from csvw import CSVW
    from frictionless import Package, validate
    from rocrate.rocrate import ROCrate

    report = validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten()
    described = Package(str(folder / "datapackage.json"))
    assert described.to_descriptor()["$schema"].endswith("/2.0/datapackage.json")
    assert [each.name for each in described.resources] == list(TABLES)
    assert described.get_resource("figures").schema.primary_key == ["statement_iri", "unit_iri"]

    tables = CSVW(str(folder / "csv-metadata.json"), validate=True)
    assert tables.is_valid
    assert not tables.warnings

    crate = ROCrate(folder)
    assert crate.root_dataset["license"].id == "https://creativecommons.org/licenses/by/4.0/"
    parts = {each.id for each in crate.data_entities}
    assert parts == {name for name in files if name.endswith((".csv", ".parquet"))}


@pytest.mark.slow(reason="starts R and LibreOffice")
@needs_command("Rscript")
@needs_command("soffice")
def test_programs_find_the_residence_permits(folder: Path) -> None:
    import duckdb
    import pandas

    wanted = f"area = '{BELGIAN[0]}' AND indicator = '{BELGIAN[1]}'"
    for file in ("figures.csv", "figures.parquet"):
        select = f"SELECT value FROM '{folder / file}' WHERE {wanted} ORDER BY period"
        assert [value for (value,) in duckdb.execute(select).fetchall()] == PERMITS
        read = pandas.read_csv if file.endswith("csv") else pandas.read_parquet
        frame = read(folder / file)
        own = frame[(frame["area"] == BELGIAN[0]) & (frame["indicator"] == BELGIAN[1])]
        assert own.sort_values("period")["value"].to_list() == PERMITS

    script = (
        "x <- read.csv('figures.csv', encoding = 'UTF-8');"
        " x <- x[x$area == 'Belgium' & x$indicator == 'residence permits issued', ];"
        " cat(x$value[order(x$period)])"
    )
    out = subprocess.run(
        ["Rscript", "-e", script], cwd=folder, check=True, capture_output=True, text=True
    ).stdout
    assert list(map(float, out.split())) == PERMITS

    convert(
        "txt:Text - txt - csv (StarCalc):9,34,76", folder / "figures.csv", reading="CSV:44,34,76"
    )
    assert permits(rows((folder / "figures.txt").read_text("utf-8"), "\t")) == PERMITS
