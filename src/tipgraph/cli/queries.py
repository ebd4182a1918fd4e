"""`tipgraph queries` and `find`."""

from collections.abc import Iterable, Mapping
from itertools import islice

import click

from tipgraph.cli import options
from tipgraph.cli.declare import argument, command, option
from tipgraph.cli.options import GraphFiles
from tipgraph.cli.output import for_people, note, write
from tipgraph.entities import labels
from tipgraph.entities.editions import NEWEST, are_many
from tipgraph.errors import UsageError
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import StoredQuery, find, suggestions
from tipgraph.queries.no_rows import NAMED, areas, in_words
from tipgraph.queries.parameters import Parameter
from tipgraph.render import formats
from tipgraph.search import COLUMNS, as_text, remarks, rows
from tipgraph.search.answer import LIMIT
from tipgraph.search.index import KINDS
from tipgraph.store.engine import grouped
from tipgraph.text import did_you_mean

# Values of a parameter to show without --all.
SHOWN = 5
HEAD = ("name", "summary", "parameters", "tags", "areas")


@command("queries")
def queries_command(
    name: str | None = argument(),
    search: str | None = option("Only queries on these words.", metavar="WORD"),
    style: str | None = options.format_of(
        "table", "csv", "json", help="Output format; a table on a terminal, else CSV."
    ),
    is_whole: bool = option("Summaries, or all values of parameters.", "--all"),
    csv_safe: bool = options.CSV_SAFE,
    source: GraphFiles = options.GRAPH,
) -> None:
    """List the stored queries by theme, or describe the query NAME, its parameters and columns."""
    graph = source.open()
    if name is None:
        found = graph.queries if search is None else _searched(graph, search)
        is_short = style is None and search is None and not is_whole and for_people()
        write(
            by_theme(found.values(), graph) if is_short else overview(found, style, csv_safe, graph)
        )
        return
    query = find(graph.queries, name)
    if style == "json":
        values = {"params": _with_allowed(graph, query), "areas": areas(graph.engine, query)}
        write(formats.dumps(query.as_dict() | values))
    else:
        write("\n".join(_description(graph, query, is_whole)) + "\n")


def by_theme(queries: Iterable[StoredQuery], graph: LocalGraph) -> str:
    """The names of the queries for each theme, on a screen."""
    from tipgraph.render import tables

    named = grouped((query.tags[0], f"{query.name}{_places(graph, query)}") for query in queries)
    themes = tables.fields((theme, ", ".join(named[theme])) for theme in sorted(named))
    explained = (
        "In brackets are the countries with rows, where they are not all. 'tipgraph queries NAME'"
        " describes a query, 'tipgraph queries --search WORD' lists those on a word, and --all has"
        " the summaries of all."
    )
    return f"{themes}\n{tables.paragraph(explained)}"


def overview(
    queries: Mapping[str, StoredQuery], style: str | None, csv_safe: bool, graph: LocalGraph
) -> str:
    """The list of the queries in an output format, with the countries for which each has rows."""
    match style or ("table" if for_people() else "csv"):
        case "json":
            found = graph.query_areas
            return formats.dumps(
                [query.as_dict() | {"areas": found[name]} for name, query in queries.items()]
            )
        case "csv":
            rows = [
                [q.name, q.summary, _signature(q), " ".join(q.tags), _codes(graph, q)]
                for q in queries.values()
            ]
            return formats.csv(HEAD, rows, csv_safe)
        case _:
            return _by_tag(queries.values(), graph)


def _codes(graph: LocalGraph, query: StoredQuery) -> str:
    return " ".join(map(last_part, graph.query_areas[query.name] or ()))


def _places(graph: LocalGraph, query: StoredQuery) -> str:
    """Return the countries with rows, in brackets, where they are not all; else nothing."""
    found, every = graph.query_areas[query.name], graph.query_areas.values()
    if not found or len(found) == max(len(each or ()) for each in every):
        return ""
    codes = _codes(graph, query) if len(found) <= NAMED else f"{len(found)} countries"
    return f" ({codes})"


def _by_tag(queries: Iterable[StoredQuery], graph: LocalGraph) -> str:
    from tipgraph.render.tables import table

    ordered = sorted(queries, key=lambda query: (query.tags[:1], query.name))
    rows, previous = [], None
    for query in ordered:
        tag = query.tags[0] if query.tags else ""
        first = "" if tag == previous else tag
        rows.append(
            [first, query.name, f"{query.summary}{_places(graph, query)}", _signature(query)]
        )
        previous = tag
    return table(("tag", "name", "summary", "parameters"), rows)


def _signature(query: StoredQuery) -> str:
    return " ".join(each.name if each.required else f"[{each.name}]" for each in query.params)


def _searched(graph: LocalGraph, words: str) -> Mapping[str, StoredQuery]:
    """The queries that `find` finds by the words. Raises UsageError when there is none."""
    hits = graph.search(words, kind="query", limit=None).hits
    found = {hit.iri for hit in hits if not hit.without}
    if not found:
        near = did_you_mean(suggestions(graph.queries, words))
        hint = near or f"'tipgraph find {words}' searches the graph too"
        raise UsageError(f"no stored query mentions {words!r}; {hint}")
    return {name: query for name, query in graph.queries.items() if name in found}


def _description(graph: LocalGraph, query: StoredQuery, is_whole: bool) -> Iterable[str]:
    yield f"{query.name}: {query.summary}"
    if query.question:
        yield from ("", query.question)
    if query.description:
        yield from ("", query.description)
    if query.has_editions:
        yield from ("", f"Editions: {default_editions(query)} (--edition selects others)")
    found = areas(graph.engine, query)
    if found is not None:
        yield from ("", f"Countries: rows for {in_words(graph.engine, found)}")
    if query.params:
        values = "" if are_many(graph.engine) else ", with values that have rows in some edition"
        yield from ("", f"Parameters{values}")
        for parameter in query.params:
            yield from _parameter(graph, query, parameter, is_whole)
    if query.columns:
        yield from ("", "Columns")
        width = max(map(len, query.columns))
        yield from (f"  {name:{width}}  {text}".rstrip() for name, text in query.columns.items())
    if query.key:
        yield from ("", f"A row is identified by: {', '.join(query.key)}")
    yield from ("", "Example", f"  {query.example(graph.engine)}")


def default_editions(query: StoredQuery) -> str:
    """The editions that a query draws on unless `edition` selects others."""
    if query.editions == NEWEST:
        return "the newest of each country that is read in full, else its newest"
    return "all"


def _parameter(
    graph: LocalGraph, query: StoredQuery, parameter: Parameter, is_whole: bool
) -> Iterable[str]:
    need = "required" if parameter.required else "optional"
    unless = f" unless {parameter.unless} is given" if parameter.unless else ""
    default = f", default {parameter.default}{unless}" if parameter.default is not None else ""
    description = f": {parameter.description}" if parameter.description else ""
    yield f"  {parameter.name} ({parameter.type}, {need}{default}){description}"
    values = query.values(graph.engine, parameter)
    if not values:
        yield f"    {parameter.expected(graph.engine)}"
        return
    if not is_whole:
        rest = len(values) - SHOWN
        more = f" and {rest} more (--all)" if rest > 0 else ""
        yield f"    {', '.join(islice(values.values(), SHOWN))}{more}"
        return
    known = labels(graph.engine, values)
    width = max(map(len, values.values()))
    yield from (f"    {name:{width}}  {known.get(iri, iri)}" for iri, name in values.items())


def _with_allowed(graph: LocalGraph, query: StoredQuery) -> list[dict[str, object]]:
    return [
        each.as_dict() | {"allowed": list(query.values(graph.engine, each).values())}
        for each in query.params
    ]


@command("find")
def find_command(
    words: tuple[str, ...] = argument(required=True),
    editions: tuple[str, ...] = options.EDITIONS,
    areas: tuple[str, ...] = options.AREAS,
    topic: str | None = option("Only this topic and the narrower ones.", metavar="NAME"),
    speaker: str | None = option("Only statements of this speaker.", metavar="NAME"),
    kind: str | None = option("Only things of this kind.", type=click.Choice(list(KINDS))),
    limit: int = option(
        "The most hits to list.", type=click.IntRange(min=1), default=LIMIT, metavar="N"
    ),
    style: str | None = options.format_of("text", "json", "csv", "tsv"),
    csv_safe: bool = options.CSV_SAFE,
    source: GraphFiles = options.NAMED_GRAPH,
) -> None:
    """Search labels, definitions, notes, quotes and stored queries for WORDS.

    All words must match; if nothing has all, the hits have some. Quotation marks make a phrase
    ('"local courts"'), a star completes a word (counsel*). Statements are found in all editions.
    """
    text = " ".join(words)
    graph = source.open()
    found = graph.search(text, editions, areas, topic, speaker, kind, limit)
    if not found.words:
        raise UsageError("there is no word to search for; for example: tipgraph find shelter")
    match style:
        case "json":
            write(formats.dumps(found.as_dict()))
        case "csv" | "tsv":
            for line in remarks(found):
                note(line)
            form = formats.csv if style == "csv" else formats.tsv
            write(form(COLUMNS, rows(found), csv_safe))
        case _:
            write(as_text(found))
