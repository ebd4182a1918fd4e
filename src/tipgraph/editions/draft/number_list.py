"""The list of numbers: every numeral of a text with its class, and every sentence with its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from tipgraph.editions.draft.candidate import Candidate
from tipgraph.editions.draft.document import Document
from tipgraph.editions.draft.number_classes import (
    COUNT,
    FIGURE,
    NOT_UNDERSTOOD,
    NumberClass,
)
from tipgraph.editions.draft.numerals import Numeral
from tipgraph.editions.draft.reading import Reading
from tipgraph.editions.draft.tokens import Sentence

NUMERAL, SENTENCE, REFUSED = "numeral", "sentence", "refused"
TOO_LONG = "the sentence is longer than sentences are, and is not read"
NOTHING = "no number, claim or gap"
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
        reason = reading.unread.get(sentence.name, "")
        rows.append(_sentence_row(document, sentence, own, reason))
        rows += [
            _numeral_row(document, sentence, each, reading.classes, own)
            for each in document.numerals[sentence.name]
        ]
        rows += failed.get(sentence.name, [])
    return rows


def _sentence_row(
    document: Document, sentence: Sentence, candidates: Sequence[Candidate], unread: str
) -> NumberRow:
    kinds = "; ".join(dict.fromkeys(each.kind for each in candidates))
    can_read = document.can_read(sentence)
    reason = unread if can_read else TOO_LONG
    class_ = kinds or NOTHING if can_read else NOT_UNDERSTOOD
    return NumberRow(SENTENCE, sentence.name, sentence.start, sentence.end, "", "", class_, reason)


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
