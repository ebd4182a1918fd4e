"""Each shape has a valid and an invalid example: a folder of its name with two small files.

`invalid.ttl` names in its first line the shapes that find fault with it; no more, no fewer. What
stands in `cases` is held against the shapes for a case instead of those for data.
"""

import re
from pathlib import Path

import pytest
from rdflib import SH, Graph
from rdflib.term import Node

from .harness import CASES, HERE, WHOLE, Shapes, read, shape_name, union

FOLDERS = sorted(file.parent.relative_to(HERE).as_posix() for file in HERE.glob("**/invalid.ttl"))


@pytest.fixture(scope="session")
def context() -> Graph:
    """What the fixtures speak of."""
    return read([HERE / "context.ttl"])


@pytest.fixture(scope="session")
def graph(context: Graph, ontology: Graph) -> Graph:
    """Ontology and context, with room for a fixture."""
    return union(ontology, context)


@pytest.fixture
def own(folder: str, shapes: Shapes, case_shapes: Shapes) -> Shapes:
    """The shapes that the fixtures of a folder are held against."""
    return case_shapes if folder.startswith(CASES) else shapes


def look(shapes: Shapes, graph: Graph, file: Path) -> set[str]:
    """The names of the shapes that find fault with a fixture, or with what it points to."""
    fixture = read([file])
    graph += fixture
    found = shapes.findings(graph, {*fixture.subjects(), *fixture.objects(), WHOLE})
    for triple in fixture:
        graph.remove(triple)
    return {finding.shape for finding in found}


def test_every_shape_has_a_pair(shapes: Shapes, case_shapes: Shapes) -> None:
    named = {plain(shape.node) for shape in shapes.targeted}
    named |= {CASES + plain(shape.node) for shape in case_shapes.targeted}
    assert set(FOLDERS) == named
    assert all((HERE / folder / "valid.ttl").exists() for folder in FOLDERS)


def test_context_is_valid(shapes: Shapes, graph: Graph, context: Graph) -> None:
    assert shapes.findings(graph, {*context.subjects(), WHOLE}) == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_valid_fixture_conforms(folder: str, own: Shapes, graph: Graph) -> None:
    assert look(own, graph, HERE / folder / "valid.ttl") == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_invalid_fixture_violates(folder: str, own: Shapes, graph: Graph) -> None:
    file = HERE / folder / "invalid.ttl"
    expected = set(expects(file))
    assert look(own, graph, file) == expected
    shape = folder.removeprefix(CASES)
    assert any(re.fullmatch(f"tipsh:{shape}(-.+)?", name) for name in expected)


def test_every_property_shape_fails_somewhere(shapes: Shapes, case_shapes: Shapes) -> None:
    failing = {name for folder in FOLDERS for name in expects(HERE / folder / "invalid.ttl")}
    ours = {
        shape_name(part)
        for each in (shapes, case_shapes)
        for shape in each.targeted
        for part in each.graph.objects(shape.node, SH.property)
    }
    assert ours - failing == set()


def plain(iri: Node) -> str:
    """`Edition` for the shape's IRI."""
    return shape_name(iri).removeprefix("tipsh:")


def expects(file: Path) -> list[str]:
    """The shapes that the first line of a fixture names."""
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("# expects: "), f"{file} begins with the shapes it expects"
    return first.removeprefix("# expects: ").split()
