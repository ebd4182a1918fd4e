"""Texts of editions, which the graph pins: digest, length, offsets of sentences, short quotes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.entities import editions
from tipgraph.errors import InputError, UsageError
from tipgraph.files import MOST_TEXT, check_length
from tipgraph.store.engine import Engine

# Anything else is not an offset; a shape reports it.
OFFSETS = (
    "FILTER(isNumeric(?start) && DATATYPE(?start) = xsd:integer"
    " && isNumeric(?end) && DATATYPE(?end) = xsd:integer)"
)

# A sentence is covered by a statement that has a speaker and rests on a passage of the sentence; an
# inference of ours does not cover it. The query 'sentences-without-statement' and the shape
# tipsh:Coverage use the same definition; a test holds the three together.
COVERS = (
    "?statement a tip:Statement ; tip:speaker ?speaker ; tip:evidence ?passage ."
    " ?passage tip:sentence ?sentence . FILTER(?speaker != id:tipgraph)"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a source: name, offsets in code points, and the labels of its statements."""

    name: str
    start: int
    end: int
    statements: tuple[str, ...]
    sha256: str | None = None
    iri: str = ""


@dataclass(frozen=True)
class Quote:
    """The quote of a passage, and the offsets of its position selector in code points."""

    sentence: str
    start: int
    end: int
    prefix: str
    exact: str
    suffix: str
    iri: str = ""

    @property
    def whole(self) -> str:
        return self.prefix + self.exact + self.suffix


@dataclass(frozen=True)
class Source:
    """The pinned text of an edition, as the graph describes it."""

    iri: str
    edition: str
    sha256: str
    length: int
    sentences: tuple[Sentence, ...]
    quotes: tuple[Quote, ...]


def sources(engine: Engine, edition: str | None) -> list[Source]:
    if edition is None:
        wanted = set(editions.editions(engine))
    else:
        wanted = {editions.edition(engine, edition).iri}
    sources = [_source(engine, row) for row in pins(engine) if row["edition"] in wanted]
    if not sources:
        raise UsageError("the graph has no source text of that edition")
    return sources


def digest(content: bytes) -> str:
    """Return the SHA-256 in lower-case hexadecimal digits, as the graph has it."""
    from hashlib import sha256

    return sha256(content).hexdigest()


def read(path: str) -> bytes:
    """Return the bytes of a text. Raises InputError as `files.read_text`."""
    try:
        with open(path, "rb") as opened:
            content = opened.read(MOST_TEXT + 1)
        check_length(path, content)
        if content.startswith(b"%PDF-"):
            raise InputError(f"{path}: is a PDF; save its text as UTF-8")
        content.decode("utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 (byte {error.start})") from None
    return content


def pins(engine: Engine) -> Iterable[dict[str, Any]]:
    """Each pinned text, as a `Source` without what is in it."""
    return engine.select(
        "SELECT ?iri ?edition ?sha256 ?length {"
        " ?iri a tip:SourceText ; tip:edition ?edition ; tip:sha256 ?sha256 ;"
        " tip:codePoints ?length } ORDER BY ?edition ?iri"
    )


def _source(engine: Engine, row: dict[str, Any]) -> Source:
    text = NamedNode(row["iri"])
    return Source(**row, sentences=pinned_sentences(engine, text), quotes=_quotes(engine, text))


def pinned_sentences(engine: Engine, text: NamedNode) -> tuple[Sentence, ...]:
    """The sentences of a pinned text, in order, with the statements that cover each."""
    rows = engine.select(
        "SELECT DISTINCT ?name ?start ?end ?sha256 ?sentence ?label {"
        f" ?sentence tip:ofText {text} ; rdfs:label ?name ; oa:start ?start ; oa:end ?end"
        f" {OFFSETS} OPTIONAL {{ ?sentence tip:sha256 ?sha256 }}"
        f" OPTIONAL {{ {COVERS} ?statement rdfs:label ?label }} }} ORDER BY ?start STR(?label)"
    )
    stated: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for *sentence, label in (row.values() for row in rows):
        stated[tuple(sentence)] += [str(label)] if label else []
    return tuple(
        Sentence(name, start, end, tuple(statements), sha256, iri)
        for (name, start, end, sha256, iri), statements in stated.items()
    )


def _quotes(engine: Engine, text: NamedNode) -> tuple[Quote, ...]:
    rows = engine.select(
        "SELECT DISTINCT ?sentence ?start ?end ?prefix ?exact ?suffix (?quote AS ?iri) {"
        f" ?passage oa:hasSource {text} ; tip:sentence/rdfs:label ?sentence ; oa:hasSelector ?at ."
        f" ?at oa:start ?start ; oa:end ?end ; oa:refinedBy ?quote {OFFSETS} ?quote oa:exact ?exact"
        " OPTIONAL { ?quote oa:prefix ?prefix } OPTIONAL { ?quote oa:suffix ?suffix } }"
        " ORDER BY ?start ?exact"
    )
    texts: list[dict[str, Any]] = [{k: "" if v is None else v for k, v in r.items()} for r in rows]
    return tuple(Quote(**each) for each in texts)


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


@dataclass(frozen=True)
class Coverage:
    """The coverage of one source text."""

    edition: str
    sentences: tuple[Sentence, ...]
    mismatches: tuple[Mismatch, ...] = ()
    checked: bool = False

    @property
    def uncovered(self) -> tuple[Sentence, ...]:
        """The sentences that no statement covers."""
        return tuple(sentence for sentence in self.sentences if not sentence.statements)

    @property
    def complete(self) -> bool:
        """True when every sentence is covered and nothing differs from the text."""
        return bool(self.sentences) and not self.uncovered and not self.mismatches

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "complete": self.complete}


def coverage(engine: Engine, edition: str | None = None, text: str | None = None) -> list[Coverage]:
    """Return the coverage of one edition's source text, or of every edition's.

    `text` is the path of a file to compare with the source of the edition. Raises UsageError when
    the edition is unknown, has no source text, or is not the only one although a text is given;
    InputError when the file cannot be read.
    """
    texts = sources(engine, edition)
    found = [Coverage(entities.slug(each.edition), each.sentences) for each in texts]
    if text is None:
        return found
    if len(texts) > 1:
        raise UsageError(f"name the edition of the text: {', '.join(e.edition for e in found)}")
    mismatches = check(texts[0], read(text))
    return [replace(found[0], mismatches=tuple(mismatches), checked=True)]
