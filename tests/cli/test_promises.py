"""SECURITY.md keeps its promises, where no other test shows it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from tests.conftest import Run
from tests.listener import listening
from tests.watch import watched

ROOT = Path(__file__).parents[2]
CASE = {"citizenship": "NGA", "age": 16, "met": ["identified", "living-abroad"]}


@pytest.mark.parametrize(
    "further",
    [
        [],
        pytest.param(
            ["--what-if", "conviction=met", "--format", "json"],
            marks=pytest.mark.slow(reason="assesses six more cases"),
        ),
    ],
)
def test_case_is_neither_written_nor_sent(run, tmp_path, further):
    # Afterwards the cache has the prepared graph and rules.
    assert run("assess", "--age", 30).code == 0
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASE), encoding="utf-8")

    with watched("/dev"):
        for source in (file, "-"):
            options = ["--citizenship", "ALB", "--unaccompanied", *further]
            outcome = run("assess", source, *options, stdin=json.dumps(CASE).encode())
            assert outcome.code == 0, outcome.err


@pytest.mark.skipif(sys.platform != "linux", reason="reads the limits of a process from /proc")
def test_case_is_in_no_core_dump(mini: None) -> None:
    asking = [sys.executable, "-m", "tipgraph", "assess", "--interactive"]
    with subprocess.Popen(asking, stdin=PIPE, stderr=PIPE, stdout=PIPE, text=True) as process:
        assert process.stderr
        assert process.stderr.read(10)
        limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
        process.kill()

    assert re.search(r"Max core file size +0 +0 ", limits)


@pytest.mark.parametrize("engine", ["pyshacl", "fast"])
def test_validation_fetches_and_runs_nothing(mini, run, tmp_path, engine):
    with listening() as listener:
        files = {
            "context.jsonld": f'{{"@context": "{listener.url}", "@id": "urn:a", "b": "c"}}',
            "entity.rdf": f'<!DOCTYPE a [<!ENTITY x SYSTEM "{listener.url}">]>'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e">'
            '<rdf:Description rdf:about="urn:a"><e:b>&x;</e:b></rdf:Description></rdf:RDF>',
            "imports.ttl": "<urn:o> a <http://www.w3.org/2002/07/owl#Ontology> ;"
            f" <http://www.w3.org/2002/07/owl#imports> <{listener.url}> .",
            "shapes.ttl": "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
            "<urn:s> a sh:NodeShape ; sh:targetNode <urn:a> ; sh:nodeKind sh:IRI ;"
            ' sh:js [ sh:jsFunctionName "f" ; sh:jsLibrary'
            f' [ sh:jsLibraryURL "{listener.url}" ] ] .',
        }
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        with watched("/dev", os.environ["XDG_CACHE_HOME"]):
            for name in files:
                options = ["--shapes", tmp_path / "shapes.ttl", "--engine", engine, "--jobs", 1]
                assert run("validate", tmp_path / name, *options).code in (0, 1, 3)
                assert run("query", "-e", "ASK {}", "--data", tmp_path / name).code in (0, 3)

        assert listener.connections == 0


@pytest.mark.parametrize("clause", ["FROM <{url}>", "FROM NAMED <{url}>"])
def test_query_fetches_no_dataset(mini: None, run: Run, clause: str) -> None:
    with listening() as listener:
        text = f"SELECT * {clause.format(url=listener.url)} {{ ?s ?p ?o }}"
        assert run("query", "-e", text).code in (0, 3)

        assert listener.connections == 0


def test_each_test_that_the_promises_name_exists() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:draft/)?tests/[\w/]+(?:\.py)?)/?`", text)
    missing = [path for path in paths if not (ROOT / path).exists()]
    files = (file for name in ("tests", "draft/tests") for file in (ROOT / name).rglob("test_*.py"))
    sources = "".join(file.read_text(encoding="utf-8") for file in files)
    names = set(re.findall(r"`(test_\w+)`", text))
    missing += [name for name in names if f"def {name}(" not in sources]

    assert len(paths) > 15
    assert len(names) > 12
    assert not missing
