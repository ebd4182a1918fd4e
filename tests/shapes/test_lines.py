"""A finding stands at the line where a person would mend it.

In each `invalid.ttl` the lines to mend are marked, with the shapes that ask for it: `# ← about`.
"""

import re

import pytest

from tipgraph.resources.folders import shipped
from tipgraph.validate import Request, validate

from .harness import CASE_SHAPES, CASES, HERE

FIXTURES = sorted(file.parent.relative_to(HERE).as_posix() for file in HERE.glob("**/invalid.ttl"))
MARK = re.compile(r"  # ← (.+)$")


def marked(text: str) -> set[tuple[int, str]]:
    """The numbers of the marked lines, each with a shape that asks for it to be mended."""
    return {
        (number, f"tipsh:{shape}")
        for number, line in enumerate(text.splitlines(), 1)
        for mark in MARK.findall(line)
        for shape in mark.split(", ")
    }


@pytest.mark.parametrize("fixture", FIXTURES)
def test_that_a_finding_stands_where_it_can_be_mended(fixture: str) -> None:
    file = HERE / fixture / "invalid.ttl"
    text = file.read_text(encoding="utf-8")
    expected = set(text.splitlines()[0].removeprefix("# expects: ").split())
    given = [str(file), str(HERE / "context.ttl")]
    shapes = [str(CASE_SHAPES)] if fixture.startswith(CASES) else []

    report = validate(Request(shipped(), data=given, shapes=shapes, guards=False, engine="fast"))

    found = {
        (finding.place.line, report.name(finding.shape))
        for finding in report.findings
        if finding.place and finding.place.file == str(file)
    }
    assert {each for each in found if each[1] in expected} == marked(text) != set()
