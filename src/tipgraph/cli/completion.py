"""Shell completion: query names, parameter names and their values.

Completion never fails: where the graph cannot be opened, it offers nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from click import Context, Parameter

from tipgraph.entities import labels
from tipgraph.errors import TipgraphError
from tipgraph.graph import open as open_graph
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import find

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from tipgraph.entities.editions import Edition
    from tipgraph.store.engine import Engine

Completer = Callable[[Context, Parameter, str], "list[CompletionItem[str]]"]


def completer(meanings: Callable[[Context, str], Mapping[str, str]]) -> Completer:
    """Return the function that click calls: it offers the names that start like the word.

    `meanings` gives the names with their meanings, for the context and the word.
    """

    def complete(ctx: Context, param: Parameter, word: str) -> "list[CompletionItem[str]]":
        from click.shell_completion import CompletionItem

        try:
            known = sorted(meanings(ctx, word).items())
        except TipgraphError:
            return []
        return [CompletionItem(name, help=each) for name, each in known if name.startswith(word)]

    return complete


@completer
def query_names(ctx: Context, word: str) -> dict[str, str]:
    """The stored queries."""
    return {name: query.summary for name, query in open_graph().queries.items()}


@completer
def parameters(ctx: Context, word: str) -> dict[str, str]:
    """The parameters of the query, and after the equals sign their values."""
    return _parameters(_chosen(ctx), word)


@completer
def chart_parameters(ctx: Context, word: str) -> dict[str, str]:
    """The same, for the query behind the chart."""
    from tipgraph.charts import QUERIES

    return _parameters(QUERIES.get(_chosen(ctx), ""), word)


@completer
def editions(ctx: Context, word: str) -> dict[str, str]:
    """The editions in the graph."""
    return {each.slug: each.label for each in _editions(open_graph().engine)}


@completer
def pinned_editions(ctx: Context, word: str) -> dict[str, str]:
    """The editions whose text is pinned."""
    from tipgraph.texts import pinned

    engine = open_graph().engine
    return {each.slug: each.label for each in _editions(engine, pinned(engine))}


@completer
def attached_editions(ctx: Context, word: str) -> dict[str, str]:
    """The editions whose text is attached."""
    from tipgraph.texts import kept

    return {each.edition: "" for each in kept(open_graph().engine)}


@completer
def areas(ctx: Context, word: str) -> dict[str, str]:
    """The countries that have an edition."""
    engine = open_graph().engine
    iris = {each.area for each in _editions(engine) if each.area}
    known = labels(engine, iris)
    return {last_part(iri): known.get(iri, "") for iri in iris}


@completer
def facts(ctx: Context, word: str) -> dict[str, str]:
    """The facts that a case can state."""
    from tipgraph.assess.case import facts as known

    return {last_part(iri): label for iri, label in known(open_graph().engine).items()}


@completer
def checks(ctx: Context, word: str) -> dict[str, str]:
    """The checks of the shapes."""
    from tipgraph.validate.report import CHECKS

    return CHECKS


def _parameters(of: str, word: str) -> dict[str, str]:
    graph = open_graph()
    query = find(graph.queries, of)
    name, equals, _ = word.partition("=")
    if not equals:
        return {f"{each.name}=": each.description for each in query.params}
    chosen = next((each for each in query.params if each.name == name), None)
    allowed = chosen.allowed(graph.engine) if chosen else {}
    known = labels(graph.engine, allowed)
    return {f"{name}={short}": known.get(iri, "") for iri, short in allowed.items()}


def _editions(engine: "Engine", iris: Iterable[str] | None = None) -> "Iterable[Edition]":
    from tipgraph.entities.editions import editions as all_editions

    return all_editions(engine, iris).values()


def _chosen(ctx: Context) -> str:
    """The query's name; click leaves it unassigned while `-p` still waits for its value."""
    return ctx.params.get("name") or next(iter(ctx.args), "")


def complete_in_bash() -> None:
    """Replace the completion of click in bash, which splits words at equals signs."""
    from click.shell_completion import BashComplete, CompletionItem, add_completion_class

    class Bash(BashComplete):
        """Bash splits `indicator=vic` into three words and wants only the last one completed."""

        def get_completion_args(self) -> tuple[list[str], str]:
            words, incomplete = super().get_completion_args()
            self._prefix = ""
            if incomplete == "=" and words:
                incomplete = ""
                words.append("=")
            if words[-1:] == ["="] and len(words) > 1:
                self._prefix = f"{words[-2]}="
                words, incomplete = words[:-2], self._prefix + incomplete
            return _rejoined(words), incomplete

        def format_completion(self, item: CompletionItem[str]) -> str:
            item.value = item.value.removeprefix(self._prefix)
            return super().format_completion(item)

    add_completion_class(Bash)


def _rejoined(words: list[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        if (word == "=" and joined) or (joined and joined[-1].endswith("=")):
            joined[-1] += word
        else:
            joined.append(word)
    return joined
