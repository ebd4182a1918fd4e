"""`tipgraph new`."""

import click

from tipgraph.cli.options import note, opened
from tipgraph.editions.scaffold import begin
from tipgraph.validate.formats.wording import numbered


@click.command("new")
@click.argument("name", metavar="EDITION")
@click.option(
    "--in",
    "into",
    default=".",
    type=click.Path(),
    metavar="DIR",
    help="Where to make the folder; by default here.",
)
@click.option("--page", metavar="URL", help="The address of the edition's public page.")
@click.option(
    "--text",
    type=click.Path(),
    metavar="FILE",
    help="Pin this text, the Protection section in UTF-8: its digest and its sentences.",
)
def command(name: str, into: str, page: str | None, text: str | None) -> None:
    """Make the folder of a new EDITION, such as tip-2022-be.

    EDITION is the report, the year, and the two letters of the country. The files are Turtle with
    examples in comments, and a table for figures. A text is not copied; without one, statements
    rest on places on the page.
    """
    begun = begin(opened((), no_bundled=False).engine, name, into, text, page)
    *others, last = begun.files
    note(f"{begun.folder}: made, with {', '.join(others)} and {last}")
    if begun.sentences:
        many = numbered(begun.sentences, "sentence")
        note(f"{begun.folder}/text.ttl: has {many}; see that each is one")
    if begun.untidy:
        told = "another's copy may have another digest; tidy it, and begin the folder anew"
        note(f"{text}: {', '.join(begun.untidy)}: {told}")
    first = "" if page else "write the address of the page where a TODO asks for it, "
    check = f"tipgraph check {begun.folder}" + (f" --text {text}" if text else "")
    note(f"next: {first}use what you need of the examples, run '{check}'")
