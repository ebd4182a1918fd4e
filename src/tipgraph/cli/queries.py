"""`tipgraph queries`."""

from collections.abc import Iterable, Mapping

import click

from tipgraph.cli import completion
from tipgraph.cli.options import for_people, format_option, graph_options, opened, write
from tipgraph.errors import UsageError
from tipgraph.graph import LocalGraph
from tipgraph.lookup.entities import labels
from tipgraph.queries.catalogue import StoredQuery, find, suggestions
from tipgraph.queries.page import as_page, default_editions
from tipgraph.queries.parameters import Parameter
from tipgraph.render import results

HEAD = ("name", "summary", "parameters", "tags")


@click.command("queries")
@click.argument("name", required=False, shell_complete=completion.query_names)
@click.option("--search", metavar="WORD", help="Only queries that contain this word.")
@format_option(
    "table", "csv", "json", "markdown", help="Output format; a table on a terminal, else CSV."
)
@graph_options
def command(
    name: str | None,
    search: str | None,
    style: str | None,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """List the stored queries by tag, or describe the parameters and columns of the query NAME."""
    graph = opened(data, no_bundled)
    if name is None:
        write(overview(_searched(graph.queries, search), style))
        return
    query = find(graph.queries, name)
    if style == "json":
        write(results.dumps(query.as_dict() | {"params": _with_allowed(graph, query)}))
    else:
        write("\n".join(_description(graph, query)) + "\n")


def overview(queries: Mapping[str, StoredQuery], style: str | None) -> str:
    """The list of the queries in an output format."""
    match style or ("table" if for_people() else "csv"):
        case "json":
            return results.dumps([query.as_dict() for query in queries.values()])
        case "markdown":
            return as_page(queries.values())
        case "csv":
            rows = [[q.name, q.summary, _signature(q), " ".join(q.tags)] for q in queries.values()]
            return results.csv(HEAD, rows)
        case _:
            return _by_tag(queries.values())


def _by_tag(queries: Iterable[StoredQuery]) -> str:
    from tipgraph.render.tables import table

    ordered = sorted(queries, key=lambda query: (query.tags[:1], query.name))
    rows, previous = [], None
    for query in ordered:
        tag = query.tags[0] if query.tags else ""
        rows.append(["" if tag == previous else tag, query.name, query.summary, _signature(query)])
        previous = tag
    return table(("tag", "name", "summary", "parameters"), rows)


def _signature(query: StoredQuery) -> str:
    return " ".join(each.name if each.required else f"[{each.name}]" for each in query.params)


def _searched(queries: Mapping[str, StoredQuery], word: str | None) -> Mapping[str, StoredQuery]:
    if word is None:
        return queries
    found = {name: query for name, query in queries.items() if _mentions(query, word)}
    if not found:
        near = suggestions(queries, word)
        hint = f"; nearest names: {', '.join(near)}" if near else ""
        raise UsageError(f"no stored query mentions {word!r}{hint}")
    return found


def _mentions(query: StoredQuery, word: str) -> bool:
    texts = [
        query.name,
        query.summary,
        query.question,
        query.description,
        *query.tags,
        *query.aliases,
    ]
    texts += [text for column in query.columns.items() for text in column]
    texts += [text for each in query.params for text in (each.name, each.type, each.description)]
    whole = " ".join(texts).casefold()
    return all(part in whole for part in word.casefold().split())


def _description(graph: LocalGraph, query: StoredQuery) -> Iterable[str]:
    yield f"{query.name}: {query.summary}"
    if query.question:
        yield from ("", query.question)
    if query.description:
        yield from ("", query.description)
    if query.has_editions:
        yield from ("", f"Editions: {default_editions(query)} (--edition selects others)")
    if query.params:
        yield from ("", "Parameters")
        for parameter in query.params:
            yield from _parameter(graph, parameter)
    if query.columns:
        yield from ("", "Columns")
        width = max(map(len, query.columns))
        yield from (f"  {name:{width}}  {text}".rstrip() for name, text in query.columns.items())
    yield from ("", "Example", f"  {query.example(graph.engine)}")


def _parameter(graph: LocalGraph, parameter: Parameter) -> Iterable[str]:
    need = "required" if parameter.required else "optional"
    default = f", default {parameter.default}" if parameter.default is not None else ""
    description = f": {parameter.description}" if parameter.description else ""
    yield f"  {parameter.name} ({parameter.type}, {need}{default}){description}"
    allowed = parameter.allowed(graph.engine)
    if not allowed:
        yield f"    {parameter.expected(graph.engine)}"
        return
    known = labels(graph.engine, allowed)
    width = max(map(len, allowed.values()))
    yield from (f"    {name:{width}}  {known.get(iri, iri)}" for iri, name in allowed.items())


def _with_allowed(graph: LocalGraph, query: StoredQuery) -> list[dict[str, object]]:
    return [
        each.as_dict() | {"allowed": list(each.allowed(graph.engine).values())}
        for each in query.params
    ]
