"""Texts of editions: pinned by the graph, which has none, and attached, in a folder of the user.

The graph has the digest and length of a text, the offsets of its sentences, and quotes of a few
words. An attached text counts only where its digest is the one that the graph pins.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from os.path import isfile, join
from typing import Any
from urllib.parse import quote as percent_encoded

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.entities import editions, slug
from tipgraph.entities.passages import Highlighted, Passage, highlight
from tipgraph.errors import InputError, UsageError
from tipgraph.files import MOST_TEXT, check_length, content_of, write_atomic
from tipgraph.resources import folders
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
    sources = [_source(engine, row) for row in _pins(engine) if row["edition"] in wanted]
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


def _pins(engine: Engine) -> Iterable[dict[str, Any]]:
    """Each pinned text, as a `Source` without what is in it."""
    return engine.select(
        "SELECT ?iri ?edition ?sha256 ?length {"
        " ?iri a tip:SourceText ; tip:edition ?edition ; tip:sha256 ?sha256 ;"
        " tip:codePoints ?length } ORDER BY ?edition ?iri"
    )


def _source(engine: Engine, row: dict[str, Any]) -> Source:
    text = NamedNode(row["iri"])
    return Source(**row, sentences=_sentences(engine, text), quotes=_quotes(engine, text))


def _sentences(engine: Engine, text: NamedNode) -> tuple[Sentence, ...]:
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


# ── Attached texts ──────────────────────────────────────────────────────────────────────────────

EXTENSION = ".txt"


@dataclass(frozen=True)
class KeptText:
    """A text in the user's folder: the short name of its edition, and its file.

    `sentences` is how many the graph pins in it, 0 where it is not the text that the graph pins.
    """

    edition: str
    sentences: int
    file: str


def attached(engine: Engine) -> dict[str, dict[str, str]]:
    """The attached texts that the graph pins: their sentences by IRI, by the IRI of the edition."""
    names = _kept()
    if not names:
        return {}
    found = {}
    for pin in _pins(engine):
        edition = pin["edition"]
        if _file_name(edition) in names:
            content = content_of(file(edition))
            if digest(content) == pin["sha256"]:
                text = content.decode(errors="replace")
                sentences = _sentences(engine, NamedNode(pin["iri"]))
                found[edition] = {each.iri: text[each.start : each.end] for each in sentences}
    return found


def sentences(
    found: Mapping[str, Mapping[str, str]], passages: Iterable[Passage], others: Iterable[str] = ()
) -> dict[str, Highlighted]:
    """The sentences of the passages, and others, by IRI, as far as they are in attached texts.

    The phrases of the passages are highlighted.
    """
    phrases: dict[str, list[Passage]] = {each: [] for each in others}
    for each in passages:
        phrases.setdefault(each.sentence, []).append(each)
    return {
        sentence: highlight(words, phrases[sentence])
        for text in found.values()
        for sentence, words in text.items()
        if sentence in phrases
    }


def attach(engine: Engine, edition: str, path: str) -> KeptText:
    """Keep a file as the text of an edition, if it is the text that the graph pins.

    Raises UsageError when the edition is unknown or has no pinned text, InputError when the file
    cannot be read or differs, OSError when it cannot be kept.
    """
    chosen = editions.edition(engine, edition).iri
    pins = [*_pins(engine)]
    sha256s = [pin["sha256"] for pin in pins if pin["edition"] == chosen]
    if not sha256s:
        names = ", ".join(dict.fromkeys(slug(pin["edition"]) for pin in pins)) or "none"
        raise UsageError(
            f"the graph pins no text of {slug(chosen)}; editions with a pinned text: {names}"
        )
    content = read(path)
    if digest(content) not in sha256s:
        first = first_difference(sources(engine, chosen)[0], content.decode())
        raise InputError(
            f"{path}: not the text that the graph pins for {slug(chosen)};"
            f" first difference: {first}"
        )
    keep(chosen, content)
    return KeptText(slug(chosen), len(attached(engine)[chosen]), file(chosen))


def keep(edition: str, content: bytes) -> None:
    """Keep the text of an edition, by its IRI.

    Raises OSError where that fails, and InputError where others can write into the folder: a link
    of theirs would lead the text to them.
    """
    os.makedirs(folder(), mode=0o700, exist_ok=True)
    if not folders.is_private(folder()):
        raise InputError(f"{folder()}: others can write here; set XDG_DATA_HOME to your own folder")
    write_atomic(file(edition), content, is_private=True)


def kept(engine: Engine) -> list[KeptText]:
    """The texts in the user's folder, those included that the graph does not pin."""
    known = {_file_name(edition): text for edition, text in attached(engine).items()}
    return [
        KeptText(
            name.removesuffix(EXTENSION),
            len(known.get(name, ())),
            join(folder(), name),
        )
        for name in sorted(_kept())
    ]


def remove(engine: Engine, edition: str) -> KeptText:
    """Remove the text of an edition from the user's folder, and return what it was.

    Raises UsageError when none is there, OSError when it cannot be removed.
    """
    there = {each.edition: each for each in kept(engine)}
    name = edition if edition in there else editions.edition(engine, edition).slug
    if name not in there:
        names = ", ".join(there) or "none"
        raise UsageError(f"no text of {name} is attached; attached: {names}")
    os.unlink(there[name].file)
    return there[name]


def folder() -> str:
    """The folder of the attached texts, a file each."""
    return join(folders.user_data(), "texts")


def fingerprint() -> str:
    """Return a key that changes with the files of the folder, without reading them."""
    found = []
    for name in sorted(_kept()):
        with suppress(OSError):
            state = os.stat(join(folder(), name))
            found.append(f"{name} {state.st_size} {state.st_mtime_ns}")
    return "\n".join(found)


def file(edition: str) -> str:
    """The path of the attached text of an edition, by its IRI."""
    return join(folder(), _file_name(edition))


def _kept() -> set[str]:
    """The names of the files in the folder; to read from a pipe there would take for ever."""
    with suppress(OSError):
        return {
            name
            for name in os.listdir(folder())
            if name.endswith(EXTENSION) and isfile(join(folder(), name))
        }
    return set()


def _file_name(edition: str) -> str:
    """The name of the file of an edition, whatever its IRI contains."""
    return percent_encoded(slug(edition), safe="") + EXTENSION
