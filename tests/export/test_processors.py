"""Other JSON-LD processors read the same quads from the export and from a case, offline."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import RdfFormat, parse

import tipgraph
from tests.tools import needs
from tipgraph.export.graph import named_graphs, serialize_quads
from tipgraph.graph import LocalGraph

from .quads import canonical

pytestmark = pytest.mark.conformance

CANONIZE = Path(__file__).parent / "canonize.mjs"
CASE = {
    "@id": "urn:example:case",
    "@type": "Case",
    "citizenship": ["ALB", "stateless"],
    "age": 16,
    "unaccompanied": True,
    "met": ["identified", "contact-broken-off"],
    "not_met": "conviction",
    "unknown": ["prosecutor-confirmed"],
}


def by_pyld(document: Any, folder: Path) -> set[str]:
    options = {"format": "application/n-quads", "documentLoader": refuse}
    quads = jsonld.to_rdf(document, options)
    return canonical(parse(quads.encode(), format=RdfFormat.N_QUADS))


def by_jsonld_js(document: Any, folder: Path) -> set[str]:
    """The lines that jsonld.js has made canonical itself."""
    file = folder / "document.jsonld"
    file.write_text(json.dumps(document), encoding="utf-8")
    done = subprocess.run(["node", CANONIZE, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {line.removesuffix(" .") for line in done.stdout.splitlines()}


def refuse(url: str, options: object = None) -> None:
    raise AssertionError(f"{url} is fetched")


@pytest.fixture(params=[by_pyld, pytest.param(by_jsonld_js, marks=needs("node_modules/jsonld"))])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Any], set[str]]:
    """The canonical quads that another processor reads from a document."""
    return lambda document: request.param(document, tmp_path)


@pytest.mark.slow(reason="other processors take seconds for a graph")
def test_export_is_the_same_quads_as_n_quads(read, one_edition):
    """With one edition; tests/export/test_context.py has the properties of all of them."""
    graph = tipgraph.open()
    quads = list(named_graphs(graph.engine, ()))
    document, nquads = (
        serialize_quads(quads, syntax, graph.resources) for syntax in ("jsonld", "nquads")
    )

    assert read(json.loads(document)) == canonical(parse(nquads.encode(), format=RdfFormat.N_QUADS))


@pytest.mark.slow(reason="jsonld.js takes a second to start")
def test_case_is_the_same_quads(read: Callable[[Any], set[str]], shipped: LocalGraph) -> None:
    """Under the shipped context, which applies names of keys, countries and facts."""
    context = Path(shipped.resources.root) / "ontology" / "case.jsonld"
    document = {**json.loads(context.read_text(encoding="utf-8")), **CASE}
    ours = canonical(parse(json.dumps(document).encode(), format=RdfFormat.JSON_LD))

    assert read(document) == ours
    assert len(ours) == 9
    country = "http://publications.europa.eu/resource/authority/country/ALB"
    assert any(quad.endswith(f"ns#citizenship> <{country}>") for quad in ours)
