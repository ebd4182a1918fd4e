"""`tipgraph diff`."""

import click

from tipgraph.cli import completion
from tipgraph.cli.options import format_option, graph_options, opened
from tipgraph.cli.output import deliver, format_for, output_option

FORMATS = ("text", "markdown", "json", "html", "xlsx")


@click.command("diff")
@click.argument("earlier", metavar="A", shell_complete=completion.editions)
@click.argument("later", metavar="B", shell_complete=completion.editions)
@format_option(*FORMATS)
@output_option
@graph_options
def command(
    earlier: str,
    later: str,
    style: str | None,
    output: str | None,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Show what changed from edition A to edition B of one country.

    Lists figures that went up or down, with their caveats, norms that changed, and claims and
    non-reports that only one edition has. If an edition was read in part, nothing is called new
    or dropped because of it.
    """
    from tipgraph.editions.compare.render import document
    from tipgraph.render import formats, results

    style = format_for(style, output, FORMATS) or "text"
    difference = opened(data, no_bundled).diff(earlier, later)
    if style == "json":
        deliver(results.dumps(difference.as_dict()), output, data)
    else:
        deliver(formats.rendered(document(difference), style), output, data)
