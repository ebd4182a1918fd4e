"""A draft: the candidates that the grammar finds in a text, and the list of its numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from tipgraph_draft.candidate import COUNTED, GRAMMAR, SEPARATOR, Candidate, Codes, candidate_id
from tipgraph_draft.checks import (
    DERIVED,
    Known,
    Quote,
    add_doubts,
    add_revisions,
    failure,
    inherited,
    period_source,
    quote_of,
)
from tipgraph_draft.document import Document, Finding, Reading
from tipgraph_draft.grammar import read
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


KIND_ORDER = ("figure", "amount", "claim", "non-report", "absence", "duration", "training")


@dataclass(frozen=True)
class Draft:
    """The candidates of a text in its order, and the rows of its list of numbers."""

    candidates: tuple[Candidate, ...]
    numbers: tuple[NumberRow, ...]


def draft(
    text: str | Document,
    edition_year: int | None = None,
    codes: Codes | None = None,
    known: Known | None = None,
) -> Draft:
    """Draft a text.

    `edition_year` is the year of the report. `codes` are the graph's names, and `known` the figures
    that it has on the area.
    """
    document = text if isinstance(text, Document) else Document(text, edition_year)
    names = codes or Codes()
    reading = read(document)
    findings = sorted(reading.findings, key=lambda each: (each.place, KIND_ORDER.index(each.kind)))
    add_doubts(findings)
    add_revisions(findings, known or {})
    ids = _ids(document, findings)
    candidates, refused = [], []
    for finding in findings:
        quote = quote_of(finding)
        reason = failure(finding, quote, document)
        if reason or quote is None:
            refused.append(_refused(finding, document, reason))
            continue
        candidates.append(_candidate(finding, quote, document, names, ids))
    kept = {each.id for each in candidates}
    final = [
        each if each.compared_with in kept else replace(each, compared_with="")
        for each in candidates
    ]
    numbers = list_numbers(document, reading, final, refused)
    return Draft(tuple(final), tuple(numbers))


def _ids(document: Document, findings: Sequence[Finding]) -> dict[int, str]:
    counts: dict[tuple[str, int], int] = {}
    ids: dict[int, str] = {}
    for each in findings:
        ordinal = counts.get((each.kind, each.place), 0)
        counts[each.kind, each.place] = ordinal + 1
        ids[id(each)] = candidate_id(document.sha256, each.kind, each.place, ordinal)
    return ids


def _candidate(
    finding: Finding, quote: Quote, document: Document, codes: Codes, ids: dict[int, str]
) -> Candidate:
    rules = [*finding.rules, *(f"inherited-{each}" for each in inherited(finding))]
    if finding.is_derived:
        rules.append(DERIVED)
    doubts = list(finding.doubts)
    if finding.kind == "figure" and finding.part != "total" and not codes.knows_part(finding.part):
        doubts.append("new part")
    return Candidate(
        id=ids[id(finding)],
        kind=finding.kind,
        sentence=finding.sentence.name,
        start=quote.start,
        end=quote.end,
        quote=quote.text,
        indicator=finding.indicator,
        indicator_code=codes.indicator(finding.indicator) if finding.kind in COUNTED else "",
        stage=finding.stage,
        period=finding.period,
        period_from=period_source(finding, document),
        part=finding.part,
        axis=finding.axis,
        value=finding.value,
        unit=finding.unit,
        compared_with=ids.get(id(finding.host), "") if finding.host is not None else "",
        counted_by=finding.counted_by,
        recipient=finding.recipient,
        qualifier=finding.qualifier,
        converted=finding.converted,
        prior=finding.prior,
        speaker=finding.speaker,
        act=codes.act(finding.act),
        reader=GRAMMAR,
        rule=SEPARATOR.join(rules),
        doubt=SEPARATOR.join(doubts),
        note=finding.note,
    )


def _refused(finding: Finding, document: Document, reason: str) -> NumberRow:
    tokens = finding.sentence.tokens
    place = next((each for each in tokens if each.end > finding.place), None)
    start, end = (place.start, place.end) if place else (finding.place, finding.place)
    value = "" if finding.value is None else f"{finding.value:f}"
    return NumberRow(
        REFUSED,
        finding.sentence.name,
        start,
        end,
        document.text[start:end],
        value,
        finding.kind,
        reason,
    )
