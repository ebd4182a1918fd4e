"""`tipgraph check`."""

from collections.abc import Iterator

import click

from tipgraph.cli.options import format_option, write
from tipgraph.cli.progress import progress_bar
from tipgraph.editions.findings import Checked
from tipgraph.errors import InputError
from tipgraph.render import results
from tipgraph.validate.formats.wording import numbered

FINDINGS = 1


@click.command("check")
@click.argument("folder", type=click.Path())
@click.option(
    "--text",
    type=click.Path(),
    metavar="FILE",
    help="Also check digest, offsets and quotes against this text.",
)
@format_option("text", "json", help="How to write what was found.")
@click.option(
    "--data",
    multiple=True,
    type=click.Path(),
    metavar="PATH",
    help="Read the edition beside this RDF file or folder as well (may be repeated).",
)
def command(folder: str, text: str | None, style: str | None, data: tuple[str, ...]) -> int:
    """Look over the FOLDER of one edition while it is being written.

    It is read beside the shipped graph, wherever it lies, and only what lies in it is told, each
    with file and line: syntax, shapes, names that nothing describes and what may have been meant,
    house style, a figures.csv that was not imported since it changed, and how much of the text has
    statements. 'tipgraph validate' is the gate: for any RDF and any shapes, with reports for CI.

    Exits with 1 when there are findings, with 3 when not all could be read.
    """
    from tipgraph.editions.check import check

    with progress_bar("checking", after=1) as progress:
        checked = check(folder, text, data, progress)
    if style == "json":
        write(results.dumps(checked.as_dict()))
    else:
        write("".join(f"{line}\n" for line in _lines(checked)))
    if not checked.readable:
        return InputError.exit_code
    return FINDINGS if checked.findings else 0


def _lines(checked: Checked) -> Iterator[str]:
    yield from map(str, checked.findings)
    found = numbered(len(checked.findings), "finding") if checked.findings else "no finding"
    parts = [f"{checked.edition}: {found}", *_extent(checked)]
    yield "; ".join(parts)


def _extent(checked: Checked) -> Iterator[str]:
    tally = checked.tally
    figures = f" ({numbered(tally.figures, 'figure')})" if tally.figures else ""
    cited = numbered(tally.citations, "citation")
    yield f"{numbered(tally.statements, 'statement')}{figures}, {cited}"
    extent = "in full" if tally.coverage == "complete" else "in part"
    if tally.sentences:
        yield f"{tally.covered} of {tally.sentences} sentences covered, read {extent}"
        if not tally.compared:
            yield "quotes were not held against the text (give --text FILE)"
    else:
        yield f"no text is pinned, read {extent}"
    if not checked.readable:
        yield "not all could be read, and what rests on it is not told"
