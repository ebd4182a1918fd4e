"""`tipgraph review`."""

import click

from tipgraph.cli.options import check_output, note, opened
from tipgraph.cli.process import stop_gracefully
from tipgraph.cli.serve import PORT, announce
from tipgraph.errors import UsageError


@click.command("review")
@click.argument("folder", type=click.Path())
@click.option(
    "--text",
    required=True,
    type=click.Path(),
    metavar="FILE",
    help="Text that the folder pins; its sentences are shown and not stored.",
)
@click.option(
    "--reviewer",
    metavar="ALIAS",
    help="Name to store with each decision, of your choice; the page asks for it if missing.",
)
@click.option("--html", metavar="FILE", help="Write the review as a page to read, and stop.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="N",
    help=f"Port of the page; 0 for one that is free.  [default: {PORT}]",
)
def command(
    folder: str, text: str, reviewer: str | None, html: str | None, port: int | None
) -> int:
    """Decide on the rows of a draft, one sentence at a time, on a page in your browser.

    'tipgraph draft' has written the draft into FOLDER. The page is served to this machine alone,
    until you quit there or press Ctrl-C. Doubtful sentences come first. Each decision is saved at
    once to draft/review.csv, which a spreadsheet program can edit too. The page needs the extra
    explorer.
    """
    from tipgraph.editions.table import TableError
    from tipgraph_draft.review_file import review_path

    if html is not None and port is not None:
        raise UsageError("choose one of --port and --html")
    try:
        if html is not None:
            return _write_page(folder, text, html)
        return _serve(folder, text, reviewer, PORT if port is None else port)
    except TableError as error:
        for each in error.errors:
            note(f"{review_path(folder)}: {each}")
        return error.exit_code


def _write_page(folder: str, text: str, file: str) -> int:
    """Write the review as a page."""
    from tipgraph.files import write_atomic
    from tipgraph.render.page import html
    from tipgraph_draft.review_file import review_page

    check_output(file, [folder, text])
    write_atomic(file, html(review_page(folder, text)).encode())
    note(f"{file}: written")
    return 0


def _serve(folder: str, text: str, reviewer: str | None, port: int) -> int:
    """Serve the review as a page until the person quits."""
    from tipgraph.explorer.app import Settings
    from tipgraph.explorer.server import serve
    from tipgraph_draft.page import ADDRESS, Review, kinds

    review = Review(folder, text, reviewer or "")
    settings = Settings(pages=kinds(review), templates="tipgraph_draft")
    stop_gracefully()
    serve(
        opened((), no_bundled=False), settings, port,
        lambda address: announce("Reviewing", address.rstrip("/") + ADDRESS),
    )  # fmt: skip
    return 0
