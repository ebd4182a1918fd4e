"""`tipgraph diff`."""

import click

from tipgraph.cli import completion
from tipgraph.cli.options import format_option, graph_options, opened, write
from tipgraph.render import results, sections


@click.command("diff")
@click.argument("earlier", metavar="A", shell_complete=completion.editions)
@click.argument("later", metavar="B", shell_complete=completion.editions)
@format_option("text", "markdown", "json")
@graph_options
def command(
    earlier: str, later: str, style: str | None, data: tuple[str, ...], no_bundled: bool
) -> None:
    """Tell what changed from edition A to edition B of one country.

    Figures up and down with their caveats, norms, and the claims and non-reports that only one of
    them holds. Of an edition that was read in part nothing is called new or gone.
    """
    from tipgraph.editions.compare import difference, render

    told = difference(opened(data, no_bundled), earlier, later)
    match style:
        case "json":
            write(results.dumps(told.as_dict()))
        case "markdown":
            write(sections.markdown(" ".join(render.head(told)), render.sections(told)))
        case _:
            write(sections.text(render.head(told), render.sections(told)))
