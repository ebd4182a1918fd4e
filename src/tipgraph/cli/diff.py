"""`tipgraph diff`."""

import click

from tipgraph.cli.options import area_option, graph_options, language_option, opened
from tipgraph.cli.output import Output, output_options
from tipgraph.errors import UsageError

FORMATS = ("text", "markdown", "json", "html", "xlsx")


@click.command("diff")
@click.argument("earlier", metavar="A")
@click.argument("later", metavar="B")
@area_option
@output_options(*FORMATS)
@language_option
@graph_options
def command(
    earlier: str,
    later: str,
    areas: tuple[str, ...],
    output: Output,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Show what changed from edition A to edition B of one country.

    With --area, A and B may be years; several areas are shown one after the other.

    Lists figures that went up or down, with their caveats, norms that changed, and claims and
    non-reports that only one edition has. If an edition was read in part, nothing is called new
    or dropped because of it.
    """
    from tipgraph.editions.compare import document
    from tipgraph.render import in_format, results

    style = output.style or "text"
    if areas[1:] and style not in ("text", "markdown"):
        raise UsageError(f"--format {style} takes one area; run diff once for each")
    graph = opened(data, no_bundled)
    found = [graph.diff(earlier, later, area) for area in areas or [None]]
    if style == "json":
        output.write(results.dumps(found[0].as_dict()))
    elif areas[1:]:
        texts = [str(in_format(document(each), style)) for each in found]
        output.write("\n".join(texts))
    else:
        output.write(in_format(document(found[0]), style))
