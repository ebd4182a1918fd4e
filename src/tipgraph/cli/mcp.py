"""`tipgraph mcp`."""

import click

from tipgraph.cli.options import graph_options, opened
from tipgraph.errors import not_installed
from tipgraph.processes import dump_no_memory


@click.command("mcp")
@click.option("--allow-assess", is_flag=True, help="Offer the tool that assesses a case, too.")
@graph_options
def command(allow_assess: bool, data: tuple[str, ...], no_bundled: bool) -> None:
    """Answer an assistant's questions over the Model Context Protocol, on standard input.

    The tools read the graph and nothing else; an assistant sees who counted and who states each
    figure, its caveats, and where an answer without rows is no zero. Register the command
    'tipgraph mcp' in your assistant's settings.
    """
    try:
        from tipgraph.assistant import server
    except ImportError:
        raise not_installed("an assistant needs the SDK of MCP", "mcp", "mcp") from None
    if allow_assess:
        dump_no_memory()
    server(opened(data, no_bundled), allow_assess).run("stdio")
