"""`tipgraph import-claims`."""

from os.path import isdir

import click

from tipgraph.cli.options import note, opened
from tipgraph.cli.output import OutputFolder
from tipgraph.errors import InputError
from tipgraph.files import write_atomic


@click.command("import-claims")
@click.argument("table", type=click.Path(), metavar="FILE")
@click.option(
    "--into",
    type=OutputFolder(),
    metavar="FOLDER",
    required=True,
    help="Write statements.ttl into each document's folder in FOLDER.",
)
def command(table: str, into: str) -> int:
    """Turn a table of what documents state (CSV) into Turtle, figures included.

    A document is a report, a note or a page of any publisher. Each row has document, page, kind
    (figure, remark, recommendation or non-report), gist, topic and quote. A figure has counts,
    language, value and unit; a remark has a tone; a recommendation has strength and strength_words.
    Other columns are optional: speaker, addressee, non_reporter, period, part, axis,
    publisher_group, counted_by, nearest_indicator, qualifier and note.

    The folder has a folder for each document, which 'tipgraph new' makes.
    Errors are reported with line and column, and nothing is written.
    """
    from tipgraph.editions.import_claims import TURTLE_FILE, import_claims
    from tipgraph.editions.turtle import files_into

    if not isdir(into):
        raise InputError(f"{into}: no such folder; make one, with a folder for each document")
    graph = opened((into,), no_bundled=False)
    turtle = import_claims(graph.engine, table)
    for file, text in files_into(into, turtle, TURTLE_FILE).items():
        write_atomic(file, text.encode())
        note(f"{file}: written")
    return 0
