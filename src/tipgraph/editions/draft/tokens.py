"""Words, numbers and marks of a sentence, with their places."""

import re
from dataclasses import dataclass
from functools import cached_property

from tipgraph.editions.pin import SentenceSpan

# A number with its separators, a word with its hyphens and apostrophes, or a single mark. Each
# alternative begins with another kind of character, so that nothing is tried twice.
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[-'’‑][^\W\d_]+)*|\S")  # noqa: RUF001
HYPHENS = "-‑"  # noqa: RUF001
DASHES = "—–"  # noqa: RUF001


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


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text: its name, its place, its paragraph, counted from 1, and the text."""

    name: str
    start: int
    end: int
    paragraph: int
    text: str

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    @cached_property
    def tokens(self) -> list[Token]:
        return tokenize(self.text, self.start, self.end)

    def quote(self, first: int, last: int) -> str:
        """The text of the tokens from the first up to the last, this one included."""
        return self.text[self.tokens[first].start : self.tokens[last].end]


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """The tokens between two places of a text."""
    return [
        Token(found[0], found[0].lower(), found.start(), found.end())
        for found in TOKEN.finditer(text, start, end)
    ]


def sentences_of(text: str, spans: dict[str, SentenceSpan]) -> list[Sentence]:
    """The sentences of a text in order, by the spans of their names."""
    return [Sentence(name, *span, text) for name, span in spans.items()]
