"""`tipgraph chart`."""

import logging
from os.path import splitext
from warnings import catch_warnings

import click

from tipgraph.charts import FORMATS, QUERIES, chart
from tipgraph.cli.options import (
    edition_options,
    graph_options,
    language_option,
    note,
    opened,
    parameters,
    parameters_option,
    write,
)
from tipgraph.cli.output import output_file
from tipgraph.errors import UsageError
from tipgraph.files import write_atomic


@click.command("chart")
@click.argument("name", type=click.Choice(list(QUERIES)))
@parameters_option
@edition_options
@output_file(
    "--output",
    required=True,
    metavar="FILE",
    callback=lambda ctx, param, file: _checked(file),
    help="Output file; the extension .svg or .png selects the format.",
)
@language_option
@graph_options
def command(
    name: str,
    given: tuple[str, ...],
    editions: tuple[str, ...],
    areas: tuple[str, ...],
    output: str,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Draw a series of figures over time, or the breakdown of a figure into its parts.

    The parameters are those of the queries 'series' and 'shares', which have all notes. The alt
    text is in the file and goes to standard output. Charts need matplotlib (the extra 'chart').
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # It logs its own cache folders.
    graph, format = opened(data, no_bundled), _format(output)
    with catch_warnings(record=True) as warnings:
        bindings = parameters(given, editions, areas)
        drawn = chart(graph.engine, graph.queries, name, format, bindings)
    write_atomic(output, drawn.content)
    write(f"{drawn.alt_text}\n")
    if format == "png" and any("Glyph" in str(each.message) for each in warnings):
        note("the font lacks some characters of the picture; use .svg, where fonts are replaced")


def _checked(file: str) -> str:
    """The file. Raises UsageError for an extension that is not in FORMATS."""
    if _format(file) not in FORMATS:
        raise UsageError(f"{file}: unknown chart format; use a file that ends in .svg or .png")
    return file


def _format(file: str) -> str:
    return splitext(file)[1].removeprefix(".").lower()
