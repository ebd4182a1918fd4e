"""`tipgraph find`."""

import click

from tipgraph.cli.options import (
    csv_safe_option,
    edition_options,
    format_option,
    graph_options,
    language_option,
    note,
    opened,
    write,
)
from tipgraph.errors import UsageError
from tipgraph.render import results
from tipgraph.search import hits
from tipgraph.search.index import KINDS
from tipgraph.search.ranking import LIMIT


@click.command("find")
@click.argument("words", nargs=-1, required=True)
@edition_options
@click.option("--topic", metavar="NAME", help="Only this topic and the narrower ones.")
@click.option("--speaker", metavar="NAME", help="Only statements of this speaker.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only things of this kind.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=LIMIT,
    show_default=True,
    metavar="N",
    help="The most hits to list.",
)
@format_option("text", "json", "csv", "tsv")
@csv_safe_option
@language_option
@graph_options
def command(
    words: tuple[str, ...],
    editions: tuple[str, ...],
    areas: tuple[str, ...],
    topic: str | None,
    speaker: str | None,
    kind: str | None,
    limit: int,
    style: str | None,
    csv_safe: bool,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Search labels, definitions, notes, quotes and stored queries for WORDS.

    All words must match; if nothing has all, the hits have some. Quotation marks make a phrase
    ('"local courts"'), a star completes a word (counsel*). Statements are found in all editions.
    """
    text = " ".join(words)
    graph = opened(data, no_bundled)
    found = graph.search(text, editions, areas, topic, speaker, kind, limit)
    if not found.words:
        raise UsageError("there is no word to search for; for example: tipgraph find shelter")
    match style:
        case "json":
            write(results.dumps(found.as_dict()))
        case "csv" | "tsv":
            for line in hits.remarks(found):
                note(line)
            form = results.csv if style == "csv" else results.tsv
            write(form(hits.COLUMNS, hits.rows(found), csv_safe))
        case _:
            write(hits.as_text(found))
