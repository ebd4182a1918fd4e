"""The first place where a text differs from the pinned one, which nobody here has.

The graph has the SHA-256 of the text and of each sentence. So a difference of one character is
found by trial: the change is undone at each place and with each likely character, until the digest
of the sentence is the pinned one. That takes some ten thousand digests.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tipgraph.text import plural
from tipgraph.texts.pinned_text import Sentence, Source, digest

WHITE_SPACE = (" ", "\n", "\t", "\r", "\u00a0", "\u2009", "\u202f", "\u3000", "\ufeff")
# What a text in a Latin script may contain; what this text contains is tried first.
LIKELY = (
    *map(chr, range(0x20, 0x7F)),
    *"\n\t\r\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u20ac\u00a0\u2011\u2212\u202f\u2009\ufeff",
    *map(chr, range(0xA0, 0x180)),
)
# The most code points that a sentence is searched with, and is searched for before or after.
LONGEST, FARTHEST = 4_000, 50_000
SHOWN = 40


@dataclass(frozen=True)
class Difference:
    """The first place where a text differs from the pinned one.

    `sentence` is the name of the sentence there, or of the next one, or `end`; `thing` is its IRI.
    `offset` counts the code points of the text from 0, `line` and `column` count from 1. `is_only`
    is true where nothing else differs.
    """

    sentence: str
    thing: str
    offset: int
    line: int
    column: int
    problem: str
    is_only: bool = False

    @property
    def position(self) -> str:
        return f"line {self.line}, column {self.column}"

    @property
    def place(self) -> str:
        return f"{self.sentence}, {self.position}" if self.sentence else self.position


class Edit(NamedTuple):
    """A change of one character: at an offset, `wrong` is in the place of `right`.

    One of the two is empty where a character is too many or missing.
    """

    offset: int
    wrong: str
    right: str

    def undone(self, text: str) -> str:
        return text[: self.offset] + self.right + text[self.offset + len(self.wrong) :]

    @property
    def problem(self) -> str:
        if not self.right:
            return f"{self.wrong!r} is one character too many"
        if not self.wrong:
            return f"{self.right!r} is missing"
        return f"{self.wrong!r} instead of {self.right!r}"


def first_difference(source: Source, text: str) -> Difference | None:
    """The first place where a text differs, by the digests of the sentences.

    None where a sentence before it has no digest. The text is known to differ.
    """
    before = 0
    for sentence in source.sentences:
        if sentence.sha256 is None:
            return None
        words = text[sentence.start : sentence.end]
        if digest(words.encode()) != sentence.sha256:
            return _of_sentence(source, text, sentence, before)
        before = sentence.end
    return _between_sentences(source, text)


def difference(
    text: str, sentence: str, thing: str, offset: int, problem: str, is_only: bool = False
) -> Difference:
    """The difference at an offset of the text, with its line and column."""
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    return Difference(sentence, thing, offset, line, column, problem, is_only)


def _of_sentence(source: Source, text: str, sentence: Sentence, before: int) -> Difference:
    """The difference in a sentence, or between it and the end of the sentence before."""

    def at(offset: int, problem: str, is_only: bool = False) -> Difference:
        return difference(text, sentence.name, sentence.iri, offset, problem, is_only)

    shift = _shift(text, sentence)
    if not shift:
        edit = _edit_in_sentence(source, text, sentence)
        if edit is None:
            return at(sentence.start, _differing(source, text, sentence))
        return at(edit.offset, edit.problem, digest(edit.undone(text).encode()) == source.sha256)
    edit = _confirmed(source, text, _edits_between(text, before, sentence.start, shift))
    if edit is not None:
        return at(edit.offset, f"before it, {edit.problem}", is_only=True)
    return at(before, f"before it, {_shifted(text[before : sentence.start + shift], shift)}")


def _between_sentences(source: Source, text: str) -> Difference:
    """The difference outside all sentences, each of which is where it should be."""
    ends = [0, *(sentence.end for sentence in source.sentences)]
    starts = [*(sentence.start for sentence in source.sentences), len(text)]
    following = [*((each.name, each.iri) for each in source.sentences), ("end", source.iri)]
    shift = len(text) - source.length
    for end, start, (name, iri) in zip(ends, starts, following, strict=True):
        # A character more or less would move the sentences behind it.
        if shift == 0 or name == "end":
            edit = _confirmed(source, text, _edits_between(text, end, start - shift, shift))
            if edit is not None:
                return difference(text, name, iri, edit.offset, edit.problem, is_only=True)
        elif text[end:start].strip():
            return difference(text, name, iri, end, f"{text[end:start].strip()!r} before it")
    if shift:
        problem = _shifted(text[ends[-1] :], shift)
        return difference(text, "end", source.iri, ends[-1], problem)
    return difference(text, "", source.iri, ends[1], "the white space between sentences differs")


def _shift(text: str, sentence: Sentence) -> int:
    """By how many code points the words of the sentence are later, 0 where they are nowhere."""
    most = min(len(text) - sentence.end, FARTHEST)
    for shift in sorted(range(-min(sentence.start, FARTHEST), most + 1), key=abs):
        words = text[sentence.start + shift : sentence.end + shift]
        if digest(words.encode()) == sentence.sha256:
            return shift
    return 0


def _shifted(between: str, shift: int) -> str:
    if shift < 0:
        return f"{-shift} {'character is' if shift == -1 else 'characters are'} missing"
    excerpt = between.strip() or between
    return f"{plural(shift, 'character')} too many in {excerpt[:SHOWN]!r}"


def _edits_between(text: str, end: int, start: int, shift: int) -> Iterator[Edit]:
    """The edits of white space from one sentence's end to the next one's start.

    `start` is where the next one should start, and `shift` how many code points later it does.
    """
    places = range(end, start)
    match shift:
        case 0:
            yield from (Edit(at, text[at], right) for at in places for right in WHITE_SPACE)
        case 1:
            yield from (Edit(at, text[at], "") for at in range(end, start + 1))
        case -1:
            yield from (Edit(at, "", right) for at in places for right in WHITE_SPACE)


def _confirmed(source: Source, text: str, edits: Iterable[Edit]) -> Edit | None:
    """The first edit that makes the text the pinned one."""
    for edit in edits:
        if digest(edit.undone(text).encode()) == source.sha256:
            return edit
    return None


def _edit_in_sentence(source: Source, text: str, sentence: Sentence) -> Edit | None:
    """The edit of one character that makes the sentence the pinned one."""
    start, end = sentence.start, sentence.end
    if sentence.sha256 is None or end - start > LONGEST:
        return None
    wanted = bytes.fromhex(sentence.sha256)
    quoted = (quote.whole for quote in source.quotes)
    common = (each for each, _ in Counter("".join([text, *quoted])).most_common())
    letters = list(dict.fromkeys([*common, *LIKELY]))
    length = len(text) - source.length
    ways: list[tuple[bool, int, int, Sequence[str]]] = [
        (length != 1, end + 1, 1, [""]),
        (length != 0, end, 1, letters),
        (length != -1, end - 1, 0, letters),
    ]
    # What the length of the text suggests comes first.
    for _, stop, width, put in sorted(ways, key=lambda way: way[0]):
        edit = _search(text[start:stop], width, put, wanted)
        if edit is not None:
            return Edit(start + edit.offset, edit.wrong, edit.right)
    return None


def _search(words: str, width: int, letters: Iterable[str], wanted: bytes) -> Edit | None:
    """The edit that gives words the wanted digest: `width` characters become one of the letters."""
    from hashlib import sha256

    parts = [
        (offset, sha256(words[:offset].encode()), words[offset + width :].encode())
        for offset in range(len(words) + 1 - width)
    ]
    for letter in letters:
        encoded = letter.encode(errors="surrogatepass")
        for offset, before, after in parts:
            tried = before.copy()
            tried.update(encoded + after)
            if tried.digest() == wanted:
                return Edit(offset, words[offset : offset + width], letter)
    return None


def _differing(source: Source, text: str, sentence: Sentence) -> str:
    """That the words of a sentence differ, with the first quote that is not in the text."""
    problem = f"its words, at offsets {sentence.start} to {sentence.end}, differ"
    for quote in source.quotes:
        if quote.sentence == sentence.name and quote.whole not in text:
            return f"{problem}; the quote {quote.exact!r} is missing there"
    return problem
