"""Amounts of money, with their conversion, period and the earlier amounts beside them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tipgraph_draft.document import Finding, Sentence
from tipgraph_draft.grammar.money_words import (
    EACH,
    SHARED_CURRENCIES,
    Amount,
    amounts_of,
    describe,
    is_each,
)
from tipgraph_draft.numerals import NOT_UNDERSTOOD, NumberClass
from tipgraph_draft.periods import NOT_STATED, Period
from tipgraph_draft.phrases import qualifier_before
from tipgraph_draft.words import word_phrases, word_set

# Words after which an earlier amount follows, and words of a change: after one, `from` does.
PRIOR_MARKS = [" ".join(each) for each in word_phrases("earlier_prior_marks") if each != ("from",)]
CHANGE = word_set("earlier_change")
SHARED_CELLS = "indicator", "stage", "part", "axis", "counted_by", "recipient", "speaker", "act"
# Words between two earlier amounts.
BETWEEN = {",", "and", ")", "in", "approximately", "at", "least"}
# The most words between the two conversions of amounts in a list.
MAX_TWINS = 4
# A period that stands so far in front leads the sentence.
LEADING_WORDS = 4


def read_money(sentence: Sentence, edition_year: int | None) -> list[Finding]:
    """The amounts of a sentence in order."""
    findings = _findings(sentence, amounts_of(sentence))
    _set_periods(sentence, findings, edition_year)
    for each in findings:
        each.speaker = each.speaker or "report"
        if each.converted and each.host is not None:
            # The conversion of an earlier amount is compared with that of the current one.
            at = findings.index(each.host)
            twin = findings[at + 1]
            each.host = twin if twin.converted else each.host
    return findings


def _findings(sentence: Sentence, amounts: Sequence[Amount]) -> list[Finding]:
    """The amounts from left to right, each with what the one before it leaves unsaid."""
    findings: list[Finding] = []
    head: Finding | None = None
    original: Finding | None = None
    for order, amount in enumerate(amounts):
        if amount.is_converted and original is not None:
            findings.append(_converted(sentence, original, amount))
            continue
        if _is_range(sentence, amounts[order:], head):
            for each in amounts[order:]:
                each.numeral.kind = NumberClass(NOT_UNDERSTOOD, "a range, or a change")
            break
        original = _amount(sentence, amounts, order, head, original)
        findings.append(original)
        head = head if original.prior else original
    return findings


def _amount(
    sentence: Sentence,
    amounts: Sequence[Amount],
    order: int,
    head: Finding | None,
    original: Finding | None,
) -> Finding:
    """An amount; `head` is the current one before it, and `original` the last one."""
    amount, later = amounts[order], amounts[order + 1 :]
    previous = amounts[order - 1].numeral.last + 1 if order else 0
    others = (each.first for each in later if not each.is_converted)
    following = next(others, len(sentence.tokens))
    finding = _plain(sentence, amount)
    if head is not None and _is_earlier(sentence, original, previous, amount.first):
        # It is for the same as the current one before it.
        for name in SHARED_CELLS:
            setattr(finding, name, getattr(head, name))
        finding.prior, finding.host, finding.rules = True, head, ["earlier-amount"]
        if sentence.word(finding.last) in SHARED_CURRENCIES:
            # `24.5 million Mexican pesos, compared with 20 million pesos`
            finding.unit = head.unit
    else:
        describe(sentence, finding, amount, previous, following, head)
    _date(sentence, finding, previous, amount, following)
    if amount.last == amount.numeral.last + 1 and sentence.word(amount.last) in SHARED_CURRENCIES:
        finding.doubts.append("currency: several countries' has this name")
    if is_each(sentence, amount.first if finding.prior else previous, amount, following):
        finding.part, finding.axis = EACH, "total"
        finding.rules.append("each")
    return finding


def _is_range(sentence: Sentence, amounts: Sequence[Amount], head: Finding | None) -> bool:
    """Return whether amounts are `from €5 to €9` or `between €5 and €9`, which a person reads."""
    first, before = amounts[0].first, sentence.word(amounts[0].first - 1)
    lower = next((each for each in sentence.numerals if each.last == first - 2), None)
    if lower and before in {"to", "and"}:
        # `between 2 and 3 million pesos`, where the lower end has no currency.
        return sentence.word(lower.first - 1) in {"from", "between"}
    joint = {"from": "to" if head is None else None, "between": "and"}.get(before)
    return any(sentence.word(each.first - 1) == joint for each in amounts[1:])


def _plain(sentence: Sentence, amount: Amount) -> Finding:
    """Return what an amount says without the words around it."""
    start, qualifier = qualifier_before(sentence.tokens, amount.first)
    return Finding(
        kind="amount",
        sentence=sentence,
        first=start,
        last=amount.last,
        place=amount.numeral.start,
        value=amount.numeral.value,
        unit=amount.unit,
        qualifier=qualifier,
        stage="funded",
        rules=["amount"],
    )


def _converted(sentence: Sentence, original: Finding, amount: Amount) -> Finding:
    """The conversion of an amount."""
    own = _plain(sentence, amount)
    return replace(
        original, first=own.first, last=own.last, place=own.place, value=own.value, unit=own.unit,
        qualifier=own.qualifier or original.qualifier, converted=True, rules=["conversion"],
        doubts=[],
    )  # fmt: skip


# ── Earlier amounts ─────────────────────────────────────────────────────────────────────────────


def _is_earlier(sentence: Sentence, original: Finding | None, start: int, first: int) -> bool:
    """Return whether an amount is an earlier one: `compared with €5`, `and €12,000 in 2018`."""
    words = sentence.word_list(start, first)
    continues = all(each in BETWEEN or each[:1].isdigit() for each in words)
    if original is not None and original.prior and continues:
        return True
    text = f" {' '.join(words)} "
    if ";" in words:
        return False
    # After words of a change, `from` alone is a mark, too.
    is_change = "from" in words[-3:] and CHANGE & {*sentence.word_list(first - 10, first)}
    return bool(is_change) or any(f" {each} " in text for each in PRIOR_MARKS)


# ── Periods ─────────────────────────────────────────────────────────────────────────────────────


def _date(
    sentence: Sentence, finding: Finding, previous: int, amount: Amount, following: int
) -> None:
    """Give an amount the period that the words around it state."""
    # The last period before the first amount; for later ones, that which leads the sentence.
    end = min(LEADING_WORDS, amount.first) if previous else amount.first
    leading = [each for each in sentence.periods if each.first < end and not finding.prior]
    period = _period_after(sentence, amount.last, following) or (leading[-1] if leading else None)
    if period is not None and not period.is_earlier:
        finding.period = period.text


def _period_after(sentence: Sentence, last: int, end: int) -> Period | None:
    """The first period after an amount, unless an earlier amount or another clause begins."""
    period = next((each for each in sentence.periods if last < each.first < end), None)
    if period is None:
        return None
    words = sentence.word_list(last + 1, period.first + 1)
    is_change = any(
        first in {"up", "down", "increase", "decrease"} and second == "from"
        for first, second in pairwise(words)
    )
    return None if is_change or {";", "compared", "while", "same"} & {*words} else period


def _set_periods(sentence: Sentence, findings: list[Finding], edition_year: int | None) -> None:
    """Share the year of a list of amounts, and imply one from a comparison."""
    _share_current(sentence, findings)
    _imply(findings, edition_year)
    for at, finding in enumerate(findings):
        if finding.converted and at:
            original = findings[at - 1]
            finding.period, finding.period_from = original.period, original.period_from
        finding.period = finding.period or NOT_STATED


def _imply(findings: list[Finding], edition_year: int | None) -> None:
    """Give amounts the year after that of the earlier ones; a sentence has one current year."""
    undated = [each for each in findings if not each.period and not each.prior]
    for finding in undated:
        years = [
            int(each.period)
            for each in findings
            if each.prior and each.period.isdigit() and (each.host is finding or finding.converted)
        ]
        if years and (edition_year is None or max(years) + 1 <= edition_year):
            finding.period, finding.period_from = str(max(years) + 1), "assumed"
    implied = next((each.period for each in findings if each.period_from == "assumed"), "")
    for finding in undated:
        if implied and not finding.period:
            finding.period, finding.period_from = implied, "assumed"


def _share_current(sentence: Sentence, findings: list[Finding]) -> None:
    """Give the year at the end of `€5 to shelters and €7 to a hotline in 2020` to both."""
    current = [each for each in findings if not each.prior and not each.converted]
    for finding, following in reversed([*pairwise(current)]):
        between = {*sentence.word_list(finding.last, following.first)}
        ends = any(
            each.first > following.last and each.text == following.period
            for each in sentence.periods
        )
        if not finding.period and ends and "and" in between and not between & {";", "while"}:
            finding.period, finding.period_from = following.period, following.period_from
