"""A review after another draft of the text."""

from dataclasses import replace
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from draft.tests.rows import row
from tipgraph_draft.candidate import PERSON, Candidate, Status
from tipgraph_draft.review_table import (
    CONTENT,
    DECIDED,
    changed_cells,
    decided_row,
    earlier_status,
    merge_review,
)

ON = "2030-06-05"


def decided(candidate: Candidate, status: Status = "yes") -> Candidate:
    return decided_row(candidate, status, "ml", ON)


def test_unchanged_row_keeps_its_decision() -> None:
    before = row()

    assert merge_review([decided(before)], [before], [before]) == [decided(before)]


def test_row_that_nobody_touched_follows_the_machine() -> None:
    now = row(value="85")

    assert merge_review([row()], [now], [row()]) == [now]
    assert merge_review([row()], [], [row()]) == []


def test_changed_row_is_decided_again_with_the_difference() -> None:
    (merged,) = merge_review([decided(row())], [row(value="85")], [row()])

    assert (merged.status, str(merged.value)) == ("again", "84")
    assert merged.doubt == "was yes; changed value from 84 to 85"
    assert (merged.reviewer, merged.reviewed_on) == ("ml", ON)
    assert merged.original == '{"value": "85"}'


def test_row_stays_undecided_until_a_person_decides() -> None:
    again = merge_review([decided(row())], [row(value="85")], [row()])

    assert merge_review(again, [row(value="85")], [row(value="85")]) == again
    (settled,) = [decided(each, "no") for each in again]
    assert settled.doubt == ""
    assert merge_review([settled], [row(value="85")], [row(value="85")]) == [settled]


def test_decision_is_back_when_the_machine_is() -> None:
    again = merge_review([decided(row())], [row(value="85")], [row()])
    stale = merge_review([decided(row())], [], [row()])

    assert merge_review(again, [row()], [row(value="85")]) == [decided(row())]
    assert merge_review(stale, [row()], []) == [decided(row())]


def test_machine_that_comes_to_agree_with_the_person_changes_nothing() -> None:
    corrected = replace(decided(row()), value=row(value="85").value)

    (merged,) = merge_review([corrected], [row(value="85")], [row()])

    assert (merged.status, str(merged.value), merged.original) == ("yes", "85", "")


def test_vanished_row_becomes_stale_and_a_rejected_one_stays() -> None:
    rows = [decided(row()), decided(row(2), "no"), decided(row(3), "later")]

    merged = merge_review(rows, [], [row(), row(2), row(3)])

    assert [(each.status, each.doubt) for each in merged] == [
        ("stale", "was yes"),
        ("no", ""),
        ("stale", "was later"),
    ]


def test_edit_and_note_of_an_open_row_are_kept() -> None:
    edited = replace(row(), part="women", note="see the next sentence")

    (merged,) = merge_review([edited], [row(indicator="victims assisted")], [row()])

    assert (merged.status, merged.part, merged.indicator) == ("open", "women", "victims assisted")
    assert merged.note == "see the next sentence"


def test_row_of_a_person_stays_without_the_machine() -> None:
    own = decided(row(reader=PERSON))
    kept = decided(merge_review([decided(row())], [], [row()])[0])

    assert merge_review([own], [], []) == [own]
    assert merge_review([kept], [], []) == [kept]


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
def test_no_decision_is_lost_in_any_rerun(
    drafts: list[dict[int, int]],
    decisions: list[dict[int, str]],
    knows_last: bool,
    corrects: bool,
) -> None:
    """A decision and the cells that it is about are there after any number of drafts."""
    rows: list[Candidate] = []
    last: list[Candidate] = []
    made: dict[str, Candidate] = {}
    for draft, deciding in zip(drafts, decisions, strict=False):
        candidates = [row(number, value=str(value)) for number, value in draft.items()]
        rows = merge_review(rows, candidates, last if knows_last else None)
        for before in made.values():
            _assert_is_kept(before, rows)
        for at, each in enumerate(rows):
            status = deciding.get(int(each.id, 16))
            if status is not None:
                if corrects:
                    corrected = replace(each, part="women")
                    original = (
                        changed_cells(corrected, each) if not each.original else each.original
                    )
                    each = replace(corrected, original=original)
                rows[at] = decided(each, cast(Status, status))
                made[each.id] = rows[at]
        last = candidates


def _assert_is_kept(before: Candidate, rows: list[Candidate]) -> None:
    now = next(each for each in rows if each.id == before.id)
    status = now.status if now.status in DECIDED else earlier_status(now)
    assert status == before.status
    assert (now.reviewer, now.reviewed_on) == (before.reviewer, before.reviewed_on)
    assert [getattr(now, name) for name in CONTENT] == [getattr(before, name) for name in CONTENT]
    assert now.status in (before.status, "again", "stale")
