"""`tipgraph cite`."""

import click

from tipgraph.cite import FORMATS
from tipgraph.cli.options import format_option, graph_options, opened, write


@click.command("cite")
@click.argument("thing")
@format_option(*FORMATS)
@graph_options
def command(thing: str, style: str | None, data: tuple[str, ...], no_bundled: bool) -> None:
    """Print a citation of THING to paste: an edition, a sentence, a statement or figure, a passage.

    It names publisher, section and report, year, sentence and phrase, with a link that opens the
    page at the phrase; who states it if not the publisher; the caveats of a figure; and tipgraph
    with its version and the digest of its graph. Anything else, such as an actor or a code, is
    cited as a record of tipgraph. Add the date on which you opened the page: it is not printed.
    """
    write(FORMATS[style or "text"](opened(data, no_bundled).cite(thing)))
