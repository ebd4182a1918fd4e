"""`tipgraph show`."""

import click

from tipgraph.cli.options import (
    edition_options,
    format_option,
    graph_options,
    language_option,
    opened,
)
from tipgraph.cli.output import deliver, format_for, output_option
from tipgraph.render import results
from tipgraph.render.formats import in_format
from tipgraph.show.describe import triples
from tipgraph.show.description import as_text, document

FORMATS = ("text", "markdown", "json", "turtle", "html", "xlsx")


@click.command("show")
@click.argument("thing")
@edition_options
@click.option("--topic", metavar="NAME", help="Only statements on this topic or a narrower one.")
@click.option(
    "--technical", is_flag=True, help="Add the digest and offsets of a sentence, and codes."
)
@format_option(*FORMATS)
@output_option
@language_option
@graph_options
def command(
    thing: str,
    editions: tuple[str, ...],
    areas: tuple[str, ...],
    topic: str | None,
    technical: bool,
    style: str | None,
    output: str | None,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Show what the graph contains about THING, with the evidence.

    THING is an IRI, a slug (S12, tip-2021-be/S12) or a label. For a topic or an indicator, the
    editions that state nothing on it are listed, with the nearest statements. Where the text of an
    edition is attached, sentences are printed, with the quoted phrases highlighted.
    """
    style = format_for(style, output, FORMATS) or "text"
    graph = opened(data, no_bundled)
    if style == "turtle":
        limits = graph.limits(editions, topic, areas)
        found = triples(graph.engine, graph.resolve(thing, editions, areas), limits)
        deliver(results.graph(found, "turtle"), output)
        return
    # A file may go to others.
    shown = graph.show(thing, editions, topic, style == "text" and output is None, areas)
    match style:
        case "json":
            content: str | bytes = results.dumps(shown.as_dict())
        case "text":
            content = as_text(shown, technical)
        case _:
            content = in_format(document(shown, technical), style)
    deliver(content, output)
