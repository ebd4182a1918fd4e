"""The bank of invented sentences: its form, and that the grammar drafts its rows and no others."""

import re
from typing import Any

import pytest

import tipgraph
from draft.tests import bank
from tipgraph_draft.candidate import COLUMNS, COLUMNS_OF_KIND, KINDS, NO, codes_of
from tipgraph_draft.drafting import Draft, draft
from tipgraph_draft.review_session import EDITABLE_COLUMNS

ENTRIES = bank.entries()
NUMERAL = "numeral"
NEEDED = ("indicator", "stage", "value")
Drafts = list[tuple[bank.Entry, Draft]]
DIGEST = "c27c3ee667df30d5bc2b80a72047b1b7b00f70f164782699dcbaab86aad7dfde"


@pytest.fixture(scope="module")
def drafts() -> Drafts:
    """Each entry of the bank with its draft, in the names of the graph."""
    codes = codes_of(tipgraph.open().engine)
    return [(each, draft(each.text, each.edition, codes=codes)) for each in ENTRIES]


def test_rows_of_the_bank_are_drafted_exactly(drafts: Drafts) -> None:
    differences: dict[str, Any] = {}
    for entry, drafted in drafts:
        found = bank.differences(entry, [each.as_json() for each in drafted.candidates])
        differences |= {str(entry): found} if found else {}

    assert differences == {}


def test_drafted_rows_fill_only_the_columns_of_their_kind(drafts: Drafts) -> None:
    outside = {
        (row.kind, column)
        for _, drafted in drafts
        for row in drafted.candidates
        for column, cell in row.as_row().items()
        if column in EDITABLE_COLUMNS and cell not in ("", NO)
        and column not in ("quote", "note", *COLUMNS_OF_KIND[row.kind])
    }  # fmt: skip

    assert outside == set()


def test_numerals_that_are_no_figures_have_their_class(drafts: Drafts) -> None:
    for entry, drafted in drafts:
        listed = [each for each in drafted.numbers if each.what == NUMERAL]
        for numeral, classes in entry.numbers.items():
            places = re.finditer(rf"(?<!\w){re.escape(numeral)}(?!\w)", entry.text, re.IGNORECASE)
            spans = [each.span() for each in places]
            found = [
                each.class_ for each in listed
                if any(start < each.end and each.start < end for start, end in spans)
            ]  # fmt: skip
            assert found, (str(entry), numeral)
            assert set(found) <= set(classes), (str(entry), numeral)


def test_bank_has_at_least_250_texts_and_no_text_twice() -> None:
    texts = [entry.text for entry in ENTRIES]

    assert len(texts) >= 250
    assert len(texts) == len(set(texts))


def test_rows_of_the_bank_have_columns_and_kinds_of_candidates() -> None:
    for entry in ENTRIES:
        for row in entry.rows:
            assert set(row) <= {*COLUMNS, *bank.MARKS}, entry
            assert row["kind"][0] in KINDS, entry
            if row["kind"][0] in bank.COUNTED and not row.get("optional"):
                assert set(NEEDED) <= set(row), entry
        assert all(numeral.casefold() in entry.text.casefold() for numeral in entry.numbers), entry


def test_bank_compares_every_kind() -> None:
    assert {row["kind"][0] for entry in ENTRIES for row in entry.rows} == set(KINDS)


def test_bank_is_the_one_that_was_reviewed() -> None:
    """A change of the bank is a decision of its own, and renews the digest."""
    assert bank.digest() == DIGEST
