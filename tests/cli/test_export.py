"""`tipgraph export`: files for other tools, written atomically."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, parse

import tipgraph
from tipgraph.export.graph import SYNTAXES

ROOT = Path(__file__).parents[2]
EXTENSIONS = {
    "a.ttl": RdfFormat.TURTLE,
    "a.trig": RdfFormat.TRIG,
    "a.nq": RdfFormat.N_QUADS,
    "a.nt": RdfFormat.N_TRIPLES,
    "a.jsonld": RdfFormat.JSON_LD,
}


def test_bare_command_lists_the_commands(run):
    code, out, err = run("export")

    assert (code, out) == (2, "")
    for name in ("catalog", "figures", "graph", "network", "ontology"):
        assert f"\n  {name} " in err


def test_unknown_export_is_an_error_in_one_line(run):
    code, out, err = run("export", "grap")

    assert (code, out) == (2, "")
    assert err.startswith("tipgraph: ")
    assert err.count("\n") == 1
    assert "graph" in err


def test_graph_is_written_to_standard_output_as_trig(mini, run):
    code, out, err = run("export", "graph")

    assert (code, err) == (0, "")
    store = tipgraph.open().engine.store
    assert {str(quad) for quad in parse(out, RdfFormat.TRIG)} == {str(quad) for quad in store}


@pytest.mark.parametrize(("name", "syntax"), EXTENSIONS.items())
def test_file_extension_selects_the_syntax(mini, run, tmp_path: Path, name, syntax):
    assert run("export", "graph", "--graph", "actors", "--output", tmp_path / name) == (0, "", "")

    assert len(list(parse(path=str(tmp_path / name), format=syntax))) == 9
    assert set(os.listdir(tmp_path)) <= {name, "cache"}


def test_format_option_overrides_the_extension(mini, run, tmp_path: Path):
    file = tmp_path / "a.ttl"
    run("export", "graph", "--graph", "actors", "--format", "ntriples", "--output", file)

    assert "@prefix" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("extension", ["rdf", "n3", "XML", "out"])
def test_extension_of_another_syntax_is_an_error(mini, run, tmp_path: Path, extension):
    file = tmp_path / f"a.{extension}"
    code, _, err = run("export", "graph", "--output", file)

    assert code == 2
    assert f"a.{extension}: unknown extension; name the format, such as --format turtle" in err
    assert not file.exists()


def test_json_ld_contains_its_context(run, tmp_path: Path):
    file = tmp_path / "a.jsonld"
    run("export", "graph", "--graph", "periods", "--output", file)
    document = json.loads(file.read_text(encoding="utf-8"))

    (graph,) = document["@graph"]
    assert document["@context"]["@vocab"] == "https://w3id.org/tipgraph/ns#"
    (period,) = [each for each in graph["@graph"] if each["@id"] == "id:period/2020"]
    assert (period["@type"], period["label"]) == ("Period", {"@value": "2020"})


def test_unknown_graph_suggests_nearest(mini, run):
    code, out, err = run("export", "graph", "--graph", "actor")

    assert (code, out) == (2, "")
    assert err == "tipgraph: unknown graph 'actor'; did you mean 'actors'?\n"


def test_data_of_the_user_are_exported(mini, run, tmp_path: Path):
    own = tmp_path / "mine.ttl"
    own.write_text("<urn:x> <urn:p> <urn:y> .", encoding="utf-8")

    assert run("export", "graph", "--graph", "mine", "--data", own, "--format", "nquads").out == (
        "<urn:x> <urn:p> <urn:y> <https://w3id.org/tipgraph/graph/mine> .\n"
    )
    assert "graph:actors" not in run("export", "catalog", "--data", own, "--no-bundled").out


def test_figures_are_csv_for_spreadsheets(run):
    code, out, err = run("export", "figures", "--indicator", "residence-permits-issued")

    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out, newline=""), strict=True))
    assert [(row["country"], row["edition"], row["value"]) for row in rows] == [
        ("BEL", "2021", "235"),
        ("BEL", "2021", "248"),
        ("BEL", "2021", "154"),
        ("BEL", "2021", "174"),
    ]
    assert rows[0]["hedge"] == ""
    assert out.count("\r\n") == 5


def test_figures_file_is_utf_8(run, tmp_path: Path):
    file = tmp_path / "figures.csv"
    run("export", "figures", "--edition", "tip-2021-be", "--output", file)

    content = file.read_bytes()
    assert "2018\u20132020,total,2642,persons".encode() in content
    assert content.startswith(b"country,edition,page,indicator,")


@pytest.mark.parametrize(
    ("export", "name", "better"),
    [
        ("figures", "figs.xlsx", "figs.csv"),
        ("figures", "figs.json", "figs.csv"),
        ("network", "net.xlsx", "such as --format graphml (formats: graphml or csv)"),
    ],
)
def test_extension_of_another_format_is_an_error(mini, run, tmp_path: Path, export, name, better):
    outcome = run("export", export, "--output", tmp_path / name)

    assert outcome.code == 2
    assert f"{name}: unknown extension; name the " in outcome.err
    assert better in outcome.err
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("option", ["--edition", "--area", "--indicator"])
def test_unknown_value_is_an_error_and_no_empty_table(run, option):
    code, out, err = run("export", "figures", option, "nowhere")

    assert (code, out) == (2, "")
    assert re.search(rf"unknown {option[2:]} 'nowhere'|{option[2:]}: unknown name 'nowhere'", err)


@pytest.mark.parametrize("options", [["--format", "graphml"], []])
def test_network_is_graphml(mini, run, options):
    document = ElementTree.fromstring(run("export", "network", *options).out)

    assert document.tag == "{http://graphml.graphdrawing.org/xmlns}graphml"
    assert "oversees" in [data.text for data in document.iter()]


def test_network_is_csv_by_file_extension(mini, run, tmp_path: Path):
    file = tmp_path / "network.csv"
    run("export", "network", "--output", file)

    (row,) = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    assert (row["source_label"], row["label"], row["target_label"]) == (
        "Government of Xland",
        "oversees",
        "shelters",
    )
    assert row["quote"] == "so-called shelters"
    assert file.read_bytes().decode() == run("export", "network", "--format", "csv").out


@pytest.mark.parametrize("syntax", sorted({*SYNTAXES} - {"jsonld"}))
def test_catalogue_is_rdf(mini, run, syntax):
    out = run("export", "catalog", "--format", syntax).out

    described = {quad.subject for quad in parse(out, SYNTAXES[syntax])}
    assert len(described) > 5


@pytest.mark.parametrize("part", ["graph", "figures", "network", "catalog"])
def test_missing_folder_is_an_error_before_any_work(run, tmp_path: Path, part):
    file = tmp_path / "nowhere" / "a.ttl"
    code, out, err = run("export", part, "--output", file)

    assert (code, out) == (3, "")
    assert err == f"tipgraph: {file}: the folder {file.parent} does not exist; create it first\n"


def test_file_is_written_atomically(mini, run, tmp_path: Path, monkeypatch):
    file = tmp_path / "a.trig"
    file.write_text("as it was", encoding="utf-8")

    def full(*_):
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr("os.replace", full)
    code, _, err = run("export", "graph", "--output", file)

    assert code == 3
    assert "a.trig: No space left on device" in err
    assert file.read_text(encoding="utf-8") == "as it was"
    assert {path.name for path in tmp_path.iterdir()} <= {"a.trig", "cache"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_folder_is_an_error_and_a_pipe_is_written_to(mini, run, tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    assert run("export", "network", "--format", "csv", "--output", pipe).code == 0
    assert os.read(reader, 6) == b"source"
    assert pipe.is_fifo()
    os.close(reader)
    code, _, err = run("export", "graph", "--output", tmp_path)
    assert (code, err) == (3, f"tipgraph: {tmp_path}: this is a folder; name a file\n")


@pytest.mark.slow(reason="two processes make and export the shipped graph")
def test_two_runs_give_the_same_bytes(tmp_path: Path, one_edition: None):
    """In separate processes, which hash strings differently, from the files to the exports."""
    script = """
from tipgraph.cli import main

small = ["--no-bundled", "--data", "data/actors/shared.ttl", "--data", "data/tip-2021-be"]
for part in (["graph"], ["graph", "--format", "jsonld"], ["network"], ["figures"]):
    assert main(["export", *part]) == 0
assert main(["export", "catalog", *small]) == 0
"""

    def written(seed: str) -> bytes:
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "XDG_CACHE_HOME": str(tmp_path / seed)},
        )
        return done.stdout

    first = written("1")
    assert len(first) > 500_000
    assert first == written("2")


def test_nothing_heavy_is_imported(mini: Path):
    script = (
        "import sys; from tipgraph.cli import main; main(['export', 'graph']);"
        " print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    heavy = {"rdflib", "pyshacl", "rich", "yaml", "pathlib", "hashlib", "pandas", "httpx"}
    assert heavy & set(done.stderr.decode().split()) == set()
