"""The page of `tipgraph review`, on which a person decides on the rows of a draft.

The page shows a text that belongs to somebody else. It is in the body of answers alone, which
nothing stores, and no title, address or log has any of it. A change comes in the POST of a form:
the form has the token of this run, and the digest of the file that it was made from.
"""

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from hmac import compare_digest
from importlib.resources import files
from secrets import token_urlsafe
from typing import Any, NamedTuple

from tipgraph.editions.table import TableError
from tipgraph.errors import InputError, TipgraphError, UsageError
from tipgraph.explorer.fields import Field
from tipgraph.explorer.http import Content, PageRequest, Refusal, redirect
from tipgraph.explorer.pages import Form, PageKind
from tipgraph.explorer.site import Site
from tipgraph.files import locked
from tipgraph.namespaces import CODE
from tipgraph.safe_text import printable
from tipgraph.store.engine import Embedded
from tipgraph.text import nearest, slugify
from tipgraph_draft.candidate import (
    BOOLEANS,
    COLUMNS_OF_KIND,
    KINDS,
    NEW,
    NO,
    PERIOD_SOURCES,
    YES,
    Candidate,
    Kind,
    headline,
)
from tipgraph_draft.review_file import (
    open_session,
    read_reviewed,
    review_digest,
    review_path,
    write_review,
)
from tipgraph_draft.review_session import (
    EDITABLE_COLUMNS,
    ReviewSession,
    SentenceView,
    check_alias,
    is_undecided,
)

# The columns of a page in their order, with the labels of those that are not clear by their name.
LABELS = {each: each.replace("_", " ").capitalize() for each in ("kind", *EDITABLE_COLUMNS)} | {
    "indicator_code": "Code of the indicator",
    "prior": "Earlier figure",
    "act": "Speech act",
}
# The characters of a cell from which it has a line for itself.
LONG = 40
TRUTH = {NO: "no", YES: "yes"}
# The columns that may have a new name; the most similar names beside it.
NEW_NAMES = {"indicator_code": "indicator", "act": "speech act"}
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
                similar = nearest(slugify(text), session.choices.get(column, ()))[:MOST_SIMILAR]
                names = f"; similar: {', '.join(similar)}" if similar else ""
                hint = f"new: the graph has no such {NEW_NAMES[column]}{names}"
            yield Cell(column, label, text, hint)


def _shown(column: str, cell: str) -> str:
    if column == "period_from" and cell in PERIOD_SOURCES:
        return f"{cell}: {PERIOD_SOURCES[cell]}"
    return TRUTH.get(cell, cell)


def fields_of(
    session: ReviewSession,
    kind: Kind,
    before: Mapping[str, str],
    entered: Mapping[str, str],
    row: str = "",
) -> list[Field]:
    """The fields of a row: those that a person changes of its kind, and others with a cell.

    `before` are its cells in the file, beside which those are shown that were entered otherwise. A
    row that is added has none, and no id.
    """
    shown, used = {**before, **entered}, ("quote", *COLUMNS_OF_KIND[kind], "note")
    hints = {"quote": "words that the sentence has once, at most twelve"}
    if row:
        hints = {column: f"in the file: {before[column] or 'nothing'}" for column in entered}
    return [
        _field(session, column, shown.get(column, ""), hints.get(column, ""), row)
        for column in EDITABLE_COLUMNS
        if column in used or shown.get(column, "") not in ("", NO)
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


def changed(row: Candidate, entered: Mapping[str, str]) -> dict[str, str]:
    """The cells that a person entered, without those that came back as they were shown."""
    # A browser sends them so: controls are shown, and a field has one line.
    shown = {name: re.sub("[\r\n]", "", printable(text)) for name, text in row.as_row().items()}
    return {
        column: entered[column]
        for column in EDITABLE_COLUMNS
        if column in entered and entered[column].strip() != shown[column].strip()
    }


def wrong_column(problem: str, fields: list[Field]) -> str:
    """The column of the field that a message is about; empty if it names none of them."""
    found = COLUMN_OF_PROBLEM.match(problem)
    named = found and (found["column"] or found["quote"])
    return next((each.name for each in fields if each.name == named), "")


def _field(session: ReviewSession, column: str, value: str, hint: str, row: str = "") -> Field:
    """The field of a column, for the row with this id, or for one that is added."""
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
    is_needed = column == "quote" and not row
    return Field(
        column, LABELS[column], value, hint, choices,
        required=is_needed, known=known, longest=MOST_CHARACTERS,
    )  # fmt: skip


ADDRESS = "/-/review"
STYLE, SCRIPT = f"{ADDRESS}.css", f"{ADDRESS}.js"
# Headers of every answer: nothing keeps it, and a browser names the page that a form comes from.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
STATUSES = {"open": "to decide", "yes": "accepted", "no": "rejected", "later": "later"}
# The values of the page for rows, where none is left.
NO_ROWS: dict[str, Any] = {"known": {}, "edited": "", "added": []}
# The actions of buttons and forms by name: some change the file, others only move.
DECISIONS = {
    "accept": ReviewSession.accept,
    "reject": ReviewSession.reject,
    "later": ReviewSession.put_off,
}
STEPS: dict[str, Callable[[ReviewSession], object]] = {
    "accept-sentence": ReviewSession.accept_sentence,
    "undo": ReviewSession.undo,
    "next": ReviewSession.next,
    "back": ReviewSession.previous,
}
CHANGES = (*DECISIONS, "accept-sentence", "edit", "restore", "add", "undo")
MOVES = ("next", "back", "go")


class Review:
    """A review of the draft in an edition's folder, by one person. One thread may use it."""

    def __init__(self, folder: str, text: str, reviewer: str) -> None:
        """`reviewer` is an alias.

        Raises UsageError for an invalid one, and otherwise as `open_session`.
        """
        self.folder = folder
        self.text = text
        self.reviewer = check_alias(reviewer)
        self.edition = read_reviewed(folder, text)[0].name
        self.token = token_urlsafe()
        self.version = ""
        self.has_shortcuts = True
        self.is_over = False
        self._session: ReviewSession | None = None

    def session(self, engine: Embedded) -> ReviewSession:
        """The session on the file as it is now; it begins again where something else changed it.

        Raises as `open_session`.
        """
        version = review_digest(self.folder)
        if self._session is None or version != self.version:
            before = self._session
            self._session = open_session(engine, self.folder, self.text, self.reviewer)
            self._session.save = self._save
            self.version = version
            if before and not before.is_finished:
                _show(self._session, before.view().sentence)
        return self._session

    def _save(self, rows: Sequence[Candidate]) -> None:
        # The version is that of what was written: the file may be another's again.
        self.version = write_review(review_path(self.folder), rows, self.version)


def kinds(review: Review) -> tuple[PageKind, ...]:
    """Return the pages of a review: the page itself, with its style and its script."""
    form = Form(
        partial(answer, review), partial(unreadable, review), HEADERS, lambda: review.is_over
    )
    return (
        PageKind(ADDRESS, lambda site, request: _page(site, review, request.parameters), form=form),
        PageKind(STYLE, partial(_asset, "review.css", "text/css")),
        PageKind(SCRIPT, partial(_asset, "review.js", "text/javascript")),
    )


def _asset(name: str, media_type: str, site: Site, request: PageRequest) -> Content:
    content = files("tipgraph_draft").joinpath("assets", name).read_bytes()
    return Content(content, f"{media_type}; charset=utf-8")


def answer(review: Review, site: Site, entered: Mapping[str, str], is_own_origin: bool) -> Content:
    """Do what a form asks for, and lead to the page; or the page with what is wrong.

    Only a form that a page of this server has sent is accepted.
    """
    if not is_own_origin or not compare_digest(
        entered.get("token", "").encode(), review.token.encode()
    ):
        problem = "This form does not belong to the review that is open here. Nothing was changed."
        return _message(site, review, [problem], 403)
    if "quit" in entered:
        review.is_over = True
        return _page(site, review, {})
    if "shortcuts" in entered:
        review.has_shortcuts = entered["shortcuts"] == "on"
        return redirect(ADDRESS)
    action = next((each for each in (*CHANGES, *MOVES) if each in entered), "")
    if not action:
        return redirect(ADDRESS)
    return _answer(site, review, action, entered)


def unreadable(review: Review, site: Site, error: Refusal) -> Content:
    """The answer to what is no form."""
    return _message(site, review, [f"{error.message} Nothing was saved."], error.status)


def _answer(site: Site, review: Review, action: str, entered: Mapping[str, str]) -> Content:
    """Do an action on the sentence of the form, if the file is still as the form shows it."""
    # The entered cells are shown again where they could not be saved.
    value = entered.get("kind" if action == "add" else action, "")
    asked = {action: value} if action in ("edit", "add") else {}
    stale = (
        "The file was changed meanwhile, here or by another program. Nothing was saved; this is the"
        " file as it is now."
    )
    try:
        with locked(review.folder):
            session = review.session(site.engine)
            _show(session, entered.get("sentence", ""))
            if action in CHANGES and entered.get("version") != review.version:
                return _page(site, review, asked, 409, stale, entered)
            row = _act(session, action, entered)
    except UsageError as error:
        return _page(site, review, asked, 400, str(error), entered)
    except InputError:
        return _page(site, review, asked, 409, stale, entered)
    except OSError as error:
        problem = f"Not saved: {error.strerror or error}"
        return _page(site, review, asked, 500, problem, entered)
    return redirect(f"{ADDRESS}?row={row}#row-{row}" if row else ADDRESS)


def _act(session: ReviewSession, action: str, entered: Mapping[str, str]) -> str:
    """Do an action; returns the id of the row to select afterwards, empty for the next one."""
    value = entered[action]
    if action in DECISIONS:
        DECISIONS[action](session, _row(session, value).id)
    elif action in STEPS:
        STEPS[action](session)
    elif action == "edit":
        session.edit_cells(value, changed(_row(session, value), entered))
        return value
    elif action == "restore":
        session.restore(_row(session, value).id)
        return value
    elif action == "add":
        kind = _kind(entered.get("kind", ""))
        if kind is None:
            raise UsageError("Choose the kind of the row.")
        given = {column: entered.get(column, "").strip() for column in EDITABLE_COLUMNS}
        quote = given.pop("quote")
        return session.add(kind, quote, {column: cell for column, cell in given.items() if cell})
    else:
        session.go_to(value)
    return ""


def _kind(name: str) -> Kind | None:
    return next((each for each in KINDS if each == name), None)


def _row(session: ReviewSession, row: str) -> Candidate:
    """A row of the sentence that is shown. Raises UsageError when it has no such row."""
    found = next((each for each in session.view().rows if each.id == row), None)
    if found is None:
        raise UsageError("This sentence has no such row.")
    return found


def _show(session: ReviewSession, sentence: str) -> None:
    """Show a sentence again, which stays where it is if it is shown, or not in the text."""
    if session.is_finished or session.view().sentence != sentence:
        with suppress(UsageError):
            session.go_to(sentence)


def _page(
    site: Site,
    review: Review,
    asked: Mapping[str, str],
    status: int = 200,
    problem: str = "",
    entered: Mapping[str, str] | None = None,
) -> Content:
    """The page of a review. `asked` names the row to select or to edit, or asks to add one.

    `entered` is what could not be saved.
    """
    if review.is_over:
        end = "The review has ended. Every decision is saved; close this page."
        return _message(site, review, [end])
    try:
        session = review.session(site.engine)
    except TableError as error:
        broken = "The file has cells that cannot be read. Correct them there:"
        return _message(site, review, [broken, *map(str, error.errors)], 409)
    except TipgraphError as error:
        return _message(site, review, [str(error)], 409)
    view = None if session.is_finished else session.view()
    return _filled(
        site,
        review,
        "review.html",
        status,
        problem=problem,
        view=view,
        rows=len(session.rows),
        decided=len(session.rows) - session.undecided,
        last_action=session.last_action,
        rowless=", ".join(session.rowless),
        left=list(dict.fromkeys(row.sentence for row in session.rows if is_undecided(row))),
        sentences=_sentences(session),
        take=shlex.join(["tipgraph", "draft", review.folder, "--text", review.text, "--take"]),
        **(_rows(site, session, view, asked, entered or {}, problem) if view else NO_ROWS),
    )


def _rows(
    site: Site,
    session: ReviewSession,
    view: SentenceView,
    asked: Mapping[str, str],
    entered: Mapping[str, str],
    problem: str,
) -> dict[str, Any]:
    """Return the values of the template for the rows of a sentence."""
    rows = view.rows
    # The row that is asked for, else the first undecided one, else the first.
    named = [row for row in rows if row.id in (asked.get("edit"), asked.get("row"))]
    selected = next(iter((*named, *filter(is_undecided, rows), *rows)), None)
    is_edited = selected is not None and selected.id == asked.get("edit")
    fields = []
    if selected and is_edited:
        own, after = selected.as_row(), changed(selected, entered)
        fields = fields_of(session, selected.kind, own, after, selected.id)
    kind = _kind(asked.get("add", ""))
    added = fields_of(session, kind, {}, entered) if kind else []
    return {
        "cards": [_card(site, session, row, row == selected) for row in rows],
        "undecided": sum(map(is_undecided, rows)),
        "edited": asked["edit"] if is_edited else "",
        "fields": fields,
        "is_adding": "add" in asked,
        "kind": kind,
        "kinds": KINDS,
        "added": added,
        "wrong": wrong_column(problem, [*fields, *added]),
        # The words that complete each field that has any, by the id of their list.
        "known": {e.known: session.known_words(e.name) for e in (*fields, *added) if e.known},
    }


def _card(
    site: Site, session: ReviewSession, row: Candidate, is_selected: bool
) -> dict[str, object]:
    """Return a row as the page shows it, with the machine's cells where a person changed them."""
    filled = {column: cell for column, cell in row.as_row().items() if cell not in ("", NO)}
    return {
        "row": row,
        "status": STATUSES[row.status],
        "headline": headline(row),
        "cells": [*cells(session, filled)],
        "code_page": site.address(CODE + row.indicator_code),
        "machine": [*cells(session, session.machine_cells(row.id))],
        "is_selected": is_selected,
    }


def _sentences(session: ReviewSession) -> dict[str, str]:
    """The sentences of the text by name, each with how many of its rows are undecided."""
    waiting = Counter(row.sentence for row in session.rows if is_undecided(row))
    return {
        each.name: f"{each.name}: {waiting[each.name]:,} to decide"
        if waiting[each.name]
        else each.name
        for each in session.document.sentences
    }


def _message(site: Site, review: Review, problems: Sequence[str], status: int = 200) -> Content:
    return _filled(site, review, "review_message.html", status, problems=problems)


def _filled(site: Site, review: Review, template: str, status: int, **values: Any) -> Content:
    title = f"Review of {review.edition}"
    return site.page(
        template, title, status, subject=ADDRESS, review=review, address=ADDRESS, **values
    )
