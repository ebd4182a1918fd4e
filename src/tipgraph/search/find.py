"""A search over the graph and the stored queries, by what users type."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from os.path import dirname
from zlib import crc32

from tipgraph import entities
from tipgraph.entities.editions import ALL, Choice, sources
from tipgraph.errors import UsageError
from tipgraph.files import files_below
from tipgraph.queries.catalogue import Catalogue, StoredQuery, command
from tipgraph.queries.parameters import Names, Parameter, texts_of
from tipgraph.resources import cache
from tipgraph.resources.folders import Resources
from tipgraph.search import index, ranking
from tipgraph.search.index import KINDS, DisplayedEntry, Entry, opened
from tipgraph.store.engine import Engine
from tipgraph.store.parts import Companion, Pieces
from tipgraph.text import did_you_mean, nearest


@dataclass(frozen=True)
class Filters:
    """Limits on hits, as users type them: names, and a key of `search.index.KINDS`."""

    edition: Names = None
    area: Names = None
    topic: str | None = None
    speaker: str | None = None
    kind: str | None = None

    def resolved(self, engine: Engine) -> ranking.ResolvedFilters:
        """The same by IRIs. Raises UsageError for what the graph does not have."""
        if self.kind is not None and self.kind not in KINDS:
            hint = did_you_mean(nearest(self.kind, KINDS)) or f"kinds: {', '.join(KINDS)}"
            raise UsageError(f"unknown kind {self.kind!r}; {hint}")
        editions = None
        names, areas = texts_of(self.edition), texts_of(self.area)
        if names or areas:
            chosen = Choice(engine).select_all(names or [ALL], areas)
            editions = tuple(each.iri for each in chosen)
            if not names:
                countries = dict.fromkeys(each.area for each in chosen)
                editions = tuple(iri for area in countries for iri in sources(engine, area))
        return ranking.ResolvedFilters(
            editions,
            _iri(engine, Parameter("topic", "code:topics"), self.topic),
            _iri(engine, Parameter("speaker", "tip:Actor"), self.speaker),
            None if self.kind is None else (self.kind,),
        )


def search(
    engine: Engine,
    index: str | bytes,
    text: str,
    filters: Filters,
    limit: int | None,
    areas_of: ranking.AreasOf | None = None,
) -> ranking.SearchResult:
    """The things that match a text, in an index that `make_index` returned, or in a file of it.

    `limit` is the most hits, None for all, and `areas_of` returns the countries for which a query
    has rows. Raises UsageError as `Filters.resolved`.
    """
    chosen = filters.resolved(engine)
    with closing(opened(index)) as connection:
        return ranking.search(engine, connection, text, chosen, limit, areas_of)


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
        links = (("parameter", each.name) for each in query.params)
        yield Entry(query.name, "query", shown, texts, tuple(links))


def _iri(engine: Engine, parameter: Parameter, given: str | None) -> str | None:
    return None if given is None else parameter.term(engine, given).value
