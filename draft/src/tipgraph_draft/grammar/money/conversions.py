"""Conversions: an amount in another currency, in parentheses after the original."""

from collections.abc import Sequence
from dataclasses import replace

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.money.amounts import Amount, MoneySentence

# The most words between the two conversions of a range.
MAX_RANGE = 4


def converted(sentence: MoneySentence, original: Finding, amount: Amount) -> Finding:
    """The conversion of an amount."""
    qualifier, start = sentence.qualifier(amount.first)
    return replace(
        original,
        first=start,
        last=amount.last,
        place=amount.numeral.start,
        value=amount.value,
        unit=amount.unit,
        qualifier=qualifier or original.qualifier,
        converted=True,
        rules=("conversion",),
        doubts=[],
        is_derived=False,
        inherited=(),
    )


def original_in_range(
    sentence: MoneySentence, findings: Sequence[Finding], amount: Amount
) -> Finding | None:
    """Of two conversions in one parenthesis, the first is that of the first amount."""
    place = amount.numeral.first
    twins = [
        each
        for each in sentence.amounts
        if each.is_converted and abs(each.numeral.first - place) <= MAX_RANGE
    ]
    originals = [each for each in findings if not each.converted]
    if len(twins) != 2 or len(originals) < 2:
        return None
    return originals[-2 + twins.index(amount)]


def set_hosts(findings: Sequence[Finding]) -> None:
    """Compare the conversion of an earlier amount with that of the current one."""
    for each in findings:
        if each.converted and each.host is not None:
            at = next((at for at, one in enumerate(findings) if one is each.host), -1)
            twin = findings[at + 1] if 0 <= at < len(findings) - 1 else None
            each.host = twin if twin is not None and twin.converted else each.host
