"""Each shape has a valid and an invalid example: a folder of its name with two small files.

`invalid.ttl` names in its first line the shapes that find fault with it; no more, no fewer.
"""

import re
from pathlib import Path

import pytest
from rdflib import SH, Graph

from .harness import HERE, WHOLE, Shapes, read, shape_name, union

FOLDERS = sorted(folder.name for folder in HERE.iterdir() if (folder / "invalid.ttl").exists())


@pytest.fixture(scope="session")
def context() -> Graph:
    """What the fixtures speak of."""
    return read([HERE / "context.ttl"])


@pytest.fixture(scope="session")
def graph(context: Graph, ontology: Graph) -> Graph:
    """Ontology and context, with room for a fixture."""
    return union(ontology, context)


def look(shapes: Shapes, graph: Graph, file: Path) -> set[str]:
    """The names of the shapes that find fault with a fixture, or with what it points to."""
    fixture = read([file])
    graph += fixture
    found = shapes.findings(graph, {*fixture.subjects(), *fixture.objects(), WHOLE})
    for triple in fixture:
        graph.remove(triple)
    return {finding.shape for finding in found}


def test_every_shape_has_a_pair(shapes: Shapes) -> None:
    named = {shape_name(shape.node).removeprefix("tipsh:") for shape in shapes.targeted}
    assert set(FOLDERS) == named
    assert all((HERE / folder / "valid.ttl").exists() for folder in FOLDERS)


def test_the_context_is_valid(shapes: Shapes, graph: Graph, context: Graph) -> None:
    assert shapes.findings(graph, {*context.subjects(), WHOLE}) == set()


@pytest.mark.parametrize("shape", FOLDERS)
def test_valid(shape: str, shapes: Shapes, graph: Graph) -> None:
    assert look(shapes, graph, HERE / shape / "valid.ttl") == set()


@pytest.mark.parametrize("shape", FOLDERS)
def test_invalid(shape: str, shapes: Shapes, graph: Graph) -> None:
    file = HERE / shape / "invalid.ttl"
    expected = set(expects(file))
    assert look(shapes, graph, file) == expected
    assert any(re.fullmatch(f"tipsh:{shape}(-.+)?", name) for name in expected)


def test_every_property_shape_is_seen_to_fail(shapes: Shapes) -> None:
    failing = {name for folder in FOLDERS for name in expects(HERE / folder / "invalid.ttl")}
    ours = {
        shape_name(part)
        for shape in shapes.targeted
        for part in shapes.graph.objects(shape.node, SH.property)
    }
    assert ours - failing == set()


def expects(file: Path) -> list[str]:
    """The shapes that the first line of a fixture names."""
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("# expects: "), f"{file} begins with the shapes it expects"
    return first.removeprefix("# expects: ").split()
