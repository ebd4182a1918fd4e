"""`tipgraph review`."""

import sys
from collections.abc import Callable, Sequence

import click

from tipgraph.cli.options import check_output, note, opened
from tipgraph.cli.process import stop_gracefully
from tipgraph.cli.serve import PORT, announce
from tipgraph.errors import UsageError
from tipgraph.escape import visible


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
    help="Name to store with each decision, of your choice; asked for if missing.",
)
@click.option("--html", metavar="FILE", help="Write the review as a page to read, and stop.")
@click.option("--browser", is_flag=True, help="Serve the review as a page to this machine alone.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="N",
    help=f"Port for --browser; 0 for one that is free.  [default: {PORT}]",
)
def command(
    folder: str, text: str, reviewer: str | None, html: str | None, browser: bool, port: int | None
) -> int:
    """Decide on the rows of a draft, one sentence at a time.

    'tipgraph draft' has written the draft into FOLDER. Disagreements of readers and doubts come
    first. Each key is saved at once to draft/review.csv, which a spreadsheet program can edit too.
    Press ? for the keys.

    --browser does the same with mouse and keyboard, until you quit there or press Ctrl-C. It needs
    the extra explorer.
    """
    from tipgraph.editions.draft.review_file import open_session, review_path
    from tipgraph.editions.table import TableError

    _check_options(html, browser, port)
    try:
        if html is not None:
            return _write_page(folder, text, html)
        if browser:
            return _serve(folder, text, reviewer, PORT if port is None else port)
        _check_terminal()
        alias = reviewer or _ask_alias()
        session = open_session(opened((), no_bundled=False).engine, folder, text, alias)
    except TableError as error:
        for each in error.errors:
            note(f"{review_path(folder)}: {each}")
        return error.exit_code
    from tipgraph.cli.keyboard import Keyboard
    from tipgraph.cli.review_screen import ReviewScreen

    with Keyboard() as keyboard:

        def ask(question: str, complete: Callable[[str], Sequence[str]]) -> str | None:
            with keyboard.lines():
                return _ask(question, complete)

        ReviewScreen(session, keyboard.key, ask).run()
    return 0


def _check_options(html: str | None, browser: bool, port: int | None) -> None:
    if browser and html is not None:
        raise UsageError("choose one of --browser and --html")
    if port is not None and not browser:
        raise UsageError("--port is for the page; add --browser")


def _check_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "a review needs a terminal; use a page with --browser, edit draft/review.csv instead,"
            " or read it with --html FILE"
        )


def _write_page(folder: str, text: str, file: str) -> int:
    """Write the review as a page."""
    from tipgraph.editions.draft.review_file import review_page
    from tipgraph.files import write_atomic
    from tipgraph.render.page import html

    check_output(file, [folder, text])
    write_atomic(file, html(review_page(folder, text)).encode())
    note(f"{file}: written")
    return 0


def _serve(folder: str, text: str, reviewer: str | None, port: int) -> int:
    """Serve the review as a page until the person quits."""
    from tipgraph.explorer.app import Settings
    from tipgraph.explorer.review import ADDRESS, Review
    from tipgraph.explorer.server import serve

    settings = Settings(review=Review(folder, text, reviewer or ""))
    stop_gracefully()
    serve(
        opened((), no_bundled=False), settings, port,
        lambda address: announce("Reviewing", address.rstrip("/") + ADDRESS),
    )  # fmt: skip
    return 0


def _ask_alias() -> str:
    alias: str = click.prompt("Your alias, stored with each decision", err=True)
    return alias.strip()


def _ask(question: str, complete: Callable[[str], Sequence[str]]) -> str | None:
    """The answer to a question, on a line of its own; Tab completes it. None if it is left."""
    try:
        import readline
    except ImportError:
        readline = None  # type: ignore[assignment]
    if readline is not None:
        readline.set_completer_delims("")
        readline.set_completer(
            lambda text, state: (list(complete(text))[state : state + 1] or [None])[0]  # type: ignore[list-item]
        )
        readline.parse_and_bind("tab: complete")
    try:
        return input(visible(question))
    except (EOFError, KeyboardInterrupt):
        print(file=sys.stderr)
        return None
