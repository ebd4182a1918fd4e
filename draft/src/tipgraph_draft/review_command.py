"""`tipgraph review`."""

import click

from tipgraph.cli import declare
from tipgraph.cli.options import GraphFiles
from tipgraph.cli.process import stop_gracefully
from tipgraph.cli.serve import PORT, announce


@declare.command("review")
def command(
    folder: str = declare.argument(type=click.Path()),
    text: str = declare.option(
        "Text that the folder pins; its sentences are shown and not stored.",
        required=True,
        type=click.Path(),
        metavar="FILE",
    ),
    reviewer: str = declare.option(
        "Name to store with each decision, of your choice.", required=True, metavar="ALIAS"
    ),
    port: int = PORT,
) -> int:
    """Decide on the rows of a draft, one sentence at a time, on a page in your browser.

    'tipgraph draft' has written the draft into FOLDER. The page is served to this machine alone,
    until you quit there or press Ctrl-C. Doubtful sentences come first. Each decision is saved at
    once to draft/review.csv, which a spreadsheet program can edit too. The page needs the extra
    explorer.
    """
    from tipgraph.explorer.app import Settings, serve
    from tipgraph_draft.page import ADDRESS, Review, kinds

    review = Review(folder, text, reviewer)
    settings = Settings(pages=kinds(review), templates="tipgraph_draft")
    stop_gracefully()
    serve(
        GraphFiles().open(), settings, port,
        lambda address: announce("Reviewing", address.rstrip("/") + ADDRESS),
    )  # fmt: skip
    return 0
