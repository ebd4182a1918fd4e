"""`tipgraph show`, `cite` and `attach`."""

import click

from tipgraph import attached_texts
from tipgraph.attached_texts import KeptText
from tipgraph.cite import FORMATS as CITATIONS
from tipgraph.cli import options
from tipgraph.cli.declare import argument, command, option
from tipgraph.cli.options import GraphFiles
from tipgraph.cli.output import note, write
from tipgraph.cli.output_files import Output
from tipgraph.errors import UsageError
from tipgraph.render import formats, in_format
from tipgraph.show import triples
from tipgraph.show.description import as_text, document
from tipgraph.store.engine import Engine
from tipgraph.text import plural

FORMATS = ("text", "markdown", "json", "turtle", "html", "xlsx")
# The most statements that are listed in formats for reading.
MOST, READ = 200, ("text", "markdown", "html")


@command("show")
def show_command(
    thing: str = argument(),
    editions: tuple[str, ...] = options.EDITIONS,
    areas: tuple[str, ...] = options.AREAS,
    topic: str | None = options.TOPIC,
    technical: bool = option("Add the digest and offsets of a sentence, and codes."),
    output: Output = options.output_in(*FORMATS, default="text"),
    source: GraphFiles = options.NAMED_GRAPH,
) -> None:
    """Show what the graph contains about THING, with the evidence.

    THING is an IRI, a slug (S12, tip-2021-be/S12) or a label. For a topic or an indicator, the
    editions that state nothing on it are listed, with the nearest statements. Where the text of an
    edition is attached, sentences are printed, with the quoted phrases highlighted. Text, Markdown
    and HTML list at most 200 statements that mention THING.
    """
    style = output.style
    graph = source.open()
    if style == "turtle":
        limits = graph.limits(editions, topic, areas)
        found = triples(graph.engine, graph.resolve(thing, editions, areas), limits)
        output.write(formats.graph(found, "turtle"))
        return
    most = MOST if style in READ else None
    # A file may go to others.
    is_shown = style == "text" and output.file is None
    shown = graph.show(thing, editions, topic, is_shown, areas, most)
    match style:
        case "json":
            content: str | bytes = formats.dumps(shown.as_dict())
        case "text":
            content = as_text(shown, technical)
        case _:
            content = in_format(document(shown, technical), style)
    output.write(content)


@command("cite")
def cite_command(
    thing: str = argument(),
    style: str | None = options.format_of(*CITATIONS),
    source: GraphFiles = options.GRAPH,
) -> None:
    """Print a citation of THING to paste: an edition, a sentence, a statement or figure, a passage.

    It names publisher, section and report, year, sentence and phrase, with a link that opens the
    page at the phrase; who states it if not the publisher; the caveats of a figure; and tipgraph
    with its version and the digest of its graph. Anything else, such as an actor or a code, is
    cited as a record of tipgraph. Add the date on which you opened the page: it is not printed.
    """
    write(CITATIONS[style or "text"](source.open().cite(thing)))


@command("attach")
def attach_command(
    edition: str | None = argument(),
    file: str | None = argument(type=click.Path()),
    is_list: bool = option("List the attached texts.", "--list"),
    remove: str | None = option("Remove the text of an edition.", metavar="EDITION"),
    source: GraphFiles = options.GRAPH,
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
        kept = attached_texts.remove(engine, remove)
        write(f"{kept.edition}: text removed, {kept.file}\n")
    elif edition is not None and file is not None:
        kept = attached_texts.attach(engine, edition, file)
        write(f"{kept.edition}: text attached, {_content(kept)}\n")
    else:
        raise UsageError("name the file with the text: tipgraph attach EDITION FILE")


def _list(engine: Engine) -> None:
    found = attached_texts.kept(engine)
    if not found:
        note("no text is attached")
    width = max((len(each.edition) for each in found), default=0)
    for each in found:
        write(f"{each.edition:{width}}  {_content(each)}\n")


def _content(kept: KeptText) -> str:
    if not kept.sentences:
        return f"not the text that the graph pins, {kept.file}"
    return f"{plural(kept.sentences, 'sentence')}, {kept.file}"
