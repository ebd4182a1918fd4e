"""The shipped statements against the text that they rest on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tipgraph
from tipgraph.texts import Coverage

TEXT = Path(__file__).parents[3] / "shared/sources/tip-2021-belgium-protection.txt"
LENGTH = 7580

pytestmark = pytest.mark.skipif(
    not TEXT.exists(), reason="the source text is in ../shared, which is not here"
)


def checked(graph: tipgraph.LocalGraph, text: Path) -> Coverage:
    (coverage,) = graph.coverage("tip-2021-be", text=text)
    return coverage


def test_every_sentence_is_covered_and_nothing_differs(shipped):
    coverage = checked(shipped, TEXT)

    assert coverage.complete
    assert len(coverage.sentences) == 40


@given(place=st.integers(0, LENGTH - 1), character=st.characters(exclude_categories=["Cs"]))
def test_changed_character_is_found_in_its_sentence(shipped, tmp_path, place, character):
    text = TEXT.read_bytes().decode()
    changed = tmp_path / "changed.txt"
    changed.write_bytes((text[:place] + character + text[place + 1 :]).encode())
    if text[place] == character:
        return
    coverage = checked(shipped, changed)

    assert not coverage.complete
    actual = {mismatch.sentence for mismatch in coverage.mismatches}
    holding = {each.name for each in coverage.sentences if each.start <= place < each.end}
    assert holding <= actual
