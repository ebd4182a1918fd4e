"""Earlier amounts, which stand beside current ones to be compared with them."""

from dataclasses import replace

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.money.amounts import SHARED_CURRENCIES, MoneySentence
from tipgraph_draft.periods import NOT_STATED
from tipgraph_draft.words import word_phrases, word_set

PRIOR_MARKS = word_phrases("earlier_prior_marks")
CHANGE = word_set("earlier_change")
# Words between two earlier amounts.
BETWEEN = {",", "and", ")", "in", "approximately", "at", "least"}


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
