"""`tipgraph site`."""

import click

from tipgraph.cli.options import (
    area_option,
    contact_option,
    graph_options,
    language_option,
    note,
    opened,
    progress_bar,
)
from tipgraph.cli.output import OutputFolder
from tipgraph.escape import web_address


def _check_web_address(context: click.Context, option: click.Parameter, address: str) -> str:
    if address and not web_address(address):
        raise click.BadParameter("an address starts with https:// or http://")
    return address


@click.command("site")
@click.argument("folder", metavar="FOLDER", type=OutputFolder())
@area_option
@contact_option
@click.option(
    "--address",
    default="",
    callback=_check_web_address,
    metavar="ADDRESS",
    help="The address of FOLDER on the web, for sitemap.xml, robots.txt and previews of links.",
)
@language_option
@click.option(
    "--docs",
    default="",
    metavar="ADDRESS",
    help="Where the header leads to documentation, such as /docs/ for a folder beside the pages.",
)
@graph_options
def command(
    folder: str,
    areas: tuple[str, ...],
    contact: str,
    address: str,
    docs: str,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Write the pages of the explorer into FOLDER, for any web server.

    Search and SPARQL run in the reader's browser. An earlier site in FOLDER is replaced, in one
    step, if it has no other files; the form for a case is left out, since a case is private. Charts
    need matplotlib. With --area, it has the editions on some countries alone.
    """
    from tipgraph.explorer.site import Site, in_memory, remembering
    from tipgraph.explorer.write import check_folder, of_areas, write

    check_folder(folder)
    whole = opened(data, no_bundled)
    graph = of_areas(whole, areas) if areas else in_memory(whole)
    base = f"{address.rstrip('/')}/" if address else ""
    site = Site(remembering(graph), contact, is_static=True, base=base, docs=docs)
    with progress_bar("writing pages") as progress:
        files = write(site, folder, progress)
    note(f"{folder}: {files:,} files; open index.html, or serve the folder")
