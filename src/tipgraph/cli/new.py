"""`tipgraph new`."""

import click

from tipgraph.cli.options import note, opened
from tipgraph.cli.output import OutputFolder
from tipgraph.editions.scaffold import (
    DOCUMENT_FILE,
    Publication,
    create_document_folder,
    create_folder,
)
from tipgraph.errors import UsageError
from tipgraph.text import plural


@click.command("new")
@click.argument("name", metavar="NAME")
@click.option(
    "--in",
    "into",
    default=".",
    type=OutputFolder(),
    metavar="DIR",
    help="Parent of the new folder; by default the current folder.",
)
@click.option(
    "--page",
    "pages",
    multiple=True,
    metavar="URL",
    help="Address of the edition's public page, or of each page on which a document was read.",
)
@click.option(
    "--text",
    type=click.Path(),
    metavar="FILE",
    help="Text to pin, the Protection section in UTF-8: its digest and sentences are stored.",
)
@click.option(
    "--read",
    multiple=True,
    metavar="WORDS",
    help="What was read of the page, such as 'the first 2,000 characters': makes a folder for"
    " figures alone. Of a document, once for each page.",
)
@click.option(
    "--publisher",
    metavar="ACTOR",
    help="Publisher of a document that is no edition, such as GRETA: makes its folder.",
)
@click.option("--round", type=click.IntRange(1), help="Evaluation round of the document.")
@click.option("--number", metavar="TEXT", help="Number under which the publisher files it.")
def command(
    name: str,
    into: str,
    pages: tuple[str, ...],
    text: str | None,
    read: tuple[str, ...],
    publisher: str | None,
    round: int | None,
    number: str | None,
) -> None:
    """Make the folder of a new edition, or of a document of another publisher.

    NAME of an edition, such as tip-2022-be, is the report, the year, and the two letters of the
    country. The files are Turtle with examples in comments. The text is not copied. Without a text,
    statements rest on places on the page. With --read, the folder has the edition and its figures
    alone.

    With --publisher, NAME is a document, such as greta-2026-be. Its folder describes it and the
    pages that were read; 'tipgraph import-claims' adds its figures and other statements.
    """
    if publisher is not None:
        _make_document(name, into, text, Publication(publisher, pages, read, round, number))
        return
    if round is not None or number is not None:
        raise UsageError("--round and --number are for a document; name its --publisher too")
    if pages[1:] or read[1:]:
        raise UsageError("an edition has one --page and one --read")
    _make_edition(name, into, text, next(iter(pages), None), next(iter(read), None))


def _make_document(name: str, into: str, text: str | None, publication: Publication) -> None:
    if text is not None:
        raise UsageError("--text is for an edition; no text of a document is pinned")
    engine = opened((), no_bundled=False).engine
    folder = create_document_folder(engine, name, into, publication)
    note(f"{folder}: created with {DOCUMENT_FILE}")
    note(
        "next: write figures, remarks and recommendations into a table and run"
        f" 'tipgraph import-claims TABLE --into {into}'"
    )


def _make_edition(
    name: str, into: str, text: str | None, page: str | None, read: str | None
) -> None:
    scaffold = create_folder(opened((), no_bundled=False).engine, name, into, text, page, read)
    folder = scaffold.folder
    *others, last = scaffold.files
    note(f"{folder}: created with {', '.join(others)} and {last}")
    if scaffold.sentences:
        count = plural(scaffold.sentences, "sentence")
        note(f"{folder}/text.ttl: has {count}; check that each is one sentence")
    first = "" if page else "write the address of the page at each TODO, "
    if read is not None:
        note(
            f"next: {first}write the figures into {folder}/figures.ttl, or into a table and run"
            f" 'tipgraph import-figures TABLE --into {folder}'"
        )
        return
    check = f"tipgraph check {folder}" + (f" --text {text}" if text else "")
    note(f"next: {first}edit the examples, run '{check}'")
