"""`tipgraph serve`, `site` and `mcp`."""

import sys
from functools import partial

import click

from tipgraph.cli import options
from tipgraph.cli.declare import argument, command, option
from tipgraph.cli.options import GraphFiles
from tipgraph.cli.output import note, progress_bar, write
from tipgraph.cli.output_files import OutputFolder
from tipgraph.cli.process import continue_in_worker, stop_gracefully
from tipgraph.errors import not_installed
from tipgraph.explorer.workers import QuerySettings
from tipgraph.processes import dump_no_memory
from tipgraph.safe_text import web_address

HERE = "127.0.0.1"
PORT = option(
    "Port to listen on; 0 for one that is free.",
    "--port",
    type=click.IntRange(0, 65_535),
    default=8080,
    metavar="N",
)


@command("serve")
def serve_command(
    port: int = PORT,
    host: str = option("Address or name to listen on.", default=HERE, metavar="HOST"),
    timeout: float = options.timeout(
        "Time limit for a query to the SPARQL endpoint.", QuerySettings.timeout
    ),
    max_rows: int = option(
        "The most rows or triples of an answer of the SPARQL endpoint.",
        type=click.IntRange(min=1),
        default=QuerySettings.max_rows,
        metavar="N",
    ),
    contact: str = options.CONTACT,
    source: GraphFiles = options.NAMED_GRAPH,
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
    graph = source.open(offline=False)
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
    write(f"{what} on {address} (Ctrl-C ends it)\n")
    sys.stdout.flush()


def _check_web_address(context: click.Context, option: click.Parameter, address: str) -> str:
    if address and not web_address(address):
        raise click.BadParameter("an address starts with https:// or http://")
    return address


@command("site")
def site_command(
    folder: str = argument(type=OutputFolder(), metavar="FOLDER"),
    areas: tuple[str, ...] = options.AREAS,
    contact: str = options.CONTACT,
    address: str = option(
        "The address of FOLDER on the web, for sitemap.xml, robots.txt and previews of links.",
        default="",
        callback=_check_web_address,
        metavar="ADDRESS",
    ),
    docs: str = option(
        "Where the header leads to documentation, such as /docs/ for a folder beside the pages.",
        default="",
        metavar="ADDRESS",
    ),
    source: GraphFiles = options.NAMED_GRAPH,
) -> None:
    """Write the pages of the explorer into FOLDER, for any web server.

    Search and SPARQL run in the reader's browser. An earlier site in FOLDER is replaced, in one
    step, if it has no other files; the form for a case is left out, since a case is private. Charts
    need matplotlib. With --area, it has the editions on some countries alone.
    """
    from tipgraph.explorer.site import Site, in_memory, remembering
    from tipgraph.explorer.write import check_folder, of_areas, write

    stop_gracefully()
    check_folder(folder)
    whole = source.open()
    graph = of_areas(whole, areas) if areas else in_memory(whole)
    base = f"{address.rstrip('/')}/" if address else ""
    site = Site(remembering(graph), contact, is_static=True, base=base, docs=docs)
    with progress_bar("writing pages") as progress:
        files = write(site, folder, progress)
    note(f"{folder}: {files:,} files; open index.html, or serve the folder")


@command("mcp")
def mcp_command(
    allow_assess: bool = option("Offer the tool that assesses a case, too."),
    source: GraphFiles = options.GRAPH,
) -> None:
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
    try:
        graph = source.open()
        # As in `assess`.
        continue_in_worker()
        server(graph, allow_assess).run("stdio")
    except ExceptionGroup as group:
        # The SDK groups the errors of its tasks, also that of output which nobody reads any more.
        found: Exception | None = group.subgroup(OSError)
        while isinstance(found, ExceptionGroup):
            found = found.exceptions[0]
        raise found or group from None
