"""The hits of a search as text, and as rows."""

from collections.abc import Iterable, Iterator

from tipgraph.lookup.search import Hit, Lack, SearchResult, Spans
from tipgraph.render.terminal import styled
from tipgraph.text import join, plural

BOLD, PLAIN = "\x1b[1m", "\x1b[22m"
# How a snippet begins, by where it is from.
FIELDS = {
    "names": "also: ",
    "quote": "quote: ",
    "sentence": "sentence: ",
    "definition": "definition: ",
    "note": "note: ",
    "related": "about: ",
    "place": "source: ",
}
COLUMNS = (
    *("kind", "type", "label", "edition", "sentence", "speaker", "caveat", "quote", "link"),
    *("field", "snippet", "similar", "iri", "command"),
)


def as_text(result: SearchResult, is_bold: bool = False) -> str:
    """The hits in a list, then what to know about them; matches in bold if a terminal shows it."""
    lines: list[str] = []
    for number, hit in enumerate(result.hits, 1):
        first, *others = _hit(hit, is_bold)
        indent = " " * len(f"{number}. ")
        lines += [f"{number}. {first}", *(f"{indent}{line}" for line in others)]
    text = "".join(f"{line}\n" for line in lines)
    rest = [*remarks(result), *_more(result)]
    return text + ("\n" if lines and rest else "") + "".join(f"{line}\n" for line in rest)


def remarks(result: SearchResult) -> Iterator[str]:
    """What was not found, a line each."""
    words = " ".join(result.words)
    if not result.hits:
        yield f"nothing found for {words!r}{_outside(result)}"
    elif not result.matches_all:
        yield "nothing has all of the words; these have some of them"
    if result.missing:
        near = f"; nearest words: {join(result.nearest, 'or')}" if result.nearest else ""
        yield f"not found anywhere: {join(result.missing)}{near}"
    yield from map(_lack, result.lacks)


def rows(result: SearchResult) -> Iterator[list[str]]:
    """The hits as rows of `COLUMNS`."""
    for hit in result.hits:
        yield [
            *(hit.kind, hit.type, hit.label, " | ".join(hit.editions), hit.sentence),
            *(" | ".join(hit.speakers), " | ".join(hit.caveats), hit.quote, hit.link),
            *(hit.field, hit.snippet, str(hit.similar), hit.iri, hit.command),
        ]


def _hit(hit: Hit, is_bold: bool) -> Iterator[str]:
    yield _marked(hit.label, hit.label_spans if is_bold else ())
    kind = f"{hit.kind} ({hit.type})" if hit.type else hit.kind
    yield " · ".join(filter(None, (kind, *hit.editions, hit.sentence, join(hit.speakers))))
    if hit.caveats:
        yield f"caveat: {' | '.join(hit.caveats)}"
    if hit.snippet:
        yield FIELDS[hit.field] + _marked(hit.snippet, hit.snippet_spans if is_bold else ())
    if hit.similar:
        yield f"{hit.similar} more like it, of other editions, periods or values"
    yield hit.command


def _marked(text: str, spans: Spans) -> str:
    """The text on one line, with the spans in bold."""
    parts, end = [], 0
    for first, last in spans:
        parts += [text[end:first], styled(BOLD), text[first:last], styled(PLAIN)]
        end = last
    return " ".join("".join([*parts, text[end:]]).split())


def _outside(result: SearchResult) -> str:
    if not result.outside:
        return ""
    return f" with these filters; {plural(result.outside, 'hit')} without them"


def _lack(lack: Lack) -> str:
    parts = [plural(lack.statements, "statement") if lack.statements else "no statement on it"]
    if lack.not_stated:
        parts.append(f"not stated in {join(lack.not_stated)}, read in full")
    if lack.not_extracted:
        editions = plural(lack.not_extracted, "edition")
        parts.append(f"not extracted from {editions} read in part")
    return f"{lack.label}: {'; '.join(parts)}; see {lack.command}"


def _more(result: SearchResult) -> Iterable[str]:
    rest = result.total - len(result.hits)
    return [f"{rest} more; --limit {result.total} lists all"] if rest else []
