"""The commands, each imported only when it is called."""

import os
import sys
from importlib import import_module

import click

from tipgraph.errors import UsageError
from tipgraph.version import VERSION

COMMANDS = {
    "assess": "What a victim in a situation is entitled to, by one source, and why.",
    "chart": "Draw a series of figures, or the parts of one, with its sources.",
    "check": "Look a folder over in which an edition is being written.",
    "coverage": "Which sentences of a source are covered by which statements.",
    "diff": "What changed from one edition to another.",
    "export": "The graph, its figures or its actors as files for other tools.",
    "import-figures": "Turn a table of figures (CSV) into observations.",
    "load": "Put the graph, or one's own files, into a triple store, checked.",
    "new": "Make the folder of a new edition, with commented examples.",
    "queries": "List the stored queries, or tell what one takes.",
    "query": "Run a stored query, or one of your own.",
    "show": "What the graph says of one thing, with the evidence.",
    "sources": "The editions that are there, how much of each, with which digest.",
    "validate": "Hold data against the shapes (SHACL).",
}

CLOSED = 128 + 13


class Commands(click.Group):
    """A group that imports a command's file only when it is that command's turn."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = import_module(f"tipgraph.cli.{name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not ctx.resilient_parsing and args[0] not in COMMANDS:
            raise UsageError(_unknown(args[0]))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, with its output out before the outcome counts."""
        try:
            outcome = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _drop_output()
            ctx.exit(CLOSED)
        return outcome


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Completion: eval \"$(_TIPGRAPH_COMPLETE=bash_source tipgraph)\", or zsh_source;"
    " in fish: _TIPGRAPH_COMPLETE=fish_source tipgraph | source",
)  # fmt: skip
@click.version_option(VERSION, prog_name="tipgraph")
def cli() -> None:
    """A sourced knowledge graph of how states protect trafficking victims."""


def _unknown(name: str) -> str:
    from tipgraph.lookup.entities import nearest

    near = nearest(name, COMMANDS)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(COMMANDS)}"
    return f"no command is called {name!r}; {hint} (a stored query runs with 'tipgraph query NAME')"


def _drop_output() -> None:
    """Let what is still to be written go nowhere: the reader has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
