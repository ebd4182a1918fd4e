"""A draft: the candidates that the grammar finds in a text, and the list of its numbers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from tipgraph_draft.candidate import (
    COLUMNS,
    COUNTED,
    GRAMMAR,
    KINDS,
    SEPARATOR,
    Candidate,
    Codes,
    candidate_id,
)
from tipgraph_draft.checks import (
    DERIVED,
    Known,
    Quote,
    add_doubts,
    failure,
    inherited,
    period_source,
    quote_of,
)
from tipgraph_draft.document import Document, Finding, Sentence
from tipgraph_draft.grammar import read
from tipgraph_draft.numerals import COUNT, FIGURE, NOT_UNDERSTOOD, NumberClass, Numeral

NUMERAL, SENTENCE, REFUSED = "numeral", "sentence", "refused"
TOO_LONG = "the sentence is longer than sentences are, and is not read"
# The classes of sentences without a row.
NOTHING = "no number, claim or gap"
ONLY_NUMBERS = "numbers that need no row"
UNCLEAR, FAILED = "a numeral is not understood", "what a reader found failed a check"


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


NUMBER_COLUMNS = tuple(each.name.rstrip("_") for each in fields(NumberRow))


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
    findings = sorted(read(document), key=lambda each: (each.place, KINDS.index(each.kind)))
    add_doubts(findings, known or {})
    ids = _ids(document, findings)
    candidates, refused = [], []
    for finding in findings:
        quote = quote_of(finding)
        reason = failure(finding, quote)
        if reason or quote is None:
            refused.append(_refused(finding, document, reason))
        else:
            candidates.append(_candidate(finding, quote, document, codes or Codes(), ids))
    kept = {each.id for each in candidates}
    final = [
        each if each.compared_with in kept else replace(each, compared_with="")
        for each in candidates
    ]
    return Draft(tuple(final), tuple(_numbers(document, final, refused)))


def _ids(document: Document, findings: Sequence[Finding]) -> dict[int, str]:
    """The id of each finding by its identity."""
    counts: dict[tuple[str, int], int] = defaultdict(int)
    ids: dict[int, str] = {}
    for each in findings:
        ordinal = counts[each.kind, each.place]
        counts[each.kind, each.place] += 1
        ids[id(each)] = candidate_id(document.sha256, each.kind, each.place, ordinal)
    return ids


def _candidate(
    finding: Finding, quote: Quote, document: Document, codes: Codes, ids: dict[int, str]
) -> Candidate:
    """The row of a finding: its own cells, and those that come from the text and the graph."""
    derived = [DERIVED] if finding.is_derived else []
    rules = [*finding.rules, *(f"inherited-{each}" for each in inherited(finding)), *derived]
    doubts = list(finding.doubts)
    if finding.kind == "figure" and finding.part != "total" and not codes.knows_part(finding.part):
        doubts.append("new part")
    cells = {name: getattr(finding, name) for name in COLUMNS if hasattr(finding, name)}
    return Candidate(
        **cells
        | {
            "id": ids[id(finding)],
            "sentence": finding.sentence.name,
            "start": quote.start,
            "end": quote.end,
            "quote": quote.text,
            "indicator_code": codes.indicator(finding.indicator) if finding.kind in COUNTED else "",
            "period_from": period_source(finding, document),
            "compared_with": ids.get(id(finding.host), "") if finding.host is not None else "",
            "act": codes.act(finding.act),
            "reader": GRAMMAR,
            "rule": SEPARATOR.join(rules),
            "doubt": SEPARATOR.join(doubts),
        }
    )


# ── The list of numbers ─────────────────────────────────────────────────────────────────────────


def _refused(finding: Finding, document: Document, reason: str) -> NumberRow:
    tokens = finding.sentence.tokens
    place = next((each for each in tokens if each.end > finding.place), None)
    start, end = (place.start, place.end) if place else (finding.place, finding.place)
    value = "" if finding.value is None else f"{finding.value:f}"
    words = document.text[start:end]
    name = finding.sentence.name
    return NumberRow(REFUSED, name, start, end, words, value, finding.kind, reason)


def _numbers(
    document: Document,
    candidates: Sequence[Candidate],
    refused: Iterable[NumberRow],
) -> Iterable[NumberRow]:
    """The rows of the list in the order of the text; each sentence comes before its numerals."""
    by_sentence: dict[str, list[Candidate]] = defaultdict(list)
    for each in candidates:
        by_sentence[each.sentence].append(each)
    failed: dict[str, list[NumberRow]] = defaultdict(list)
    for row in refused:
        failed[row.sentence].append(row)
    for sentence in document.sentences:
        own = by_sentence[sentence.name]
        numerals = [_numeral_row(document, sentence, each, own) for each in sentence.numerals]
        listed = [*numerals, *failed[sentence.name]]
        yield _sentence_row(sentence, own, listed)
        yield from listed


def _sentence_row(
    sentence: Sentence,
    candidates: Sequence[Candidate],
    listed: Sequence[NumberRow],
) -> NumberRow:
    """The row of a sentence: the kinds of its rows, or why it has none."""
    reason = "" if sentence.is_readable else TOO_LONG
    if not (reason or candidates):
        if any(each.what == REFUSED for each in listed):
            reason = FAILED
        elif any(each.class_ == NOT_UNDERSTOOD for each in listed):
            reason = UNCLEAR
    kinds = SEPARATOR.join(dict.fromkeys(each.kind for each in candidates))
    without_rows = NOT_UNDERSTOOD if reason else ONLY_NUMBERS if listed else NOTHING
    place = sentence.name, sentence.start, sentence.end
    return NumberRow(SENTENCE, *place, "", "", kinds or without_rows, reason)


def _numeral_row(
    document: Document,
    sentence: Sentence,
    numeral: Numeral,
    candidates: Sequence[Candidate],
) -> NumberRow:
    kind = numeral.kind if sentence.is_readable else NumberClass(NOT_UNDERSTOOD, TOO_LONG)
    is_covered = numeral.value is not None and any(
        each.kind == "figure"
        and each.value == numeral.value
        and each.start <= numeral.start
        and numeral.end <= each.end
        for each in candidates
    )
    if kind.name in {COUNT, FIGURE}:
        reason = kind.reason or "no rule finds what is counted"
        kind = NumberClass(FIGURE) if is_covered else NumberClass(NOT_UNDERSTOOD, reason)
    value = "" if numeral.value is None else f"{numeral.value:f}"
    text = document.text[numeral.start : numeral.end]
    place = sentence.name, numeral.start, numeral.end
    return NumberRow(NUMERAL, *place, text, value, kind.name, kind.reason)
