"""The bank of invented sentences: its form."""

import pytest

from tests.editions.draft import bank
from tipgraph.editions.draft.candidate import COLUMNS, KINDS

ENTRIES = bank.entries()
NEEDED = ("indicator", "stage", "value")
DIGEST = "cbbb7b6cf276b348c5cce23c4625f93f6f1fa18f4143314f7f8fe423537f5b47"


def test_bank_has_at_least_250_texts_and_no_text_twice() -> None:
    texts = [entry.text for entry in ENTRIES]

    assert len(texts) >= 250
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_rows_of_the_bank_have_columns_and_kinds_of_candidates(entry: bank.Entry) -> None:
    for row in entry.rows:
        assert set(row) <= {*COLUMNS, *bank.MARKS}
        assert row["kind"][0] in KINDS
        if row["kind"][0] in bank.COUNTED and not row.get("optional"):
            assert set(NEEDED) <= set(row)
    assert all(numeral.casefold() in entry.text.casefold() for numeral in entry.numbers)


def test_bank_compares_every_kind() -> None:
    assert {row["kind"][0] for entry in ENTRIES for row in entry.rows} == set(KINDS)


def test_bank_is_the_one_that_was_reviewed() -> None:
    """A change of the bank is a decision of its own, and renews the digest."""
    assert bank.digest() == DIGEST
