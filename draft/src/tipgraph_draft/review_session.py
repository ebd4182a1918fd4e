"""A review session: what a person sees of a draft and may do with it, apart from any terminal.

Each action changes one row, or the rows of the sentence that is shown, and is saved at once. No
action decides on rows of several sentences.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from tipgraph.errors import UsageError
from tipgraph.store.engine import grouped
from tipgraph_draft.candidate import (
    COLUMNS,
    COUNTED,
    OF_THE_REVIEWER,
    PERSON,
    Candidate,
    Codes,
    Kind,
    Status,
    candidate_id,
    changed_cells,
    check_cell,
)
from tipgraph_draft.checks import problems, quote_problems
from tipgraph_draft.document import Document, Sentence

# The statuses of rows that wait for a person.
UNDECIDED: tuple[Status, ...] = ("open", "later")
# Columns that the session fills itself, and a person does not change.
OWN_COLUMNS = ("id", "sentence", "start", "end", "reader", "rule", "doubt")
EDITABLE_COLUMNS = tuple(
    each
    for each in COLUMNS
    if each not in (*OWN_COLUMNS, *OF_THE_REVIEWER, "kind") or each == "note"
)
ALIAS = re.compile(r"[^\s;,](?:[^\r\n\t;,]{0,38}[^\s;,])?")


@dataclass(frozen=True)
class SentenceView:
    """A sentence with those around it, its rows and what is marked in it.

    `quotes` and `unclassified` are spans in code points of the sentence: the words that the rows
    quote, and the numerals that no rule understood. `position` counts from 1 among `total`.
    """

    sentence: str
    text: str
    before: str
    after: str
    rows: tuple[Candidate, ...]
    quotes: tuple[tuple[int, int], ...]
    unclassified: tuple[tuple[int, int], ...]
    position: int
    total: int

    @property
    def parts(self) -> Iterator[tuple[str, bool, bool]]:
        """The text in parts, each with whether it is quoted, and an unclassified numeral."""
        marks = (self.quotes, self.unclassified)
        cuts = sorted(
            {0, len(self.text), *(at for spans in marks for span in spans for at in span)}
        )
        for start, end in pairwise(cuts):
            quoted, unclassified = (any(a <= start < b for a, b in spans) for spans in marks)
            yield self.text[start:end], quoted, unclassified


@dataclass
class ReviewSession:
    """The rows of a review and the sentences that wait for a decision.

    `save` stores all rows; it is called after each action, and what it raises leaves the rows as
    they were. `machine` has what the machine reads, by id. `unclassified` are the spans of numerals
    in the text, by sentence. `choices` are the known words of a column, for completion, and `codes`
    the graph's names.
    """

    document: Document
    rows: list[Candidate]
    reviewer: str
    save: Callable[[Sequence[Candidate]], object]
    machine: Mapping[str, Candidate] = field(default_factory=dict)
    unclassified: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    codes: Codes = field(default_factory=Codes)
    today: Callable[[], date] = date.today
    _history: list[tuple[tuple[Candidate, ...], str]] = field(default_factory=list)
    # Rows that were put off in this session, and are not shown again in it by themselves.
    _put_off: set[str] = field(default_factory=set)
    # Sentences that were shown for their unclassified numerals.
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        check_alias(self.reviewer)
        self._sentences = self.document.by_name
        self._by_sentence = grouped((row.sentence, row) for row in self.rows)
        self._order = sorted(self._sentences, key=self._rank)
        self._at = -1
        self.next()

    # ── What is shown ───────────────────────────────────────────────────────────────────────────

    @property
    def is_finished(self) -> bool:
        """Return whether every row is decided, or put off in this session, and every doubt was
        shown.
        """
        return self._at >= len(self._order)

    @property
    def undecided(self) -> int:
        return sum(row.status in UNDECIDED for row in self.rows)

    @property
    def last_action(self) -> str:
        """The name of the action that `undo` takes back; empty if there is none."""
        return self._history[-1][1] if self._history else ""

    @property
    def rowless(self) -> list[str]:
        """The sentences in which no reader and no person found a row."""
        return [name for name in self._sentences if name not in self._by_sentence]

    def view(self) -> SentenceView:
        """The sentence that is shown. Raises UsageError when none is left."""
        if self.is_finished:
            raise UsageError("every row is decided")
        name = self._order[self._at]
        sentence = self._sentences[name]
        return SentenceView(
            sentence=name,
            text=sentence.words,
            before=self._neighbour(sentence, -1),
            after=self._neighbour(sentence, 1),
            rows=tuple(self._rows_of(name)),
            quotes=_within(sentence, ((row.start, row.end) for row in self._rows_of(name))),
            unclassified=_within(sentence, self.unclassified.get(name, ())),
            position=self._at + 1,
            total=len(self._order),
        )

    def machine_cells(self, row: str) -> dict[str, str]:
        """The cells that the machine reads otherwise than the row has them."""
        known = self._row(row)
        return changed_cells(known, self.machine.get(row, known))

    def known_words(self, column: str) -> list[str]:
        """The words that complete a column: those of the graph, and those of other rows."""
        used = sorted({row.as_row()[column] for row in self.rows} - {""})
        return list(dict.fromkeys([*self.choices.get(column, ()), *used]))

    # ── What a person does ──────────────────────────────────────────────────────────────────────

    def accept(self, row: str) -> None:
        self._decide([row], "yes", "accept")

    def reject(self, row: str) -> None:
        self._decide([row], "no", "reject")

    def put_off(self, row: str) -> None:
        self._put_off.add(row)
        self._decide([row], "later", "later")

    def accept_sentence(self) -> None:
        """Accept the undecided rows of the sentence that is shown, and of no other."""
        rows = [row.id for row in self.view().rows if row.status in UNDECIDED]
        self._decide(rows, "yes", "accept the sentence")

    def edit_cells(self, row: str, cells: Mapping[str, str]) -> None:
        """Change cells in one action. Raises UsageError for what does not fit, and changes none."""
        entered = {column: cell.strip() for column, cell in cells.items()}
        self._replace(self._edited(self._row(row), entered), f"edit {', '.join(cells)}")

    def restore(self, row: str) -> None:
        """Put back what the machine read. Raises UsageError for a row that nobody changed."""
        cells = self.machine_cells(row)
        if not cells:
            raise UsageError("the row is as the machine read it")
        self._replace(self._edited(self._row(row), cells), "restore")

    def add(self, kind: Kind, quote: str, cells: Mapping[str, str]) -> str:
        """Add a row that no reader found to the sentence that is shown; returns its id.

        The row is open until it is accepted. Raises UsageError for a cell that does not fit.
        """
        sentence = self._sentences[self.view().sentence]
        start, end = self._place(sentence, quote)
        taken = {row.id for row in self.rows}
        ordinal = 0
        while (new := candidate_id(self.document.sha256, kind, start, ordinal)) in taken:
            ordinal += 1
        row = Candidate(
            id=new, kind=kind, sentence=sentence.name, start=start, end=end, quote=quote,
            reader=PERSON, reviewer=self.reviewer,
        )  # fmt: skip
        row = self._edited(row, cells)
        self._change(sorted([*self.rows, row], key=lambda each: (each.start, each.end)), "add")
        return new

    def undo(self) -> str:
        """Take back the last action; returns its name. Raises UsageError when there is none."""
        if not self._history:
            raise UsageError("there is nothing to undo")
        rows, what = self._history[-1]
        self.save(rows)
        self._history.pop()
        both = [*self.rows, *rows]
        changed = [each for each in both if each not in self.rows or each not in rows]
        self.rows, self._by_sentence = list(rows), grouped((row.sentence, row) for row in rows)
        self._put_off -= {each.id for each in changed}
        self._at = self._order.index(changed[0].sentence)
        return what

    def next(self) -> None:
        """Show the next sentence with undecided rows, after the last one again the first."""
        count = len(self._order)
        following = (at % count for at in range(self._at + 1, self._at + 1 + count))
        if self._at in range(count):
            self._seen.add(self._order[self._at])
        self._at = next((at for at in following if self._is_waiting(self._order[at])), count)

    def go_to(self, sentence: str) -> None:
        """Show a sentence by its name, such as S03, with or without rows."""
        if sentence not in self._order:
            raise UsageError(f"no sentence {sentence!r}")
        self._at = self._order.index(sentence)

    def previous(self) -> None:
        """Show the sentence before, whether or not it is decided."""
        self._at = max(0, self._at - 1)

    # ── How ─────────────────────────────────────────────────────────────────────────────────────

    def _rank(self, name: str) -> int:
        """The rank of a sentence: doubts first, then as in the text."""
        rows = self._rows_of(name)
        waiting = [row for row in rows if row.status in UNDECIDED]
        if name in self.unclassified or any(row.doubt for row in waiting):
            return 1
        return 2 if any(row.status != "later" for row in waiting) else 3 if waiting else 4

    def _is_waiting(self, name: str) -> bool:
        left = (row for row in self._rows_of(name) if row.id not in self._put_off)
        is_doubtful = name in self.unclassified and name not in self._seen
        return is_doubtful or any(map(is_undecided, left))

    def _rows_of(self, name: str) -> list[Candidate]:
        return self._by_sentence.get(name, [])

    def _row(self, row: str) -> Candidate:
        found = next((each for each in self.rows if each.id == row), None)
        if found is None:
            raise UsageError(f"no row {row!r}")
        return found

    def _neighbour(self, sentence: Sentence, step: int) -> str:
        at = self.document.sentences.index(sentence) + step
        sentences = self.document.sentences
        return sentences[at].words if 0 <= at < len(sentences) else ""

    def _decide(self, rows: Sequence[str], status: Status, what: str) -> None:
        on = self.today().isoformat()
        decided = {
            each: replace(self._row(each), status=status, reviewer=self.reviewer, reviewed_on=on)
            for each in rows
        }
        self._change([decided.get(each.id, each) for each in self.rows], what)
        if not self.is_finished:
            self._seen.add(self._order[self._at])
            if not self._is_waiting(self._order[self._at]):
                self.next()

    def _replace(self, row: Candidate, what: str) -> None:
        self._change([row if each.id == row.id else each for each in self.rows], what)

    def _change(self, rows: list[Candidate], what: str) -> None:
        """Save the rows, then show them; an action that changes nothing is none."""
        if rows == self.rows:
            return
        self.save(rows)
        self._history.append((tuple(self.rows), what))
        self.rows, self._by_sentence = rows, grouped((row.sentence, row) for row in rows)

    def _edited(self, row: Candidate, cells: Mapping[str, str]) -> Candidate:
        """The row with these cells.

        The code of an indicator follows its words, unless it is given too.
        """
        changed = row.as_row()
        for column, text in cells.items():
            try:
                changed[column] = check_cell(column, text)
            except ValueError as error:
                raise UsageError(f"{column}: {error}") from None
        has_other_words = row.kind in COUNTED and changed["indicator"] != row.indicator
        if has_other_words and changed["indicator_code"] == row.indicator_code:
            changed["indicator_code"] = self.codes.indicator(changed["indicator"])
        if changed["quote"] != row.quote:
            place = self._place(self._sentences[row.sentence], changed["quote"])
            changed["start"], changed["end"] = map(str, place)
        try:
            edited = Candidate.from_dict(changed)
        except ValueError as error:
            raise UsageError(str(error)) from None
        ids = {each.id for each in self.rows}
        for column, problem in problems(edited, self.document, ids):
            raise UsageError(f"{column}: {problem}")
        return replace(edited, reviewer=self.reviewer)

    def _place(self, sentence: Sentence, quote: str) -> tuple[int, int]:
        """The code points of a quote in a sentence. Raises UsageError unless it is there once."""
        try:
            check_cell("quote", quote)
        except ValueError as error:
            raise UsageError(str(error)) from None
        for _, problem in quote_problems(quote, sentence):
            raise UsageError(problem)
        start = self.document.text.index(quote, sentence.start)
        return start, start + len(quote)


def _within(sentence: Sentence, spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans of the text as spans of the sentence."""
    return tuple((start - sentence.start, end - sentence.start) for start, end in spans)


def is_undecided(row: Candidate) -> bool:
    """Return whether a person has still to decide on the row."""
    return row.status in UNDECIDED


def check_alias(alias: str) -> str:
    """The alias of a reviewer. Raises UsageError when it is none."""
    if not ALIAS.fullmatch(alias):
        raise UsageError(f"invalid alias {alias!r}; choose up to 40 letters, such as ml")
    return alias
