"""`tipgraph show`."""

import click

from tipgraph.cli.options import (
    edition_options,
    graph_options,
    language_option,
    opened,
)
from tipgraph.cli.output import Output, output_options
from tipgraph.render import in_format, results
from tipgraph.show.describe import triples
from tipgraph.show.description import as_text, document

FORMATS = ("text", "markdown", "json", "turtle", "html", "xlsx")
# The most statements that are listed in formats for reading.
MOST, READ = 200, ("text", "markdown", "html")


@click.command("show")
@click.argument("thing")
@edition_options
@click.option("--topic", metavar="NAME", help="Only statements on this topic or a narrower one.")
@click.option(
    "--technical", is_flag=True, help="Add the digest and offsets of a sentence, and codes."
)
@output_options(*FORMATS)
@language_option
@graph_options
def command(
    thing: str,
    editions: tuple[str, ...],
    areas: tuple[str, ...],
    topic: str | None,
    technical: bool,
    output: Output,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Show what the graph contains about THING, with the evidence.

    THING is an IRI, a slug (S12, tip-2021-be/S12) or a label. For a topic or an indicator, the
    editions that state nothing on it are listed, with the nearest statements. Where the text of an
    edition is attached, sentences are printed, with the quoted phrases highlighted. Text, Markdown
    and HTML list at most 200 statements that mention THING.
    """
    style = output.style or "text"
    graph = opened(data, no_bundled)
    if style == "turtle":
        limits = graph.limits(editions, topic, areas)
        found = triples(graph.engine, graph.resolve(thing, editions, areas), limits)
        output.write(results.graph(found, "turtle"))
        return
    most = MOST if style in READ else None
    # A file may go to others.
    is_shown = style == "text" and output.file is None
    shown = graph.show(thing, editions, topic, is_shown, areas, most)
    match style:
        case "json":
            content: str | bytes = results.dumps(shown.as_dict())
        case "text":
            content = as_text(shown, technical)
        case _:
            content = in_format(document(shown, technical), style)
    output.write(content)
