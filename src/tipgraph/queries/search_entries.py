"""Stored queries as entries of the search index: found by what people would type for them."""

from collections.abc import Iterable, Iterator
from shlex import quote

from tipgraph.lookup.search_index import Entry, Shown
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.store.engine import Engine


def entries(engine: Engine, queries: Iterable[StoredQuery]) -> Iterator[Entry]:
    """An entry for each query, with the texts of its header."""
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
