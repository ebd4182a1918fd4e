"""To whom or for what an amount is given, in the words around it."""

from tipgraph_draft.grammar.money.amounts import MoneySentence
from tipgraph_draft.numerals import SMALL
from tipgraph_draft.tokens import spaced, without_ends
from tipgraph_draft.words import MONEY_NOUNS, NOUNS, SPENDING_VERBS, TARGET, TARGET_END, word_set

MAX_TARGET = 16
MAX_TARGET_BEFORE = 12
# Words that no target ends with.
OPEN_ENDS = {"and", "the", ",", ".", "!", "?", "in", "for", "to", "of", "an"}
OF_AMOUNT = word_set("targets_of_amount")
LEADS_TO_PERIOD = {"in", "for", "during", "from"}


def target_of(
    sentence: MoneySentence, verb: int | None, first: int, last: int, following: int
) -> str:
    """To whom or for what: `to NGOs for victim assistance`, `to each shelter`."""
    return _target_after(sentence, last, following) or target_before(sentence, verb, first)


def _target_after(sentence: MoneySentence, last: int, end: int) -> str:
    depth = 0
    for at in range(last + 1, end):
        word = sentence.word(at)
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth:
            continue
        if word in TARGET and (word != "in" or _is_kind(sentence, at)):
            found = _phrase(sentence, at, end)
            if found:
                return found
        elif word in {";", "compared"} or (word == "," and not _is_period(sentence, at + 1)):
            break
    return ""


def _is_kind(sentence: MoneySentence, at: int) -> bool:
    """Return whether `in` leads to a kind of help: `in compensation to`, `in funding for`."""
    return sentence.word(at + 1) in MONEY_NOUNS and sentence.word(at + 2) in TARGET


def _is_period(sentence: MoneySentence, at: int) -> bool:
    return any(each.first in (at, at + 1) for each in sentence.periods)


def _phrase(sentence: MoneySentence, at: int, end: int) -> str:
    """The words from a preposition to the end of what it leads to."""
    if sentence.word(at) == "in":
        at += 2
    words: list[str] = []
    while at < end and len(words) < MAX_TARGET:
        if len(words) == 1 and sentence.word(at) == "each":
            words.append(sentence.tokens[at].text)
            at += 1
        elif words and _is_short_name(sentence, at, end):
            at += 3
        elif _ends_phrase(sentence, at, end, is_first=not words):
            break
        else:
            words.append(sentence.tokens[at].text)
            at += 1
    return _without_number(without_ends(words, OPEN_ENDS))


def _is_short_name(sentence: MoneySentence, at: int, end: int) -> bool:
    """Return whether `(NSA)` stands within a phrase.

    `the National Support Agency (NSA) program`.
    """
    return (
        at + 3 < end
        and (sentence.word(at), sentence.word(at + 2)) == ("(", ")")
        and sentence.tokens[at + 1].text.isupper()
        and sentence.tokens[at + 3].is_word
        and sentence.word(at + 3) not in TARGET_END
    )


def _ends_phrase(sentence: MoneySentence, at: int, end: int, is_first: bool) -> bool:
    word, following = sentence.word(at), sentence.word(at + 1)
    if word == "an" and following in {"increase", "decrease", "amount"}:
        return True
    if word == "and" and following in SPENDING_VERBS and not following.endswith("ing"):
        return True
    if is_first:
        return False
    if word == "in" and following in {"each", "its"}:
        return True
    if word == "," and _is_list(sentence, at, end):
        return False
    return (word in TARGET_END and word != "an") or _period_begins(sentence, at)


def _is_list(sentence: MoneySentence, at: int, end: int) -> bool:
    """Return whether a comma divides those who get it: `to shelters, a hotline, and NGOs`."""
    words = sentence.word_list(at + 1, min(at + 7, end))
    return "and" in words and not any(
        each in SPENDING_VERBS or each in {"an", "compared"} for each in words
    )


def _period_begins(sentence: MoneySentence, at: int) -> bool:
    starts = {each.first for each in sentence.periods}
    if at in starts:
        return True
    return (
        sentence.word(at) in LEADS_TO_PERIOD
        and any(at + distance in starts for distance in (1, 2, 3))
        and sentence.word(at + 1) in {"the", *(sentence.word(each) for each in starts)}
    )


def target_before(sentence: MoneySentence, verb: int | None, first: int) -> str:
    """`provided two NGOs €50,000`, `funded the shelter with €5,000`."""
    if verb is None:
        return ""
    texts = sentence.texts(verb + 1, first)
    words = without_ends(texts, OF_AMOUNT, {"the", "its", "their"})
    lower = [each.lower() for each in words]
    if not words or len(words) > MAX_TARGET_BEFORE or any(each in ";()" for each in words):
        return ""
    if lower[0] in {"a", "an"} and any(each in MONEY_NOUNS for each in lower):
        return ""
    if lower[0] in MONEY_NOUNS:
        return spaced(words[1:]) if lower[1:2] and lower[1] in TARGET else ""
    if not any(each in NOUNS for each in lower) and not any(each[0].isupper() for each in words):
        return ""
    return spaced(words) if lower[0] in TARGET else _without_number(["to", *words])


def _without_number(words: list[str]) -> str:
    """`to six NGOs` is an amount to NGOs: how many is a count of its own."""
    if words[1:3] == ["each", "of"] and len(words) > 4 and _is_number(words[3]):
        return spaced([words[0], *words[4:]])
    at = 2 if words[1:2] and words[1].lower() in {"the", "its"} and len(words) > 2 else 1
    number = at < len(words) - 1 and words[1] != "each" and _is_number(words[at])
    kept = [*words[:1], *words[at + 1 :]] if number else words
    return spaced(kept) if len(kept) > 1 else ""


def _is_number(word: str) -> bool:
    return word.lower() in SMALL or word.isdigit()
