"""`tipgraph show`."""

from collections.abc import Iterable, Iterator

import click

from tipgraph.cli.options import format_option, graph_options, opened, write
from tipgraph.lookup.describe import Description, Mention, triples
from tipgraph.lookup.passages import Passage
from tipgraph.render import results


@click.command("show")
@click.argument("thing")
@format_option("text", "markdown", "json", "turtle")
@graph_options
def command(thing: str, style: str | None, data: tuple[str, ...], no_bundled: bool) -> None:
    """Print what the graph says of THING: an IRI, a slug (S12, tip-2021-be/S12) or a label."""
    graph = opened(data, no_bundled)
    if style == "turtle":
        write(results.graph(triples(graph.engine, graph.resolve(thing)), "turtle"))
        return
    description = graph.show(thing)
    match style:
        case "json":
            write(results.dumps(description.as_dict()))
        case "markdown":
            write("\n".join(_markdown(description)) + "\n")
        case _:
            write("\n".join(_text(description)) + "\n")


def _text(description: Description) -> Iterator[str]:
    yield description.label
    yield description.iri
    rows = [
        ("is a", description.kinds),
        *((each.name, each.values) for each in description.properties),
    ]
    width = max(len(name) for name, _ in rows)
    yield from (f"  {name:{width}}  {'; '.join(values)}" for name, values in rows if values)
    if description.passages:
        yield from ("", "Evidence")
    for passage in description.passages:
        yield from (f"  {passage.named}", f"       {passage.link}")
    if description.mentions:
        yield from ("", _counted(description.mentions))
    for mention in description.mentions:
        yield f"  {_places(mention)}  {mention.label} — {_said(mention)}"
        yield from (f"       {_words(passage)}{passage.link}" for passage in mention.passages)


def _markdown(description: Description) -> Iterator[str]:
    yield from (f"# {description.label}", "", f"<{description.iri}>", "")
    if description.kinds:
        yield f"- **is a**: {'; '.join(description.kinds)}"
    yield from (f"- **{each.name}**: {'; '.join(each.values)}" for each in description.properties)
    if description.passages:
        yield from ("", "## Evidence", "")
        yield from (f"- {_linked(each)} {each.quoted}".rstrip() for each in description.passages)
    if description.mentions:
        yield from ("", f"## {_counted(description.mentions)}", "")
    for mention in description.mentions:
        places = " ".join(map(_linked, mention.passages))
        yield f"- {places} {mention.label} — {_said(mention)}"


def _words(passage: Passage) -> str:
    return f"{passage.quoted} " if passage.quoted else ""


def _counted(mentions: tuple[Mention, ...]) -> str:
    one = len(mentions) == 1
    return "1 statement speaks of it" if one else f"{len(mentions)} statements speak of it"


def _said(mention: Mention) -> str:
    return f"{', '.join(mention.speakers)} ({mention.kind}; {', '.join(mention.roles)})"


def _places(mention: Mention) -> str:
    return _each_once(passage.place for passage in mention.passages)


def _linked(passage: Passage) -> str:
    return f"[{passage.place}]({passage.link})"


def _each_once(words: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(words))
