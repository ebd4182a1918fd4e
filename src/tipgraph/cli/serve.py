"""`tipgraph serve`."""

from functools import partial

import click

from tipgraph.cli.options import (
    Seconds,
    contact_option,
    graph_options,
    language_option,
    note,
    opened,
    write,
)
from tipgraph.cli.process import stop_gracefully
from tipgraph.explorer.execution import QuerySettings
from tipgraph.processes import dump_no_memory

HERE = "127.0.0.1"

port_option = click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8080,
    show_default=True,
    metavar="N",
    help="Port to listen on; 0 for one that is free.",
)


@click.command("serve")
@port_option
@click.option(
    "--host",
    default=HERE,
    show_default=True,
    metavar="HOST",
    help="Address or name to listen on.",
)
@click.option(
    "--timeout",
    type=Seconds(),
    default=QuerySettings.timeout,
    show_default=True,
    metavar="SECONDS",
    help="Time limit for a query to the SPARQL endpoint.",
)
@click.option(
    "--max-rows",
    type=click.IntRange(min=1),
    default=QuerySettings.max_rows,
    show_default=True,
    metavar="N",
    help="The most rows or triples of an answer of the SPARQL endpoint.",
)
@contact_option
@language_option
@graph_options
def command(
    port: int,
    host: str,
    timeout: float,
    max_rows: int,
    contact: str,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Serve the graph as pages for a browser, until Ctrl-C.

    Search, a page for each thing at the path of its IRI, the stored queries as forms, comparisons,
    briefings and cases; at /sparql an endpoint for queries, and at /mcp tools for assistants (extra
    mcp). Needs the extra explorer. Only this machine can reach the pages, unless --host names
    another address; those that others can reach show no attached text.
    """
    from tipgraph.explorer.app import Settings, serve
    from tipgraph.explorer.http import is_loopback

    # Pages are given cases.
    dump_no_memory()
    graph = opened(data, no_bundled, offline=False)
    if not is_loopback(host):
        note(
            f"warning: other machines can reach {host}. Cases that they enter are sent to this one"
            " without encryption; put a server with TLS before it."
        )
    stop_gracefully()
    limits = QuerySettings(timeout=timeout, max_rows=max_rows)
    serve(
        graph,
        Settings(host, contact, limits),
        port,
        partial(announce, "Serving"),
    )


def announce(what: str, address: str) -> None:
    """Print where pages are served."""
    import sys

    write(f"{what} on {address} (Ctrl-C ends it)\n")
    sys.stdout.flush()
