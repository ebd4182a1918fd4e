"""The command line: a thin layer over the API, in files by topic, imported when called."""

import os
import sys
from typing import TYPE_CHECKING, NoReturn

from tipgraph.cli.process import INTERRUPTED, complain, guarded, unwritten
from tipgraph.errors import InputError, TipgraphError, UsageError
from tipgraph.render.terminal import escaping

if TYPE_CHECKING:
    import click

# EX_SOFTWARE of sysexits.h, so that scripts do not take a bug for findings.
BUG = 70


def run() -> NoReturn:
    """The program: run `main` and exit with its code.

    `os._exit` leaves the graph to the system, which frees it at once: freeing it object by object
    takes a tenth of the time of a query (bench/query.py).
    """
    os._exit(guarded(_main))


def _main() -> int:
    with escaping():
        try:
            return main()
        # click ends a completion with SystemExit.
        except (KeyboardInterrupt, SystemExit):
            raise
        # Engines in Rust raise what is no Exception, and Python would exit with 1.
        except BaseException:
            return _report_bug()


def main(arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code.

    0 fine, 1 findings, 2 usage, 3 input, 4 endpoint or output, 130 interrupted.
    """
    _speak_utf8()
    with escaping():
        return _run(sys.argv[1:] if arguments is None else arguments)


def _run(arguments: list[str]) -> int:
    import click

    from tipgraph.cli.commands import cli

    try:
        _check(arguments)
        outcome = cli.main(arguments, prog_name="tipgraph", standalone_mode=False)
        return outcome if isinstance(outcome, int) else 0
    except TipgraphError as error:
        for line in error.lines:
            complain(line)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return error.exit_code
    except click.ClickException as error:
        return complain(error.format_message() + _hint(error), error.exit_code)
    except click.Abort:
        return INTERRUPTED
    except OSError as error:
        return unwritten(error)
    except RecursionError:
        return complain("the input is nested too deeply", InputError.exit_code)
    # Also of the engine, for a term that is longer than its parser reads.
    except MemoryError as error:
        from tipgraph.rdf.limits import too_long

        return complain(too_long(error), InputError.exit_code)


def _hint(error: "click.ClickException") -> str:
    """The options that take what was given as an argument, as in `tipgraph report Greece`."""
    context = getattr(error, "ctx", None)
    options = {option for each in context.command.params for option in each.opts} if context else ()
    if "--area" in options and error.message.startswith("Got unexpected extra argument"):
        return "; a country is given with --area, and an edition with --edition"
    return ""


def _check(arguments: list[str]) -> None:
    """Raise UsageError for an argument that is not UTF-8, and for one that is empty."""
    for argument in arguments:
        if not argument.isascii():
            try:
                argument.encode()
            except UnicodeEncodeError:
                shown = os.fsencode(argument).decode("ascii", "backslashreplace")
                raise UsageError(f"the argument {shown} is not UTF-8") from None
        if not argument:
            raise UsageError("an argument is empty; give a value or leave it out")
        name, equals, value = argument.partition("=")
        if name.startswith("--") and equals and not value:
            raise UsageError(f"{name} is empty; give a value or leave it out")


def _report_bug() -> int:
    import traceback

    traceback.print_exc()
    return complain("this is a bug in tipgraph; please report it with the lines above", BUG)


def _speak_utf8() -> None:
    """Let the streams write any text: the name of a file may have bytes that are no UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
