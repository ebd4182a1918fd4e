"""A text taken apart into sentences, by paragraphs that are lines and by what ends a sentence."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# What ends a sentence, with the quotes and brackets that close behind it.
END = re.compile(r"[.!?…]+[\"'\u201d\u2019»)\]]*(?=\s)")
LAST_WORD = re.compile(r"[^\s(\[\u201c\u2018\"'«]+\Z")
# A full stop behind one of these ends no sentence,
ABBREVIATION = re.compile(
    r"approx|cf|col|dr|e\.g|gen|gov|hon|i\.e|incl|lt|mr|mrs|ms|prof|rep|sen|st|vs", re.IGNORECASE
)
# behind one of these none that goes on with a number,
OF_A_NUMBER = re.compile(
    r"arts?|ch|fig|nos?|paras?|pp?|sec|vol"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
    re.IGNORECASE,
)
# and behind initials (U.S., p.m., J.) one alone that goes on with a word that is no name.
INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
NO_NAME = re.compile(
    r"an?|the|th(?:is|ese|ose|at|eir|ere|ey|ough)|it|some|many|most|several|each|no"
    r"|as|at|before|after|by|during|for|from|in|of|on|since|to|under|with"
    r"|although|because|both|despite|however|if|moreover|when|while|observers|officials",
    re.IGNORECASE,
)


class Sentence(NamedTuple):
    """Where a sentence stands: offsets in code points, and its paragraph, counted from one."""

    start: int
    end: int
    paragraph: int


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text, in order; between them there is white space alone."""
    found: list[Sentence] = []
    start = paragraph = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            paragraph += 1
            found += (Sentence(start + a, start + b, paragraph) for a, b in _spans(line))
        start += len(line)
    return found


def _spans(line: str) -> Iterator[tuple[int, int]]:
    """The sentences of one paragraph, from their first to behind their last character."""
    begin = len(line) - len(line.lstrip())
    for mark in END.finditer(line):
        if _ends(line[begin : mark.start()], mark[0], line[mark.end() :]):
            yield begin, mark.end()
            begin = len(line) - len(line[mark.end() :].lstrip())
    end = len(line.rstrip())
    if begin < end:
        yield begin, end


def _ends(before: str, mark: str, behind: str) -> bool:
    """Whether a sentence ends at the mark: it says something, and what follows can begin one."""
    follower = re.search(r"\w+", behind)
    if follower is None or follower[0][0].islower() or not any(map(str.isalpha, before)):
        return False
    return not (mark[0] == "." and _abbreviates(before, follower[0]))


def _abbreviates(before: str, follower: str) -> bool:
    """Whether the full stop belongs to an abbreviation and the sentence goes on."""
    found = LAST_WORD.search(before)
    word = found[0] if found else ""
    if OF_A_NUMBER.fullmatch(word):
        return follower[0].isdigit()
    if INITIALS.fullmatch(word) and not ABBREVIATION.fullmatch(word):
        return not NO_NAME.fullmatch(follower)
    return bool(ABBREVIATION.fullmatch(word))
