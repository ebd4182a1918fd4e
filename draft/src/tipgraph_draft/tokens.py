"""Words, numbers and marks of a sentence, with their places."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

# A number with its separators, a word with its hyphens and apostrophes, or a single mark. Each
# alternative begins with another kind of character, so that nothing is tried twice.
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[-'’‑][^\W\d_]+)*|\S")  # noqa: RUF001
# Marks that join one word, as tokens divide it and as it is written.
SPACES = (
    (" ,", ","),
    (" .", "."),
    (" - ", "-"),
    (" / ", "/"),
    (" \u2019 ", "\u2019"),
    (" '", "'"),
    (" \u2019", "\u2019"),
)
HYPHENS = "-‑"  # noqa: RUF001
DASHES = "—–"  # noqa: RUF001
# A quote is a phrase, and no more of a source than that.
MAX_QUOTED_WORDS = 12


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark; `start` and `end` are code points of the text."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def is_capitalised(self) -> bool:
        return self.text[0].isupper()


def word_at(tokens: Sequence[Token], at: int) -> str:
    """The word at a place in lower case, empty where there is none."""
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def words_at(tokens: Sequence[Token], first: int, end: int) -> list[str]:
    """The words from a place to another in lower case, empty where there is none."""
    return [word_at(tokens, at) for at in range(first, end)]


def place_of(tokens: Sequence[Token], words: Container[str], start: int) -> int:
    """The first place of one of the words from a place on; the end where there is none."""
    at = start
    while at < len(tokens) and tokens[at].lower not in words:
        at += 1
    return at


def word_count(tokens: Sequence[Token], first: int, last: int) -> int:
    """The number of words from one token to another, as white space divides them."""
    return 1 + sum(tokens[at].start > tokens[at - 1].end for at in range(first + 1, last + 1))


def spaced(words: Sequence[str]) -> str:
    """Words joined as they are written: no space before a comma or around a hyphen."""
    text = " ".join(words)
    for before, after in SPACES:
        text = text.replace(before, after)
    return text


def without_ends(
    words: Sequence[str], last: Container[str], first: Container[str] = ()
) -> list[str]:
    """The words without those at the end, and at the beginning, that are left out there."""
    start, end = 0, len(words)
    while end > start and words[end - 1].lower() in last:
        end -= 1
    while start < end and words[start].lower() in first:
        start += 1
    return list(words[start:end])


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """The tokens between two places of a text."""
    return [
        Token(found[0], found[0].lower(), found.start(), found.end())
        for found in TOKEN.finditer(text, start, end)
    ]
