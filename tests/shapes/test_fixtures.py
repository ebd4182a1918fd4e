"""Each shape has a valid and an invalid example: a folder of its name with two small files.

`invalid.ttl` names in its first line the shapes that find fault with it; no more, no fewer. What
stands in `cases` is checked with the shapes for a case instead of those for data. The fast engine
does it; `tests/validate/test_engines.py` tests that pySHACL finds the same.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import SH, Graph
from rdflib.term import Node

from tipgraph.resources.folders import shipped

from .harness import (
    CASE_SHAPES,
    CASES,
    HERE,
    WHOLE,
    FastShapes,
    Shapes,
    read,
    shape_name,
    union,
)

# The names of the shapes that find fault with a fixture.
Look = Callable[[str], set[str]]

INVALID = "invalid.ttl"
# The words of all findings in the invalid fixtures, by shape.
MESSAGES = HERE / "messages.tsv"
FOLDERS = sorted(file.parent.relative_to(HERE).as_posix() for file in HERE.glob(f"**/{INVALID}"))


@pytest.fixture(scope="session")
def context() -> Graph:
    """The nodes that fixtures refer to."""
    return read([HERE / "context.ttl"])


@pytest.fixture(scope="session")
def graph(context: Graph, ontology: Graph) -> Graph:
    """Ontology and context, with room for a fixture."""
    return union(ontology, context)


@pytest.fixture(scope="session")
def fast_shapes() -> dict[bool, FastShapes]:
    """The shapes for a case (True) and for data (False) in the fast engine."""
    ontology = shipped().ontology()
    cases, data = FastShapes([CASE_SHAPES], ontology), FastShapes(shipped().shapes(), ontology)
    return {True: cases, False: data}


@pytest.fixture(scope="session")
def look(fast_shapes: dict[bool, FastShapes]) -> Look:
    """By the fast engine, wherever the finding is."""
    return lambda fixture: fast_shapes[fixture.startswith(CASES)].names(HERE / fixture)


def test_every_shape_has_a_pair(shapes: Shapes, case_shapes: Shapes) -> None:
    named = {plain(shape.node) for shape in shapes.targeted}
    named |= {CASES + plain(shape.node) for shape in case_shapes.targeted}
    for name in sorted(named):
        for file in ("valid.ttl", "invalid.ttl"):
            assert (HERE / name / file).exists(), f"add tests/shapes/{name}/{file}"
    without_shape = set(FOLDERS) - named
    assert not without_shape, "no shape with a target has the name of these folders"


def test_context_is_valid(shapes: Shapes, graph: Graph, context: Graph) -> None:
    assert shapes.findings(graph, {*context.subjects(), WHOLE}) == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_valid_fixture_conforms(folder: str, look: Look) -> None:
    assert look(f"{folder}/valid.ttl") == set(), "a valid fixture violates no shape at all"


@pytest.mark.parametrize("folder", FOLDERS)
def test_invalid_fixture_violates(folder: str, look: Look) -> None:
    expected = set(expects(HERE / folder / "invalid.ttl"))
    assert look(f"{folder}/invalid.ttl") == expected, (
        "the first line names all shapes that find something, also those of other folders:"
        " correct it, or the fixture"
    )
    shape = folder.removeprefix(CASES)
    assert any(re.fullmatch(f"tipsh:{shape}(-.+)?", name) for name in expected), (
        f"the fixture violates tipsh:{shape} or one of its property shapes"
    )


def test_messages_are_those_recorded(fast_shapes: dict[bool, FastShapes], tmp_path: Path) -> None:
    files = {
        is_case: [HERE / each / INVALID for each in FOLDERS if each.startswith(CASES) == is_case]
        for is_case in fast_shapes
    }
    messages = {each for is_case in files for each in fast_shapes[is_case].messages(files[is_case])}
    found = tmp_path / MESSAGES.name
    found.write_text("".join(f"{name}\t{text}\n" for name, text in sorted(messages)), "utf-8")

    recorded = MESSAGES.read_text("utf-8").splitlines()
    assert found.read_text("utf-8").splitlines() == recorded, (
        f"read the new words of the findings; if they are right: cp {found} {MESSAGES}"
    )


def test_every_property_shape_fails_somewhere(shapes: Shapes, case_shapes: Shapes) -> None:
    failing = {name for folder in FOLDERS for name in expects(HERE / folder / "invalid.ttl")}
    ours = {
        shape_name(part)
        for each in (shapes, case_shapes)
        for shape in each.targeted
        for part in each.graph.objects(shape.node, SH.property)
    }
    assert ours - failing == set(), (
        "let an invalid.ttl violate these property shapes, and name them in its first line"
    )


def plain(iri: Node) -> str:
    """`Edition` for the shape's IRI."""
    return shape_name(iri).removeprefix("tipsh:")


def expects(file: Path) -> list[str]:
    """The shapes that the first line of a fixture names."""
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("# expects: "), (
        f"begin {file.relative_to(HERE.parents[1])} with the shapes that it violates:"
        f" '# expects: tipsh:{file.parent.name}'"
    )
    return first.removeprefix("# expects: ").split()
