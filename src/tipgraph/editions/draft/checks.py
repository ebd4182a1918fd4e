"""Checks that every finding passes before it becomes a candidate, whatever reader found it."""

from tipgraph.editions.draft.document import Document
from tipgraph.editions.draft.quotes import Quote
from tipgraph.editions.draft.reading import Finding
from tipgraph.editions.draft.words import CURRENCY_CODES, CURRENCY_SIGNS, CURRENCY_WORDS

NOT_STATED = "not stated"
ZERO_WORDS = {"no", "none", "any", "zero", "neither", "not"}


def failure(finding: Finding, quote: Quote | None, document: Document) -> str:
    """Why a finding cannot become a candidate; empty if it can."""
    if quote is None:
        return "no quote of at most twelve words is unique in the sentence"
    if (
        finding.value is not None
        and not finding.is_derived
        and not _has_value(finding, quote, document)
    ):
        return "the value is not in the quote"
    if finding.kind in {"figure", "amount"} and not finding.indicator:
        return "nothing says what is counted"
    if finding.kind == "claim" and not finding.speaker:
        return "no speaker is named"
    return ""


def _has_value(finding: Finding, quote: Quote, document: Document) -> bool:
    inside = [
        each
        for each in document.numerals[finding.sentence.name]
        if quote.start <= each.start and each.end <= quote.end
    ]
    if any(each.value == finding.value for each in inside):
        return True
    # `1.250 victims` are 1,250: a point where American English has a comma.
    if any(each.value is not None and each.value * 1000 == finding.value for each in inside):
        return True
    words = {each.lower for each in finding.sentence.tokens
             if quote.start <= each.start and each.end <= quote.end}  # fmt: skip
    return finding.value == 0 and bool(words & ZERO_WORDS)


def period_source(finding: Finding, document: Document) -> str:
    """Where the period comes from: the sentence, its paragraph, or neither, which is assumed."""
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
