"""Options that several commands share, and how their output reaches a person or a pipe."""

import sys
from collections.abc import Callable, Mapping
from os.path import abspath, dirname, isdir
from typing import TYPE_CHECKING

import click

from tipgraph.cli.early import shipped_graph
from tipgraph.endpoint.settings import Endpoint
from tipgraph.errors import InputError, UsageError
from tipgraph.graph import Graph, LocalGraph, connect
from tipgraph.graph import open as open_graph

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = Callable[..., int | None]
Completion = Callable[[click.Context, click.Parameter, str], "list[CompletionItem[str]]"]


def graph_options(command: Command) -> Command:
    """Which graph is meant: `--data` and `--no-bundled`."""
    own = click.option(
        "--data",
        multiple=True,
        type=click.Path(),
        metavar="PATH",
        help="Also read this RDF file or folder (may be repeated).",
    )
    bundled = click.option(
        "--no-bundled", is_flag=True, help="Leave out the shipped data; the ontology stays."
    )
    return own(bundled(command))


def format_option(*formats: str, help: str = "How to write the answer.") -> Callable[..., Command]:
    """`--format`, with these to choose from."""
    return click.option("--format", "style", type=click.Choice(formats), help=help)


def parameters_option(complete: Completion) -> Callable[[Command], Command]:
    """`-p NAME=VALUE`, as often as there are parameters."""
    return click.option(
        "-p",
        "--param",
        "given",
        multiple=True,
        metavar="NAME=VALUE",
        shell_complete=complete,
        help="Set a parameter (may be repeated).",
    )


def parameters(given: tuple[str, ...]) -> Mapping[str, str]:
    """The parameters that the option has. Raises UsageError for what is none."""
    found: dict[str, str] = {}
    for each in given:
        name, equals, content = each.partition("=")
        if not equals:
            raise UsageError(f"-p takes NAME=VALUE, not {each!r}")
        if name in found:
            raise UsageError(f"the parameter {name!r} is given twice")
        found[name] = content
    return found


def opened(data: tuple[str, ...], no_bundled: bool) -> LocalGraph:
    """The graph that the options mean."""
    if not data and not no_bundled:
        return shipped_graph()
    return open_graph(*data, bundled=not no_bundled)


def meant(
    data: tuple[str, ...], no_bundled: bool, endpoint: Endpoint | None, timeout: float = 60
) -> Graph:
    """The graph that the options mean, here or in a store."""
    if endpoint is None:
        return opened(data, no_bundled)
    if data or no_bundled:
        raise UsageError("--endpoint asks a store; load your files into it instead of --data")
    return connect(endpoint, timeout)


def for_people() -> bool:
    """Whether a person looks at the output."""
    return sys.stdout.isatty()


def write(text: str) -> None:
    """Write the answer to standard output."""
    click.echo(text, nl=False)


def note(text: str) -> None:
    """Tell the person something beside the answer, in one line."""
    click.echo(f"tipgraph: {' '.join(text.split())}", err=True)


def check_folder(file: str) -> None:
    """Raise InputError when there is no folder to write the file into."""
    if not isdir(dirname(abspath(file))):
        raise InputError(f"{file}: there is no folder {dirname(file)} to write it into")
