"""Noun phrases that count something: their wording, and the parts that their words name."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tipgraph_draft.labels import NATIONAL_NOUNS, Label, coordinated_sexes, joined, label_at
from tipgraph_draft.numerals import SMALL
from tipgraph_draft.tokens import Token
from tipgraph_draft.words import (
    AUXILIARIES,
    EXPLOITATION,
    EXPLOITATION_MODIFIERS,
    NOUNS,
    PAST_SPEECH,
    PERSON_NOUNS,
    PRESUMED,
    SELF_PARTS,
    SEX_AND_AGE,
    SEX_WORDS,
    SPEECH,
    STATUS_WORDS,
    VERBS,
    word_set,
)


@dataclass(frozen=True)
class NounPhrase:
    """The words after a number up to their noun: tokens from `first` to `last`.

    `noun` is the plural of the noun. `words` are those of the indicator, the parts left out.
    """

    first: int
    last: int
    noun: str
    is_person: bool
    words: tuple[str, ...]
    labels: tuple[Label, ...] = field(default=())

    @property
    def text(self) -> str:
        return " ".join(self.words).replace(" ,", ",")

    @property
    def is_presumed(self) -> bool:
        return any(each in PRESUMED for each in self.words)


def phrase_to(tokens: Sequence[Token], at: int, head: int) -> NounPhrase:
    """The phrase from a token to its noun: its wording, and the parts that its words name."""
    plural = NOUNS[noun_key(tokens[head])]
    is_person = plural in PERSON_NOUNS
    inner = list(tokens[at:head])
    labels, left = _split_modifiers(inner, plural) if is_person else ([], _written(inner))
    own = SELF_PARTS.get(plural)
    words = [each.text for each in left]
    noun_word = plural
    pair = coordinated_sexes(tokens, head - 2, head + 1) if _is_pair(tokens, at, head) else None
    if pair is not None:
        labels, words, noun_word = [pair[0]], [], "victims"
    elif own and is_person:
        labels = joined(labels, Label(*own))
        noun_word = "victims"
        if labels and labels[-1].part in {"foreigners"}:
            noun_word = "victims"
    elif plural in NATIONAL_NOUNS and labels:
        labels = [*labels[:-1], _with_noun(labels[-1], plural)]
        noun_word = "victims"
    elif plural in NATIONAL_NOUNS:
        labels, words = [Label(" ".join([*words, plural]), "nationality")], []
        noun_word = "victims"
    return NounPhrase(at, head, plural, is_person, (*words, noun_word), tuple(labels))


def _written(inner: list[Token]) -> list[Token]:
    return [each for each in inner if each.is_word]


def _is_pair(tokens: Sequence[Token], at: int, head: int) -> bool:
    """Return whether `women and girls` is all of the phrase."""
    return head - 2 == at and all(tokens[each].lower in SEX_AND_AGE for each in (at, head))


def _with_noun(label: Label, noun: str) -> Label:
    """`foreign nationals` keep their noun; the name of a country does without one."""
    if label.axis == "nationality" and (label.part == "foreign" or "-" in label.part or
                                        label.part.isupper()):  # fmt: skip
        return Label(f"{label.part} {noun}", "nationality")
    return label


def noun_key(token: Token) -> str:
    return token.text if token.text in NOUNS else token.lower


def _split_modifiers(inner: list[Token], noun: str) -> tuple[list[Label], list[Token]]:
    """The parts that words before a noun name, and the words that are left of them."""
    if any(each.lower in {"and", "or"} for each in inner):
        words = {each.lower for each in inner}
        if words & {"adult", "female", "male", "child"} and not words & {"sex", "labor"}:
            # `adult and child victims` is everybody.
            return [], inner
    labels: list[Label] = []
    left: list[Token] = []
    index = 0
    while index < len(inner):
        found = label_at(inner, index, len(inner), noun)
        if found is None:
            left.append(inner[index])
            index += 1
            continue
        label, index = found
        if label is not None:
            labels = joined(labels, label)
        else:
            left.append(inner[index - 1])
    # The rest of `sex trafficking` without the exploitation.
    return labels, [each for each in left if each.is_word or each.text in {"-", ","}]


MAX_MODIFIERS = 14
STOPS = word_set("phrases_stops")
ADJECTIVAL = word_set("phrases_adjectival")


def noun_phrase(tokens: Sequence[Token], at: int, end: int) -> NounPhrase | None:
    """The noun phrase that begins at a token; None where no noun follows the number."""
    head = _head(tokens, at, end)
    return phrase_to(tokens, at, head) if head is not None else None


def _head(tokens: Sequence[Token], at: int, end: int) -> int | None:
    """The place of the phrase's noun: the last noun before a word that ends the phrase."""
    found = None
    index = at
    limit = min(end, at + MAX_MODIFIERS)
    while index < limit:
        token = tokens[index]
        word = token.lower
        if noun_key(token) in NOUNS and not _is_modifier_noun(tokens, index, limit):
            found = index
            following = _continued(tokens, index + 1, limit)
            if following is None:
                break
            index = following
            continue
        if not token.is_word:
            if (
                token.text in {",", "/", "“", '"', "”", "-", "+", "\u2019", "'"}
                and found is None
                and index > at
            ):
                index += 1
                continue
            break
        if is_number(token):
            break
        if word in STOPS or word in AUXILIARIES:
            break
        is_verb = word in VERBS and VERBS[word][1] in {"past", "gerund", "present"}
        if is_verb and not (word in ADJECTIVAL and _leads_to_noun(tokens, index + 1, limit)):
            break
        if word in PAST_SPEECH and word not in ADJECTIVAL:
            break
        if word in {"and", "or"} and (index == at or (
            found is None and not _leads_to_noun(tokens, index + 1, limit)
        )):  # fmt: skip
            break
        index += 1
    return found


def is_number(token: Token) -> bool:
    """Return whether a token is a number or begins with one in words."""
    return token.text[0].isdigit() or token.lower.split("-")[0] in SMALL


def _continued(tokens: Sequence[Token], at: int, limit: int) -> int | None:
    """Return where the phrase goes on after a noun: `victims and potential victims`; None at its
    end.
    """
    if at >= limit:
        return None
    word = tokens[at].lower
    if word in {"and", "or"} and _leads_to_person(tokens, at + 1, limit):
        return at + 1
    before = tokens[at - 1].lower
    if word == "," and before in PERSON_NOUNS and before not in {"victims", *SELF_PARTS}:
        return _listed(tokens, at + 1, limit + 8)
    if noun_key(tokens[at]) in NOUNS and tokens[at].is_word and before != "victims":
        return at
    if word == "-" and at + 1 < limit and noun_key(tokens[at + 1]) in NOUNS:
        return at + 1
    return None


def _listed(tokens: Sequence[Token], at: int, limit: int) -> int | None:
    """The last noun of `police officers, prosecutors, and judges`; None if it is no list."""
    seen_and, last = False, None
    for index in range(at, min(limit, len(tokens))):
        token, word = tokens[index], tokens[index].lower
        if is_number(token) or word in STOPS or (word in VERBS and word not in ADJECTIVAL):
            break
        if not token.is_word and token.text != ",":
            break
        seen_and = seen_and or word == "and"
        if noun_key(token) in NOUNS and NOUNS[noun_key(token)] in PERSON_NOUNS:
            last = index
            if seen_and:
                return last
    return None


def _leads_to_noun(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Return whether a noun follows before anything that ends a phrase."""
    for index in range(at, min(limit, at + 7)):
        token = tokens[index]
        if is_number(token):
            return False
        if noun_key(token) in NOUNS:
            return True
        if not token.is_word and token.text not in {",", "/", "“", "”", '"'}:
            return False
        word = token.lower
        if word in STOPS or (word in VERBS and word not in ADJECTIVAL):
            return False
    return False


def _leads_to_person(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Return whether a coordinated noun for persons follows, not a new subject with its verb."""
    for index in range(at, min(limit, at + 5)):
        token = tokens[index]
        word = token.lower
        if is_number(token):
            return False
        if not token.is_word or word in STOPS or (word in VERBS and word not in ADJECTIVAL):
            return word in {"their"} and _leads_to_person(tokens, index + 1, limit)
        if noun_key(token) in NOUNS:
            following = tokens[index + 1] if index + 1 < len(tokens) else None
            if following and (following.lower in AUXILIARIES or _is_verb(following)):
                # `victims and NGOs assisted` begins a clause, `men and women were` does not.
                return following.lower in {"were", "was", "identified", "assisted", "in"} and (
                    NOUNS[noun_key(token)] in SELF_PARTS
                )
            return NOUNS[noun_key(token)] in PERSON_NOUNS
    return False


def _is_verb(token: Token) -> bool:
    return token.lower in VERBS or token.lower in SPEECH


def _is_modifier_noun(tokens: Sequence[Token], index: int, limit: int) -> bool:
    """Return whether a noun only modifies the next one, as `child` in `child victims`."""
    if index + 1 >= limit:
        return False
    token, following = tokens[index], tokens[index + 1]
    if token.lower in {"victims", "persons", "individuals"}:
        return False
    if following.lower in {"and", "or"} and token.lower in {"adult", "child", "female", "male"}:
        return _leads_to_noun(tokens, index + 2, limit)
    if not following.is_word or following.lower in STOPS or following.lower in {"and", "or"}:
        return False
    if noun_key(following) in NOUNS:
        return True
    known = following.lower in EXPLOITATION | EXPLOITATION_MODIFIERS | STATUS_WORDS | ADJECTIVAL
    return (known or following.lower in SEX_WORDS or not _is_verb(following)) and (
        _leads_to_noun(tokens, index + 1, limit)
    )
