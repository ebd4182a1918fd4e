"""The cells of a row as a page shows them, and the fields in which a person changes them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from tipgraph.editions.draft.candidate import (
    BOOLEANS,
    COLUMNS_OF_KIND,
    NO,
    PERIOD_SOURCES,
    YES,
    Candidate,
    Kind,
)
from tipgraph.editions.draft.codes import NEW
from tipgraph.editions.draft.review_page import headline
from tipgraph.editions.draft.review_session import EDITABLE_COLUMNS, ReviewSession
from tipgraph.escape import printable
from tipgraph.explorer.fields import Field
from tipgraph.explorer.words import N_, Words
from tipgraph.text import nearest, slugify

LABELS = {
    "kind": N_("Kind"),
    "quote": N_("Quote"),
    "indicator": N_("Indicator"),
    "indicator_code": N_("Code of the indicator"),
    "stage": N_("Stage"),
    "period": N_("Period"),
    "period_from": N_("Period from"),
    "part": N_("Part"),
    "axis": N_("Axis"),
    "value": N_("Value"),
    "unit": N_("Unit"),
    "compared_with": N_("Compared with"),
    "counted_by": N_("Counted by"),
    "recipient": N_("Recipient"),
    "qualifier": N_("Qualifier"),
    "converted": N_("Converted"),
    "prior": N_("Earlier figure"),
    "speaker": N_("Speaker"),
    "act": N_("Speech act"),
    "note": N_("Note"),
}
# The characters of a cell from which it has a line for itself.
LONG = 40
TRUTH = {NO: N_("no"), YES: N_("yes")}
# What a new name in a column is; the most similar names beside it.
NEW_NAMES = {
    "indicator_code": N_("new: the graph has no such indicator"),
    "act": N_("new: the graph has no such speech act"),
}
MOST_SIMILAR = 3
# In a cell: several such cells fit in a form that is sent.
MOST_CHARACTERS = 2_000
# How a message names the column that it is about, or the quote.
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


def cells(session: ReviewSession, row: Mapping[str, str], words: Words) -> Iterator[Cell]:
    """The cells of a row, or of another reader's version of one, in the order of a page."""
    for column, label in LABELS.items():
        if column in row:
            text, hint = _shown(column, row[column], words), ""
            if column == "compared_with":
                text = next((headline(each) for each in session.rows if each.id == text), text)
            if column in NEW_NAMES and text.startswith(NEW):
                text = text.removeprefix(NEW)
                hint = _new_name(session, column, text, words)
            yield Cell(column, words.gettext(label), text, hint)


def _new_name(session: ReviewSession, column: str, name: str, words: Words) -> str:
    """That the graph does not have a name, and the similar ones that it has."""
    hint = words.gettext(NEW_NAMES[column])
    known = session.choices.get(column, ())
    if similar := nearest(slugify(name), known)[:MOST_SIMILAR]:
        return f"{hint}; {words.gettext('similar: %(names)s', names=', '.join(similar))}"
    return hint


def _shown(column: str, cell: str, words: Words) -> str:
    if column == "period_from" and cell in PERIOD_SOURCES:
        return f"{cell}: {PERIOD_SOURCES[cell]}"
    return words.gettext(TRUTH[cell]) if cell in TRUTH else cell


def edit_fields(
    session: ReviewSession, row: Candidate, entered: Mapping[str, str], words: Words
) -> list[Field]:
    """The fields of a row: those of its kind, and others that have something.

    One that was entered otherwise has the cell of the file beside it.
    """
    before, after = row.as_row(), changed(row, entered)
    fields = []
    for column in _columns(row.kind, before | after):
        field = _field(session, column, after.get(column, before[column]), words, row.id)
        if column in after:
            cell = before[column] or words.gettext("nothing")
            field = replace(field, hint=words.gettext("in the file: %(cell)s", cell=cell))
        fields.append(field)
    return fields


def add_fields(
    session: ReviewSession, kind: Kind, entered: Mapping[str, str], words: Words
) -> list[Field]:
    """The fields of a row of a kind that no reader found."""
    hint = words.gettext("words that the sentence has once, at most twelve")
    return [
        replace(field, hint=hint, required=True) if field.name == "quote" else field
        for field in (
            _field(session, column, entered.get(column, ""), words)
            for column in _columns(kind, entered)
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


def _comparable(session: ReviewSession, row: str, words: Words) -> dict[str, str]:
    """What other figures of the sentence and of those beside it state, by id."""
    names = [each.name for each in session.document.sentences]
    at = names.index(session.view().sentence)
    near = names[max(0, at - 1) : at + 2]
    return {"": words.gettext("none")} | {
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


def _field(session: ReviewSession, column: str, value: str, words: Words, row: str = "") -> Field:
    """The field of a column, for the row with this id."""
    choices: dict[str, str] = {}
    if column in BOOLEANS:
        choices = words.all(TRUTH)
    elif column == "compared_with":
        choices = _comparable(session, row, words)
    elif column == "period_from":
        choices = {"": words.gettext("none")} | {
            each: _shown(column, each, words) for each in PERIOD_SOURCES
        }
    if choices and value not in choices:
        choices = {value: value} | choices
    known = "" if column in WITHOUT_WORDS else f"known-{column}"
    label = words.gettext(LABELS[column])
    return Field(column, label, value, choices=choices, known=known, longest=MOST_CHARACTERS)


def _as_entered(cell: str) -> str:
    """A cell as a browser sends it back: controls are shown, and a field has one line."""
    return re.sub("[\r\n]", "", printable(cell)).strip()
