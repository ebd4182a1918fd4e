"""`tipgraph new`, `check`, `coverage`, `import-figures`, `import-claims` and `build`."""

from collections.abc import Iterator, Mapping
from os.path import isdir, isfile
from typing import TYPE_CHECKING

import click

from tipgraph.cli import options
from tipgraph.cli.declare import argument, command, option
from tipgraph.cli.options import GraphFiles
from tipgraph.cli.output import note, progress_bar, write
from tipgraph.cli.output_files import OutputFile, OutputFolder
from tipgraph.cli.process import continue_in_worker
from tipgraph.errors import InputError, UsageError
from tipgraph.files import read_text, write_atomic
from tipgraph.render import formats
from tipgraph.text import plural

if TYPE_CHECKING:
    from tipgraph.editions.scaffold import Publication
    from tipgraph.texts import Coverage, Sentence

# The exit code of 'check' with findings, and of 'coverage' with gaps.
FINDINGS = 1


@command("new")
def new_command(
    name: str = argument(metavar="NAME"),
    into: str = option(
        "Parent of the new folder; by default the current folder.",
        "--in",
        default=".",
        show_default=False,
        type=OutputFolder(),
        metavar="DIR",
    ),
    pages: tuple[str, ...] = option(
        "Address of the edition's public page, or of each page on which a document was read.",
        "--page",
        metavar="URL",
    ),
    text: str | None = options.text_file(
        "Text to pin, the Protection section in UTF-8: its digest and sentences are stored."
    ),
    read: tuple[str, ...] = option(
        "What was read of the page, such as 'the first 2,000 characters': makes a folder for"
        " figures alone. Of a document, once for each page.",
        metavar="WORDS",
    ),
    publisher: str | None = option(
        "Publisher of a document that is no edition, such as GRETA: makes its folder.",
        metavar="ACTOR",
    ),
    round: int | None = option("Evaluation round of the document.", type=click.IntRange(1)),
    number: str | None = option("Number under which the publisher files it.", metavar="TEXT"),
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
        from tipgraph.editions.scaffold import Publication

        _make_document(name, into, text, Publication(publisher, pages, read, round, number))
        return
    if round is not None or number is not None:
        raise UsageError("--round and --number are for a document; name its --publisher too")
    if pages[1:] or read[1:]:
        raise UsageError("an edition has one --page and one --read")
    _make_edition(name, into, text, next(iter(pages), None), next(iter(read), None))


def _make_document(name: str, into: str, text: str | None, publication: "Publication") -> None:
    from tipgraph.editions.scaffold import DOCUMENT_FILE, create_document_folder

    if text is not None:
        raise UsageError("--text is for an edition; no text of a document is pinned")
    engine = GraphFiles().open().engine
    folder = create_document_folder(engine, name, into, publication)
    note(f"{folder}: created with {DOCUMENT_FILE}")
    note(
        "next: write figures, remarks and recommendations into a table and run"
        f" 'tipgraph import-claims TABLE --into {into}'"
    )


def _make_edition(
    name: str, into: str, text: str | None, page: str | None, read: str | None
) -> None:
    from tipgraph.editions.scaffold import create_folder

    scaffold = create_folder(GraphFiles().open().engine, name, into, text, page, read)
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


@command("check")
def check_command(
    folder: str = argument(type=click.Path()),
    text: str | None = options.text_file("Also compare digest, offsets and quotes with this text."),
    style: str | None = options.format_of("text", "json"),
    data: tuple[str, ...] = option(
        "Another RDF file or folder to read with the edition (may be repeated).",
        type=click.Path(),
        metavar="PATH",
    ),
) -> int:
    """Check the FOLDER of an edition.

    The folder is read together with the shipped graph, and only its own problems are reported,
    each with file and line: syntax errors, shape violations, unknown names with suggestions, style
    issues, and sentences of a complete edition that have no statement. To validate any RDF with any
    shapes, and for reports in CI, use 'tipgraph validate'.

    Exits with 1 when there are findings, with 3 when a file cannot be read.
    """
    from tipgraph.editions.check import check

    continue_in_worker()
    with progress_bar("checking", after=1) as progress:
        result = check(folder, text, data, progress)
    write(formats.dumps(result.as_dict()) if style == "json" else result.as_text())
    if not result.readable:
        return InputError.exit_code
    return FINDINGS if result.findings else 0


@command("coverage")
def coverage_command(
    edition: str | None = argument(),
    text: str | None = options.text_file(
        "Text of the edition; its digest, offsets and quotes are checked."
    ),
    style: str | None = options.format_of("text", "json"),
    source: GraphFiles = options.GRAPH,
) -> int:
    """List the sentences of EDITION, or of all editions, with the statements that rest on them.

    Exits with 1 when a sentence has none, or when the text differs.
    """
    coverages = source.open().coverage(edition, text)
    if style == "json":
        write(formats.dumps([each.as_dict() for each in coverages]))
    else:
        write("".join(f"{line}\n" for each in coverages for line in _lines(each)))
    return 0 if all(each.complete for each in coverages) else FINDINGS


def _lines(coverage: "Coverage") -> Iterator[str]:
    for sentence in coverage.sentences:
        yield from _sentence(sentence)
    for mismatch in coverage.mismatches:
        place = f"{mismatch.sentence} " if mismatch.sentence else ""
        yield f"MISMATCH {place}at offset {mismatch.offset}: {mismatch.problem}"
    total = len(coverage.sentences)
    yield f"{coverage.edition}: {total - len(coverage.uncovered)} of {total} sentences covered"
    if coverage.checked:
        number = len(coverage.mismatches)
        ending = "es" if number > 1 else ""
        yield f"{coverage.edition}: {number or 'no'} mismatch{ending} against the text"


def _sentence(sentence: "Sentence") -> Iterator[str]:
    for number, line in enumerate(sentence.statements or ["NO STATEMENT"]):
        yield f"{'' if number else sentence.name:{len(sentence.name)}}  {line}"


@command("import-figures")
def figures_command(
    table: str = argument(type=click.Path(), metavar="FILE"),
    into: str | None = option(
        "Write figures.ttl into this edition's folder, or into each edition's folder in it.",
        type=OutputFolder(),
        metavar="FOLDER",
    ),
    missing: str | None = option(
        "Write Turtle to complete for the unknown names to FILE, after what it has.",
        type=OutputFile(),
        metavar="FILE",
    ),
) -> int:
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
    from tipgraph.editions.missing import UNDECIDED, describe_missing
    from tipgraph.editions.quotes import other_group
    from tipgraph.editions.table import TURTLE_FILE, TableError, read_table
    from tipgraph.editions.turtle import files_into

    if into and not isdir(into):
        raise InputError(f"{into}: no such folder; 'tipgraph new' makes one for an edition")
    graph = GraphFiles((into,) if into else ()).open()
    try:
        rows = read_table(table)
        turtle = import_figures(graph.engine, table, rows)
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
            note(f"{missing}: written with {names}; check each, and complete each TODO")
        elif error.missing:
            note("next: write Turtle for the unknown names with '--missing FILE'")
        return error.exit_code
    for row in rows:
        if word := other_group(row):
            warning = f"the quote has '{word}' after the number; does the row count these?"
            note(f"{table}: line {row.line}, column part: warning: {warning}")
    if into is None:
        if len(turtle) != 1:
            raise UsageError(
                f"the table has figures of {len(turtle)} editions; choose a folder for them with"
                " --into"
            )
        write(*turtle.values())
        return 0
    _write_files(files_into(into, turtle, TURTLE_FILE))
    return 0


@command("import-claims")
def claims_command(
    table: str = argument(type=click.Path(), metavar="FILE"),
    into: str = option(
        "Write statements.ttl into each document's folder in FOLDER.",
        type=OutputFolder(),
        metavar="FOLDER",
        required=True,
    ),
) -> int:
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
    graph = GraphFiles((into,)).open()
    turtle = import_claims(graph.engine, table)
    _write_files(files_into(into, turtle, TURTLE_FILE))
    return 0


def _write_files(files: Mapping[str, str]) -> None:
    for file, text in files.items():
        write_atomic(file, text.encode())
        note(f"{file}: written")


@command("build")
def build_command(
    folder: str = argument(type=click.Path(exists=True, file_okay=False)),
    store: str = option(
        "Folder of the store; made, or brought up to date.",
        type=click.Path(file_okay=False),
        metavar="PATH",
        required=True,
    ),
) -> None:
    """Derive the graph of a FOLDER of editions into a store on disk.

    FOLDER is like data/ of a checkout: what editions share, and a folder for each edition and
    document, whose name ends in two letters of its country. The memory does not grow with the
    number of countries. Run it again after a change: what follows for other countries is kept.

    Every command uses the store while TIPGRAPH_RESOURCES names it. Commands that are running keep
    the graph that they opened.
    """
    from tipgraph.search import companion
    from tipgraph.store.build import build

    with progress_bar("building") as progress:
        build(folder, store, progress, companion())
    write(f"{store}: built\n")
