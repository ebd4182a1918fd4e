"""The words that a row quotes: a phrase that is unique in its sentence."""

import re
from dataclasses import dataclass

from tipgraph_draft.document import Finding
from tipgraph_draft.tokens import MAX_QUOTED_WORDS, Token, word_count
from tipgraph_draft.words import word_set

# No quote has more tokens than this after its place, which keeps long sentences cheap.
MAX_QUOTED_TOKENS = 3 * MAX_QUOTED_WORDS
# Kinds whose quote is a statement in words: a phrase that is cut may state something else.
WORDED = {"claim", "non-report", "absence"}
# The ends of a phrase: marks and words that begin another clause, or a phrase of its own.
MARKS = {",", ";", ":", ".", "?", "!", "(", ")", "—", "\u2013"}
CLAUSE_WORDS = word_set("quotes_clause_words")
PREPOSITIONS = word_set("quotes_prepositions")
ANOTHER_CLAUSE = word_set("quotes_another_clause")
PLURAL = re.compile(r"[a-z-]{2,}[^su\W]s")
MIN_PHRASE = 3


@dataclass(frozen=True)
class Quote:
    """The quote of a finding and its place in the text."""

    start: int
    end: int
    text: str


def quote_of(finding: Finding) -> Quote | None:
    """At most twelve words around the finding's place, unique in its sentence; None if none are."""
    tokens = finding.sentence.tokens
    anchor = next((at for at, each in enumerate(tokens) if each.end > finding.place), None)
    if anchor is None:
        return None
    first = max(0, min(finding.first, anchor))
    whole = min(max(finding.last, anchor), len(tokens) - 1)
    last = min(whole, anchor + MAX_QUOTED_TOKENS)
    while word_count(tokens, first, last) > MAX_QUOTED_WORDS and (first < anchor or last > anchor):
        if last - anchor >= anchor - first:
            last -= 1
        else:
            first += 1
    if finding.kind in WORDED:
        last = _phrase_end(tokens, anchor, last, is_cut=last < whole)
    last = _trimmed(tokens, anchor, last)
    while first < anchor and tokens[first].text in {",", ";", ":", ")", ".", "—", "\u2013"}:
        first += 1
    words, text = finding.sentence.words, finding.sentence.text
    right = True
    while not _is_unique(words, text[tokens[first].start : tokens[last].end]):
        grown = (first, last + 1) if right and last + 1 < len(tokens) else (first - 1, last)
        right = not right
        if grown[0] < 0:
            grown = (first, last + 1)
        if grown[1] >= len(tokens) or word_count(tokens, *grown) > MAX_QUOTED_WORDS:
            return None
        first, last = grown
    if word_count(tokens, first, last) > MAX_QUOTED_WORDS:
        return None
    return Quote(
        tokens[first].start, tokens[last].end, text[tokens[first].start : tokens[last].end]
    )


def _phrase_end(tokens: list[Token], anchor: int, last: int, is_cut: bool) -> int:
    """The last token of the last phrase that is complete before a place.

    A phrase that restricts what is before it stays with it: `lacked space for men`. Of one that
    does not fit, as much stays as ends in a plural; else the quote ends before it. A clause that
    only follows after a comma is left out.
    """
    least = min(anchor + MIN_PHRASE, last)
    for at in range(least, last):
        if tokens[at].text == "," and tokens[at + 1].lower in ANOTHER_CLAUSE:
            return at - 1
    if not is_cut:
        return last
    for at in range(last, least, -1):
        if tokens[at + 1].lower in MARKS | CLAUSE_WORDS:
            return at
    for at in range(last, least, -1):
        if tokens[at + 1].lower in PREPOSITIONS or PLURAL.fullmatch(tokens[at].lower):
            return at
    return last


def _trimmed(tokens: list[Token], anchor: int, last: int) -> int:
    """The last token without marks and small words at the end."""
    while last > anchor and (
        not (tokens[last].is_word or tokens[last].text[0].isdigit() or tokens[last].text in ")%")
        or tokens[last].lower in {"and", "the", "of", "in", "to", "a", "for", "were", "was"}
    ):
        last -= 1
    return last


def _is_unique(words: str, quote: str) -> bool:
    first = words.find(quote)
    return first >= 0 and words.find(quote, first + 1) < 0
