"""`tipgraph validate`: a readable report, and an exit code that can be trusted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.listener import listening
from tipgraph.validate.report import CHECKS

FINDING = "@prefix tip: <https://w3id.org/tipgraph/ns#> .\n<urn:x> a tip:Finding ."


def test_shipped_data_conforms(mini, run):
    assert run("validate") == (0, "conforms (2 shapes, 5 nodes, 5 files)\n", "")


def test_violation_shows_source_line_and_fails(mini, run, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("own.ttl").write_text(FINDING, encoding="utf-8")

    code, out, err = run("validate", "own.ttl")

    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "own.ttl:2:1: violation: Name the passage that the statement rests on.",
        "      |",
        "    2 | <urn:x> a tip:Finding .",
        "      | ^^^^^^^",
        "      = shape tipsh:Statement-evidence, constraint MinCount, path tip:evidence,"
        " focus node urn:x",
        "",
        "note: 1 shape has no focus nodes: tipsh:Observation",
        "",
        "does not conform: 1 violation (2 shapes, 1 node, 1 file)",
    ]


def test_check_shapes_validates_no_data(mini, run, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix tip: <https://w3id.org/tipgraph/ns#> .\n"
        "<urn:S> a sh:NodeShape ; sh:targetClass tip:Finding ; sh:mincount 1 .\n",
        encoding="utf-8",
    )

    shipped = run("validate", "--check-shapes")
    misspelt = run("validate", "--check-shapes", "--add-shapes", own)
    alone = run("validate", "--check-shapes", own)

    folder = mini / "ontology" / "shapes"
    assert shipped == (0, f"the shapes are usable (3 shapes, 2 files in {folder})\n", "")
    assert misspelt.code == alone.code == 3
    assert alone.err == misspelt.err
    assert misspelt.err.startswith(f"tipgraph: {own}:3:55: ")
    assert "did you mean sh:minCount?" in misspelt.err


def test_help_imports_no_engine_and_no_http_client():
    script = (
        "import sys; from tipgraph.cli import main; main(['validate', '--help']);"
        " print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    heavy = {"rdflib", "pyshacl", "shacl", "httpx", "SPARQLWrapper", "junitparser", "rich"}
    assert b"--no-shape-checks" in done.stdout
    assert heavy & set(done.stderr.decode().split()) == set()


@pytest.mark.parametrize("given", ["data", "data/own.ttl", "data/*.ttl", "link"])
def test_output_does_not_overwrite_an_input(given, mini, run, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    Path("data/own.ttl").write_text(FINDING, encoding="utf-8")
    Path("link").symlink_to("data")

    code, out, err = run("validate", given, "--output", "json=data/own.ttl")

    assert (code, out) == (2, "")
    assert err.startswith("tipgraph: data/own.ttl: this file is read as input; name another one")
    assert Path("data/own.ttl").read_text(encoding="utf-8") == FINDING


def test_replaced_output_keeps_its_mode_and_its_link(mini, run, tmp_path: Path):
    private = tmp_path / "private.json"
    private.write_text("{}", encoding="utf-8")
    private.chmod(0o600)
    link = tmp_path / "link.json"
    link.symlink_to(private)

    assert run("validate", "--output", f"json={link}").code == 0
    assert link.is_symlink()
    assert private.stat().st_mode & 0o777 == 0o600
    assert json.loads(private.read_text(encoding="utf-8"))["conforms"] is True


def test_output_to_a_folder_is_rejected_before_any_work(mini, run, tmp_path: Path):
    code, out, err = run("validate", "--output", f"json={tmp_path}")

    assert (code, out) == (3, "")
    assert err == f"tipgraph: {tmp_path}: this is a folder; name a file\n"


FEDERATED = {
    "constraint": 'sh:targetClass ex:A ; sh:sparql [ sh:select """{select}""" ]',
    "target": 'sh:target [ a sh:SPARQLTarget ; sh:select """{select}""" ] ; sh:nodeKind sh:IRI',
}


IGNORED = [option for name in CHECKS for option in ("--ignore", name)]


@pytest.mark.parametrize(
    "checks", [[], IGNORED, ["--no-shape-checks"]], ids=["checked", "ignored", "unchecked"]
)
@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
@pytest.mark.parametrize("place", FEDERATED)
def test_service_in_shapes_contacts_no_server(place, engine, checks, run, tmp_path: Path):
    (tmp_path / "data.ttl").write_text("<urn:x> a <http://example.org/A> .", encoding="utf-8")
    with listening() as listener:
        select = f"SELECT $this {{ $this a ?any SERVICE SILENT <{listener.url}> {{ ?s ?p ?o }} }}"
        (tmp_path / "shapes.ttl").write_text(
            "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .\n"
            f"ex:S a sh:NodeShape ; {FEDERATED[place].replace('{select}', select)} .",
            encoding="utf-8",
        )
        arguments = ["--shapes", tmp_path / "shapes.ttl", "--engine", engine, *checks]
        code, _, err = run("validate", tmp_path / "data.ttl", *arguments)

    assert code == 3
    assert "shapes.ttl:2:" in err
    assert "the query contains SERVICE" in err
    assert "[" not in err.splitlines()[0], "no check to ignore"
    assert listener.connections == 0
