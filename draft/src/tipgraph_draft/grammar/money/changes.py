"""Two amounts of a change: `Funding for shelters decreased from €310,000 to €290,000`."""

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.money.amounts import Amount, MoneySentence, plain
from tipgraph_draft.grammar.money.conversions import converted
from tipgraph_draft.grammar.money.givers import subject_of
from tipgraph_draft.tokens import spaced

# Verbs of a change: funding increased, or somebody increased it.
CHANGED = {"decreased", "increased", "rose", "fell", "dropped", "grew", "declined"}
CHANGING = {"decreased", "increased", "raised", "reduced", "cut", "expanded", "doubled"}
MAX_CHANGED = 12
# Words before what is changed.
BEFORE_CHANGED = {"the", "its", "government", "\u2019s", "government\u2019s"}


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
