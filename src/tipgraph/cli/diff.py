"""`tipgraph diff`."""

import click

from tipgraph.cli.options import area_option, format_option, graph_options, language_option, opened
from tipgraph.cli.output import deliver, format_for, output_option
from tipgraph.errors import UsageError

FORMATS = ("text", "markdown", "json", "html", "xlsx")


@click.command("diff")
@click.argument("earlier", metavar="A")
@click.argument("later", metavar="B")
@area_option
@format_option(*FORMATS)
@output_option
@language_option
@graph_options
def command(
    earlier: str,
    later: str,
    areas: tuple[str, ...],
    style: str | None,
    output: str | None,
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
    from tipgraph.render import results
    from tipgraph.render.formats import in_format

    style = format_for(style, output, FORMATS) or "text"
    if areas[1:] and style not in ("text", "markdown"):
        raise UsageError(f"--format {style} takes one area; run diff once for each")
    graph = opened(data, no_bundled)
    found = [graph.diff(earlier, later, area) for area in areas or [None]]
    if style == "json":
        deliver(results.dumps(found[0].as_dict()), output)
    elif areas[1:]:
        texts = [str(in_format(document(each), style)) for each in found]
        deliver("\n".join(texts), output)
    else:
        deliver(in_format(document(found[0]), style), output)
