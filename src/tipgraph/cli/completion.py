"""Shell completion: query names, parameter names and their values.

Completion never fails: where the graph cannot be opened, it offers nothing.
"""

from typing import TYPE_CHECKING

from click import Context, Parameter

from tipgraph.entities import labels
from tipgraph.errors import TipgraphError
from tipgraph.graph import open as open_graph
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import find

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def query_names(ctx: Context, param: Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """The stored queries whose names start like this."""
    try:
        queries = open_graph().queries
    except TipgraphError:
        return []
    return _items({name: query.summary for name, query in queries.items()}, incomplete)


def parameters(ctx: Context, param: Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """The parameters of the query, and after the equals sign their values."""
    return _parameters(_chosen(ctx), incomplete)


def chart_parameters(
    ctx: Context, param: Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """The same, for the query behind the chart."""
    from tipgraph.charts import QUERIES

    return _parameters(QUERIES.get(_chosen(ctx), ""), incomplete)


def _parameters(of: str, incomplete: str) -> "list[CompletionItem[str]]":
    name, equals, _ = incomplete.partition("=")
    try:
        graph = open_graph()
        query = find(graph.queries, of)
        if not equals:
            return _items({f"{each.name}=": each.description for each in query.params}, name)
        chosen = next((each for each in query.params if each.name == name), None)
        allowed = chosen.allowed(graph.engine) if chosen else {}
        known = labels(graph.engine, allowed)
    except TipgraphError:
        return []
    values = {f"{name}={short}": known.get(iri, "") for iri, short in allowed.items()}
    return _items(values, incomplete)


def editions(ctx: Context, param: Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """The editions in the graph."""
    from tipgraph.entities.editions import editions as all_editions

    try:
        known = all_editions(open_graph().engine).values()
    except TipgraphError:
        return []
    return _items({each.slug: each.label for each in known}, incomplete)


def pinned_editions(ctx: Context, param: Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """The editions whose text is pinned."""
    from tipgraph.entities.editions import editions as all_editions
    from tipgraph.texts import pinned

    try:
        engine = open_graph().engine
        known = all_editions(engine, pinned(engine)).values()
    except TipgraphError:
        return []
    return _items({each.slug: each.label for each in known}, incomplete)


def attached_editions(
    ctx: Context, param: Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """The editions whose text is attached."""
    from tipgraph.texts import kept

    try:
        found = kept(open_graph().engine)
    except TipgraphError:
        return []
    return _items({each.edition: "" for each in found}, incomplete)


def areas(ctx: Context, param: Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """The countries that have an edition."""
    from tipgraph.entities.editions import editions as all_editions

    try:
        engine = open_graph().engine
        iris = {each.area for each in all_editions(engine).values() if each.area}
        known = labels(engine, iris)
    except TipgraphError:
        return []
    return _items({last_part(iri): known.get(iri, "") for iri in iris}, incomplete)


def facts(ctx: Context, param: Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """The facts that a case can state."""
    from tipgraph.assess.case import facts as known

    try:
        labelled = known(open_graph().engine)
    except TipgraphError:
        return []
    return _items({last_part(iri): label for iri, label in labelled.items()}, incomplete)


def _chosen(ctx: Context) -> str:
    """The query's name; click leaves it unassigned while `-p` still waits for its value."""
    return ctx.params.get("name") or next(iter(ctx.args), "")


def _items(meanings: dict[str, str], incomplete: str) -> "list[CompletionItem[str]]":
    from click.shell_completion import CompletionItem

    return [
        CompletionItem(each, help=meaning)
        for each, meaning in sorted(meanings.items())
        if each.startswith(incomplete)
    ]
