"""A finding is located at the line that needs a correction.

Each `invalid.ttl` marks these lines with the shapes that report them: `# ← about`.
"""

import re
from dataclasses import replace

import pytest

from tipgraph.graph import validation_defaults
from tipgraph.resources.folders import shipped
from tipgraph.validate import ValidationRequest, validate

from .harness import CASE_SHAPES, CASES, HERE

FIXTURES = sorted(file.parent.relative_to(HERE).as_posix() for file in HERE.glob("**/invalid.ttl"))
MARK = re.compile(r"  # ← (.+)$")


def marked(text: str) -> set[tuple[int, str]]:
    """The numbers of the marked lines, each with a shape that reports it."""
    return {
        (number, f"tipsh:{shape}")
        for number, line in enumerate(text.splitlines(), 1)
        for mark in MARK.findall(line)
        for shape in mark.split(", ")
    }


@pytest.mark.slow(reason="validates each fixture by itself with all shapes")
@pytest.mark.parametrize("fixture", FIXTURES)
def test_finding_is_located_at_the_wrong_term(fixture: str) -> None:
    file = HERE / fixture / "invalid.ttl"
    text = file.read_text(encoding="utf-8")
    expected = set(text.splitlines()[0].removeprefix("# expects: ").split())
    data = [str(file), str(HERE / "context.ttl")]
    shapes = [str(CASE_SHAPES)] if fixture.startswith(CASES) else []

    report = validate(
        ValidationRequest(
            data=data,
            shapes=shapes,
            ontology=shipped().ontology() if shapes else (),
            defaults=replace(validation_defaults(shipped()), data=(), complete=None),
            check_shapes=False,
            engine="auto",
        )
    )

    assert not report.errors, "correct the shapes, or the fixture, at the places named"
    found = {
        (finding.location.line, report.name(finding.shape))
        for finding in report.findings
        if finding.location and finding.location.file == str(file)
    }
    located, marks = {each for each in found if each[1] in expected}, marked(text)
    missing = [
        f"mark line {line} of {file.relative_to(HERE.parents[1])} with"
        f" '  # ← {shape.removeprefix('tipsh:')}'"
        for line, shape in sorted(located - marks)
    ]
    assert not missing, "the shapes report lines without a mark"
    wrong = sorted(marks - located)
    assert not wrong, "these lines are marked, and the shape does not report them"
    assert marks, "the shapes report no line: let ?value be the term to correct"
