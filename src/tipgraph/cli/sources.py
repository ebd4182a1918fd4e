"""`tipgraph sources`."""

import click

from tipgraph.cli.options import (
    csv_safe_option,
    for_people,
    format_option,
    graph_options,
    note,
    opened,
    write,
)
from tipgraph.cli.query import LABELLED_FORMATS, default_format, rendered
from tipgraph.render.results import ROW_FORMATS


@click.command("sources")
@click.option("--area", metavar="COUNTRY", help="Country to list, such as BEL; by default all.")
@format_option(*LABELLED_FORMATS, *ROW_FORMATS, help="Output format; TSV in a pipe.")
@click.option("--labels", is_flag=True, help="Labels instead of IRIs, in any format.")
@csv_safe_option
@graph_options
def command(
    area: str | None,
    style: str | None,
    labels: bool,
    csv_safe: bool,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """List the editions in the graph, with coverage and the digest of each pinned text.

    This runs the stored query sources; on a terminal, without COUNTRY, it runs countries, with one
    line for the editions of each. To compare a text of your own with the digest, use 'tipgraph
    coverage EDITION --text FILE'.
    """
    graph = opened(data, no_bundled)
    if for_people() and not (area or style):
        write(rendered(graph, graph.query("countries"), "table", labels, csv_safe))
        note("'tipgraph sources --area COUNTRY' lists the editions of a country")
        return
    rows = graph.query("sources", **({"area": area} if area else {}))
    write(rendered(graph, rows, style or default_format(rows), labels, csv_safe))
