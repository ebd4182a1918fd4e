"""A review after another draft of the text."""

from dataclasses import replace
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from draft.tests.rows import row
from tipgraph_draft.candidate import CONTENT, PERSON, Candidate, Status
from tipgraph_draft.review_file import merge_review

DECIDED: tuple[Status, ...] = ("yes", "no", "later")


def decided(candidate: Candidate, status: Status = "yes") -> Candidate:
    return replace(candidate, status=status, reviewer="ml", reviewed_on="2030-06-05")


def test_row_that_nobody_touched_follows_the_machine() -> None:
    now = row(value="85")

    assert merge_review([row()], [now], [row()]) == [now]
    assert merge_review([row()], [], [row()]) == []


def test_edit_and_note_of_an_open_row_are_kept() -> None:
    edited = replace(row(), part="women", note="see the next sentence")

    (merged,) = merge_review([edited], [row(indicator="victims assisted")], [row()])

    assert (merged.status, merged.part, merged.indicator) == ("open", "women", "victims assisted")
    assert merged.note == "see the next sentence"


def test_row_of_a_person_stays_without_the_machine() -> None:
    assert merge_review([row(reader=PERSON)], [], []) == [row(reader=PERSON)]


def test_accepted_code_follows_the_graph() -> None:
    before = row(indicator_code="new: victims identified")
    now = row(indicator_code="victims-identified")

    (merged,) = merge_review([decided(before)], [now], [before])

    assert (merged.status, merged.indicator_code) == ("yes", "victims-identified")


# Drafts of one text over time: which rows each has, and with which value.
DRAFTS = st.lists(
    st.dictionaries(st.integers(0, 4), st.integers(0, 2), max_size=5), min_size=2, max_size=6
)
DECISIONS = st.lists(
    st.dictionaries(st.integers(0, 4), st.sampled_from(DECIDED), max_size=3), min_size=6, max_size=6
)


@given(DRAFTS, DECISIONS, st.booleans(), st.booleans())
def test_no_decision_is_lost_in_any_rerun(drafts, decisions, knows_last, corrects):
    """A decision and the cells that it is about are there after any number of drafts."""
    rows: list[Candidate] = []
    last: list[Candidate] = []
    made: dict[str, Candidate] = {}
    for draft, deciding in zip(drafts, decisions, strict=False):
        candidates = [row(number, value=str(value)) for number, value in draft.items()]
        rows = merge_review(rows, candidates, last if knows_last else [])
        for before in made.values():
            _assert_is_kept(before, rows)
        for at, each in enumerate(rows):
            status = deciding.get(int(each.id, 16))
            if status is not None:
                corrected = replace(each, part="women") if corrects else each
                rows[at] = decided(corrected, cast(Status, status))
                made[each.id] = rows[at]
        last = candidates


def _assert_is_kept(before: Candidate, rows: list[Candidate]) -> None:
    now = next(each for each in rows if each.id == before.id)
    for name in (*CONTENT, "status", "reviewer", "reviewed_on"):
        assert getattr(now, name) == getattr(before, name), name
