"""The grammar drafts the rows of the bank, and nothing beside them."""

import re

import pytest

import tipgraph
from tests.editions.draft import bank
from tipgraph.editions.draft.codes import Codes, codes_of
from tipgraph.editions.draft.drafting import draft

ENTRIES = bank.entries()
NUMERAL = "numeral"


@pytest.fixture(scope="module")
def codes() -> Codes:
    return codes_of(tipgraph.open().engine)


@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_rows_of_the_bank_are_drafted_exactly(entry: bank.Entry, codes: Codes) -> None:
    drafted = draft(entry.text, entry.edition, codes=codes).candidates

    assert bank.differences(entry, [each.as_json() for each in drafted]) == []


@pytest.mark.parametrize("entry", [each for each in ENTRIES if each.numbers], ids=str)
def test_numerals_that_are_no_figures_have_their_class(entry: bank.Entry) -> None:
    listed = [each for each in draft(entry.text, entry.edition).numbers if each.what == NUMERAL]

    for numeral, classes in entry.numbers.items():
        places = re.finditer(rf"(?<!\w){re.escape(numeral)}(?!\w)", entry.text, re.IGNORECASE)
        spans = [each.span() for each in places]
        found = [
            each.class_ for each in listed
            if any(start < each.end and each.start < end for start, end in spans)
        ]  # fmt: skip
        assert found, numeral
        assert set(found) <= set(classes), numeral
