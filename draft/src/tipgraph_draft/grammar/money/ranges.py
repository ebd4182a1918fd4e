"""The two ends of a range: `between €5 and €7`, `from €5 to €7`."""

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.money.amounts import Amount, MoneySentence

HYPHENS = {"-", "\u2013"}
# The most words between the two numbers of a range.
MAX_LOWER, MAX_UPPER = 6, 4


def note_range(
    sentence: MoneySentence, finding: Finding, amount: Amount, previous: Finding | None
) -> None:
    """Qualify a current amount that is an end of a range; the upper end is for the same."""
    if finding.prior:
        return
    if not finding.qualifier and _is_lower_end(sentence, amount):
        leads = sentence.word(amount.first - 1) == "from"
        finding.qualifier = "at least" if leads else "between"
        finding.doubts.append("range: the lower end")
    if _is_upper_end(sentence, amount):
        finding.qualifier = finding.qualifier or "up to"
        finding.doubts.append("range: the upper end")
        if previous is not None:
            finding.indicator, finding.recipient = previous.indicator, previous.recipient
            finding.counted_by, finding.stage = previous.counted_by, previous.stage
            if finding.period:
                previous.period, previous.period_from = finding.period, finding.period_from


def _is_lower_end(sentence: MoneySentence, amount: Amount) -> bool:
    first = amount.first
    return (
        sentence.word(first - 1) in {"between", "from"}
        and sentence.word(sentence.last_of(first) + 1) in {"and", "to"}
        and any(first + 1 < each.numeral.first <= first + MAX_LOWER for each in sentence.amounts)
    )


def _is_upper_end(sentence: MoneySentence, amount: Amount) -> bool:
    first = amount.first
    before = [each.numeral for each in sentence.amounts if each.numeral.last < first]
    if not before or sentence.word(first - 1) not in {"to", "and", *HYPHENS}:
        return False
    lower = before[-1]
    between = {*sentence.word_list(lower.first - 3, first)}
    return first - lower.last <= MAX_UPPER and bool(between & {"between", "from", *HYPHENS})
