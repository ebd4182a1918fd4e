"""The list of numbers: every numeral of a text with its class, and every sentence with its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from tipgraph_draft.candidate import Candidate
from tipgraph_draft.document import Document, Reading
from tipgraph_draft.number_classes import COUNT, FIGURE, NOT_UNDERSTOOD, NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.tokens import Sentence

NUMERAL, SENTENCE, REFUSED = "numeral", "sentence", "refused"
TOO_LONG = "the sentence is longer than sentences are, and is not read"
# The classes of sentences without a row.
NOTHING = "no number, claim or gap"
ONLY_NUMBERS = "numbers that need no row"
UNCLEAR, FAILED = "a numeral is not understood", "what a reader found failed a check"
KIND_CLASSES = {"figure": FIGURE, "training": FIGURE}


@dataclass(frozen=True)
class NumberRow:
    """A row of `numbers.csv`.

    `what` is a numeral, a sentence, or a finding that failed a check. `text` is the numeral, or the
    words of the finding; a sentence is not stored. `class_` is the class, `reason` says why where
    the class does not.
    """

    what: str
    sentence: str
    start: int
    end: int
    text: str
    value: str
    class_: str
    reason: str

    def cells(self) -> tuple[str, ...]:
        return tuple(str(getattr(self, each.name)) for each in fields(self))


COLUMNS = tuple(each.name.rstrip("_") for each in fields(NumberRow))


def list_numbers(
    document: Document,
    reading: Reading,
    candidates: Sequence[Candidate],
    refused: Iterable[NumberRow] = (),
) -> list[NumberRow]:
    """The rows of the list in the order of the text; each sentence comes before its numerals."""
    by_sentence: dict[str, list[Candidate]] = {}
    for each in candidates:
        by_sentence.setdefault(each.sentence, []).append(each)
    failed: dict[str, list[NumberRow]] = {}
    for row in refused:
        failed.setdefault(row.sentence, []).append(row)
    rows: list[NumberRow] = []
    for sentence in document.sentences:
        own = by_sentence.get(sentence.name, [])
        numerals = [
            _numeral_row(document, sentence, each, reading.classes, own)
            for each in document.numerals[sentence.name]
        ]
        listed = [*numerals, *failed.get(sentence.name, [])]
        rows += [_sentence_row(document, sentence, own, listed), *listed]
    return rows


def _sentence_row(
    document: Document,
    sentence: Sentence,
    candidates: Sequence[Candidate],
    listed: Sequence[NumberRow],
) -> NumberRow:
    """The row of a sentence: the kinds of its rows, or why it has none."""
    reason = "" if document.can_read(sentence) else TOO_LONG
    if not (reason or candidates):
        if any(each.what == REFUSED for each in listed):
            reason = FAILED
        elif any(each.class_ == NOT_UNDERSTOOD for each in listed):
            reason = UNCLEAR
    kinds = "; ".join(dict.fromkeys(each.kind for each in candidates))
    without_rows = NOT_UNDERSTOOD if reason else ONLY_NUMBERS if listed else NOTHING
    place = sentence.name, sentence.start, sentence.end
    return NumberRow(SENTENCE, *place, "", "", kinds or without_rows, reason)


def _numeral_row(
    document: Document,
    sentence: Sentence,
    numeral: Numeral,
    classes: dict[int, NumberClass],
    candidates: Sequence[Candidate],
) -> NumberRow:
    kind = classes.get(numeral.start)
    covered = any(
        each.start <= numeral.start and numeral.end <= each.end and each.value == numeral.value
        and each.kind == "figure" and numeral.value is not None
        for each in candidates
    )  # fmt: skip
    if kind is None:
        kind = NumberClass(NOT_UNDERSTOOD, TOO_LONG)
    elif kind.name in {COUNT, FIGURE} and covered:
        kind = NumberClass(FIGURE)
    elif kind.name in {COUNT, FIGURE}:
        kind = NumberClass(NOT_UNDERSTOOD, kind.reason or "no rule finds what is counted")
    value = "" if numeral.value is None else f"{numeral.value:f}"
    text = document.text[numeral.start : numeral.end]
    return NumberRow(
        NUMERAL, sentence.name, numeral.start, numeral.end, text, value, kind.name, kind.reason
    )
