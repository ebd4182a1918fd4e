"""The cells of a row as a page shows them, and the fields in which a person changes them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from tipgraph.escape import printable
from tipgraph.explorer.fields import Field
from tipgraph.text import nearest, slugify
from tipgraph_draft.candidate import (
    BOOLEANS,
    COLUMNS_OF_KIND,
    NO,
    PERIOD_SOURCES,
    YES,
    Candidate,
    Kind,
    headline,
)
from tipgraph_draft.codes import NEW
from tipgraph_draft.review_session import EDITABLE_COLUMNS, ReviewSession

LABELS = {
    "kind": "Kind",
    "quote": "Quote",
    "indicator": "Indicator",
    "indicator_code": "Code of the indicator",
    "stage": "Stage",
    "period": "Period",
    "period_from": "Period from",
    "part": "Part",
    "axis": "Axis",
    "value": "Value",
    "unit": "Unit",
    "compared_with": "Compared with",
    "counted_by": "Counted by",
    "recipient": "Recipient",
    "qualifier": "Qualifier",
    "converted": "Converted",
    "prior": "Earlier figure",
    "speaker": "Speaker",
    "act": "Speech act",
    "note": "Note",
}
# The characters of a cell from which it has a line for itself.
LONG = 40
TRUTH = {NO: "no", YES: "yes"}
# The meaning of a new name in a column; the most similar names beside it.
NEW_NAMES = {
    "indicator_code": "new: the graph has no such indicator",
    "act": "new: the graph has no such speech act",
}
MOST_SIMILAR = 3
# In a cell: several such cells fit in a form that is sent.
MOST_CHARACTERS = 2_000
# The column that a message is about, or the quote.
COLUMN_OF_PROBLEM = re.compile(
    r"(?:column )?(?P<column>[a-z_]+): |.*\b(?P<quote>quote)\b", re.DOTALL
)
# Columns that have no words in common with other rows.
WITHOUT_WORDS = ("quote", "value", "compared_with", "note", *BOOLEANS, "period_from")


class Cell(NamedTuple):
    """A cell of a row: its column, the label of the column, its text, and what to know of it."""

    column: str
    label: str
    text: str
    hint: str = ""

    @property
    def is_long(self) -> bool:
        return len(self.text) + len(self.hint) > LONG


def cells(session: ReviewSession, row: Mapping[str, str]) -> Iterator[Cell]:
    """The cells of a row in the order of a page."""
    for column, label in LABELS.items():
        if column in row:
            text, hint = _shown(column, row[column]), ""
            if column == "compared_with":
                text = next((headline(each) for each in session.rows if each.id == text), text)
            if column in NEW_NAMES and text.startswith(NEW):
                text = text.removeprefix(NEW)
                hint = _new_name(session, column, text)
            yield Cell(column, label, text, hint)


def _new_name(session: ReviewSession, column: str, name: str) -> str:
    """That the graph does not have a name, and the similar ones that it has."""
    hint = NEW_NAMES[column]
    known = session.choices.get(column, ())
    if similar := nearest(slugify(name), known)[:MOST_SIMILAR]:
        return f"{hint}; similar: {', '.join(similar)}"
    return hint


def _shown(column: str, cell: str) -> str:
    if column == "period_from" and cell in PERIOD_SOURCES:
        return f"{cell}: {PERIOD_SOURCES[cell]}"
    return TRUTH.get(cell, cell)


def edit_fields(session: ReviewSession, row: Candidate, entered: Mapping[str, str]) -> list[Field]:
    """The fields of a row: those of its kind, and others that have something.

    One that was entered otherwise has the cell of the file beside it.
    """
    before, after = row.as_row(), changed(row, entered)
    fields = []
    for column in _columns(row.kind, before | after):
        field = _field(session, column, after.get(column, before[column]), row.id)
        if column in after:
            cell = before[column] or "nothing"
            field = replace(field, hint=f"in the file: {cell}")
        fields.append(field)
    return fields


def add_fields(session: ReviewSession, kind: Kind, entered: Mapping[str, str]) -> list[Field]:
    """The fields of a row of a kind that no reader found."""
    hint = "words that the sentence has once, at most twelve"
    return [
        replace(field, hint=hint, required=True) if field.name == "quote" else field
        for field in (
            _field(session, column, entered.get(column, "")) for column in _columns(kind, entered)
        )
    ]


def _columns(kind: Kind, row: Mapping[str, str]) -> list[str]:
    """The columns that a kind uses and a person changes, and others in which a row has a cell."""
    used = ("quote", *COLUMNS_OF_KIND[kind], "note")
    return [
        column
        for column in EDITABLE_COLUMNS
        if column in used or row.get(column, "") not in ("", NO)
    ]


def _comparable(session: ReviewSession, row: str) -> dict[str, str]:
    """Return what other figures of the sentence and of those beside it state, by id."""
    names = [each.name for each in session.document.sentences]
    at = names.index(session.view().sentence)
    near = names[max(0, at - 1) : at + 2]
    return {"": "none"} | {
        each.id: f"{each.sentence}: {headline(each)}"
        for each in session.rows
        if each.sentence in near and each.value is not None and each.id != row
    }


def known_words(session: ReviewSession, fields: list[Field]) -> dict[str, list[str]]:
    """The words that complete each field that has any, by the id of their list."""
    return {each.known: session.completions(each.name, "") for each in fields if each.known}


def changed(row: Candidate, entered: Mapping[str, str]) -> dict[str, str]:
    """The cells that a person entered, without those that came back as they were shown."""
    before = row.as_row()
    return {
        column: entered[column]
        for column in EDITABLE_COLUMNS
        if column in entered and entered[column].strip() != _as_entered(before[column])
    }


def wrong_column(problem: str, fields: list[Field]) -> str:
    """The column of the field that a message is about; empty if it names none of them."""
    found = COLUMN_OF_PROBLEM.match(problem)
    named = found and (found["column"] or found["quote"])
    return next((each.name for each in fields if each.name == named), "")


def _field(session: ReviewSession, column: str, value: str, row: str = "") -> Field:
    """The field of a column, for the row with this id."""
    choices: dict[str, str] = {}
    if column in BOOLEANS:
        choices = TRUTH
    elif column == "compared_with":
        choices = _comparable(session, row)
    elif column == "period_from":
        choices = {"": "none"} | {each: _shown(column, each) for each in PERIOD_SOURCES}
    if choices and value not in choices:
        choices = {value: value} | choices
    known = "" if column in WITHOUT_WORDS else f"known-{column}"
    label = LABELS[column]
    return Field(column, label, value, choices=choices, known=known, longest=MOST_CHARACTERS)


def _as_entered(cell: str) -> str:
    """A cell as a browser sends it back: controls are shown, and a field has one line."""
    return re.sub("[\r\n]", "", printable(cell)).strip()
