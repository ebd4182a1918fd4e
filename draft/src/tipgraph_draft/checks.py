"""Checks that every row passes, whether a reader found it or a person wrote it."""

import re
from collections.abc import Container, Iterator
from datetime import date
from decimal import Decimal

from tipgraph.editions.pin import SentenceSpan
from tipgraph.figure_table import REPORTING_PERIOD, UNSTATED_PERIODS, is_noted
from tipgraph_draft.candidate import SEPARATOR, Candidate, is_storable
from tipgraph_draft.document import Document, Finding
from tipgraph_draft.quotes import Quote
from tipgraph_draft.tokens import Sentence
from tipgraph_draft.words import CURRENCY_CODES, CURRENCY_SIGNS, CURRENCY_WORDS

NOT_STATED = "not stated"
# Marks a value that other rows give: a rule of the machine, the first word of a person's note.
DERIVED = "derived"
# Periods in words, which a table of figures may have.
WORDED_PERIODS = {"", NOT_STATED, REPORTING_PERIOD, *UNSTATED_PERIODS}
PERIOD = re.compile(r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?")
ZERO_WORDS = {"no", "none", "any", "zero", "neither", "not"}


def failure(finding: Finding, quote: Quote | None, document: Document) -> str:
    """Return why a finding cannot become a candidate; empty if it can."""
    if quote is None:
        return "no quote of at most twelve words is unique in the sentence"
    if not is_storable(finding.value):
        return "the value has a sign or too many digits"
    if (
        finding.value is not None
        and not finding.is_derived
        and not _has_value(finding.value, finding.sentence, quote.start, quote.end, document)
    ):
        return "the value is not in the quote"
    if finding.kind in {"figure", "amount"} and not finding.indicator:
        return "nothing says what is counted"
    if finding.kind == "claim" and not finding.speaker:
        return "no speaker is named"
    return ""


def problems(
    row: Candidate, document: Document | None, ids: Container[str]
) -> Iterator[tuple[str, str]]:
    """The problems of a row that a person wrote, each with its column.

    `ids` are those of all rows. Without the document, the quote is checked by itself.
    """
    if document is None:
        span = SentenceSpan(0, len(row.quote), 1)
        document, start, end = Document(row.quote, spans={row.sentence: span}), 0, len(row.quote)
    else:
        start, end = row.start, row.end
    sentence = next((each for each in document.sentences if each.name == row.sentence), None)
    if sentence is None:
        yield "sentence", f"the text has no sentence {row.sentence!r}"
        return
    yield from quote_problems(row.quote, sentence)
    if (
        row.value is not None
        and not _is_derived(row)
        and not _has_value(row.value, sentence, start, end, document)
    ):
        yield (
            "value",
            f"the quote {row.quote!r} does not have the number {row.value:f}; correct one of them,"
            f" or begin the note with {DERIVED!r} and say from what",
        )
    if not _is_period(row.period):
        yield (
            "period",
            f"{row.period!r} is no period; write a year, a month as 2020-06, a span as"
            f" 2020-01/2020-06, or {NOT_STATED!r}",
        )
    if row.compared_with and (row.compared_with == row.id or row.compared_with not in ids):
        yield (
            "compared_with",
            f"{row.compared_with!r} is the id of no other row; write one, or empty the cell",
        )


def quote_problems(quote: str, sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Return what keeps a quote from being the words of one place in its sentence.

    With the column.
    """
    count = sentence.words.count(quote) if quote else 0
    if count != 1:
        problem = "does not have these words" if not count else "has these words more than once"
        message = f"{sentence.name} {problem}: {quote!r}; quote words that it has once"
        yield "quote", message


def _has_value(
    value: Decimal, sentence: Sentence, start: int, end: int, document: Document
) -> bool:
    """Return whether a numeral between two places of a sentence has the value."""
    inside = [
        each for each in document.numerals[sentence.name] if start <= each.start and each.end <= end
    ]
    if any(each.value == value for each in inside):
        return True
    # `1.250 victims` are 1,250: a point where American English has a comma.
    if any(each.value is not None and each.value * 1000 == value for each in inside):
        return True
    words = {each.lower for each in sentence.tokens if start <= each.start and each.end <= end}
    return value == 0 and bool(words & ZERO_WORDS)


def _is_derived(row: Candidate) -> bool:
    return DERIVED in row.rule.split(SEPARATOR) or is_noted(row.note.casefold(), DERIVED)


def _is_period(text: str) -> bool:
    """Return whether a cell is a period: a year, a month or a day, a span of them, or words for
    one.
    """
    if text.casefold() in WORDED_PERIODS:
        return True
    first, _, last = text.partition("/")
    return _is_time(first) and (not last or (_is_time(last) and first <= last))


def _is_time(text: str) -> bool:
    found = PERIOD.fullmatch(text)
    if not found:
        return False
    try:
        date(*(int(found[name] or 1) for name in ("year", "month", "day")))
    except ValueError:
        return False
    return True


def period_source(finding: Finding, document: Document) -> str:
    """Return where the period comes from: the sentence, its paragraph, or neither, which is
    assumed.
    """
    years = [each[:4] for each in finding.period.split("/") if each[:4].isdigit()]
    if not years or finding.period == NOT_STATED:
        return ""
    if finding.period_from == "assumed":
        return "assumed"
    if all(each in finding.sentence.words or each[2:] in finding.sentence.words for each in years):
        return (
            "sentence" if finding.period_from == "sentence" else finding.period_from or "sentence"
        )
    if all(each in document.paragraph_of(finding.sentence) for each in years):
        return "paragraph"
    return "assumed"


def inherited(finding: Finding) -> list[str]:
    """The cells whose words stand in another sentence: unit, currency, speaker."""
    tokens = finding.sentence.tokens
    words = {each.lower for each in tokens}
    found = []
    if finding.kind == "amount":
        marks = {CURRENCY_SIGNS.get(each.text) for each in tokens} | {
            CURRENCY_WORDS.get(each.lower) for each in tokens
        }
        marks |= {each.text for each in tokens if each.text in CURRENCY_CODES}
        if finding.unit not in marks and not any(each.lower in CURRENCY_WORDS for each in tokens):
            found.append("unit")
    elif finding.kind == "figure" and finding.unit not in {"persons", "percent"}:
        stem = finding.unit.split()[-1].lower()[:5] if finding.unit else ""
        if stem and not any(each.startswith(stem) for each in words):
            found.append("unit")
    if finding.speaker and finding.speaker not in {"unnamed", "report"}:
        spoken = {each.strip(",()").lower() for each in finding.speaker.replace("-", " ").split()}
        if not spoken & {part for each in words for part in each.split("-")}:
            found.append("speaker")
    return found
