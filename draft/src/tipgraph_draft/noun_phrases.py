"""Noun phrases that count something: their wording, and the parts that their words name."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tipgraph_draft.labels import NATIONAL_NOUNS, Label, coordinated_sexes, joined, label_at
from tipgraph_draft.tokens import Token
from tipgraph_draft.words import NOUNS, PERSON_NOUNS, PRESUMED, SELF_PARTS, SEX_AND_AGE


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
