"""`tipgraph sources`."""

import click

from tipgraph.cli.options import format_option, graph_options, opened, write
from tipgraph.cli.query import PEOPLES, usual, written
from tipgraph.render.results import ROW_FORMATS


@click.command("sources")
@click.option("--area", metavar="COUNTRY", help="Only of this country, such as BEL.")
@format_option(*PEOPLES, *ROW_FORMATS, help="How to write it; a table on a terminal, else TSV.")
@click.option("--labels", is_flag=True, help="Labels in the place of IRIs, in any format.")
@graph_options
def command(
    area: str | None, style: str | None, labels: bool, data: tuple[str, ...], no_bundled: bool
) -> None:
    """List the editions that the graph holds: how much of each is covered, and with which digest.

    It is the stored query sources. Whoever has the text of an edition holds it against the digest
    with 'tipgraph coverage EDITION --text FILE'.
    """
    graph = opened(data, no_bundled)
    rows = graph.query("sources", **({"area": area} if area else {}))
    write(written(graph, rows, style or usual(rows), labels))
