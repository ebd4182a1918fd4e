"""A sentence with the phrases that are quoted from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol


class Phrase(Protocol):
    """A quoted phrase, with the words before and after it."""

    @property
    def prefix(self) -> str: ...

    @property
    def exact(self) -> str: ...

    @property
    def suffix(self) -> str: ...


@dataclass(frozen=True)
class Highlighted:
    """A text and the spans of it that are highlighted: start and end, in code points.

    The spans are in order, and neither overlap nor touch.
    """

    text: str
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def parts(self) -> Iterator[tuple[str, bool]]:
        """The text in parts that are not empty, each with whether it is highlighted."""
        end = 0
        for start, stop in self.spans:
            if start > end:
                yield self.text[end:start], False
            yield self.text[start:stop], True
            end = stop
        if self.text[end:]:
            yield self.text[end:], False

    @property
    def phrases(self) -> tuple[str, ...]:
        """The highlighted parts."""
        return tuple(self.text[start:stop] for start, stop in self.spans)


def highlight(sentence: str, phrases: Iterable[Phrase]) -> Highlighted:
    """The sentence with those phrases highlighted that are in it; those that overlap merge."""
    found = sorted(span for each in phrases if (span := _span(sentence, each)))
    merged: list[tuple[int, int]] = []
    for start, stop in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return Highlighted(sentence, tuple(merged))


def _span(sentence: str, phrase: Phrase) -> tuple[int, int] | None:
    """Return the start and end of the phrase between its prefix and its suffix.

    These may begin in the sentence before and end in the next one.
    """
    if not phrase.exact:
        return None
    whole = sentence.find(phrase.prefix + phrase.exact + phrase.suffix)
    if whole >= 0:
        start = whole + len(phrase.prefix)
        return start, start + len(phrase.exact)
    start = sentence.find(phrase.exact)
    while start >= 0:
        stop = start + len(phrase.exact)
        before, after = sentence[:start], sentence[stop:]
        if (before.endswith(phrase.prefix) or phrase.prefix.endswith(before)) and (
            after.startswith(phrase.suffix) or phrase.suffix.startswith(after)
        ):
            return start, stop
        start = sentence.find(phrase.exact, start + 1)
    return None
