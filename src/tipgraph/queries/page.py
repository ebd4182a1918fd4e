"""A page of all stored queries in Markdown, from their front matter alone."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from tipgraph.entities.editions import NEWEST
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.queries.parameters import Parameter
from tipgraph.text import capitalise

HEAD = "# Stored queries\n\nGenerated from the queries by `tipgraph queries --format markdown`."


def as_page(queries: Iterable[StoredQuery]) -> str:
    """The queries by theme: the question, summary, command, parameters and columns of each."""
    by_theme = sorted(queries, key=lambda query: (_theme(query), query.name))
    lines = [HEAD]
    for theme, members in groupby(by_theme, key=_theme):
        lines += ["", f"## {capitalise(theme)}"]
        for query in members:
            lines += ["", *_section(query)]
    return "\n".join(lines) + "\n"


def default_editions(query: StoredQuery) -> str:
    """The editions that a query draws on unless `edition` selects others."""
    if query.editions == NEWEST:
        return "the newest of each country that is read in full, else its newest"
    return "all"


def _theme(query: StoredQuery) -> str:
    return next(iter(query.tags), "other")


def _section(query: StoredQuery) -> Iterator[str]:
    yield f"### {query.name}"
    yield ""
    if query.question:
        yield f"*{query.question}*"
        yield ""
    yield f"{query.summary}."
    if query.description:
        yield query.description
    yield ""
    yield f"    {_command(query)}"
    yield ""
    if query.has_editions:
        yield f"Editions: {default_editions(query)}."
        yield ""
    if query.params:
        yield "Parameters:"
        yield ""
        yield from map(_parameter, query.params)
        yield ""
    yield "Columns:"
    yield ""
    yield from (f"- `{name}`: {text}" for name, text in query.columns.items())


def _command(query: StoredQuery) -> str:
    needed = (f" -p {each.name}={each.example}" for each in query.params if each.required)
    return f"tipgraph query {query.name}{''.join(needed)}"


def _parameter(parameter: Parameter) -> str:
    kind = f"{parameter.type}, required" if parameter.required else parameter.type
    return f"- `{parameter.name}` ({kind}): {parameter.description}"
