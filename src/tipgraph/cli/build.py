"""`tipgraph build`."""

import click

from tipgraph.cli.options import progress_bar, write


@click.command("build")
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option(
    "--store",
    type=click.Path(file_okay=False),
    metavar="PATH",
    required=True,
    help="Folder of the store; made, or brought up to date.",
)
def command(folder: str, store: str) -> None:
    """Derive the graph of a FOLDER of editions into a store on disk.

    FOLDER is like data/ of a checkout: what editions share, and a folder for each edition and
    document, whose name ends in two letters of its country. The memory does not grow with the
    number of countries. Run it again after a change: what follows for other countries is kept.

    Every command uses the store while TIPGRAPH_RESOURCES names it. Commands that are running keep
    the graph that they opened.
    """
    from tipgraph.search.find import companion
    from tipgraph.store.build import build

    with progress_bar("building") as progress:
        build(folder, store, progress, companion())
    write(f"{store}: built\n")
