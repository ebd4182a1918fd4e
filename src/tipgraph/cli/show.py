"""`tipgraph show`."""

import click

from tipgraph.cli.options import format_option, graph_options, opened, write
from tipgraph.lookup.describe import as_markdown, as_text, triples
from tipgraph.render import results


@click.command("show")
@click.argument("thing")
@format_option("text", "markdown", "json", "turtle")
@graph_options
def command(thing: str, style: str | None, data: tuple[str, ...], no_bundled: bool) -> None:
    """Show what the graph contains about THING, with the evidence.

    THING is an IRI, a slug (S12, tip-2021-be/S12) or a label.
    """
    graph = opened(data, no_bundled)
    match style:
        case "turtle":
            write(results.graph(triples(graph.engine, graph.resolve(thing)), "turtle"))
        case "json":
            write(results.dumps(graph.show(thing).as_dict()))
        case "markdown":
            write(as_markdown(graph.show(thing)))
        case _:
            write(as_text(graph.show(thing)))
