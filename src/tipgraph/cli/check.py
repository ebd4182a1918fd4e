"""`tipgraph check`."""

import click

from tipgraph.cli.options import format_option, progress_bar, write
from tipgraph.cli.process import continue_in_worker
from tipgraph.errors import InputError

FINDINGS = 1


@click.command("check")
@click.argument("folder", type=click.Path())
@click.option(
    "--text",
    type=click.Path(),
    metavar="FILE",
    help="Also compare digest, offsets and quotes with this text.",
)
@format_option("text", "json", help="Output format.")
@click.option(
    "--data",
    multiple=True,
    type=click.Path(),
    metavar="PATH",
    help="Another RDF file or folder to read with the edition (may be repeated).",
)
def command(folder: str, text: str | None, style: str | None, data: tuple[str, ...]) -> int:
    """Check the FOLDER of an edition.

    The folder is read together with the shipped graph, and only its own problems are reported,
    each with file and line: syntax errors, shape violations, unknown names with suggestions, style
    issues, and sentences of a complete edition that have no statement. To validate any RDF with any
    shapes, and for reports in CI, use 'tipgraph validate'.

    Exits with 1 when there are findings, with 3 when a file cannot be read.
    """
    from tipgraph.editions.check import check
    from tipgraph.render.results import dumps

    continue_in_worker()
    with progress_bar("checking", after=1) as progress:
        result = check(folder, text, data, progress)
    write(dumps(result.as_dict()) if style == "json" else result.as_text())
    if not result.readable:
        return InputError.exit_code
    return FINDINGS if result.findings else 0
