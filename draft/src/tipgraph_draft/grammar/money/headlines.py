"""The purpose of a current amount, who gives it to whom, and who says so."""

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.money.amounts import Amount, MoneySentence
from tipgraph_draft.grammar.money.givers import giver_after, speaker_of, subject_of, verb_before
from tipgraph_draft.grammar.money.nouns import NO_NOUN, kind_after, noun_of
from tipgraph_draft.grammar.money.recipients import recipient_of
from tipgraph_draft.grammar.money.targets import target_before, target_of
from tipgraph_draft.words import COMPENSATION, SPENDING_VERBS

# Verbs by which somebody awards compensation, and by which victims get it.
AWARDING = {"award", "grant", "order", "pay"}
RECEIVING = {"receive", "obtain"}


def describe(
    sentence: MoneySentence,
    finding: Finding,
    amount: Amount,
    previous: int,
    following: int,
    head: Finding | None,
) -> None:
    """Fill the cells of a current amount; `head` is the current one before it.

    The words around an amount are those from place `previous` to place `following`.
    """
    verb = verb_before(sentence, previous, finding.first)
    base = SPENDING_VERBS[sentence.word(verb)] if verb is not None else ""
    noun = noun_of(sentence, verb, finding.first, amount.last, previous)
    target = target_of(sentence, verb, finding.first, amount.last, following)
    kind = kind_after(sentence, amount.last, following)
    if verb is not None:
        finding.counted_by = subject_of(sentence, verb)
    elif head is not None and not _begins_clause(sentence, previous, amount.first):
        finding.counted_by = head.counted_by
        finding.period, finding.period_from = head.period, head.period_from
    if base == "receive" or (base == "obtain" and not target.startswith("for ")):
        finding.recipient = recipient_of(finding.counted_by)
        finding.counted_by = giver_after(sentence, amount.last, following)
        target = target if target.startswith("for ") else ""
        noun = _received(kind or noun, finding.recipient)
    if {"for", "to"} & set(noun.split(" ")):
        target = ""
    if kind in COMPENSATION and base not in RECEIVING:
        is_awarded = base in AWARDING and kind == "compensation"
        noun = f"{kind} awarded" if is_awarded else kind
    finding.indicator = " ".join(each for each in (noun, target) if each)
    if head is not None and verb is None and noun == NO_NOUN:
        noun_before = head.indicator.split()[0] if head.indicator else noun
        finding.indicator = f"{noun_before} {target}" if target else head.indicator
    if head is not None and target and _is_included(sentence, previous, finding.first):
        finding.part, finding.axis = target.partition(" ")[2], "other"
        finding.indicator = head.indicator
        finding.rules = ("amount-part",)
    words = set(finding.indicator.split())
    if COMPENSATION & words or (base == "award" and {"victims", "victim"} & words):
        finding.stage = "compensated"
    to = target if target.startswith("to ") else target_before(sentence, verb, finding.first)
    if to.startswith("to ") and not finding.recipient:
        finding.recipient = recipient_of(to)
        if to != target and target.startswith("for ") and noun not in {"award", "compensation"}:
            finding.indicator = f"{noun} {to} {target}"
    finding.speaker, finding.act = speaker_of(sentence, verb, previous)


def _begins_clause(sentence: MoneySentence, start: int, end: int) -> bool:
    return any(each in {";", "while"} for each in sentence.word_list(start, end))


def _received(noun: str, recipient: str) -> str:
    """`funding received by NGOs`, which has the word once."""
    if not recipient:
        return noun
    received = "" if noun.endswith("received") else " received"
    return f"{noun}{received} by {recipient}"


def _is_included(sentence: MoneySentence, start: int, end: int) -> bool:
    """Return whether an amount is a part of the one before it: `, of which €5 was for shelters`."""
    return any(
        sentence.word(at) == "including"
        or (
            sentence.word(at) == "of"
            and sentence.word(at + 1) in {"which", "approximately", "€", "$"}
        )
        for at in range(start, end)
    )
