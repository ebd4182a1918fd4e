"""Files and folders that commands take, and output: none replaces what a command reads.

An option or argument for something to read has the type `click.Path`, or one that is derived from
it; an output has one of the types here. So the inputs of a command are known from its parameters.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from os.path import abspath, dirname, exists, isdir, isfile, realpath, samefile, splitext
from typing import Any

import click

from tipgraph.cli.options import Command, for_people, write
from tipgraph.endpoint.settings import config_file
from tipgraph.errors import InputError, UsageError
from tipgraph.files import write_atomic
from tipgraph.render.terminal import write_no_styles
from tipgraph.text import join

# The formats whose files have another extension than their name.
EXTENSIONS = {
    "htm": "html",
    "md": "markdown",
    "nt": "ntriples",
    "srj": "json",
    "srx": "xml",
    "ttl": "turtle",
    "txt": "text",
}


def format_for(style: str | None, output: str | None, formats: Iterable[str]) -> str | None:
    """The format that the user names, or that of the file's extension; None without either.

    Raises UsageError for a file whose extension is that of no format.
    """
    if style or output is None:
        return style
    extension = splitext(output)[1].removeprefix(".").lower()
    known = list(formats)
    found = extension if extension in known else EXTENSIONS.get(extension)
    if found not in known:
        raise UsageError(
            f"{output}: unknown extension; name the format, such as --format {known[0]}"
            f" (formats: {join(known, last='or')})"
        )
    return found


def deliver(content: str | bytes, output: str | None) -> None:
    """Write to a file, in one step, or to standard output.

    Raises UsageError when bytes would go to a terminal.
    """
    if output is not None:
        write_atomic(output, content if isinstance(content, bytes) else content.encode())
    elif isinstance(content, str):
        write(content)
    elif for_people():
        raise UsageError("this format is no text for a terminal; name a file with --output FILE")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def _without_styles(file: str | None) -> str | None:
    if file:
        write_no_styles()
    return file


class OutputFile(click.Path):
    """A file to write."""

    def file(self, value: Any) -> str:
        """Return the path in the option's value."""
        return str(value)


class OutputFolder(click.Path):
    """A folder to write into. What it contains may be read too."""


def output_file(
    name: str, *names: str, type: OutputFile | None = None, **attributes: Any
) -> Callable[[Command], Command]:
    """An option for a file to write, which is checked before any work is done.

    Raises InputError when the file is a folder, or in one that does not exist, and UsageError when
    the command reads it, or writes it twice. Links and other names of one file are the same file.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def checked(**given: Any) -> int | None:
            _check_outputs(click.get_current_context())
            return command(**given)

        option = click.option(name, *names, type=type or OutputFile(), **attributes)
        return option(checked)

    return decorate


def _check_outputs(context: click.Context) -> None:
    written: list[str] = []
    for parameter in context.command.params:
        kind = parameter.type
        if isinstance(kind, OutputFile):
            written += [kind.file(each) for each in _values(context, parameter)]
    for number, file in enumerate(written):
        if isdir(file):
            raise InputError(f"{file}: this is a folder; name a file")
        if not isdir(dirname(abspath(file))):
            raise InputError(f"{file}: the folder {dirname(file)} does not exist; create it first")
        if any(_is_same(file, each) for each in written[:number]):
            raise UsageError(f"{file}: two outputs have this file; name another one for the second")
        if any(_is_same(file, each) for each in _inputs(context, exists(file))):
            raise UsageError(f"{file}: this file is read as input; name another one for the output")


def _inputs(context: click.Context, is_replaced: bool) -> Iterator[str | int]:
    """Yield the files that the command reads, standard input by its number.

    Those that it reads without being asked exist, so they matter where a file `is_replaced`.
    """
    for parameter in context.command.params:
        if isinstance(parameter.type, click.Path) and not isinstance(
            parameter.type, OutputFile | OutputFolder
        ):
            for path in _values(context, parameter):
                yield from _files(path)
    if is_replaced:
        from tipgraph.resources.folders import shipped
        from tipgraph.validate.policy import settings_file

        yield 0
        yield config_file()
        yield settings_file()
        yield from shipped().ingredients()


def _values(context: click.Context, parameter: click.Parameter) -> tuple[Any, ...]:
    value = context.params.get(parameter.name or "")
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _files(path: str) -> Iterator[str]:
    """Yield the files that a path stands for: itself, a folder's RDF files, or those of a glob."""
    from glob import glob

    from tipgraph.rdf.files import readable_and_unread

    for match in [path] if exists(path) else glob(path, recursive=True) or [path]:
        yield from readable_and_unread(match)[0] if isdir(match) else [match]


def _is_same(file: str, other: str | int) -> bool:
    """Return whether two names are of one file. A device is not replaced, so it is no file."""
    if isinstance(other, str) and not (exists(file) and exists(other)):
        return bool(other) and realpath(file) == realpath(other)
    return isfile(file) and samefile(file, other)


# Its folder is checked before any work is done.
output_option = output_file(
    "--output",
    metavar="FILE",
    callback=lambda ctx, param, file: _without_styles(file),
    help="Output file, written in one step; the extension selects the format.",
)
