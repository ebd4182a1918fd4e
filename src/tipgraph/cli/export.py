"""`tipgraph export`."""

from os.path import splitext

import click

from tipgraph.atomic import write_whole
from tipgraph.cli import completion
from tipgraph.cli.options import (
    Command,
    check_folder,
    format_option,
    graph_options,
    opened,
    write,
)
from tipgraph.export.syntaxes import SYNTAXES, style_of
from tipgraph.render import results
from tipgraph.store.rows import Rows

NETWORK = ("graphml", "csv")


def output_option(command: Command) -> Command:
    """`--output`, whose folder has to be there before any work is done."""
    option = click.option(
        "--output",
        metavar="FILE",
        callback=lambda ctx, param, file: _writable(file),
        help="Write to this file instead of standard output.",
    )
    return option(command)


@click.group("export")
def command() -> None:
    """Write the graph, its figures, its actors or its description for other tools."""


@command.command("graph")
@click.option(
    "--graph",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only this named graph: its IRI, or its last part such as tip-2021-be (may be repeated).",
)
@format_option(*SYNTAXES, help="How to write; by default as FILE ends, else trig.")
@output_option
@graph_options
def graph(
    names: tuple[str, ...],
    style: str | None,
    output: str | None,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Write the graph as RDF, whole or in parts.

    Turtle and N-Triples have the named graphs as one.
    """
    from tipgraph.export.graph import graph as exported

    style = style or style_of(output, "trig")
    _deliver(exported(opened(data, no_bundled), names, style), output)


@command.command("figures")
@click.option(
    "--edition", metavar="EDITION", shell_complete=completion.editions, help="Only of this edition."
)
@click.option("--area", metavar="COUNTRY", help="Only of this country, such as BEL.")
@click.option("--indicator", metavar="NAME", help="Only of this measure.")
@click.option(
    "--table", is_flag=True, help="Only the columns that 'tipgraph import-figures' reads."
)
@output_option
@graph_options
def figures(
    edition: str | None,
    area: str | None,
    indicator: str | None,
    table: bool,
    output: str | None,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Write the figures as tidy CSV.

    A row is a figure, or one of its amounts of money. Figures with differing indicators, parts or
    counts must not be added or compared.
    """
    from tipgraph.export.figures import as_table
    from tipgraph.export.figures import figures as exported

    rows = exported(opened(data, no_bundled), edition, area, indicator)
    _deliver(_csv(as_table(rows) if table else rows), output)


@command.command("network")
@format_option(*NETWORK, help="How to write; by default as FILE ends, else graphml.")
@output_option
@graph_options
def network(style: str | None, output: str | None, data: tuple[str, ...], no_bundled: bool) -> None:
    """Write the actor network as GraphML or CSV.

    An edge is a statement that one stands to another in a relation, with the words that say so.
    CSV has the edges alone.
    """
    from tipgraph.export.graphml import graphml
    from tipgraph.export.network import network as exported

    found = exported(opened(data, no_bundled))
    as_csv = style == "csv" or (style is None and splitext(output or "")[1] == ".csv")
    _deliver(_csv(found.edges) if as_csv else graphml(found), output)


@command.command("catalog")
@format_option(*SYNTAXES, help="How to write; by default as FILE ends, else turtle.")
@output_option
@graph_options
def catalog(style: str | None, output: str | None, data: tuple[str, ...], no_bundled: bool) -> None:
    """Write what the graph holds, as DCAT 3 and VoID.

    Each named graph is a dataset, with its numbers, its classes and its properties.
    """
    from tipgraph.export.catalog import catalog as exported

    style = style or style_of(output, "turtle")
    _deliver(exported(opened(data, no_bundled), style), output)


def _csv(rows: Rows) -> str:
    return results.csv(rows.columns, results.plain(rows))


def _writable(file: str | None) -> str | None:
    if file:
        check_folder(file)
    return file


def _deliver(text: str, file: str | None) -> None:
    """Write the text to a file, whole or not at all, or to standard output."""
    if file is None:
        write(text)
    else:
        write_whole(file, text.encode())
