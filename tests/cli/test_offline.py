"""Evaluation has no network, whatever the checks of a query's text overlook."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.listener import listening
from tipgraph.assess.regime import compile_rules
from tipgraph.resources.folders import VARIABLE, Resources

SEALED = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no seccomp")
# The program, with each check of a text replaced by one that lets all pass.
UNCHECKED = """
import tipgraph.rdf.sparql as sparql, tipgraph.validate.shape_lint as lint
sparql.is_federated = lambda text: False
sparql._without_service = lambda text: text
lint.refused_queries = lambda shapes: ()
from tipgraph.cli import run
run()
"""
SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:S> a sh:NodeShape ; sh:targetClass <urn:C> ; sh:sparql [ sh:select \"""{select}\""" ] ."""
# Texts with a SERVICE that rdflib sees, and others do not.
HIDDEN = {
    "escape": r'BIND("\\u00000022 AS ?q) SERVICE <{url}> {{ ?s ?p ?o }} #" AS ?q)' + "\n",
    "number": "?this ?p 1e1SERVICE <{url}> {{ ?s ?p ?o }}",
    "comparison": "BIND(1 AS ?a) FILTER(?a<2)SERVICE#>\n<{url}> {{ ?s ?p ?o }}",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.ttl"
    file.write_text("<urn:a> a <urn:C> .", encoding="utf-8")
    return file


@pytest.mark.parametrize("checks", [[], ["--no-shape-checks"]], ids=["checked", "unchecked"])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_hidden_service_in_shapes_is_an_error(hidden, checks, data, run, tmp_path):
    with listening() as listener:
        select = f"SELECT $this {{ {HIDDEN[hidden].format(url=listener.url)} }}"
        shapes = tmp_path / "shapes.ttl"
        shapes.write_text(SHAPES.format(select=select), encoding="utf-8")
        outcome = run("validate", data, "--shapes", shapes, "--engine", "pyshacl", *checks)

    assert outcome.code == 3
    assert "conforms" not in outcome.out
    assert not listener.connections


@pytest.mark.parametrize("source", ["FROM <file://{file}>", "FROM NAMED <urn:g>"])
def test_data_of_another_graph_in_shapes_is_an_error(source, data, run, tmp_path):
    select = f"SELECT $this {source.format(file=data)} {{ $this a <urn:D> }}"
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(SHAPES.format(select=select), encoding="utf-8")

    outcome = run("validate", data, "--shapes", shapes, "--no-shape-checks")

    assert outcome.code == 3
    assert "shapes.ttl:2:" in outcome.err
    assert "the query contains FROM" in outcome.err


@SEALED
@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "-f", "query.rq", "--data", "data.ttl", "--no-bundled"],
        ["validate", "data.ttl", "--shapes", "shapes.ttl", "--engine", "pyshacl"],
        ["validate", "data.ttl", "--shapes", "shapes.ttl", "--engine", "pyshacl", "--jobs", "2"],
        ["validate", "data.ttl", "--shapes", "shapes.ttl", "--no-shape-checks"],
    ],
    ids=["query", "shapes", "processes", "unchecked"],
)
def test_evaluation_without_checks_reaches_no_server(arguments, data, tmp_path):
    with listening() as listener:
        select = f"SELECT $this {{ $this a ?any SERVICE SILENT <{listener.url}> {{ ?s ?p ?o }} }}"
        (tmp_path / "query.rq").write_text(select.replace("$", "?"), encoding="utf-8")
        (tmp_path / "shapes.ttl").write_text(SHAPES.format(select=select), encoding="utf-8")
        ended = subprocess.run(
            [
                *(sys.executable, "-c", UNCHECKED),
                *(each.format(url=listener.url) for each in arguments),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    assert ended.returncode == 3
    assert ended.stdout in ("", "not validated: 1 error\n")
    assert ended.stderr.splitlines()[0].startswith("tipgraph: ")
    assert not listener.connections


@SEALED
def test_explorer_without_checks_reaches_no_server(tmp_path: Path) -> None:
    command = [sys.executable, "-c", UNCHECKED, "serve", "--port", "0", "--no-bundled"]
    (tmp_path / "data.ttl").write_text("<urn:a> a <urn:C> .", encoding="utf-8")
    with (
        listening() as listener,
        subprocess.Popen(
            [*command, "--data", "data.ttl"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
        ) as server,
    ):
        try:
            assert server.stdout
            address = server.stdout.readline().split()[2]
            query = f"SELECT * {{ SERVICE SILENT <{listener.url}> {{ ?s ?p ?o }} }}"
            with pytest.raises(HTTPError) as refused:
                urlopen(f"{address}sparql?{urlencode({'query': query})}")
            assert refused.value.code >= 400
            assert not listener.connections
        finally:
            server.terminate()


@SEALED
@pytest.mark.slow(reason="compiles the rules, and starts the program")
def test_prepared_rule_of_others_sends_no_case(small_resources: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(small_resources, root)
    rules = json.loads(compile_rules(Resources(str(root))))
    with listening() as listener:
        ((first, *_), _), _ = rules
        sending = f"WHERE {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} "
        first["text"] = re.sub(r"WHERE\s*{", sending, first["text"])
        (root / "prepared").mkdir(exist_ok=True)
        (root / "prepared/case-rules.json").write_text(json.dumps(rules), encoding="utf-8")
        ended = subprocess.run(
            [sys.executable, "-c", UNCHECKED, "assess", "--edition", "tip-2017-be", "--age", "17"],
            env={**os.environ, VARIABLE: str(root)},
            capture_output=True,
            text=True,
        )

    assert not listener.connections
    assert ended.returncode == 3
    assert ended.stderr.startswith("tipgraph: ")


@SEALED
def test_process_offline_ends_when_it_looks_up_a_name() -> None:
    code = (
        "from tipgraph.offline import go_offline; import socket; go_offline();"
        "socket.socketpair(); socket.getaddrinfo('example.org', 80)"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)

    assert -ended.returncode == signal.SIGSYS
