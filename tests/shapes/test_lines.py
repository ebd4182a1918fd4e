"""A finding is located at the line that needs a correction.

Each `invalid.ttl` marks these lines with the shapes that report them: `# ← about`. The fast engine
finds them, also where `auto` would take pySHACL for a literal: `tests/validate/test_engines.py`
tests that both find the same in every fixture.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import parse

from tipgraph.graph import validation_defaults
from tipgraph.resources.folders import shipped
from tipgraph.validate import ValidationRequest, engines, validate
from tipgraph.validate.engines import FAST

from .harness import CASE_SHAPES, CASES, HERE, triples
from .test_fixtures import expects

CONTEXT = HERE / "context.ttl"
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


def with_own_names(file: Path, suffix: str) -> str:
    """The text of a fixture, line by line, where what only this one describes has other names."""
    text, parser = file.read_text(encoding="utf-8"), parse(path=file)
    shared = {triple.subject for triple in triples([CONTEXT])}
    for iri in {str(quad.subject)[1:-1] for quad in parser if quad.subject not in shared}:
        text = text.replace(f"<{iri}>", f"<{iri}{suffix}>")
        for prefix, namespace in parser.prefixes.items():
            if iri.startswith(namespace):
                name = f"{prefix}:{iri.removeprefix(namespace)}"
                text = re.sub(rf"(?<![\w:-]){re.escape(name)}(?![\w/-])", name + suffix, text)
    return text


def located(files: Mapping[str, Path], is_case: bool) -> dict[str, set[tuple[int, str]]]:
    """The lines of each fixture that its shapes report, validated together."""
    report = validate(
        ValidationRequest(
            data=[*map(str, files.values()), str(CONTEXT)],
            shapes=[str(CASE_SHAPES)] if is_case else [],
            ontology=shipped().ontology() if is_case else (),
            defaults=replace(validation_defaults(shipped()), data=(), complete=None),
            check_shapes=False,
            engine=FAST,
        )
    )
    assert not report.errors, "correct the shapes, or the fixture, at the places named"
    lines = defaultdict[str, set[tuple[int, str]]](set)
    for each in report.findings:
        if each.location:
            lines[each.location.file].add((each.location.line, report.name(each.shape)))
    return {
        fixture: {line for line in lines[str(file)] if line[1] in expects(file)}
        for fixture, file in files.items()
    }


@pytest.mark.slow(reason="validates all fixtures, and some by themselves, with all shapes")
@pytest.mark.parametrize("is_case", [False, True])
def test_findings_are_located_at_the_wrong_term(is_case, tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "unsupported", lambda *given: iter(()))
    files = {}
    for number, fixture in enumerate(FIXTURES):
        if fixture.startswith(CASES) == is_case:
            text = with_own_names(HERE / fixture / "invalid.ttl", f"-{number}")
            files[fixture] = tmp_path / f"{number}.ttl"
            files[fixture].write_text(text, encoding="utf-8")

    for fixture, found in located(files, is_case).items():
        file = HERE / fixture / "invalid.ttl"
        marks = marked(file.read_text(encoding="utf-8"))
        if found != marks:
            # Some shapes look at the whole graph, and so at the other fixtures.
            found = located({fixture: file}, is_case)[fixture]
        missing = [
            f"mark line {line} of {file.relative_to(HERE.parents[1])} with"
            f" '  # ← {shape.removeprefix('tipsh:')}'"
            for line, shape in sorted(found - marks)
        ]
        assert not missing, "the shapes report lines without a mark"
        wrong = [(fixture, *each) for each in sorted(marks - found)]
        assert not wrong, "these lines are marked, and the shape does not report them"
        assert marks, f"the shapes report no line of {fixture}: let ?value be the term to correct"
