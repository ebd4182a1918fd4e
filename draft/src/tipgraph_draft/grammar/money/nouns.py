"""The kind of an amount: the noun of its verb, or one beside it, such as a stipend of €100."""

from tipgraph_draft.grammar.money.amounts import MoneySentence
from tipgraph_draft.tokens import spaced, without_ends
from tipgraph_draft.words import MONEY_NOUNS, SPENDING, SPENDING_VERBS, TARGET, word_set

NO_NOUN = "amount"
NOUNS_ALONE = word_set("nouns_alone")
# Nouns that stand after an amount.
NOUNS_AFTER = {"stipend", "stipends", "allowance", "grant", "payment", "budget", "benefit"}
AFTER_END = TARGET | {"and", "of", "from"}
NOT_OF_NOUN = word_set("nouns_not_of_noun")
# Verbs that have what the money is as their object.
VERBS_OF_BUDGETS = {"maintain", "increase", "decrease", "reduce", "set"}
# Verbs between what the money is and the amount.
SUMS = {"amounted", "stood", "reached", "totaled", "totalled"}
# Words between a purpose and its amount: `budget for shelters amounted to €500`.
AROUND_AMOUNTS = {
    "of", "at", "least", "approximately", "totaling", "totalling", "from", "by", "amounting",
    "was", *SUMS,
}  # fmt: skip


def noun_of(sentence: MoneySentence, verb: int | None, first: int, last: int, previous: int) -> str:
    """Return what the money is, in the words before an amount, after it, or by its verb."""
    return (
        _noun_before(sentence, verb, first, previous)
        or _object(sentence, verb, first)
        or _noun_after(sentence, last)
        or (SPENDING[SPENDING_VERBS[sentence.word(verb)]] if verb is not None else NO_NOUN)
    )


def _noun_before(sentence: MoneySentence, verb: int | None, first: int, previous: int) -> str:
    for at in range(first - 1, max(previous - 1, first - 8), -1):
        word = sentence.word(at)
        if word not in MONEY_NOUNS or (verb is not None and at <= verb):
            continue
        start = at
        while start > previous and _is_of_noun(sentence, start - 1):
            start -= 1
        is_summed = any(each in SUMS for each in sentence.word_list(at, first))
        if start < at or is_summed or word in NOUNS_ALONE:
            noun = spaced(sentence.texts(start, at + 1)) + _purpose(sentence, at, first)
            return noun if noun.isupper() else noun.lower()
    return ""


def _is_of_noun(sentence: MoneySentence, at: int) -> bool:
    """Return whether a word belongs to the name of money after it: `victim assistance budget`."""
    word = sentence.word(at)
    return sentence.tokens[at].is_word and word not in NOT_OF_NOUN and word not in SPENDING_VERBS


def _purpose(sentence: MoneySentence, noun: int, first: int) -> str:
    """Return what money is for, between its noun and the amount: `budget for shelters was €500`."""
    if sentence.word(noun + 1) not in {"to", "for"} or noun + 1 >= first - 1:
        return ""
    words = [
        each.text for each in sentence.tokens[noun + 1 : first] if each.lower not in AROUND_AMOUNTS
    ]
    purpose = spaced(without_ends(words, {"to"}))
    return purpose and f" {purpose}"


def _object(sentence: MoneySentence, verb: int | None, first: int) -> str:
    """Return what a budget's verb is done to: the grants of `increased grants for shelters to
    €500`.
    """
    if verb is None or SPENDING_VERBS[sentence.word(verb)] not in VERBS_OF_BUDGETS:
        return ""
    return next((each for each in sentence.word_list(verb + 1, first) if each in MONEY_NOUNS), "")


def _noun_after(sentence: MoneySentence, last: int) -> str:
    """`a €350 ($370) initial stipend`: the noun after an amount and its conversion."""
    at = last + 1
    if sentence.word(at) == "(":
        while at < len(sentence.tokens) and sentence.word(at) != ")":
            at += 1
        at += 1
    for index in range(at, min(at + 4, len(sentence.tokens))):
        if sentence.word(index) in NOUNS_AFTER:
            return spaced(sentence.texts(at, index + 1))
        if not sentence.tokens[index].is_word or sentence.word(index) in AFTER_END:
            break
    return ""


def kind_after(sentence: MoneySentence, last: int, end: int) -> str:
    """`€3,600 in compensation`: what the money is, in the words after it."""
    depth = 0
    for at in range(last + 1, min(end, last + 12)):
        depth += {"(": 1, ")": -1}.get(sentence.word(at), 0)
        if depth == 0 and sentence.word(at) == "in" and sentence.word(at + 1) in MONEY_NOUNS:
            return sentence.word(at + 1)
    return ""
