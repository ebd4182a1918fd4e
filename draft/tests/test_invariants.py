"""Invariants of a draft on any text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tipgraph_draft.checks import problems
from tipgraph_draft.document import Document
from tipgraph_draft.drafting import Draft, draft

# Pieces of reports, of markup, of other scripts and of nothing, from which texts are made.
PIECES = st.sampled_from(
    [
        "In 2020, ", "the government ", "authorities ", "NGOs ", "identified ", "and assisted ",
        "referred ", "did not report ", "reported ", "12 victims", "seven ", "women", " of them ",
        "including ", "compared with ", "(", ")", "—", ";", ", ", ". ", "14 in 2019", "none ",
        "all were ", "the remainder ", "half ", "€12,500 ", "($15,340) ", "each ", "per victim ",
        "45-day reflection period ", "trained ", "percent ", "1,234,567 ", "1.250 ", "2,5,1 ",
        "twenty-one ", "one hundred and five ", "no ", "any ", "respectively ", "between ", "to ",
        "Article 104 ", "COVID-19 ", "\u202e", "\x1b[31m", "受害者 12 名 ", "\uff13\uff14 ",
        "½ ", "Ⅷ ", "\n",
        "of the 91 ", "male ", "from Nigeria ", "sex trafficking ", "experts believed ",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=30).map("".join))
YEARS = st.one_of(st.none(), st.integers(2017, 2030))


@given(TEXTS, YEARS)
def test_every_digit_is_in_the_list_of_numbers(text: str, year: int | None) -> None:
    listed = [each for each in draft(text, year).numbers if each.what == "numeral"]
    covered = {place for each in listed for place in range(each.start, each.end)}

    assert {found.start() for found in re.finditer(r"\d", text)} <= covered
    assert all(text[each.start : each.end] == each.text for each in listed)
    assert all(each.class_ for each in listed)


@given(TEXTS, YEARS)
def test_every_quote_is_exact_and_unique_and_short(text: str, year: int | None) -> None:
    drafted = draft(text, year)
    sentences = _sentences(drafted)

    for each in drafted.candidates:
        start, end = sentences[each.sentence]
        sentence = text[start:end]
        assert text[each.start : each.end] == each.quote
        assert sentence.find(each.quote) == sentence.rfind(each.quote) >= 0
        assert 0 < len(each.quote.split()) <= 12


@given(TEXTS, YEARS)
def test_draft_is_the_same_each_time_and_ids_are_unique(text: str, year: int | None) -> None:
    first, second = draft(text, year), draft(text, year)

    assert first == second
    ids = [each.id for each in first.candidates]
    assert len(ids) == len(set(ids))
    assert {each.compared_with for each in first.candidates} <= {"", *ids}
    assert {each.status for each in first.candidates} <= {"open"}


@given(TEXTS, YEARS)
def test_row_of_a_reader_passes_what_a_person_s_must_pass(text: str, year: int | None) -> None:
    document = Document(text, year)
    rows = draft(document, year).candidates
    ids = {each.id for each in rows}

    assert [each for row in rows for each in problems(row, document, ids)] == []


@given(TEXTS)
def test_every_sentence_has_a_class(text: str) -> None:
    rows = [each for each in draft(text, 2021).numbers if each.what == "sentence"]

    covered = {place for each in rows for place in range(each.start, each.end)}
    assert {place for place, each in enumerate(text) if not each.isspace()} <= covered
    assert all(each.class_ and not each.text for each in rows)


def _sentences(drafted: Draft) -> dict[str, tuple[int, int]]:
    return {
        each.sentence: (each.start, each.end) for each in drafted.numbers if each.what == "sentence"
    }
