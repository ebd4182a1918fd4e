"""`tipgraph import-figures`."""

from os.path import abspath, basename, isdir, join

import click

from tipgraph.atomic import write_whole
from tipgraph.cli.options import note, write
from tipgraph.errors import InputError, UsageError


@click.command("import-figures")
@click.argument("table", metavar="FILE")
@click.option(
    "--into",
    metavar="FOLDER",
    help="Write figures.ttl into this edition's folder, or into each that it holds.",
)
def command(table: str, into: str | None) -> int:
    """Turn a table of figures (CSV) into observations, as Turtle.

    The columns are country, edition, page, indicator, reference_period, part, value, unit,
    counted_by and note: the first ten that 'tipgraph export figures' writes. Where the text is
    pinned, sentence and quote say which of its words tell the figure. Faults are told with line and
    column, those of single cells before those between rows, and then nothing is written.
    """
    from tipgraph.editions.import_figures import figures_of
    from tipgraph.editions.table import TableError

    if into and not isdir(into):
        raise InputError(f"{into}: no such folder; 'tipgraph new' makes one for an edition")
    try:
        made = figures_of(table, into)
    except TableError as error:
        for fault in error.faults:
            note(f"{table}: {fault}")
        return error.exit_code
    if into is None:
        write(_single(made))
        return 0
    for file, text in _files(made, into).items():
        write_whole(file, text.encode())
        note(f"{file}: written")
    return 0


def _single(made: dict[str, str]) -> str:
    if len(made) != 1:
        raise UsageError(f"the table is of {len(made)} editions; say with --into where they go")
    return next(iter(made.values()))


def _files(made: dict[str, str], into: str) -> dict[str, str]:
    """Each text by the file it goes into. Raises InputError when an edition has no folder."""
    from tipgraph.editions.table import MADE_FILE

    if [basename(abspath(into))] == list(made):
        return {join(into, MADE_FILE): text for text in made.values()}
    for edition in made:
        if not isdir(join(into, edition)):
            raise InputError(f"{into}: it is not the folder of {edition}, and has none of it")
    return {join(into, edition, MADE_FILE): text for edition, text in made.items()}
