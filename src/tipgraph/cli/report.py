"""`tipgraph report`."""

import click

from tipgraph.cli.options import (
    edition_options,
    graph_options,
    language_option,
    note,
    opened,
)
from tipgraph.cli.output import Output, output_options
from tipgraph.render import in_format

FORMATS = ("md", "html", "docx", "xlsx")
# The format of the charts in each format of a report.
PICTURES = {"html": "svg", "docx": "png"}


@click.command("report")
@edition_options
@click.option("--topic", metavar="NAME", help="Only statements on this topic or a narrower one.")
@output_options(*FORMATS, help="Output format; Markdown without it.")
@language_option
@graph_options
def command(
    areas: tuple[str, ...],
    editions: tuple[str, ...],
    topic: str | None,
    output: Output,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Write a briefing on a country: figures, trends, norms, criticism, what is not reported.

    Two areas or two editions are set side by side, with what is not comparable. HTML and DOCX
    contain charts, if matplotlib is installed (the extra 'chart').
    """
    from tipgraph.charts import can_draw

    style = output.style or "md"
    graph = opened(data, no_bundled)
    pictures = PICTURES.get(style)
    if pictures and not can_draw():
        note("the report has no charts; for those, install matplotlib (the extra 'chart')")
        pictures = None
    document = graph.report(areas, editions, topic, pictures)
    output.write(in_format(document, "markdown" if style == "md" else style))
