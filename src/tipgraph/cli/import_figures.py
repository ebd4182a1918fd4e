"""`tipgraph import-figures`."""

from os.path import isdir, isfile

import click

from tipgraph.cli.options import note, opened, write
from tipgraph.cli.output import OutputFolder, output_file
from tipgraph.errors import InputError, UsageError
from tipgraph.files import read_text, write_atomic
from tipgraph.text import join, plural


@click.command("import-figures")
@click.argument("table", type=click.Path(), metavar="FILE")
@click.option(
    "--into",
    type=OutputFolder(),
    metavar="FOLDER",
    help="Write figures.ttl into this edition's folder, or into each edition's folder in it.",
)
@output_file(
    "--missing",
    metavar="FILE",
    help="Write Turtle to complete for the unknown names to FILE, after what it has.",
)
def command(table: str, into: str | None, missing: str | None) -> int:
    """Turn a table of figures of editions (CSV) into observations in Turtle.

    Figures of a document, such as a report of GRETA, are for 'tipgraph import-claims'.

    The columns are country, edition, page, indicator, reference_period, part, value, unit,
    counted_by and note: the first ten that 'tipgraph export figures' writes. Other columns are
    optional, such as axis, number_qualifier, caution and quote. If the edition's text is pinned,
    place and quote give the words of each figure.

    Errors are reported with line and column, and no figures are written. Errors between rows are
    reported once every cell is valid. In the folder of --into, a completed file of --missing counts
    at the next run.
    """
    from tipgraph.editions.import_figures import import_figures
    from tipgraph.editions.missing_terms import UNDECIDED, describe_missing
    from tipgraph.editions.table import TURTLE_FILE, TableError
    from tipgraph.editions.turtle import files_into

    if into and not isdir(into):
        raise InputError(f"{into}: no such folder; 'tipgraph new' makes one for an edition")
    graph = opened((into,) if into else (), no_bundled=False)
    try:
        turtle = import_figures(graph.engine, table)
    except TableError as error:
        for each in error.lines:
            note(each)
        if error.missing and missing:
            before = read_text(missing) if isfile(missing) else ""
            if UNDECIDED in before:
                line = before[: before.index(UNDECIDED)].count("\n") + 1
                raise InputError(
                    f"{missing}:{line}: write a class in place of {UNDECIDED} first"
                ) from None
            text = describe_missing(graph.engine, error.missing, before)
            write_atomic(missing, text.encode())
            names = plural(len({(each.kind, each.name) for each in error.missing}), "unknown name")
            note(f"{missing}: written with {names}; {_remaining(text)}")
        elif error.missing:
            note("next: write Turtle for the unknown names with '--missing FILE'")
        return error.exit_code
    if into is None:
        if len(turtle) != 1:
            raise UsageError(
                f"the table has figures of {len(turtle)} editions; choose a folder for them with"
                " --into"
            )
        write(*turtle.values())
        return 0
    for file, text in files_into(into, turtle, TURTLE_FILE).items():
        write_atomic(file, text.encode())
        note(f"{file}: written")
    return 0


def _remaining(text: str) -> str:
    """Return the lines of a file of missing names that are still to do."""
    lines = [
        str(number) for number, line in enumerate(text.splitlines(), 1) if line.startswith("# TODO")
    ]
    if not lines:
        return "see that each is right"
    return f"complete each TODO ({'line' if len(lines) == 1 else 'lines'} {join(lines)})"
