"""What a search needs of the stored queries: entries for its index, and the terms of filters."""

from collections.abc import Iterable, Iterator
from shlex import quote

from tipgraph.errors import UsageError
from tipgraph.lookup.editions import ALL, Choice
from tipgraph.lookup.search import Filters
from tipgraph.lookup.search_index import KINDS, Entry, Shown
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.queries.parameters import Parameter
from tipgraph.store.engine import Engine
from tipgraph.text import did_you_mean, nearest


def entries(engine: Engine, queries: Iterable[StoredQuery]) -> Iterator[Entry]:
    """An entry for each query, with the texts of its header: what people would type for it."""
    for query in queries:
        needed = (f"{p.name}={p.sample(engine)}" for p in query.params if p.required)
        command = " -p ".join((f"tipgraph query {query.name}", *map(quote, needed)))
        shown = Shown(query.name, query.summary, "", command)
        columns = [text for column in query.columns.items() for text in column]
        params = [t for each in query.params for t in (each.name, each.type, each.description)]
        texts = {
            "names": [query.name, query.question, *query.aliases],
            "definition": [query.description],
            "related": [*query.tags, *columns, *params],
        }
        yield Entry(query.name, "query", shown, texts)


def filters(
    engine: Engine,
    edition: str | None,
    area: str | None,
    topic: str | None,
    speaker: str | None,
    kind: str | None,
) -> Filters:
    """The filters for what a user typed. Raises UsageError for what the graph does not have."""
    if kind is not None and kind not in KINDS:
        hint = did_you_mean(nearest(kind, KINDS)) or f"kinds: {', '.join(KINDS)}"
        raise UsageError(f"unknown kind {kind!r}; {hint}")
    chosen = None
    if edition is not None or area is not None:
        found = Choice(engine).select(ALL if edition is None else edition, area)
        chosen = tuple(each.iri for each in found)
    return Filters(
        chosen,
        _iri(engine, Parameter("topic", "code:topics"), topic),
        _iri(engine, Parameter("speaker", "tip:Actor"), speaker),
        None if kind is None else (kind,),
    )


def _iri(engine: Engine, parameter: Parameter, given: str | None) -> str | None:
    return None if given is None else parameter.term(engine, given).value
