"""The screen of `tipgraph review`: one sentence at a time, and a key for each decision."""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from shutil import get_terminal_size
from textwrap import wrap

from tipgraph.cli.keyboard import END
from tipgraph.cli.options import note, write
from tipgraph.editions.draft.candidate import KINDS, Candidate
from tipgraph.editions.draft.review_page import details, headline
from tipgraph.editions.draft.review_session import (
    ADDED_COLUMNS,
    EDITABLE_COLUMNS,
    ReviewSession,
    SentenceView,
    covered,
)
from tipgraph.errors import UsageError
from tipgraph.render import terminal
from tipgraph.render.highlight import BOLD, NOT_BOLD
from tipgraph.text import join, plural

KEYS = {
    "a": "accept the row",
    "r": "reject it",
    "l": "later",
    "A": "accept all rows of this sentence",
    "e": "edit a cell",
    "v": "take another reader's version",
    "m": "add a missed row",
    "u": "undo",
    "n": "next row",
    "p": "previous row",
    "s": "next sentence",
    "b": "back a sentence",
    "g": "go to a sentence by its name",
    "q": "quit",
}
SHORT_HELP = "a accept, r reject, l later, e edit, u undo, s next sentence, q quit, ? all keys"
MIN_WIDTH, MAX_WIDTH = 24, 100
# Around quotes, and around numerals that no rule understood.
STYLES = ((BOLD, NOT_BOLD), ("\x1b[4m", "\x1b[24m"))
SIGNS = (("[", "]"), ("{", "}"))

ReadKey = Callable[[], str]
# Asks a question, with words that complete the answer; None if the person leaves it.
Ask = Callable[[str, Callable[[str], Sequence[str]]], str | None]


class ReviewScreen:
    """Shows a session and turns keys into its actions."""

    def __init__(self, session: ReviewSession, read_key: ReadKey, ask: Ask) -> None:
        self._session = session
        self._read_key = read_key
        self._ask = ask
        self._selected = ""

    def run(self) -> None:
        """Show sentences and take keys until the person quits."""
        self._show()
        while (key := self._read_key()) not in ("q", END):
            if self._act(key):
                self._show()
        write(f"{self._summary()}\n")

    def _act(self, key: str) -> bool:
        """Do what a key stands for; whether to show the sentence again."""
        actions: dict[str, Callable[[], None]] = {
            "u": self._undo, "b": self._session.previous, "s": self._session.next,
            "g": self._go_to, "?": self._show_keys,
        }  # fmt: skip
        if not self._session.is_finished:
            actions |= {
                "a": lambda: self._session.accept(self._row().id),
                "r": lambda: self._session.reject(self._row().id),
                "l": lambda: self._session.put_off(self._row().id),
                "A": self._session.accept_sentence,
                "e": self._edit,
                "v": self._take_version,
                "m": self._add,
                "n": lambda: self._select(1),
                "p": lambda: self._select(-1),
            }
        if key not in actions:
            write(f"{SHORT_HELP}\n")
            return False
        try:
            actions[key]()
        except UsageError as error:
            note(str(error))
            return False
        return key != "?"

    # ── Keys ────────────────────────────────────────────────────────────────────────────────────

    def _undo(self) -> None:
        note(f"undone: {self._session.undo()}")

    def _go_to(self) -> None:
        name = self._ask("sentence: ", lambda _: [])
        if name:
            self._session.go_to(name.strip())

    def _edit(self) -> None:
        row = self._row()
        column = self._ask("column: ", lambda text: _beginning(EDITABLE_COLUMNS, text))
        if not column:
            return
        matches = _beginning(EDITABLE_COLUMNS, column)
        column = matches[0] if len(matches) == 1 else column
        before = row.as_row().get(column, "")
        known = partial(self._session.completions, column)
        cell = self._ask(f"{column} [{before}]: ", known)
        if cell is not None:
            self._session.edit(row.id, column, cell)
            self._selected = row.id

    def _take_version(self) -> None:
        row = self._row()
        versions = self._session.versions(row.id)
        if not versions:
            raise UsageError("no reader has another version of this row")
        for name, cells in versions.items():
            write(f"  {name}: {', '.join(f'{key}={cell}' for key, cell in cells.items())}\n")
        chosen = next(iter(versions))
        if len(versions) > 1:
            chosen = self._ask("version: ", lambda text: _beginning(versions, text)) or ""
        if chosen:
            self._session.take_version(row.id, chosen)
            self._selected = row.id

    def _add(self) -> None:
        kind = self._ask(f"kind ({', '.join(KINDS)}): ", lambda text: _beginning(KINDS, text))
        quote = kind and self._ask("quote, as it is in the sentence: ", lambda _: [])
        if not kind or not quote:
            return
        matches = [each for each in KINDS if each == kind] or [
            each for each in KINDS if each.startswith(kind)
        ]
        if len(matches) != 1:
            raise UsageError(f"unknown kind {kind!r}; choose {', '.join(KINDS)}")
        cells: dict[str, str] = {}
        for column in ADDED_COLUMNS:
            cell = self._ask(f"{column}: ", partial(self._session.completions, column))
            if cell is None:
                return
            cells |= {column: cell.strip()} if cell.strip() else {}
        self._selected = self._session.add(matches[0], quote, cells)

    def _select(self, step: int) -> None:
        rows = self._session.view().rows
        at = next(at for at, row in enumerate(rows) if row.id == self._row().id)
        self._selected = rows[(at + step) % len(rows)].id

    # ── What is shown ───────────────────────────────────────────────────────────────────────────

    def _row(self) -> Candidate:
        """The row that keys are about: the selected one, else the first that is undecided.

        Raises UsageError where the sentence has none.
        """
        row = self._session.view().selected(self._selected)
        if row is None:
            raise UsageError("this sentence has no row; m adds one, s shows the next sentence")
        return row

    def _show(self) -> None:
        if self._session.is_finished:
            write(f"\n{self._summary()}; u undoes, b goes back, q quits\n")
            return
        view = self._session.view()
        write(
            "\n" + "\n".join([*self._sentence(view), "", *self._rows(view), "", SHORT_HELP]) + "\n"
        )

    def _sentence(self, view: SentenceView) -> Iterable[str]:
        yield f"{view.sentence} ({view.position} of {view.total})"
        if view.before:
            yield from _wrapped(f"… {view.before}", "  ")
        yield from _marked(view, "  ")
        if view.after:
            yield from _wrapped(f"{view.after} …", "  ")

    def _rows(self, view: SentenceView) -> Iterable[str]:
        if not view.rows:
            yield "  no rows"
            return
        current = self._row().id
        for number, row in enumerate(view.rows, 1):
            mark = ">" if row.id == current else " "
            yield from _wrapped(f"{mark} {number} {row.status:5} {headline(row)}", "", "    ")
            if row.id == current:
                for each in details(row):
                    yield from _wrapped(each, "      ", "        ")

    def _show_keys(self) -> None:
        write("".join(f"  {key}  {what}\n" for key, what in KEYS.items()))

    def _summary(self) -> str:
        undecided = self._session.undecided
        if undecided:
            return f"{plural(undecided, 'row')} to decide"
        rowless = self._session.rowless
        others = (
            f"; {join(rowless)} {'has' if len(rowless) == 1 else 'have'} none" if rowless else ""
        )
        return f"every row is decided{others}"


def _width() -> int:
    return max(MIN_WIDTH, min(MAX_WIDTH, get_terminal_size().columns))


def _wrapped(text: str, first: str, rest: str | None = None) -> list[str]:
    return wrap(
        text, _width(), initial_indent=first, subsequent_indent=first if rest is None else rest,
    ) or [first]  # fmt: skip


def _marked(view: SentenceView, indent: str) -> Iterable[str]:
    """The lines of the sentence with its quotes and its unclassified numerals marked.

    Brackets and braces do it where the terminal has no styles, or the user wants none.
    """
    is_styled = terminal.is_styled() and "NO_COLOR" not in os.environ
    marks = [tuple(map(terminal.styled, pair)) for pair in STYLES] if is_styled else SIGNS
    inside = [covered(each) for each in (view.quotes, view.unclassified)]
    for first, last in _lines(view.text, _width() - len(indent)):
        parts, before = [indent], [False, False]
        for at in range(first, last + 1):
            now = [at in each and at < last for each in inside]
            # The inner mark, of numerals, never reaches over an end of the outer one.
            is_closed = [before[0] and not now[0], before[1] and (now != before)]
            parts += [marks[mark][1] for mark in (1, 0) if is_closed[mark]]
            is_open = [before[mark] and not is_closed[mark] for mark in (0, 1)]
            parts += [marks[mark][0] for mark in (0, 1) if now[mark] and not is_open[mark]]
            parts += view.text[at] if at < last else ""
            before = now
        yield "".join(parts)


def _lines(text: str, width: int) -> Iterable[tuple[int, int]]:
    """Where each line of a text begins and ends; marks take no width, so it is cut without them."""
    first = last = 0
    for word in re.finditer(r"\S+", text):
        if word.end() - first > width and last > first:
            yield first, last
            first = word.start()
        last = word.end()
    yield first, last


def _beginning(words: Iterable[str], text: str) -> list[str]:
    return [each for each in words if each.startswith(text)]
