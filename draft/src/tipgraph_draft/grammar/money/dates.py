"""The period of each amount: stated beside it, shared in a list, or implied by an earlier one."""

from itertools import pairwise

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.money.amounts import MoneySentence
from tipgraph_draft.periods import NOT_STATED, Period

# The note of an amount until all periods are known.
PREVIOUS_YEAR = "previous year"
# A period that stands so far in front leads the sentence.
LEADING_WORDS = 4


def date(
    sentence: MoneySentence, finding: Finding, previous: int, first: int, last: int, following: int
) -> None:
    """Give an amount the period that the words around it state, or a note of the previous year."""
    period = (
        _period_after(sentence, last, following)
        or _period_before(sentence, finding, previous, first)
        or _leading_period(sentence, finding, previous, first)
    )
    if period is None:
        return
    if not period.is_earlier:
        finding.period = period.text
        finding.period_from = "sentence" if period.text != NOT_STATED else ""
    elif finding.prior or period.first <= last:
        finding.note = PREVIOUS_YEAR


def _period_after(sentence: MoneySentence, last: int, end: int) -> Period | None:
    """The first period after an amount, unless an earlier amount or another clause begins."""
    period = next((each for each in sentence.periods if last < each.first < end), None)
    mark = next((at for at in range(last + 1, end) if _ends_clause(sentence, at)), end)
    return period if period is not None and period.first <= mark else None


def _ends_clause(sentence: MoneySentence, at: int) -> bool:
    word = sentence.word(at)
    return word in {";", "compared", "while"} or (
        word in {"up", "down", "increase", "decrease"} and sentence.word(at + 1) == "from"
    )


def _period_before(
    sentence: MoneySentence, finding: Finding, previous: int, first: int
) -> Period | None:
    """The last period of the clause before an amount; an earlier amount needs `in` before it."""
    before = [
        each
        for each in sentence.periods
        if previous <= each.first < first
        # `€9 in 2018; municipalities allotted €3`: the year is that of the clause before.
        and ";" not in sentence.word_list(each.last, first)
    ]
    if not before:
        return None
    period = before[-1]
    leads = sentence.word(period.first - 1) in {"in", "during", "for"}
    return period if not finding.prior or leads or period.text == NOT_STATED else None


def _leading_period(
    sentence: MoneySentence, finding: Finding, previous: int, first: int
) -> Period | None:
    """The last period before the first amount; for later ones, that which leads the sentence."""
    if finding.prior:
        return None
    end = min(LEADING_WORDS, first) if previous else first
    leading = [each for each in sentence.periods if each.first < end]
    return leading[-1] if leading else None


def settle(sentence: MoneySentence, findings: list[Finding], edition_year: int | None) -> None:
    """Imply the year of an amount from its comparison; share the last year of a list."""
    _share_earlier(findings)
    _share_current(sentence, findings)
    _imply(findings, edition_year)
    for at, finding in enumerate(findings):
        if finding.converted and at:
            original = findings[at - 1]
            finding.period, finding.period_from = original.period, original.period_from
        if finding.note == PREVIOUS_YEAR:
            _date_previous_year(finding, edition_year)
        if not finding.period:
            finding.period = NOT_STATED


def _share_earlier(findings: list[Finding]) -> None:
    """Give the year after the last of several earlier amounts to all of them."""
    for at, finding in enumerate(findings):
        if not finding.prior or finding.period:
            continue
        later = next((each for each in findings[at + 1 :] if each.prior and each.period), None)
        if later is not None and not later.converted and finding.note != PREVIOUS_YEAR:
            finding.period, finding.period_from = later.period, later.period_from


def _share_current(sentence: MoneySentence, findings: list[Finding]) -> None:
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


def _date_previous_year(finding: Finding, edition_year: int | None) -> None:
    """Date `the previous year` by the current amount, or by the edition."""
    host = finding.host
    finding.note = "period of the previous year"
    if host is not None and host.period.isdigit():
        current = int(host.period)
    elif edition_year:
        current = edition_year - 1
    else:
        return
    finding.period, finding.period_from = str(current - 1), "assumed"
