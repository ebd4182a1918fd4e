"""Pinning of a text: its digest and its sentences as Turtle, without the text itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tipgraph.editions.turtle import plain
from tipgraph.errors import InputError
from tipgraph.texts import digest, read

BYTE_ORDER_MARK = "\ufeff"
# The first words of a sentence, and the word after them.
FIRST_WORDS = re.compile(r"(\S+(?: \S+){0,2})( \S+)?")

# The end of a sentence, with closing quotes and brackets.
SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'\u201d\u2019»)\]]*+(?=\s)")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"\w+")
NOT_SPACE = re.compile(r"\S")
# Characters before a word, and the most letters of a word that can be an abbreviation.
BEFORE_WORD = "([\u201c\u2018\"'«"
LONGEST_ABBREVIATION = 40
# A full stop after one of these does not end a sentence.
ABBREVIATION = re.compile(
    r"approx|cf|col|dr|e\.g|gen|gov|hon|i\.e|incl|lt|mr|mrs|ms|prof|rep|sen|st|vs", re.IGNORECASE
)
# After one of these, it does not end a sentence if a number follows.
BEFORE_NUMBER = re.compile(
    r"arts?|ch|fig|nos?|paras?|pp?|sec|vol"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
    re.IGNORECASE,
)
# After initials (U.S., p.m., J.), it ends a sentence only if a word follows that is not a name.
INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
NOT_A_NAME = re.compile(
    r"an?|the|th(?:is|ese|ose|at|eir|ere|ey|ough)|it|some|many|most|several|each|no"
    r"|as|at|before|after|by|during|for|from|in|of|on|since|to|under|with"
    r"|although|because|both|despite|however|if|moreover|when|while|observers|officials",
    re.IGNORECASE,
)


class SentenceSpan(NamedTuple):
    """The start and end of a sentence in code points, and its paragraph, counted from 1."""

    start: int
    end: int
    paragraph: int


def split_sentences(text: str) -> list[SentenceSpan]:
    """The sentences of a text in order; only white space is between them.

    A paragraph is a line that is not blank.
    """
    found: list[SentenceSpan] = []
    start = paragraph = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            paragraph += 1
            found += (SentenceSpan(start + a, start + b, paragraph) for a, b in _spans(line))
        start += len(line)
    return found


def _spans(line: str) -> Iterator[tuple[int, int]]:
    """The start and end of each sentence in a paragraph."""
    start = _next(line, 0)
    letter = LETTER.search(line, start)
    word = WORD.search(line)
    for mark in SENTENCE_END.finditer(line):
        # The next word is searched once: between two marks there may be none.
        if word is not None and word.start() < mark.end():
            word = WORD.search(line, mark.end())
        if letter is None or word is None:
            break
        if letter.start() < mark.start() and _is_end(line, start, mark, word[0]):
            yield start, mark.end()
            start = _next(line, mark.end())
            letter = LETTER.search(line, start)
    end = len(line.rstrip())
    if start < end:
        yield start, end


def _next(line: str, at: int) -> int:
    """The place of the next character that is no white space, or the end."""
    found = NOT_SPACE.search(line, at)
    return found.start() if found else len(line)


def _is_end(line: str, start: int, mark: re.Match[str], next_word: str) -> bool:
    """Return whether a sentence that begins at `start` ends at the mark."""
    if next_word[0].islower():
        return False
    return not (mark[0][0] == "." and _is_abbreviated(line, start, mark.start(), next_word))


def _last_word(line: str, start: int, end: int) -> str:
    """The letters before a mark, back to a space, a quotation mark or a bracket."""
    at = end
    while at > max(start, end - LONGEST_ABBREVIATION) and not (
        line[at - 1].isspace() or line[at - 1] in BEFORE_WORD
    ):
        at -= 1
    return line[at:end]


def _is_abbreviated(line: str, start: int, end: int, next_word: str) -> bool:
    """Return whether the full stop at `end` belongs to an abbreviation within the sentence."""
    word = _last_word(line, start, end)
    if BEFORE_NUMBER.fullmatch(word):
        return next_word[0].isdigit()
    if INITIALS.fullmatch(word) and not ABBREVIATION.fullmatch(word):
        return not NOT_A_NAME.fullmatch(next_word)
    return bool(ABBREVIATION.fullmatch(word))


@dataclass(frozen=True)
class PinnedText:
    """A text to pin, with its digest and its sentences."""

    text: str

    @cached_property
    def sentences(self) -> dict[str, SentenceSpan]:
        """The sentences by name: S01, S02 and so on."""
        return {f"S{number:02}": each for number, each in enumerate(split_sentences(self.text), 1)}

    @property
    def sha256(self) -> str:
        """The digest of the text in UTF-8."""
        return digest(self.text.encode())

    def turtle(self, prefix: str) -> str:
        """The sentences as Turtle, two lines each; `prefix` is the edition's own."""
        return "\n".join(self._sentence_lines(prefix))

    def example_passage(self, prefix: str, name: str) -> str:
        """Return a passage with a phrase of the text, as an example of a line of Turtle.

        `name` is the passage's prefixed name, `prefix` the edition's own.
        """
        sentence, quote, after = self._example_phrase
        words = f" ; tip:wordsAfter {plain(after)}" if after else ""
        place = f"tip:sentence {prefix}:{sentence} ; tip:words {plain(quote)}{words}"
        return f"{name} a tip:Passage ; {place} ."

    @property
    def _example_phrase(self) -> tuple[str, str, str]:
        """A sentence's name, its first words, and the word after them; unique if possible."""
        phrases = [
            (name, found[1], found[2] or "")
            for name, (start, end, _) in self.sentences.items()
            if (found := FIRST_WORDS.match(self.text, start, end))
        ]
        unique = (each for each in phrases if self.text.count(each[1] + each[2]) == 1)
        return next(unique, phrases[0])

    def _sentence_lines(self, prefix: str) -> Iterator[str]:
        last = max(self.sentences.values())
        offset_width, paragraph_width = len(str(last.end)), len(str(last.paragraph))
        width = max(map(len, self.sentences)) + len(prefix) + 1
        for name, (start, end, paragraph) in self.sentences.items():
            yield (
                f'{prefix + ":" + name:{width}}  a tip:Sentence ; rdfs:label "{name}" ;'
                f" tip:ofText {prefix}:text ; tip:paragraph {paragraph:{paragraph_width}} ;"
                f" oa:start {start:{offset_width}} ; oa:end {end:{offset_width}} ;"
            )
            yield f'{"":{width}}  tip:sha256 "{digest(self.text[start:end].encode())}" .'


def read_text_to_pin(path: str) -> PinnedText:
    """The text of a file. Raises InputError when it cannot be read or has no sentence."""
    pinned = PinnedText(read(path).decode())
    if pinned.text.startswith(BYTE_ORDER_MARK):
        raise InputError(f"{path}: begins with a byte order mark; save it as UTF-8 without one")
    if not pinned.sentences:
        raise InputError(f"{path}: has no sentence")
    return pinned
