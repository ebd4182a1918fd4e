"""`tipgraph diff`."""

import click

from tipgraph.cli import completion
from tipgraph.cli.options import format_option, graph_options, opened, write


@click.command("diff")
@click.argument("earlier", metavar="A", shell_complete=completion.editions)
@click.argument("later", metavar="B", shell_complete=completion.editions)
@format_option("text", "markdown", "json")
@graph_options
def command(
    earlier: str, later: str, style: str | None, data: tuple[str, ...], no_bundled: bool
) -> None:
    """Show what changed from edition A to edition B of one country.

    Lists figures that went up or down, with their caveats, norms that changed, and claims and
    non-reports that only one edition has. If an edition was read in part, nothing is called new
    or dropped because of it.
    """
    from tipgraph.editions.compare import render
    from tipgraph.render.results import dumps

    difference = opened(data, no_bundled).diff(earlier, later)
    match style:
        case "json":
            write(dumps(difference.as_dict()))
        case "markdown":
            write(render.markdown(difference))
        case _:
            write(render.text(difference))
