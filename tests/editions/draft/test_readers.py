"""Readers: found by their entry point, and compared where several read a text."""

from pathlib import Path

import pytest

from tipgraph.editions.draft.drafting import draft
from tipgraph.editions.draft.readers import reader_names
from tipgraph.errors import UsageError

TEXT = "In 2030, police identified 12 victims, including three women."
# A reader of one file: the grammar, which takes every part for the total and finds no third row.
READER = """
from dataclasses import replace

from tipgraph.editions.draft import grammar
from tipgraph.editions.draft.reading import Reading


def read(document):
    reading = grammar.read(document)
    for each in reading.findings:
        each.part = each.axis = "total"
    return reading
"""


@pytest.fixture
def second_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution with a reader, on the path."""
    (tmp_path / "second_reader.py").write_text(READER, encoding="utf-8")
    info = tmp_path / "second_reader-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: second-reader\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[tipgraph.readers]\nsecond = second_reader:read\n")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("second_reader")
def test_reader_of_another_package_is_listed_and_compared() -> None:
    assert reader_names() == ["grammar", "second"]

    total, women = draft(TEXT, 2031, ("grammar", "second")).candidates
    assert (total.readers, total.doubt) == ("grammar, second", "")
    assert women.part == "women"
    assert women.readers == "grammar; second: part=total, axis=total"
    assert "readers differ in part, axis" in women.doubt


@pytest.mark.usefixtures("second_reader")
def test_first_reader_decides() -> None:
    _, women = draft(TEXT, 2031, ("second", "grammar")).candidates

    assert women.part == "total"
    assert women.readers == "second; grammar: part=women, axis=sex"


def test_unknown_reader_is_refused() -> None:
    with pytest.raises(UsageError, match="unknown reader 'grammer'; did you mean 'grammar'"):
        draft(TEXT, 2031, ("grammer",))
