"""`tipgraph attach`."""

import click

from tipgraph import texts
from tipgraph.cli.options import graph_options, note, opened, write
from tipgraph.errors import UsageError
from tipgraph.store.engine import Engine
from tipgraph.text import plural
from tipgraph.texts import KeptText


@click.command("attach")
@click.argument("edition", required=False)
@click.argument("file", required=False, type=click.Path())
@click.option("--list", "is_list", is_flag=True, help="List the attached texts.")
@click.option("--remove", metavar="EDITION", help="Remove the text of an edition.")
@graph_options
def command(
    edition: str | None,
    file: str | None,
    is_list: bool,
    remove: str | None,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """Attach FILE as the text of EDITION, so that whole sentences are shown.

    tipgraph contains no text of a source. A text of your own is kept in your data folder if its
    SHA-256 is the one that the graph pins. 'show' and the pages of 'serve' then show its sentences
    on this machine, with the quoted phrases highlighted. No file and no other command has them.
    """
    engine = opened(data, no_bundled).engine
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
