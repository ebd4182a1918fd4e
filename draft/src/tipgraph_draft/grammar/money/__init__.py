"""Amounts of money, with their conversion, period and the earlier amounts beside them."""

from collections.abc import Sequence

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.money.amounts import (
    MoneySentence,
    converted,
    note_range,
    original_in_range,
    plain,
    set_hosts,
)
from tipgraph_draft.grammar.money.dates import date, settle
from tipgraph_draft.grammar.money.earlier import (
    continues_earlier,
    is_changed_from,
    is_earlier,
    read_change,
    same_as,
    set_earlier,
)
from tipgraph_draft.grammar.money.headlines import describe
from tipgraph_draft.grammar.money.recipients import EACH, is_each_after, is_each_before
from tipgraph_draft.number_classes import CONVERTED, MONEY, NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.tokens import Sentence


def read_money(
    sentence: Sentence,
    found: Sequence[Numeral],
    classes: Sequence[NumberClass],
    edition_year: int | None,
) -> list[Finding]:
    """The amounts of a sentence in order."""
    if not any(each.name in (MONEY, CONVERTED) for each in classes):
        return []
    money = MoneySentence(sentence, found, classes)
    findings = _amounts(money)
    settle(money, findings, edition_year)
    for each in findings:
        each.speaker = each.speaker or "report"
    set_hosts(findings)
    return [*findings, *same_as(money, findings)]


def _amounts(sentence: MoneySentence) -> list[Finding]:
    """The amounts from left to right, each with what the one before it leaves unsaid."""
    findings: list[Finding] = []
    head: Finding | None = None
    original: Finding | None = None
    for order, amount in enumerate(sentence.amounts):
        if amount.is_converted and original is not None:
            own = original_in_range(sentence, findings, amount) or original
            findings.append(converted(sentence, own, amount))
            continue
        if head is None and is_changed_from(sentence, amount):
            return [*findings, *read_change(sentence, order)]
        finding = _amount(sentence, order, head, original)
        findings.append(finding)
        head = head if finding.prior else finding
        original = finding
    return findings


def _amount(
    sentence: MoneySentence, order: int, head: Finding | None, original: Finding | None
) -> Finding:
    """An amount; `head` is the current one before it, and `original` the last one."""
    amount = sentence.amounts[order]
    first, last = amount.first, amount.last
    previous = sentence.amounts[order - 1].numeral.last + 1 if order else 0
    following = sentence.next_amount(order)
    finding = plain(sentence, amount)
    if head is not None and (
        is_earlier(sentence, previous, first)
        or continues_earlier(sentence, original, previous, first)
    ):
        set_earlier(sentence, finding, head)
    else:
        describe(sentence, finding, amount, previous, following, head)
    date(sentence, finding, previous, first, last, following)
    note_range(sentence, finding, amount, original)
    if sentence.is_ambiguous(amount):
        finding.doubts.append("currency: several countries' has this name")
    if is_each_after(sentence, last, following) or (
        not finding.prior and is_each_before(sentence, previous, first)
    ):
        finding.part, finding.axis = EACH, "total"
        finding.rules = (*finding.rules, "each")
    return finding
