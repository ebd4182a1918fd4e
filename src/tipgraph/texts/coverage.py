"""Coverage of an edition's sentences by statements, and verification of a text against its pin."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tipgraph import entities, texts
from tipgraph.entities.highlight import Highlighted, highlight
from tipgraph.errors import UsageError
from tipgraph.store.engine import Engine
from tipgraph.texts import AttachedText, pinned_text
from tipgraph.texts import difference as text_difference
from tipgraph.texts.difference import Difference
from tipgraph.texts.pinned_text import Quote, Sentence, Source, digest, read


@dataclass(frozen=True)
class Mismatch:
    """A difference between a text and its description in the graph.

    `thing` is the IRI of the text, the sentence or the quote that differs.
    """

    sentence: str
    offset: int
    problem: str
    thing: str = ""


@dataclass(frozen=True)
class Coverage:
    """The coverage of one source text.

    `texts` has the sentences by IRI, with all quotes highlighted, where texts were asked for and
    this one is attached.
    """

    edition: str
    sentences: tuple[Sentence, ...]
    mismatches: tuple[Mismatch, ...] = ()
    checked: bool = False
    texts: Mapping[str, Highlighted] = field(default_factory=dict)

    @property
    def uncovered(self) -> tuple[Sentence, ...]:
        """The sentences that no statement covers."""
        return tuple(sentence for sentence in self.sentences if not sentence.statements)

    @property
    def complete(self) -> bool:
        """True when every sentence is covered and nothing differs from the text."""
        return bool(self.sentences) and not self.uncovered and not self.mismatches

    def as_dict(self) -> dict[str, Any]:
        content = asdict(self)
        if not self.texts:
            del content["texts"]
        return {**content, "complete": self.complete}


def coverage(
    engine: Engine, edition: str | None = None, text: str | None = None, with_text: bool = False
) -> list[Coverage]:
    """Return the coverage of one edition's source text, or of every edition's.

    `text` is the path of a file to compare with the source of the edition; `with_text` adds the
    sentences of attached texts. Raises UsageError when the edition is unknown, has no source text,
    or is not the only one although a text is given; InputError when the file cannot be read.
    """
    sources = pinned_text.sources(engine, edition)
    attached = texts.attached(engine) if with_text else {}
    if text is None:
        return [_coverage(each, attached) for each in sources]
    if len(sources) > 1:
        names = ", ".join(entities.slug(source.edition) for source in sources)
        raise UsageError(f"name the edition of the text: {names}")
    source, content = sources[0], read(text)
    found = _coverage(source, attached)
    return [replace(found, mismatches=tuple(check(source, content)), checked=True)]


def _coverage(source: Source, attached: Mapping[str, AttachedText]) -> Coverage:
    text = attached.get(source.edition)
    words = text.sentences if text is not None and text.sha256 == source.sha256 else {}
    quotes: dict[str, list[Quote]] = defaultdict(list)
    for quote in source.quotes:
        quotes[quote.sentence].append(quote)
    highlighted = {
        each.iri: highlight(words[each.iri], quotes[each.name])
        for each in source.sentences
        if each.iri in words
    }
    return Coverage(entities.slug(source.edition), source.sentences, texts=highlighted)


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
    return [_changed(source, text), *reversed(firsts.values())]


def first_difference(source: Source, text: str) -> Difference | None:
    """The first place where a text differs from the pinned one, which it is known to do.

    None where neither a sentence nor a quote shows it.
    """
    found = text_difference.first_difference(source, text)
    if found is not None:
        return found
    for each in _misplaced(source, text)[:1]:
        return text_difference.difference(
            text, each.sentence, each.thing, each.offset, each.problem
        )
    return None


def _misplaced(source: Source, text: str) -> list[Mismatch]:
    found = [*_misplaced_sentences(source, text), *_misplaced_quotes(source, text)]
    return sorted(found, key=lambda mismatch: mismatch.offset)


def _changed(source: Source, text: str) -> Mismatch:
    reason = "the text is not the pinned one: its SHA-256 differs"
    if len(text) != source.length:
        reason += f", and it has {len(text)} code points instead of {source.length}"
    first = first_difference(source, text)
    if first is None:
        return Mismatch("", 0, f"{reason}; no sentence and no quote shows where", source.iri)
    reason += f"; the first difference is here, at {first.position}: {first.problem}"
    return Mismatch(first.sentence, first.offset, reason, first.thing)


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
