"""Readers: found by their entry point, and compared where several read a text."""

import sys
from pathlib import Path

import pytest

from tipgraph.editions.draft.codes import Codes
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


# The same with a change to each finding, which a test gives.
CHANGED = """
from dataclasses import replace

from tipgraph.editions.draft import grammar
from tipgraph.editions.draft.reading import Reading


def read(document):
    reading = grammar.read(document)
    return Reading([changed for each in reading.findings for changed in CHANGE(each)])
"""


@pytest.fixture
def second_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    """A distribution with a reader, on the path; `source` is its module."""
    monkeypatch.delitem(sys.modules, "second_reader", raising=False)
    (tmp_path / "second_reader.py").write_text(source, encoding="utf-8")
    info = tmp_path / "second_reader-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: second-reader\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[tipgraph.readers]\nsecond = second_reader:read\n")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.fixture
def source() -> str:
    return READER


def changing(change: str) -> pytest.MarkDecorator:
    """Runs a test with a second reader that makes its findings of the grammar's."""
    return pytest.mark.parametrize("source", [f"{CHANGED}\n\nCHANGE = {change}\n"], ids=[""])


@pytest.mark.usefixtures("second_reader")
def test_reader_of_another_package_is_listed_and_compared() -> None:
    assert reader_names() == ["grammar", "parse", "second"]

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


@changing("lambda each: [replace(each, counted_by='the Police', indicator='Victims identified')]")
@pytest.mark.usefixtures("second_reader")
def test_capitals_articles_and_who_counted_are_no_disagreement() -> None:
    rows = draft(TEXT, 2031, ("grammar", "second")).candidates

    assert [(each.readers, each.doubt) for each in rows] == [("grammar, second", "")] * 2


@changing("lambda each: [replace(each, stage='referred', indicator='victims referred')]")
@pytest.mark.usefixtures("second_reader")
def test_indicator_and_stage_of_a_figure_are_compared() -> None:
    codes = Codes(indicators={"victims referred": "victims-referred"})
    total, _ = draft(TEXT, 2031, ("grammar", "second"), codes).candidates

    assert total.readers == (
        "grammar; second: indicator=victims referred, stage=referred,"
        " indicator_code=victims-referred"
    )
    assert total.doubt == "readers differ in indicator, stage"


@changing("lambda each: [replace(each, act='expresses concern', indicator='anything')]")
@pytest.mark.usefixtures("second_reader")
def test_claims_are_compared_by_speaker_and_act() -> None:
    codes = Codes(acts={"expresses concern": "expresses-concern"})
    text = "NGOs noted shelters were full."
    (claim,) = draft(text, 2031, ("grammar", "second"), codes).candidates

    assert claim.readers == "grammar; second: act=expresses-concern"


@changing("lambda each: [replace(each, place=each.sentence.tokens[each.last].start)]")
@pytest.mark.usefixtures("second_reader")
def test_row_that_begins_at_another_word_is_the_same_row() -> None:
    text = "The government did not report training police officers."
    (row,) = draft(text, 2031, ("grammar", "second")).candidates

    assert row.readers == "grammar, second"


@changing("lambda each: [] if each.prior else [replace(each, period='2001')]")
@pytest.mark.usefixtures("second_reader")
def test_disagreement_on_a_row_is_not_noted_on_one_that_is_derived_from_it() -> None:
    text = "The government provided €75,000 to shelters, the same amount as in 2019."
    current, earlier = draft(text, 2021, ("grammar", "second")).candidates

    assert (current.readers, current.prior) == ("grammar; second: period=2001", False)
    assert (earlier.readers, earlier.prior) == ("grammar", True)
    assert "readers differ" not in earlier.doubt


@changing("lambda each: [] if each.part == 'total' else [each]")
@pytest.mark.usefixtures("second_reader")
def test_row_that_the_first_reader_does_not_have_is_doubted() -> None:
    total, women = draft(TEXT, 2031, ("second", "grammar")).candidates

    assert (total.readers, total.doubt) == ("grammar", "grammar alone finds it")
    assert (women.readers, women.doubt) == ("second, grammar", "")


def test_unknown_reader_is_refused() -> None:
    with pytest.raises(UsageError, match="unknown reader 'grammer'; did you mean 'grammar'"):
        draft(TEXT, 2031, ("grammer",))
