"""`tipgraph draft`."""

import click

from tipgraph.cli import declare
from tipgraph.cli.options import GraphFiles
from tipgraph.cli.output import note, write
from tipgraph.errors import UsageError
from tipgraph.text import plural

YEARS = click.IntRange(2000, 2100)


@declare.command("draft")
def command(
    folder: str | None = declare.argument(type=click.Path()),
    text: str = declare.option(
        "Text to read, that which the folder pins.",
        type=click.Path(),
        required=True,
        metavar="FILE",
    ),
    edition_year: int | None = declare.option(
        "Year of the report, for a text without a folder.", type=YEARS, metavar="YEAR"
    ),
    take: bool = declare.option("Take the accepted rows into the folder."),
) -> int:
    """Draft the rows of an edition from its text, for a person to decide.

    FOLDER was made by 'tipgraph new --text'. Its folder 'draft' gets candidates.jsonl, the rows
    that the machine proposes, numbers.csv, the class of every numeral and sentence, and
    review.csv, in which a person decides ('tipgraph review'). Another draft keeps every decision.
    Without FOLDER, the candidates of any text are printed as JSON.
    """
    if take:
        return _take(folder, text)
    if folder is None:
        return _print(text, edition_year)
    return _write(folder, text, edition_year)


def _print(text: str, edition_year: int | None) -> int:
    """Print the candidates of a text without a folder."""
    from tipgraph.editions.pin import read_text_to_pin
    from tipgraph.render.formats import dumps
    from tipgraph_draft.candidate import codes_of
    from tipgraph_draft.drafting import draft

    # The codes are in the ontology, which loads faster than the data of all editions.
    codes = codes_of(GraphFiles(no_bundled=True).open().engine)
    drafted = draft(read_text_to_pin(text).text, edition_year, codes)
    write(dumps([each.as_json() for each in drafted.candidates]))
    return 0


def _write(folder: str, text: str, edition_year: int | None) -> int:
    """Draft the pinned text of a folder, and write the files of the draft."""
    from tipgraph.files import locked
    from tipgraph_draft.candidate import codes_of
    from tipgraph_draft.checks import known_figures
    from tipgraph_draft.drafting import draft
    from tipgraph_draft.review_file import (
        merged_review,
        pinned_document,
        read_edition,
        review_path,
        write_draft,
        write_review,
    )
    from tipgraph_draft.review_session import is_undecided

    if edition_year is not None:
        raise UsageError("the folder states the year of its edition; leave out --edition-year")
    edition = read_edition(folder)
    document = pinned_document(edition, folder, text)
    engine = GraphFiles().open().engine
    known = known_figures(engine, edition.area)
    drafted = draft(document, document.edition_year, codes_of(engine), known)
    with locked(folder):
        rows = merged_review(folder, drafted)
        # The review first: with the old candidates beside it, another merge comes to the same.
        write_review(review_path(folder), rows)
        files = write_draft(folder, drafted)
    unclear = sum(each.class_ == "not understood" for each in drafted.numbers)
    note(f"{files[0]}: written with {plural(len(drafted.candidates), 'candidate')}")
    note(f"{files[1]}: written; {plural(unclear, 'numeral')} not understood")
    note(f"{review_path(folder)}: written; {plural(sum(map(is_undecided, rows)), 'row')} to decide")
    return 0


def _take(folder: str | None, text: str) -> int:
    """Take the accepted rows of a folder's review into the folder; 1 if some are left out."""
    from os.path import isfile

    from tipgraph.files import locked, read_text, write_atomic
    from tipgraph_draft.review_file import check_accepted, read_reviewed
    from tipgraph_draft.take import STATEMENTS_FILE, TERMS_FILE, take

    if folder is None:
        raise UsageError("name the FOLDER to take the accepted rows into")
    graph = GraphFiles((folder,)).open()
    # Of two that take at once, one would write statements without those that the other lists.
    with locked(folder):
        pinned, document, numbered = read_reviewed(folder, text)
        check_accepted(graph.engine, folder, document, numbered)
        taken = take(graph, folder, pinned, [row for _, row in numbered], document.text)
        for file, content in taken.files.items():
            if not isfile(file) or read_text(file) != content:
                write_atomic(file, content.encode())
                note(f"{file}: written")
    for line in taken.left:
        note(line)
    if taken.statements:
        note(
            f"{STATEMENTS_FILE}: {plural(taken.statements, 'statement')} to complete; see each TODO"
        )
    for each in taken.left_out:
        note(str(each))
    if taken.names:
        note(f"{TERMS_FILE}: {plural(taken.names, 'new name')} to complete, then take again")
    return 1 if taken.left_out else 0
