"""What the shell may offer: query names, parameter names, and the values that they take.

Completion never complains: where the graph cannot be opened, nothing is offered.
"""

from typing import TYPE_CHECKING

from click import Context, Parameter

from tipgraph.errors import TipgraphError
from tipgraph.graph import open as open_graph
from tipgraph.lookup.entities import labels, slug
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import find

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def query_names(ctx: Context, param: Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """The stored queries whose names begin so."""
    try:
        queries = open_graph().queries
    except TipgraphError:
        return []
    return _offered({name: query.summary for name, query in queries.items()}, incomplete)


def parameters(ctx: Context, param: Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """The chosen query's parameters, and behind the equals sign their values."""
    return _parameters(_chosen(ctx), incomplete)


def chart_parameters(
    ctx: Context, param: Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """The same, of the query behind the chosen chart."""
    from tipgraph.charts import QUERIES

    return _parameters(QUERIES.get(_chosen(ctx), ""), incomplete)


def _parameters(of: str, incomplete: str) -> "list[CompletionItem[str]]":
    name, equals, _ = incomplete.partition("=")
    try:
        graph = open_graph()
        query = find(graph.queries, of)
        if not equals:
            return _offered({f"{each.name}=": each.description for each in query.params}, name)
        chosen = next((each for each in query.params if each.name == name), None)
        allowed = chosen.allowed(graph.engine) if chosen else {}
        called = labels(graph.engine, allowed)
    except TipgraphError:
        return []
    values = {f"{name}={short}": called.get(iri, "") for iri, short in allowed.items()}
    return _offered(values, incomplete)


def editions(ctx: Context, param: Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """The editions in the graph."""
    try:
        rows = open_graph().rows(
            "SELECT ?edition ?label { ?edition a tip:Edition ; rdfs:label ?label }"
        )
    except TipgraphError:
        return []
    return _offered({slug(str(row["edition"])): str(row["label"]) for row in rows}, incomplete)


def facts(ctx: Context, param: Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """The facts that can be told of a case."""
    from tipgraph.assess.parse_case import facts as known

    try:
        labelled = known(open_graph().engine)
    except TipgraphError:
        return []
    return _offered({last_part(iri): label for iri, label in labelled.items()}, incomplete)


def _chosen(ctx: Context) -> str:
    """The query's name; click leaves it unassigned while `-p` still waits for its value."""
    return ctx.params.get("name") or next(iter(ctx.args), "")


def _offered(meanings: dict[str, str], begun: str) -> "list[CompletionItem[str]]":
    from click.shell_completion import CompletionItem

    return [
        CompletionItem(each, help=meaning)
        for each, meaning in sorted(meanings.items())
        if each.startswith(begun)
    ]
