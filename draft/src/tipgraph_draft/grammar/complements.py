"""The words after a verb: its objects, and the complement that belongs to the wording."""

from collections.abc import Sequence

from tipgraph_draft.numerals import SMALL
from tipgraph_draft.tokens import Token, spaced, without_ends
from tipgraph_draft.words import (
    EXPLOITATION,
    EXPLOITATION_MODIFIERS,
    FINITE_VERBS,
    MONTHS,
    PAST_SPEECH,
    PERSON_NOUNS,
    VERBS,
    word_set,
)

MAX_WORDS = 10
HELP = word_set("complements_help")
COMPLEMENT = word_set("complements_complement")
COMPLEMENT_END = word_set("complements_complement_end")


# Words at which no wording begins or ends.
EDGES = {"and", "the", "of", "in", "for", "to"}


def without_amounts(words: list[str]) -> list[str]:
    """The words before an amount of money: `restitution` of `restitution of €500 ($600)`."""
    for at, word in enumerate(words):
        if word in {"(", "€", "$", "£"} or word[0].isdigit():
            rest = words[at:]
            kind = rest.index("in") if "in" in rest else len(rest)
            words = words[:at] or rest[kind + 1 :]
            break
    return without_ends(
        words, {"of", "totaling", "worth", "in", "a", "at", "least", "approximately"}
    )


def object_after(tokens: Sequence[Token], start: int, end: int) -> str:
    words: list[str] = []
    for at in range(start, min(end, start + MAX_WORDS)):
        word = tokens[at].lower
        if word in COMPLEMENT_END - {"from", "by", "as"} or (
            word == "in" and is_time(tokens, at + 1)
        ):
            break
        if word in {"and"} and at + 1 < end and tokens[at + 1].lower in VERBS:
            break
        words.append(tokens[at].text)
    is_amount = words[:1] and (words[0] in {"€", "$", "£"} or words[0][0].isdigit())
    words = without_amounts(words)
    if is_amount:
        kind = next((tokens[at + 1].lower for at in range(start, min(start + 14, len(tokens) - 1))
                     if tokens[at].lower == "in" and tokens[at + 1].lower in HELP), "")  # fmt: skip
        words = [kind] if kind else words
    words = without_ends(words, EDGES | {"from", "by", "as", "totaling", "about"})
    return spaced(words)


def second_object(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    """The thing after the person: `residence permits` of `granted 12 victims residence permits`."""
    words: list[str] = []
    at = start
    while at < len(tokens) and len(words) < MAX_WORDS:
        word = tokens[at].lower
        if word in COMPLEMENT_END | COMPLEMENT | {"and", "of", "compared"} and not (
            word == "and" and words and at + 1 < len(tokens) and tokens[at + 1].lower not in VERBS
        ):  # fmt: skip
            if word == "," and words and _is_thing_list(tokens, at):
                words.append(",")
                at += 1
                continue
            break
        if not tokens[at].is_word and tokens[at].text not in "-/":
            break
        words.append(tokens[at].text)
        at += 1
    while words and words[-1] in {"and", ","}:
        words.pop()
        at -= 1
    return spaced(words), at


def _is_thing_list(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a comma is in a list of help.

    `medical, psychological, and legal assistance`.
    """
    return any(
        tokens[each].lower in HELP for each in range(at + 1, min(at + 6, len(tokens)))
    ) and not any(
        tokens[each].text[0].isdigit() for each in range(at + 1, min(at + 4, len(tokens)))
    )


def complement_at(tokens: Sequence[Token], start: int) -> str:
    """Return where to, for what or among whom: words that belong to the indicator."""
    at = start
    # Parts stand before it: `12 victims of forced labor to shelters`.
    while at < len(tokens) and (tokens[at].lower in {"of"} | EXPLOITATION | EXPLOITATION_MODIFIERS):
        at += 1
    if at >= len(tokens) or tokens[at].lower not in COMPLEMENT:
        return ""
    if is_time(tokens, at + 1) or is_infinitive(tokens, at) or _is_part_place(tokens, at):
        return ""
    words: list[str] = []
    while at < len(tokens) and len(words) < MAX_WORDS + 2:
        word = tokens[at].lower
        if words and (
            word in COMPLEMENT_END or (word in {"in", "for", "at", "on"} and is_time(tokens,
                at + 1))
            or (word in {"and", "or"} and begins_clause(tokens, at + 1))
            or tokens[at].text[0].isdigit() or (word == "to" and is_infinitive(tokens, at))
        ):  # fmt: skip
            break
        words.append(tokens[at].text)
        at += 1
    words = without_ends(words, EDGES | {"a", "or", "with", "at"})
    return spaced(words) if len(words) > 1 or words[:1] in (["abroad"], ["overseas"]) else ""


def begins_clause(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a number or a verb follows within a few words."""
    for index in range(at, min(at + 3, len(tokens))):
        word = tokens[index].lower
        if word in FINITE_VERBS or tokens[index].text[0].isdigit():
            return True
        if word in PAST_SPEECH:
            return True
    return at < len(tokens) and tokens[at].lower in SMALL and tokens[at].lower != "one"


def is_time(tokens: Sequence[Token], at: int) -> bool:
    words = [each.lower for each in tokens[at : at + 4]]
    if not words:
        return False
    if (words[0].isdigit() and len(words[0]) == 4) or words[0] in MONTHS:
        return True
    return bool(set(words[:4]) & {"reporting", "year", "period", "consecutive"}) or bool(
        set(words[:3]) & {"months", "half", "years", "time"}
    )


def is_infinitive(tokens: Sequence[Token], at: int) -> bool:
    """Return whether `to` begins a purpose: `to identify`."""
    if tokens[at].lower != "to" or at + 1 >= len(tokens):
        return False
    following = tokens[at + 1].lower
    verb = VERBS.get(following)
    return bool(verb and verb[1] == "base") or following in {
        "help", "ensure", "improve", "support", "be", "obtain", "decide", "become", "cover",
        "receive", "testify", "participate", "live", "remain", "prevent", "train", "increase",
    }  # fmt: skip


def _is_part_place(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the words name a part: `in forced labor`, `to sex trafficking`."""
    if tokens[at].lower not in {"in", "to", "into"}:
        return False
    words = [each.lower for each in tokens[at + 1 : at + 3]]
    return (
        bool(words)
        and words[-1] not in PERSON_NOUNS
        and (words[0] in EXPLOITATION | EXPLOITATION_MODIFIERS - {"other", "multiple"})
        and (len(words) < 2 or words[1] in EXPLOITATION | {"criminal"} or words[0] in EXPLOITATION)
    )
