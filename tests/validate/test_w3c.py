"""The W3C's SHACL test suite: the command passes what pySHACL passes.

The suite is not part of the project.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from pyshacl import validate as validate_by_pyshacl
from rdflib import Graph

from tipgraph.errors import InputError
from tipgraph.validate import ValidationRequest, validate
from tipgraph.validate.engines import AUTO, FAST, REFERENCE
from tipgraph.validate.engines.rdflib_terms import to_triples
from tipgraph.validate.paths import path_to_text
from tipgraph.validate.triples import TYPE, Node, Term, Triples, as_node, sh, to_text

TESTS = Path(__file__).parents[3] / "shared" / "w3c-shacl-tests"

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
FAILURE = NamedNode(SHT + "Failure")

# The tests that pySHACL itself fails.
BEYOND_PYSHACL = {
    "core/property/datatype-001": "rdflib respells literals",
    "core/property/or-datatypes-001": "rdflib respells literals",
    "core/property/uniqueLang-002": "takes sh:uniqueLang 1 for true",
    "sparql/pre-binding/shapesGraph-001": "has no $shapesGraph",
}
pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not TESTS.is_dir(), reason=f"the tests of the W3C are not in {TESTS}"),
]

Outcome = tuple[bool, Counter[tuple[str, ...]]] | None


class SuiteTest(NamedTuple):
    """Data, shapes and expected outcome; the outcome is None where validation has to fail."""

    name: str
    data: Path
    shapes: Path
    expected: Outcome


def read(path: Path) -> Triples:
    return Triples(parse(path=path, format=RdfFormat.TURTLE, base_iri=path.as_uri()))


def cases() -> Iterator[SuiteTest]:
    """The tests in all manifests."""
    for path in sorted(TESTS.glob("*/*/*.ttl")):
        graph = read(path)
        for test in graph.subjects(TYPE, NamedNode(SHT + "Validate")):
            action = _one(graph, test, MF + "action")
            result = _one(graph, test, MF + "result")
            yield SuiteTest(
                name=path.relative_to(TESTS).with_suffix("").as_posix(),
                data=_path(_one(graph, action, SHT + "dataGraph")),
                shapes=_path(_one(graph, action, SHT + "shapesGraph")),
                expected=None if result == FAILURE else outcome(graph, result),
            )


def outcome(graph: Triples, report: Node) -> Outcome:
    """Return whether the data conforms, and the count of each result."""
    conforms = graph.value(report, sh("conforms"))
    found = Counter(_result(graph, as_node(node)) for node in graph.values(report, sh("result")))
    return to_text(conforms).startswith('"true"'), found


def only_report(graph: Triples) -> Outcome:
    (report,) = graph.subjects(TYPE, sh("ValidationReport"))
    return outcome(graph, report)


def _result(graph: Triples, node: Node) -> tuple[str, ...]:
    names = ("focusNode", "value", "sourceConstraintComponent", "resultSeverity")
    terms = (graph.value(node, sh(name)) for name in names)
    return (path_to_text(graph, graph.value(node, sh("resultPath"))), *map(_shown, terms))


def _shown(term: Term | None) -> str:
    return "_:" if to_text(term).startswith("_:") else to_text(term)


def _one(graph: Triples, node: Node, predicate: str) -> Node:
    (value,) = graph.values(node, NamedNode(predicate))
    return as_node(value)


def _path(iri: Node) -> Path:
    return Path(unquote(urlsplit(iri.value).path))


CASES = {case.name: case for case in cases()}


@cache
def by_pyshacl(name: str) -> Outcome:
    """The outcome of pySHACL, called as in its own tests; None where it fails."""
    data, shapes = Graph().parse(CASES[name].data), Graph().parse(CASES[name].shapes)
    try:
        _, report, _ = validate_by_pyshacl(data, shacl_graph=shapes, advanced=True)
    except Exception:
        return None
    return only_report(Triples(to_triples(report))) if isinstance(report, Graph) else None


def by_command(name: str, engine: str, run) -> Outcome:
    """The outcome of the command; None where it exits with an input error."""
    data, shapes = CASES[name].data, CASES[name].shapes
    options = ("--no-shape-checks", "--format", "turtle", "--engine", engine)
    code, out, _ = run("validate", data, "--shapes", shapes, *options)
    if code == InputError.exit_code:
        return None
    return only_report(Triples(parse(out.encode(), format=RdfFormat.TURTLE)))


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
def test_pyshacl_passes_all_but_known_exceptions():
    assert len(CASES) > 100
    assert {name for name in CASES if by_pyshacl(name) != CASES[name].expected} == {*BEYOND_PYSHACL}


@pytest.mark.parametrize("engine", [REFERENCE, AUTO])
@pytest.mark.parametrize("name", sorted(CASES.keys() - BEYOND_PYSHACL))
def test_command_passes_what_pyshacl_passes(name: str, engine: str, run):
    assert by_command(name, engine, run) == CASES[name].expected


def test_fast_engine_is_chosen_for_most_tests_of_shacl_core() -> None:
    """So that the tests above compare the engines."""
    requests = [
        ValidationRequest(data=[str(case.data)], shapes=[str(case.shapes)], check_shapes=False)
        for case in CASES.values()
        if "core" in case.shapes.parts
    ]
    chosen = Counter(validate(request).engine for request in requests)

    assert chosen[FAST] > 80
