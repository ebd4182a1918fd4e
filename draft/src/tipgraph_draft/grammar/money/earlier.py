"""Earlier amounts, and those that another was changed from."""

from dataclasses import replace

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.money.amounts import (
    SHARED_CURRENCIES,
    Amount,
    MoneySentence,
    converted,
    plain,
)
from tipgraph_draft.grammar.money.givers import subject_of
from tipgraph_draft.periods import NOT_STATED
from tipgraph_draft.tokens import spaced
from tipgraph_draft.words import word_phrases, word_set

PRIOR_MARKS = word_phrases("earlier_prior_marks")
CHANGE = word_set("earlier_change")
# Words between two earlier amounts.
BETWEEN = {",", "and", ")", "in", "approximately", "at", "least"}
# Verbs of a change: funding increased, or somebody increased it.
CHANGED = {"decreased", "increased", "rose", "fell", "dropped", "grew", "declined"}
CHANGING = {"decreased", "increased", "raised", "reduced", "cut", "expanded", "doubled"}
MAX_CHANGED = 12
# Words before what is changed.
BEFORE_CHANGED = {"the", "its", "government", "\u2019s", "government\u2019s"}


def is_earlier(sentence: MoneySentence, start: int, first: int) -> bool:
    """Return whether the words before an amount make it an earlier one: `compared with €5`."""
    words = sentence.word_list(start, first)
    return ";" not in words and any(
        tuple(words[at : at + len(mark)]) == mark
        and (mark != ("from",) or _is_change(sentence, start + at, first))
        for mark in PRIOR_MARKS
        for at in range(len(words) - len(mark) + 1)
    )


def _is_change(sentence: MoneySentence, at: int, first: int) -> bool:
    """Return whether `from` belongs to an increase or a decrease."""
    return first - at <= 3 and bool(CHANGE & {*sentence.word_list(max(0, at - 7), at)})


def continues_earlier(
    sentence: MoneySentence, original: Finding | None, start: int, first: int
) -> bool:
    """Return whether `and €12,000 in 2018` follows an earlier amount."""
    return (
        original is not None
        and original.prior
        and all(each in BETWEEN or each[:1].isdigit() for each in sentence.word_list(start, first))
    )


def set_earlier(sentence: MoneySentence, finding: Finding, head: Finding) -> None:
    """Make an amount an earlier one for the same as the current one before it."""
    finding.indicator, finding.stage = head.indicator, head.stage
    finding.part, finding.axis = head.part, head.axis
    finding.counted_by, finding.recipient = head.counted_by, head.recipient
    finding.speaker, finding.act = head.speaker, head.act
    finding.prior, finding.host = True, head
    finding.rules = ("earlier-amount",)
    if sentence.word(finding.last) in SHARED_CURRENCIES and finding.unit != head.unit:
        # `24.5 million Mexican pesos, compared with 20 million pesos`
        finding.unit = head.unit


def same_as(sentence: MoneySentence, findings: list[Finding]) -> list[Finding]:
    """Earlier amounts given as `the same amount as in 2019`."""
    for at in range(len(sentence.tokens) - 3):
        if sentence.word(at) != "same" or sentence.word(at + 1) not in {"amount", "level", "as"}:
            continue
        period = next((each for each in sentence.periods if at < each.first <= at + 6), None)
        if period is None or period.year is None:
            continue
        current = [each for each in findings if not each.prior and each.first <= at]
        for each in current:
            if each.period_from == "assumed" or each.period in {period.text, NOT_STATED}:
                each.period, each.period_from = str(period.year + 1), "assumed"
        return [
            replace(
                each,
                first=at,
                last=period.last,
                place=sentence.tokens[at].start,
                prior=True,
                host=each,
                period=period.text,
                period_from="sentence",
                is_derived=True,
                rules=("derived-same",),
                doubts=[],
                note=f"derived: the same as {each.value:f}",
            )
            for each in current
        ]
    return []


def is_changed_from(sentence: MoneySentence, amount: Amount) -> bool:
    """Return whether an amount is the one that another was changed from."""
    return (
        sentence.word(amount.first - 1) == "from"
        and any(sentence.word(each.first - 1) == "to" for each in sentence.amounts)
        and _verb_of_change(sentence, amount.first) is not None
    )


def read_change(sentence: MoneySentence, order: int) -> list[Finding]:
    """The amounts of a change, from the first one on, with their conversions."""
    first = sentence.amounts[order].first
    verb = _verb_of_change(sentence, first)
    assert verb is not None
    is_changed_alone = verb == first - 2
    actor = "" if is_changed_alone else subject_of(sentence, verb)
    indicator = _changed(
        sentence.texts(0, verb) if is_changed_alone else sentence.texts(verb + 1, first - 1)
    )
    to = "to" if " to " in indicator else "for"
    findings: list[Finding] = []
    original: Finding | None = None
    for amount in sentence.amounts[order:]:
        if amount.is_converted and original is not None:
            findings.append(converted(sentence, original, amount))
            continue
        original = plain(sentence, amount)
        original.indicator = indicator
        original.recipient = indicator.partition(f" {to} ")[2]
        original.counted_by = actor
        original.prior = sentence.word(original.first - 1) == "from"
        original.rules = ("amount-from-to",)
        period = next((each for each in sentence.periods if each.first > amount.last), None)
        if period is not None and not period.is_earlier:
            original.period, original.period_from = period.text, "sentence"
        findings.append(original)
    current = next((each for each in findings if not each.prior), None)
    for each in findings:
        each.host = current if each.prior else None
    return findings


def _verb_of_change(sentence: MoneySentence, first: int) -> int | None:
    """The verb of a change before `from`, right there or with what is changed between them."""
    if sentence.word(first - 2) in CHANGED:
        return first - 2
    back = range(first - 3, max(0, first - MAX_CHANGED), -1)
    return next((at for at in back if sentence.word(at) in CHANGING), None)


def _changed(words: list[str]) -> str:
    """Return what is changed, without its owner."""
    start = next((at for at, each in enumerate(words) if each.lower() not in BEFORE_CHANGED), -1)
    return spaced([words[start].lower(), *words[start + 1 :]]) if start >= 0 else "amount"
