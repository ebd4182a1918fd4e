"""Noun phrases that count something: their wording, and the parts that their words name."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipgraph_draft.labels import NATIONAL_NOUNS, Label, coordinated_sexes, joined, label_at
from tipgraph_draft.numerals import SMALL
from tipgraph_draft.tokens import Token, words_at
from tipgraph_draft.words import (
    AUXILIARIES,
    EXPLOITATION,
    EXPLOITATION_MODIFIERS,
    NOUNS,
    PAST_SPEECH,
    PERSON_NOUNS,
    PRESUMED,
    QUALIFIERS,
    SELF_PARTS,
    SEX_AND_AGE,
    SEX_WORDS,
    SPEECH,
    STATUS_WORDS,
    VERBS,
    word_set,
)

MAX_MODIFIERS = 14
STOPS = word_set("phrases_stops")
ADJECTIVAL = word_set("phrases_adjectival")
# Marks within the words before a noun.
MARKS = {",", "/", "“", '"', "”", "-", "+", "\u2019", "'"}
MODIFIERS = EXPLOITATION | EXPLOITATION_MODIFIERS | STATUS_WORDS | ADJECTIVAL | SEX_WORDS.keys()


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
    labels: tuple[Label, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(self.words).replace(" ,", ",")

    @property
    def is_presumed(self) -> bool:
        return bool(PRESUMED & {*self.words})


def noun_phrase(tokens: Sequence[Token], at: int, end: int) -> NounPhrase | None:
    """The noun phrase that begins at a token; None where no noun follows the number."""
    head = _head(tokens, at, end)
    if head is None:
        return None
    noun = NOUNS[_key(tokens[head])]
    is_person = noun in PERSON_NOUNS
    inner = list(tokens[at:head])
    labels, left = _modifiers(inner, noun) if is_person else ([], inner)
    words = [each.text for each in left if each.is_word or (is_person and each.text in {"-", ","})]
    # `women and girls` may be all of the phrase.
    is_pair = head - 2 == at and {tokens[at].lower, tokens[head].lower} <= SEX_AND_AGE.keys()
    pair = coordinated_sexes(tokens, at, head + 1) if is_pair else None
    counted = "victims"
    if pair is not None:
        labels, words = [pair[0]], []
    elif is_person and noun in SELF_PARTS:
        labels = joined(labels, Label(*SELF_PARTS[noun]))
    elif noun in NATIONAL_NOUNS and labels:
        # `foreign nationals` keep their noun; the name of a country does without one.
        part, axis = labels[-1].part, labels[-1].axis
        is_word = part == "foreign" or "-" in part or part.isupper()
        named = f"{part} {noun}" if axis == "nationality" and is_word else part
        labels = [*labels[:-1], Label(named, axis)]
    elif noun in NATIONAL_NOUNS:
        labels, words = [Label(" ".join([*words, noun]), "nationality")], []
    else:
        counted = noun
    return NounPhrase(at, head, noun, is_person, (*words, counted), tuple(labels))


def _key(token: Token) -> str:
    return token.text if token.text in NOUNS else token.lower


def _modifiers(inner: list[Token], noun: str) -> tuple[list[Label], list[Token]]:
    """The parts that words before a noun name, and the words that are left of them."""
    words = {each.lower for each in inner}
    is_everybody = words & {"and", "or"} and words & {"adult", "female", "male", "child"}
    if is_everybody and not words & {"sex", "labor"}:
        # `adult and child victims`
        return [], inner
    labels: list[Label] = []
    left: list[Token] = []
    index = 0
    while index < len(inner):
        found = label_at(inner, index, len(inner), noun)
        label, following = found or (None, index + 1)
        if label is not None:
            labels = joined(labels, label)
        else:
            left.append(inner[following - 1])
        index = following
    return labels, left


def _head(tokens: Sequence[Token], at: int, end: int) -> int | None:
    """The place of the phrase's noun: the last noun before a word that ends the phrase."""
    found, index, limit = None, at, min(end, at + MAX_MODIFIERS)
    while index < limit:
        token, word = tokens[index], tokens[index].lower
        if _key(token) in NOUNS and not _is_modifier_noun(tokens, index, limit):
            found = index
            following = _continued(tokens, index + 1, limit)
            if following is None:
                break
            index = following
            continue
        if not token.is_word:
            if token.text not in MARKS or found is not None or index == at:
                break
        elif word in {"and", "or"}:
            if index == at or (found is None and not _leads_to_noun(tokens, index + 1, limit)):
                break
        elif is_number(token) or word in STOPS or word in AUXILIARIES:
            break
        elif word in ADJECTIVAL:
            is_verb = VERBS.get(word, ("", "base"))[1] != "base"
            if is_verb and not _leads_to_noun(tokens, index + 1, limit):
                break
        elif VERBS.get(word, ("", "base"))[1] != "base" or word in PAST_SPEECH:
            break
        index += 1
    return found


def qualifier_before(tokens: Sequence[Token], number: int) -> tuple[int, str]:
    """Return where a number begins with its qualifier, such as `at least`, and the qualifier."""
    for size in (3, 2, 1):
        words = tuple(words_at(tokens, number - size, number))
        if number >= size and words in QUALIFIERS:
            return number - size, QUALIFIERS[words]
    return number, ""


def is_number(token: Token) -> bool:
    """Return whether a token is a number or begins with one in words."""
    return token.text[0].isdigit() or token.lower.split("-")[0] in SMALL


def _continued(tokens: Sequence[Token], at: int, limit: int) -> int | None:
    """Return where the phrase goes on after a noun: `victims and potential victims`.

    None at its end.
    """
    if at >= limit:
        return None
    word, before = tokens[at].lower, tokens[at - 1].lower
    if word in {"and", "or"} and _leads_to_person(tokens, at + 1, limit):
        return at + 1
    if word == "," and before in PERSON_NOUNS and before not in {"victims", *SELF_PARTS}:
        return _listed(tokens, at + 1, limit + 8)
    is_noun = _key(tokens[at]) in NOUNS and tokens[at].is_word
    return at if is_noun and before != "victims" else None


def _listed(tokens: Sequence[Token], at: int, limit: int) -> int | None:
    """The last noun of `police officers, prosecutors, and judges`; None if it is no list."""
    seen_and = False
    for index in range(at, min(limit, len(tokens))):
        token = tokens[index]
        if _ends(token) or (not token.is_word and token.text != ","):
            return None
        seen_and = seen_and or token.lower == "and"
        if seen_and and NOUNS.get(_key(token)) in PERSON_NOUNS:
            return index
    return None


def _ends(token: Token) -> bool:
    """Return whether a word ends a phrase: a number, a preposition, a verb."""
    word = token.lower
    return is_number(token) or word in STOPS or (word in VERBS and word not in ADJECTIVAL)


def _leads_to_noun(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Return whether a noun follows before anything that ends a phrase."""
    for token in tokens[at : min(limit, at + 7)]:
        if _key(token) in NOUNS and not is_number(token):
            return True
        if _ends(token) or (not token.is_word and token.text not in {",", "/", "“", "”", '"'}):
            return False
    return False


def _leads_to_person(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Return whether a coordinated noun for persons follows, not a new subject with its verb."""
    for index in range(at, min(limit, at + 5)):
        token = tokens[index]
        if token.lower == "their":
            continue
        if not token.is_word or _ends(token):
            return False
        if _key(token) in NOUNS:
            noun = NOUNS[_key(token)]
            following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
            if following in AUXILIARIES or following in VERBS or following in SPEECH:
                # `victims and NGOs assisted` begins a clause, `men and women were` does not.
                goes_on = following in {"were", "was", "identified", "assisted", "in"}
                return goes_on and noun in SELF_PARTS
            return noun in PERSON_NOUNS
    return False


def _is_modifier_noun(tokens: Sequence[Token], index: int, limit: int) -> bool:
    """Return whether a noun only modifies the next one, as `child` in `child victims`."""
    if index + 1 >= limit or tokens[index].lower in {"victims", "persons", "individuals"}:
        return False
    token, following = tokens[index], tokens[index + 1]
    word = following.lower
    if word in {"and", "or"}:
        is_pair = token.lower in {"adult", "child", "female", "male"}
        return is_pair and _leads_to_noun(tokens, index + 2, limit)
    if not following.is_word or word in STOPS:
        return False
    if _key(following) in NOUNS:
        return True
    is_verb = word in VERBS or word in SPEECH
    return (word in MODIFIERS or not is_verb) and _leads_to_noun(tokens, index + 1, limit)
