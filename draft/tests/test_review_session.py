"""A session of a review without a terminal: what actions may and may not do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from draft.tests.rows import rows_of
from tipgraph.errors import InputError, UsageError
from tipgraph_draft.candidate import Candidate, Codes
from tipgraph_draft.document import Document
from tipgraph_draft.drafting import draft
from tipgraph_draft.review_file import write_review
from tipgraph_draft.review_session import ReviewSession

TEXT = (
    "In 2029, police identified 12 victims, compared with nine in 2028."
    " NGOs assisted 30 victims in 2029.\nThe government did not report training police."
)
ACTIONS = ("accept", "reject", "put_off", "accept_sentence", "next", "previous", "edit", "undo")


class Stored:
    """The rows that a session saves."""

    def __init__(self) -> None:
        self.rows: list[Candidate] = []
        self.problem: Exception | None = None

    def save(self, rows: Sequence[Candidate]) -> None:
        if self.problem:
            raise self.problem
        self.rows = list(rows)


def session(stored: Stored | None = None, **changes: str) -> ReviewSession:
    """A session on the draft of the text; `changes` are cells of its first row."""
    document = Document(TEXT, 2030)
    first, *others = draft(document, 2030).candidates
    return ReviewSession(
        document=document,
        rows=[Candidate.from_dict(first.as_row() | changes), *others],
        reviewer="ml",
        save=(stored or Stored()).save,
        machine={first.id: first},
        choices={"act": ["notes", "reports"], "unit": ["persons", "permits"]},
        codes=Codes({"victims warned": "victims-warned"}),
        today=lambda: date(2030, 6, 5),
    )


def do(session: ReviewSession, action: str) -> None:
    """An action on the first row that is shown; one that does not fit is refused."""
    try:
        if action in ("accept", "reject", "put_off"):
            getattr(session, action)(session.view().rows[0].id)
        elif action == "edit":
            session.edit_cells(session.view().rows[0].id, {"note": "seen"})
        else:
            getattr(session, action)()
    except UsageError:
        pass


@given(st.lists(st.sampled_from(ACTIONS), max_size=12))
def test_no_action_decides_on_several_sentences(actions: list[str]) -> None:
    stored = Stored()
    reviewing = session(stored)
    for action in actions:
        before = {row.id: row for row in reviewing.rows}
        do(reviewing, action)
        changed = [row for row in reviewing.rows if row != before[row.id]]
        assert len({row.sentence for row in changed}) <= 1
        assert not changed or stored.rows == reviewing.rows
        assert all(row.reviewer == "ml" for row in changed if row.status != "open")


@given(st.lists(st.sampled_from(ACTIONS[:-1]), max_size=12))
def test_undo_leads_back_to_the_beginning(actions: list[str]) -> None:
    reviewing = session()
    before = list(reviewing.rows)
    for action in actions:
        do(reviewing, action)
    for _ in actions:
        do(reviewing, "undo")

    with pytest.raises(UsageError, match="nothing to undo"):
        reviewing.undo()
    assert reviewing.rows == before


def test_row_that_cannot_be_saved_is_not_changed() -> None:
    stored = Stored()
    reviewing = session(stored)
    stored.problem = InputError("the disk is full")
    before = list(reviewing.rows)

    with pytest.raises(InputError):
        reviewing.accept(before[0].id)

    assert reviewing.rows == before


def test_machine_reading_is_restored() -> None:
    reviewing = session()
    before = reviewing.rows[0]
    reviewing.edit_cells(before.id, {"unit": "permits", "part": "men, and boys", "prior": "true"})

    assert reviewing.machine_cells(before.id).keys() >= {"unit", "part", "prior"}
    reviewing.restore(before.id)
    assert replace(reviewing.rows[0], reviewer="") == before
    with pytest.raises(UsageError, match="the row is as the machine read it"):
        reviewing.restore(before.id)


def test_doubts_come_first() -> None:
    plain = [session().view().sentence]
    doubted = session()
    last = doubted.rows[-1]
    doubted = replace(doubted, rows=[*doubted.rows[:-1], replace(last, doubt="another reading")])

    assert plain == ["S01"]
    assert doubted.view().sentence == last.sentence


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("value", "twelve", "'twelve' is no number"),
        ("period", "Jan-29", "a date that a spreadsheet wrote"),
        ("quote", "in", "has these words more than once"),
        ("quote", "thirteen victims", "does not have these words"),
        ("value", "21", "does not have the number 21; correct one of them, or begin the note"),
        ("period", "last year", "'last year' is no period; write a year"),
        ("period", "2029-13", "'2029-13' is no period"),
        ("period", "2029/2028", "'2029/2028' is no period"),
        ("compared_with", "0123456789ab", "is the id of no other row"),
    ],
)
def test_cell_that_does_not_fit_is_refused(column: str, cell: str, message: str) -> None:
    reviewing = session()
    before = list(reviewing.rows)

    with pytest.raises(UsageError, match=message):
        reviewing.edit_cells(reviewing.rows[0].id, {column: cell})
    assert reviewing.rows == before


@pytest.mark.parametrize(
    "cells",
    [
        {"value": "21", "note": "seen; Derived: 12 and nine"},
        {"value": "9", "quote": "nine in 2028"},
        {"value": ""},
        {"period": "2028-06/2029-05"},
        {"period": "2029/"},
        {"period": "not stated"},
    ],
)
def test_cells_that_fit_the_quote_are_taken(cells: dict[str, str]) -> None:
    reviewing = session()

    reviewing.edit_cells(reviewing.rows[0].id, cells)

    assert reviewing.rows[0].as_row().items() >= cells.items()


def test_added_row_passes_the_same_checks() -> None:
    reviewing = session()
    before = list(reviewing.rows)

    with pytest.raises(UsageError, match="does not have the number 21"):
        reviewing.add("figure", "identified 12 victims", {"value": "21"})
    assert reviewing.rows == before
    added = reviewing.add("figure", "identified 12 victims", {"value": "12", "period": "2029"})
    reviewing.edit_cells(added, {"compared_with": before[1].id})
    with pytest.raises(UsageError, match="is the id of no other row"):
        reviewing.edit_cells(added, {"compared_with": added})


def test_axis_has_the_words_of_the_draft() -> None:
    reviewing = session()
    row = reviewing.rows[0].id

    reviewing.edit_cells(row, {"axis": "by sex and age within form of exploitation"})
    assert reviewing.rows[0].axis == "exploitation / sex and age"


def test_code_follows_the_words_of_an_indicator() -> None:
    reviewing = session(indicator_code="victims-identified")
    row = reviewing.rows[0].id

    reviewing.edit_cells(row, {"indicator": "Victims warned"})
    assert reviewing.rows[0].indicator_code == "victims-warned"
    reviewing.edit_cells(row, {"indicator": "persons warned"})
    assert reviewing.rows[0].indicator_code == "new: persons warned"
    reviewing.edit_cells(row, {"indicator": "those warned", "indicator_code": "victims-warned"})
    assert reviewing.rows[0].indicator_code == "victims-warned"
    reviewing.edit_cells(row, {"note": "seen"})
    assert reviewing.rows[0].indicator_code == "victims-warned"
    added = reviewing.add("figure", "identified 12 victims", {"indicator": "victims warned"})
    codes = {each.id: each.indicator_code for each in reviewing.rows}
    assert codes[added] == "victims-warned"
    claim = next(each for each in reviewing.rows if each.kind == "non-report")
    reviewing.go_to(claim.sentence)
    reviewing.edit_cells(claim.id, {"indicator": "victims warned"})
    codes = {each.id: each.indicator_code for each in reviewing.rows}
    assert codes[claim.id] == ""


def test_several_cells_are_one_action() -> None:
    reviewing = session()
    row = reviewing.rows[0].id
    before = list(reviewing.rows)

    with pytest.raises(UsageError, match="'many' is no number"):
        reviewing.edit_cells(row, {"note": "seen", "value": "many"})
    assert (reviewing.rows, reviewing.last_action) == (before, "")
    reviewing.edit_cells(row, {"note": " seen ", "unit": "permits"})
    assert (reviewing.rows[0].note, reviewing.rows[0].unit) == ("seen", "permits")
    assert reviewing.last_action == reviewing.undo() == "edit note, unit"
    assert reviewing.rows == before


def test_text_is_cut_where_a_quote_or_a_numeral_begins_or_ends() -> None:
    view = replace(session().view(), text="12 men of 30", quotes=((0, 6),), unclassified=((0, 2),))

    assert [*view.parts] == [("12", True, True), (" men", True, False), (" of 30", False, False)]
    assert [*replace(view, quotes=(), unclassified=()).parts] == [("12 men of 30", False, False)]


def test_other_quote_has_its_place() -> None:
    reviewing = session()

    reviewing.edit_cells(reviewing.rows[0].id, {"quote": "identified 12 victims"})

    changed = reviewing.rows[0]
    assert TEXT[changed.start : changed.end] == "identified 12 victims"


@pytest.mark.parametrize("alias", ["", " ml", "a;b", "a\nb", "x" * 41])
def test_alias_is_a_short_word(alias: str) -> None:
    with pytest.raises(UsageError, match="invalid alias"):
        replace(session(), reviewer=alias)


def test_rows_of_a_session_survive_the_file(tmp_path: Path) -> None:
    reviewing = session()
    reviewing.edit_cells(reviewing.rows[0].id, {"note": "-1; “see” the\tnext"})
    file = str(tmp_path / "review.csv")
    write_review(file, reviewing.rows)

    assert rows_of(file) == reviewing.rows
