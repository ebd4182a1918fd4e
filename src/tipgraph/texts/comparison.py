"""Comparison of a text with the pinned one, by the digests and quotes that the graph has of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tipgraph.texts.pinned_text import Quote, Source, digest


@dataclass(frozen=True)
class Mismatch:
    """A difference between a text and its description in the graph.

    `sentence` is the name of the sentence at the difference, or `end`. `thing` is the IRI of the
    text, the sentence or the quote that differs. `offset` counts code points from 0.
    """

    sentence: str
    offset: int
    problem: str
    thing: str = ""


def check(source: Source, content: bytes) -> list[Mismatch]:
    """Return the differences between a text and its description in the graph, in text order.

    For a text other than the pinned one, only the first difference of each sentence is returned,
    since one added or missing character shifts everything after it.
    """
    text = content.decode("utf-8")
    found = _misplaced(source, text)
    if digest(content) == source.sha256:
        return found
    firsts = {mismatch.sentence: mismatch for mismatch in reversed(found)}
    return [_changed(source, text, found), *reversed(firsts.values())]


def first_difference(source: Source, text: str) -> str:
    """Return the first place where a text differs from the pinned one: sentence, line, problem."""
    for each in _misplaced(source, text):
        return f"{each.sentence}, line {_line(text, each.offset)}: {each.problem}"
    return "no sentence and no quote shows where"


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _misplaced(source: Source, text: str) -> list[Mismatch]:
    found = [*_misplaced_sentences(source, text), *_misplaced_quotes(source, text)]
    return sorted(found, key=lambda mismatch: mismatch.offset)


def _changed(source: Source, text: str, found: list[Mismatch]) -> Mismatch:
    reason = "the text is not the pinned one: its SHA-256 differs"
    if len(text) != source.length:
        reason += f", and it has {len(text)} code points instead of {source.length}"
    if not found:
        return Mismatch("", 0, f"{reason}; no sentence and no quote shows where", source.iri)
    first = found[0]
    where = f"the first difference is in line {_line(text, first.offset)}"
    return Mismatch(first.sentence, first.offset, f"{reason}; {where}", first.thing)


def _misplaced_sentences(source: Source, text: str) -> Iterator[Mismatch]:
    end = 0
    for sentence in source.sentences:
        name, start, iri = sentence.name, sentence.start, sentence.iri
        gap, words = text[end:start], text[start : sentence.end]
        if gap.strip():
            yield Mismatch(name, end, f"{gap.strip()!r} before it is in no sentence", iri)
        if not words or words != words.strip():
            yield Mismatch(name, start, "it does not begin or end at its offsets", iri)
        elif sentence.sha256 not in (None, digest(words.encode())):
            yield Mismatch(name, start, "its words differ from the pinned ones", iri)
        end = sentence.end
    if text[end:].strip():
        left = text[end:].strip()[:40]
        yield Mismatch("end", end, f"{left!r} is in no sentence", source.iri)


def _misplaced_quotes(source: Source, text: str) -> Iterator[Mismatch]:
    spans = {sentence.name: (sentence.start, sentence.end) for sentence in source.sentences}
    for quote in source.quotes:
        span = spans.get(quote.sentence)
        problem = _quote_problem(quote, span, text) if span else None
        if problem:
            difference = f"the quote {quote.exact!r} {problem}"
            yield Mismatch(quote.sentence, quote.start, difference, quote.iri)


def _quote_problem(quote: Quote, span: tuple[int, int], text: str) -> str | None:
    first = text.find(quote.whole)
    start = first + len(quote.prefix)
    end = start + len(quote.exact)
    if (quote.start, quote.end) != span:
        return "has other offsets than its sentence"
    if first < 0:
        return "is not in the text with its prefix and suffix"
    if text.find(quote.whole, first + 1) >= 0:
        return "is in the text more than once, even with its prefix and suffix"
    if start < span[0] or end > span[1]:
        return f"is outside its sentence, at {start}"
    if _within_word(text, start) or _within_word(text, end):
        return "begins or ends within a word"
    return None


def _within_word(text: str, offset: int) -> bool:
    return text[max(offset - 1, 0) : offset].isalnum() and text[offset : offset + 1].isalnum()
