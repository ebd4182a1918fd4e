"""`tipgraph new`."""

import click

from tipgraph.cli.options import note, opened
from tipgraph.cli.output import OutputFolder
from tipgraph.editions.scaffold import create_folder
from tipgraph.text import plural


@click.command("new")
@click.argument("name", metavar="EDITION")
@click.option(
    "--in",
    "into",
    default=".",
    type=OutputFolder(),
    metavar="DIR",
    help="Parent of the new folder; by default the current folder.",
)
@click.option("--page", metavar="URL", help="Address of the edition's public page.")
@click.option(
    "--text",
    type=click.Path(),
    metavar="FILE",
    help="Text to pin, the Protection section in UTF-8: its digest and sentences are stored.",
)
@click.option(
    "--read",
    metavar="WORDS",
    help="What was read of the page, such as 'the first 2,000 characters': makes a folder for"
    " figures alone.",
)
def command(name: str, into: str, page: str | None, text: str | None, read: str | None) -> None:
    """Make the folder of a new EDITION, such as tip-2022-be.

    EDITION is the report, the year, and the two letters of the country. The files are Turtle with
    examples in comments. The text is not copied. Without a text,
    statements rest on places on the page. With --read, the folder has the edition and its figures
    alone.
    """
    scaffold = create_folder(opened((), no_bundled=False).engine, name, into, text, page, read)
    folder = scaffold.folder
    *others, last = scaffold.files
    note(f"{folder}: created with {', '.join(others)} and {last}")
    if scaffold.sentences:
        count = plural(scaffold.sentences, "sentence")
        note(f"{folder}/text.ttl: has {count}; check that each is one sentence")
    if scaffold.irregularities:
        note(
            f"{text}: {', '.join(scaffold.irregularities)}: another copy may have another digest;"
            " clean the text and make the folder again"
        )
    first = "" if page else "write the address of the page at each TODO, "
    if read is not None:
        note(
            f"next: {first}write the figures into {folder}/figures.ttl, or into a table and run"
            f" 'tipgraph import-figures TABLE --into {folder}'"
        )
        return
    check = f"tipgraph check {folder}" + (f" --text {text}" if text else "")
    note(f"next: {first}edit the examples, run '{check}'")
