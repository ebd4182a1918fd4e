"""`tipgraph show`, `cite` and `attach`."""

import click

from tipgraph import texts
from tipgraph.cite import FORMATS as CITATIONS
from tipgraph.cli.options import (
    GraphFiles,
    Output,
    edition_options,
    format_option,
    graph_options,
    language_option,
    note,
    output_options,
    write,
)
from tipgraph.errors import UsageError
from tipgraph.render import in_format, results
from tipgraph.show import triples
from tipgraph.show.description import as_text, document
from tipgraph.store.engine import Engine
from tipgraph.text import plural
from tipgraph.texts import KeptText

FORMATS = ("text", "markdown", "json", "turtle", "html", "xlsx")
# The most statements that are listed in formats for reading.
MOST, READ = 200, ("text", "markdown", "html")


@click.command("show")
@click.argument("thing")
@edition_options
@click.option("--topic", metavar="NAME", help="Only statements on this topic or a narrower one.")
@click.option(
    "--technical", is_flag=True, help="Add the digest and offsets of a sentence, and codes."
)
@output_options(*FORMATS)
@language_option
@graph_options
def show_command(
    thing: str,
    editions: tuple[str, ...],
    areas: tuple[str, ...],
    topic: str | None,
    technical: bool,
    output: Output,
    source: GraphFiles,
) -> None:
    """Show what the graph contains about THING, with the evidence.

    THING is an IRI, a slug (S12, tip-2021-be/S12) or a label. For a topic or an indicator, the
    editions that state nothing on it are listed, with the nearest statements. Where the text of an
    edition is attached, sentences are printed, with the quoted phrases highlighted. Text, Markdown
    and HTML list at most 200 statements that mention THING.
    """
    style = output.style or "text"
    graph = source.open()
    if style == "turtle":
        limits = graph.limits(editions, topic, areas)
        found = triples(graph.engine, graph.resolve(thing, editions, areas), limits)
        output.write(results.graph(found, "turtle"))
        return
    most = MOST if style in READ else None
    # A file may go to others.
    is_shown = style == "text" and output.file is None
    shown = graph.show(thing, editions, topic, is_shown, areas, most)
    match style:
        case "json":
            content: str | bytes = results.dumps(shown.as_dict())
        case "text":
            content = as_text(shown, technical)
        case _:
            content = in_format(document(shown, technical), style)
    output.write(content)


@click.command("cite")
@click.argument("thing")
@format_option(*CITATIONS)
@graph_options
def cite_command(thing: str, style: str | None, source: GraphFiles) -> None:
    """Print a citation of THING to paste: an edition, a sentence, a statement or figure, a passage.

    It names publisher, section and report, year, sentence and phrase, with a link that opens the
    page at the phrase; who states it if not the publisher; the caveats of a figure; and tipgraph
    with its version and the digest of its graph. Anything else, such as an actor or a code, is
    cited as a record of tipgraph. Add the date on which you opened the page: it is not printed.
    """
    write(CITATIONS[style or "text"](source.open().cite(thing)))


@click.command("attach")
@click.argument("edition", required=False)
@click.argument("file", required=False, type=click.Path())
@click.option("--list", "is_list", is_flag=True, help="List the attached texts.")
@click.option("--remove", metavar="EDITION", help="Remove the text of an edition.")
@graph_options
def attach_command(
    edition: str | None,
    file: str | None,
    is_list: bool,
    remove: str | None,
    source: GraphFiles,
) -> None:
    """Attach FILE as the text of EDITION, so that whole sentences are shown.

    tipgraph contains no text of a source. A text of your own is kept in your data folder if its
    SHA-256 is the one that the graph pins. 'show' and the pages of 'serve' then show its sentences
    on this machine, with the quoted phrases highlighted. No file and no other command has them.
    """
    engine = source.open().engine
    if sum([edition is not None, is_list, remove is not None]) != 1:
        raise UsageError("give one of: EDITION and FILE, --list, --remove EDITION")
    if is_list:
        _list(engine)
    elif remove is not None:
        kept = texts.remove(engine, remove)
        write(f"{kept.edition}: text removed, {kept.file}\n")
    elif edition is not None and file is not None:
        kept = texts.attach(engine, edition, file)
        write(f"{kept.edition}: text attached, {_content(kept)}\n")
    else:
        raise UsageError("name the file with the text: tipgraph attach EDITION FILE")


def _list(engine: Engine) -> None:
    found = texts.kept(engine)
    if not found:
        note("no text is attached")
    width = max((len(each.edition) for each in found), default=0)
    for each in found:
        write(f"{each.edition:{width}}  {_content(each)}\n")


def _content(kept: KeptText) -> str:
    if not kept.sentences:
        return f"not the text that the graph pins, {kept.file}"
    return f"{plural(kept.sentences, 'sentence')}, {kept.file}"
