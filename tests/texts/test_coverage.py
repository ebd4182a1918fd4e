"""A text that differs is detected, and the difference is located."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tipgraph
from tipgraph import InputError, LocalGraph, UsageError
from tipgraph.texts import Coverage

EDITION = "tip-2021-xx"


def checked(graph: LocalGraph, text: Path) -> Coverage:
    (coverage,) = graph.coverage(EDITION, text)
    return coverage


@pytest.fixture
def changed(texts: Path, tmp_path: Path) -> Callable[[Callable[[str], str]], Path]:
    """A copy of the edition's text with a change."""

    def changed(change: Callable[[str], str]) -> Path:
        original = (texts / f"{EDITION}.txt").read_text(encoding="utf-8")
        copy = tmp_path / "text.txt"
        copy.write_text(change(original), encoding="utf-8", newline="")
        return copy

    return changed


def test_sentence_has_its_statements(graph: LocalGraph) -> None:
    first, second = graph.coverage()

    assert (first.edition, second.edition) == ("tip-2021-xx", "tip-2022-xx")
    assert [sentence.name for sentence in first.sentences] == ["S01", "S02", "S03"]
    assert first.sentences[1].statements == (
        "Shelters were full, officials said",
        "The government oversees the shelters",
    )
    assert first.complete
    assert not first.checked


def test_pinned_text_has_no_mismatch(graph: LocalGraph, texts: Path) -> None:
    assert checked(graph, texts / f"{EDITION}.txt").mismatches == ()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace("12 victims", "13 victims"), "S01"),
        (lambda text: text.replace("called shelters", "called  shelters"), "S02"),
        (lambda text: text.replace("full.", "full"), "S02"),
        (lambda text: "\ufeff" + text, "S02"),
        (lambda text: text.replace(". Officials", ".\r\nOfficials"), "S02"),
        (lambda text: text + "More.", "end"),
        (lambda text: text[:60], "S02"),
    ],
)
def test_change_is_located(graph: LocalGraph, changed, change, sentence):
    coverage = checked(graph, changed(change))

    assert coverage.mismatches[0].sentence == sentence
    assert "not the pinned one" in coverage.mismatches[0].problem
    assert not coverage.complete


def test_change_outside_all_quotes_is_found(graph: LocalGraph, changed):
    coverage = checked(graph, changed(lambda text: text.replace("at best", "at rest")))

    (mismatch,) = coverage.mismatches
    assert "no quote shows where" in mismatch.problem


@given(at=st.integers(0, 174), put=st.characters(exclude_categories=["Cs"]))
def test_any_changed_character_is_found(graph: LocalGraph, texts, tmp_path, at, put):
    text = (texts / f"{EDITION}.txt").read_text(encoding="utf-8")
    copy = tmp_path / "text.txt"
    copy.write_text(text[:at] + put + text[at + 1 :], encoding="utf-8", newline="")

    assert bool(checked(graph, copy).mismatches) == (put != text[at])


def test_digest_of_a_sentence_locates_any_change(mini: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(
        "<https://w3id.org/tipgraph/id/tip-2021-xx/S02>"
        ' <https://w3id.org/tipgraph/ns#sha256> "0000" .',
        encoding="utf-8",
    )

    coverage = checked(tipgraph.open(own), mini.parent / "texts" / f"{EDITION}.txt")

    (mismatch,) = coverage.mismatches
    assert (mismatch.sentence, mismatch.offset) == ("S02", 50)


SPAN = "oa:start 50 ; oa:end 110 ; oa:refinedBy"
SHELTERS = 'oa:prefix "the " ; oa:exact "so-called shelters" ; oa:suffix " were"'


@pytest.mark.parametrize(
    ("wrong", "right", "problem"),
    [
        (SPAN, SPAN.replace("110", "111"), "other offsets"),
        ("oa:start 50 ;", "oa:start 52 ;", "in no sentence"),
        ("identified 12 victims", "identified 12 victim", "is not in the text"),
        ('12 victims" ; oa:suffix ", and"', '12 victi"', "within a word"),
        (SHELTERS, 'oa:exact "so-called"', "more than once"),
        (SHELTERS, 'oa:exact "so-called past"', "outside its sentence"),
    ],
)
def test_wrong_offset_or_quote_in_the_data_is_reported(
    mini: Path, texts: Path, tmp_path: Path, wrong: str, right: str, problem: str
) -> None:
    edition = (mini / "data" / EDITION / "edition.ttl").read_text(encoding="utf-8")
    assert wrong in edition
    own = tmp_path / "own"
    own.mkdir()
    (own / "edition.ttl").write_text(edition.replace(wrong, right), encoding="utf-8")

    coverage = checked(tipgraph.open(own, bundled=False), texts / f"{EDITION}.txt")

    assert any(problem in mismatch.problem for mismatch in coverage.mismatches)


def test_edition_of_the_text_must_be_clear(graph: LocalGraph, texts: Path) -> None:
    with pytest.raises(UsageError, match=r"edition of the text.*tip-2021-xx, tip-2022-xx"):
        graph.coverage(text=texts / f"{EDITION}.txt")
    with pytest.raises(UsageError, match=r"did you mean .*tip-2021-xx"):
        graph.coverage("tip-2020-xx")


def test_unreadable_text_is_an_error(graph: LocalGraph, tmp_path: Path) -> None:
    (tmp_path / "latin1.txt").write_bytes("Überfüllt".encode("latin-1"))

    with pytest.raises(InputError, match=r"latin1.txt: is not UTF-8 \(byte 0\)"):
        graph.coverage(EDITION, tmp_path / "latin1.txt")
    with pytest.raises(InputError, match="No such file"):
        graph.coverage(EDITION, tmp_path / "nowhere.txt")
