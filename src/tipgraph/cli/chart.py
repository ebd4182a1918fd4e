"""`tipgraph chart`."""

import logging
from os.path import splitext
from warnings import catch_warnings

import click

from tipgraph.atomic import write_whole
from tipgraph.charts import FORMS, QUERIES, chart
from tipgraph.cli import completion
from tipgraph.cli.options import (
    check_folder,
    graph_options,
    note,
    opened,
    parameters,
    parameters_option,
    write,
)
from tipgraph.errors import UsageError


@click.command("chart")
@click.argument("name", type=click.Choice(list(QUERIES)))
@parameters_option(completion.chart_parameters)
@click.option(
    "--output",
    required=True,
    metavar="FILE",
    callback=lambda ctx, param, file: _writable(file),
    help="Draw into this file, as its ending says: .svg or .png.",
)
@graph_options
def command(
    name: str, given: tuple[str, ...], output: str, data: tuple[str, ...], no_bundled: bool
) -> None:
    """Draw a series of figures over time, or the breakdown of one figure into its parts.

    The parameters are those of the queries 'series' and 'shares'. The text that can stand in for
    the picture is in the file, and goes to standard output. This needs matplotlib, which
    tipgraph[chart] installs.
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # It tells of its own folders.
    with catch_warnings(record=True) as warned:
        drawn = chart(opened(data, no_bundled), name, _form(output), parameters(given))
    write_whole(output, drawn.content)
    write(f"{drawn.alternative}\n")
    if _form(output) == "png" and any("Glyph" in str(each.message) for each in warned):
        note("the font lacks letters of the picture; draw it as .svg, which any font can show")


def _writable(file: str) -> str:
    """Raise UsageError for an ending that is none of ours before any work is done."""
    if _form(file) not in FORMS:
        raise UsageError(f"{file}: a chart is drawn into a file that ends in .svg or .png")
    check_folder(file)
    return file


def _form(file: str) -> str:
    return splitext(file)[1].removeprefix(".").lower()
