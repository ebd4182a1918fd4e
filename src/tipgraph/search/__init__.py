"""A search over the graph and the stored queries, by what users type; its hits as text and rows."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from os.path import dirname
from zlib import crc32

from tipgraph import entities
from tipgraph.entities.passages import Highlighted
from tipgraph.files import files_below
from tipgraph.queries.catalogue import Catalogue, StoredQuery, command
from tipgraph.render.document import for_terminal
from tipgraph.render.terminal import is_styled
from tipgraph.resources import cache
from tipgraph.resources.folders import Resources
from tipgraph.search import index
from tipgraph.search.answer import Filters as Filters
from tipgraph.search.answer import search as search
from tipgraph.search.gaps import Gap
from tipgraph.search.index import DisplayedEntry, Entry
from tipgraph.search.result import Hit, SearchResult, Spans
from tipgraph.store.engine import Engine
from tipgraph.store.parts import Companion, Pieces
from tipgraph.text import SEPARATOR, join, one_line, plural


def make_index(engine: Engine, queries: Iterable[StoredQuery]) -> bytes:
    """The index of the graph and of the stored queries, as the content of a file."""
    return index.make_index(_query_entries(engine, queries), engine)


def companion() -> Companion:
    """The index of a graph that is made in parts."""
    folders = dirname(__file__), dirname(entities.__file__)
    code = [file for folder in folders for file in files_below(folder, ".py")]
    return Companion(index.FILE, code, index.piece, _write_index)


def _write_index(
    engine: Engine, resources: Resources, pieces: Pieces, path: str, last: str | None
) -> None:
    made = index.make_piece(_query_entries(engine, Catalogue(resources).values()))
    key = f"queries-{crc32(made):08x}"
    first = {key: partial(cache.part, key, lambda: made)}
    index.write_index(path, {**first, **pieces}, last, cache.part)


def entries(engine: Engine, queries: Iterable[StoredQuery]) -> Iterator[Entry]:
    """Yield the entries of the index: the stored queries, and the things of the graph."""
    return chain(_query_entries(engine, queries), index.entries(engine))


def _query_entries(engine: Engine, queries: Iterable[StoredQuery]) -> Iterator[Entry]:
    """An entry for each query, with the texts of its header: what people would type for it."""
    for query in queries:
        needed = {p.name: p.sample(engine) for p in query.params if p.required}
        shown = DisplayedEntry(query.name, query.summary, "", command(query.name, needed))
        columns = [text for column in query.columns.items() for text in column]
        params = [t for each in query.params for t in (each.name, each.type, each.description)]
        texts = {
            "names": [query.name, query.question, *query.aliases],
            "definition": [query.description],
            "related": [*query.tags, *columns, *params],
        }
        links = [("parameter", each.name) for each in query.params]
        yield Entry(query.name, "query", shown, texts, (*links, ("default", query.editions)))


# ── Hits as text and rows ─────────────────────────────────────────────────────────────────────────

# The most statements that are listed as similar to a hit, and editions without a statement.
SIMILAR, EDITIONS = 3, 12
# Prefix of a snippet, by the field that it is from.
FIELDS = {
    "names": "also: ",
    "quote": "quote: ",
    "definition": "definition: ",
    "note": "note: ",
    "related": "about: ",
    "source": "source: ",
}
# Heading of the hits that do not match all words.
PARTIAL = "The hits below do not have all of the words."
# Precedes figures on several countries, none of which is an answer on all of them.
ON_SEVERAL = "each figure is on one country; to compare all: tipgraph query compare-countries"
COLUMNS = (
    *("kind", "type", "label", "edition", "place", "speaker", "caveat", "quote", "link"),
    *("field", "snippet", "without", "similar", "iri", "command"),
)


def as_text(result: SearchResult) -> str:
    """Return the remarks on the answer, then the hits, with matches in bold on a terminal."""
    parts = [[*remarks(result)]]
    for number, hit in enumerate(result.hits, 1):
        first, *others = _hit(hit)
        indent = " " * len(f"{number}. ")
        lines = [f"{number}. {first}", *(f"{indent}{line}" for line in others)]
        if number == result.total - result.partial + 1 and result.matches_all:
            lines.insert(0, PARTIAL)
        parts.append(lines)
    if result.total > len(result.hits):
        rest = result.total - len(result.hits)
        parts.append([f"{plural(rest, 'more hit')}; --limit {result.total} lists all"])
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts if part)


def remarks(result: SearchResult) -> Iterator[str]:
    """Yield other years, what is not stated, queries to ask, terms not found, a line each."""
    if result.is_on_several:
        yield ON_SEVERAL
    yield from other_years(result)
    yield from (f"{gap(each)}; see {each.command}" for each in result.gaps)
    where = join(result.countries)
    for each in result.queries:
        named = each.label if each.has_rows else f"{each.label} ({where}){each.remark}"
        yield f"{named}: {each.command}"
    yield from not_found(result)


def other_years(result: SearchResult) -> Iterator[str]:
    """Yield a line on the years that were searched for, where nothing is on them."""
    if result.other_years:
        asked = join(map(str, result.other_years), "or")
        yield f"no figure with these words is on {asked} alone; the first is of another period"
    if result.edition_years:
        known = join(map(str, result.edition_years))
        yield f"no edition of the year is here; those on the country are of {known}"


def not_found(result: SearchResult) -> Iterator[str]:
    """Yield the terms that were not found, and those that were read as a country, a line each."""
    yield from (f"{word!r} is read as {country}" for word, country in result.read_as)
    if len(result.countries) > 1:
        yield f"{join(result.countries)} are searched for, each country in turn"
    if result.is_unspoken:
        yield f"no statement on {join(result.countries)} with these words is by that speaker"
    words = " ".join(result.words)
    unread = [f"no edition or document on {join(result.unread)} is here"] if result.unread else []
    if not result.lacking:
        yield from unread
    if not result.hits:
        yield f"nothing found for {words!r}{_outside(result)}"
    elif result.lacking:
        where, words = join(result.countries), join(result.lacking, "or")
        yield f"no statement on {where} has the word {words}; these have other words"
        yield from unread
    elif not result.matches_all:
        yield "nothing has all of the words; these have some of them"
    if result.missing:
        near = f"; nearest words: {join(result.nearest, 'or')}" if result.nearest else ""
        yield f"not found anywhere: {join(result.missing)}{near}"


def rows(result: SearchResult) -> Iterator[list[str]]:
    """The hits as rows of `COLUMNS`."""
    for hit in result.hits:
        yield [
            *(hit.kind, hit.type, hit.label, SEPARATOR.join(hit.editions), hit.place),
            *(SEPARATOR.join(hit.speakers), SEPARATOR.join(hit.caveats), hit.quote, hit.link),
            *(hit.field, hit.snippet),
            *(SEPARATOR.join(hit.without), SEPARATOR.join(each.iri for each in hit.similar)),
            *(hit.iri, hit.command),
        ]


def facts(shown: DisplayedEntry, kind: str) -> str:
    """Return the type of a thing, its place and its speaker, on one line."""
    named = f"{kind} ({shown.type})" if shown.type else kind
    line = " · ".join(filter(None, (named, *shown.editions, shown.place, join(shown.speakers))))
    return one_line(line)


def _hit(hit: Hit) -> Iterator[str]:
    yield _matched(hit.label, hit.label_spans)
    yield facts(hit, hit.kind)
    if hit.caveats:
        yield one_line(f"caveat: {' | '.join(hit.caveats)}")
    if hit.snippet:
        yield FIELDS[hit.field] + _matched(hit.snippet, hit.snippet_spans)
    if hit.without:
        yield f"without: {join(hit.without)}"
    yield hit.command
    if hit.similar:
        yield f"{len(hit.similar)} more like it, of other editions or periods:"
        yield from (f"  {each.command}" for each in hit.similar[:SIMILAR])
        if len(hit.similar) > SIMILAR:
            yield f"  {len(hit.similar) - SIMILAR} more, which --format json lists"


def _matched(text: str, spans: Spans) -> str:
    """The text on one line, with the spans in bold on a terminal, and unchanged in a pipe."""
    return for_terminal(Highlighted(text, spans)) if is_styled() else one_line(text)


def _outside(result: SearchResult) -> str:
    if not result.outside:
        return ""
    return f" with these filters; {plural(result.outside, 'hit')} without them"


def gap(gap: Gap) -> str:
    """Return a sentence that lists the editions without a statement on the term."""
    stated = f"stated in {plural(gap.stated, 'edition')}"
    parts = [stated if gap.stated else "no statement on it"]
    if gap.not_stated:
        others = len(gap.not_stated) - EDITIONS
        more = [plural(others, "other")] if others > 0 else []
        named = join([*gap.not_stated[:EDITIONS], *more])
        parts.append(f"not stated in {named}, read in full")
    if gap.not_extracted:
        editions = plural(gap.not_extracted, "edition")
        parts.append(f"not extracted from {editions} read in part")
    return f"{gap.label}: {'; '.join(parts)}"
