"""The tutorials, each followed from beginning to end in one folder."""

import re
from pathlib import Path

import pytest

from .follow import ROOT, assert_as_shown, follow

pytestmark = pytest.mark.slow(reason="follows pages on countries that the test graph lacks")

FOLDER = ROOT / "docs/tutorials"
# A check that finds something, and an edition without norms, as their page states.
FAILING = re.compile("tipgraph validate .* shapes.ttl|.*--edition tip-2021-gr")


@pytest.fixture(autouse=True)
def as_for_readers() -> None:
    """Each test names its graph."""


@pytest.mark.parametrize("page", ["analyst", "case-worker"])
def test_tutorial_shows_what_is_printed(page: str, tmp_path: Path, all_countries: None) -> None:
    outcomes = follow((FOLDER / f"{page}.md").read_text("utf-8"), tmp_path)

    assert len(outcomes) > 5
    for outcome in outcomes:
        assert_as_shown(outcome)
        assert outcome.code == 0 or FAILING.match(outcome.command), outcome


def test_tutorial_for_data_engineers_works_on_a_store(tmp_path, store, stored_editions):
    page = (FOLDER / "data-engineer.md").read_text("utf-8")

    outcomes = follow(page.replace("http://localhost:7878", store), tmp_path)

    assert len(outcomes) > 5
    for outcome in outcomes:
        assert_as_shown(outcome)
        assert outcome.code == 0 or FAILING.match(outcome.command), outcome


def test_tutorials_are_short() -> None:
    lengths = {file.stem: len(file.read_text("utf-8").splitlines()) for file in FOLDER.iterdir()}

    assert max(lengths.values()) <= 120, lengths
    assert set(lengths) == {"analyst", "author", "case-worker", "data-engineer"}
