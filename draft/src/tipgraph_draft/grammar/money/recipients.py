"""The recipient of an amount, and whether each of several gets it."""

from tipgraph_draft.grammar.money.amounts import MoneySentence
from tipgraph_draft.numerals import SMALL
from tipgraph_draft.words import PERSON_NOUNS, word_set

EACH = "each"
PURPOSES = word_set("recipients_purposes")
# `each year` is no recipient.
TIMES = {"year", "month", "day"}
PER = word_set("recipients_per")


def recipient_of(target: str) -> str:
    """Return who gets it: `NGOs` of `to NGOs for victim assistance`.

    `a shelter for male victims`.
    """
    words = target.removeprefix("to ").split()
    if len(words) > 1 and words[0] in PURPOSES:
        return ""
    if "for" in words:
        at = words.index("for")
        if not _names_persons(words[at + 1 :]):
            words = words[:at]
    text = " ".join(words)
    for prefix in ("each of the ", "each of ", "each ", "the "):
        text = text.removeprefix(prefix)
    first, _, rest = text.partition(" ")
    return rest if first.lower() in SMALL and rest else text


def _names_persons(words: list[str]) -> bool:
    """Return whether the words after `for` are persons, and not what is done for them."""
    purpose = [each.lower().strip(",") for each in words]
    return (
        bool(purpose)
        and purpose[-1] in PERSON_NOUNS
        and not any(each.endswith("ing") for each in purpose)
    )


def is_each_after(sentence: MoneySentence, last: int, following: int) -> bool:
    """Return whether each gets an amount: `€500 to each shelter`, `€500 per victim`."""
    words = sentence.word_list(last + 1, min(following, last + 20))
    stop = next((at for at, each in enumerate(words) if each in {";", "compared"}), len(words))
    words = words[:stop]
    if EACH in words:
        at = words.index(EACH)
        return not TIMES & {*words[at + 1 : at + 2]}
    if "per" in words[:-1]:
        return words[words.index("per") + 1] in PER
    return "apiece" in words


def is_each_before(sentence: MoneySentence, previous: int, first: int) -> bool:
    """Return whether those who get an amount come before it: `gave each of two NGOs €500`."""
    return any(
        sentence.word(at) == EACH and sentence.word(at + 1) not in TIMES
        for at in range(max(previous, first - 8), first)
    )
