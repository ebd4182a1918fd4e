"""The pinned text of an edition, as the graph describes it: digest, sentences and quotes.

The text itself is not shipped: the graph has its digest and length, the offsets of its sentences,
and quotes of a few words.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from tipgraph.entities import editions
from tipgraph.errors import InputError, UsageError
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
    rows = engine.select(
        "SELECT ?iri ?edition ?sha256 ?length {"
        " ?iri a tip:SourceText ; tip:edition ?edition ; tip:sha256 ?sha256 ;"
        " tip:codePoints ?length } ORDER BY ?edition ?iri"
    )
    sources = [_source(engine, row) for row in rows if row["edition"] in wanted]
    if not sources:
        raise UsageError("the graph has no source text of that edition")
    return sources


def digest(content: bytes) -> str:
    """Return the SHA-256 in lower-case hexadecimal digits, as the graph has it."""
    from hashlib import sha256

    return sha256(content).hexdigest()


def read(path: str) -> bytes:
    """Return the bytes of a text. Raises InputError when it cannot be read or is not UTF-8."""
    try:
        with open(path, "rb") as opened:
            content = opened.read()
        content.decode("utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 (byte {error.start})") from None
    return content


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
