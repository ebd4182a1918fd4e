"""The commands, each imported only when it is called."""

import os
import sys
from functools import cache
from importlib import import_module
from typing import Any

import click

from tipgraph.cli.process import CLOSED_PIPE
from tipgraph.errors import InputError, UsageError
from tipgraph.version import VERSION

COMMANDS = {
    "assess": "Assess what a victim is entitled to according to one source, and why.",
    "attach": "Attach the text of an edition, so that whole sentences are shown.",
    "build": "Derive the graph of a folder of editions into a store on disk.",
    "chart": "Draw a figure over time, or its parts, with sources and caveats.",
    "check": "Check the folder of an edition while you write it.",
    "cite": "Print a citation of an edition, a sentence, a statement or a record.",
    "coverage": "List the sentences of a source with the statements that rest on them.",
    "diff": "Compare two editions on one country.",
    "export": "Export the graph, its figures or its actors to files for other tools.",
    "find": "Search labels, definitions, notes, quotes and stored queries for words.",
    "import-claims": "Convert a table of what documents state to Turtle.",
    "import-figures": "Convert a table of figures (CSV) to observations.",
    "load": "Load the graph, or your own files, into a triple store and verify it.",
    "mcp": "Answer an assistant's questions over the Model Context Protocol.",
    "new": "Create the folder of a new edition, with commented examples.",
    "queries": "List the stored queries, or describe one.",
    "query": "Run a stored query, or your own SPARQL.",
    "report": "Write a briefing on a country, with figures, norms, criticism and sources.",
    "serve": "Serve the graph as pages for a browser.",
    "site": "Write the pages for a browser into a folder.",
    "show": "Show one entity and the statements that mention it.",
    "validate": "Validate data against SHACL shapes.",
}
# The modules of several commands; any other command has a module of its own name.
MODULES = {
    **dict.fromkeys(("attach", "cite"), "show"),
    **dict.fromkeys(("chart", "diff"), "report"),
    **dict.fromkeys(("mcp", "site"), "serve"),
    "find": "queries",
    **dict.fromkeys(
        ("build", "check", "coverage", "import-claims", "import-figures", "new"), "editions"
    ),
}
# The group of entry points with the commands of other distributions.
GROUP = "tipgraph.commands"
# Commands of a distribution that may be missing.
DRAFT = ("draft", "review")


class Commands(click.Group):
    """A group that imports a command's module only when the command is called.

    Other distributions are looked up only for the help, for completion, and for a name that is not
    in `COMMANDS`: a look-up takes longer than the start of the program.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *_further_commands()})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return _further_commands().get(name)
        module = vars(import_module(f"tipgraph.cli.{MODULES.get(name, name)}"))
        commands = (each for each in module.values() if isinstance(each, click.Command))
        return next(each for each in commands if each.name == name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not (ctx.resilient_parsing or name in COMMANDS or name in _further_commands()):
            raise UsageError(_unknown(name))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        more = {
            name: command.get_short_help_str(limit=100)
            for name, command in _further_commands().items()
        }
        with formatter.section("Commands"):
            formatter.write_dl(sorted((COMMANDS | more).items()))

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Read the arguments; help and version are printed here."""
        try:
            return super().make_context(*arguments, **options)
        except BrokenPipeError:
            _drop_output()
            raise click.exceptions.Exit(CLOSED_PIPE) from None

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; its output is flushed before the exit code is final."""
        try:
            outcome = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _drop_output()
            ctx.exit(CLOSED_PIPE)
        except KeyboardInterrupt:
            # click would write an empty line.
            raise click.Abort from None
        except EOFError as error:
            # click would exit as if interrupted.
            raise InputError(
                f"a file of tipgraph, such as one in __pycache__, is cut off ({error}); install it"
                " again"
            ) from None
        return outcome


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Completion: eval \"$(_TIPGRAPH_COMPLETE=bash_source tipgraph)\", or zsh_source;"
    " in fish: _TIPGRAPH_COMPLETE=fish_source tipgraph | source",
)  # fmt: skip
@click.version_option(VERSION, prog_name="tipgraph")
def cli() -> None:
    """A sourced knowledge graph of how states protect trafficking victims.

    Begin with the pages for a browser, 'tipgraph serve', or with a question in words, such as
    'tipgraph find children identified in Greece'.
    """


@cache
def _further_commands() -> dict[str, click.Command]:
    """The commands of other distributions by name."""
    from importlib.metadata import entry_points

    found = {each.name: each.load() for each in entry_points(group=GROUP)}
    assert all(isinstance(each, click.Command) for each in found.values())
    return found


def _unknown(name: str) -> str:
    from tipgraph.text import did_you_mean, nearest

    if name in DRAFT:
        return (
            f"the command {name!r} is in tipgraph-draft, which is not installed; run"
            " pip install ./draft in the checkout"
        )
    hint = did_you_mean(nearest(name, COMMANDS)[:1]) or f"commands: {', '.join(COMMANDS)}"
    return f"unknown command {name!r}; {hint} (a stored query runs with 'tipgraph query NAME')"


def _drop_output() -> None:
    """Send the rest of the output nowhere: the reader has closed the pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
