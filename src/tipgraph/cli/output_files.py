"""Files that a command writes, and that replace nothing which it reads.

An option or argument for something to read has the type `click.Path`, or one that is derived from
it; an output has one of the types here. So the inputs of a command are known from its parameters.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os.path import abspath, dirname, exists, isdir, isfile, realpath, samefile, splitext
from typing import Any

import click

from tipgraph.cli.output import for_people, write
from tipgraph.endpoint.settings import config_file
from tipgraph.errors import InputError, UsageError
from tipgraph.files import write_atomic
from tipgraph.text import join

# The formats whose files have another extension than their name.
EXTENSIONS = {
    "htm": "html",
    "json": "jsonld",
    "md": "markdown",
    "nq": "nquads",
    "nt": "ntriples",
    "srj": "json",
    "srx": "xml",
    "ttl": "turtle",
    "txt": "text",
}


@dataclass(frozen=True)
class Output:
    """The file that a command writes, if any, and the format, empty where none was selected."""

    style: str
    file: str | None

    def write(self, content: str | bytes) -> None:
        """Write to the file, in one step, or to standard output.

        Raises UsageError when bytes would go to a terminal.
        """
        if self.file is not None:
            write_atomic(self.file, content if isinstance(content, bytes) else content.encode())
        elif isinstance(content, str):
            write(content)
        elif for_people():
            raise UsageError(
                "this format is no text for a terminal; name a file with --output FILE"
            )
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)


def by_extension(file: str, formats: Sequence[str]) -> str:
    """The format of a file. Raises UsageError where its extension is that of none."""
    stem, extension = splitext(file)
    name = extension.removeprefix(".").lower()
    found = name if name in formats else EXTENSIONS.get(name)
    if found in formats:
        return str(found)
    hint = f"name the format, such as --format {formats[0]} (formats: {join(formats, last='or')})"
    if not formats[1:]:
        hint = f"name the file {stem}.{formats[0]}"
    raise UsageError(f"{file}: unknown extension; {hint}")


class OutputFile(click.Path):
    """A file to write."""

    def file(self, value: Any) -> str:
        """Return the path in the option's value."""
        return str(value)


class OutputFolder(click.Path):
    """A folder to write into. What it contains may be read too."""


def check_outputs(context: click.Context) -> None:
    """Check the files that a command writes, before it does any work.

    Raises InputError when one is a folder, or in one that does not exist, and UsageError when the
    command reads it, or writes it twice. Links and other names of one file are the same file.
    """
    written: list[str] = []
    for parameter in context.command.params:
        kind = parameter.type
        if isinstance(kind, OutputFile):
            written += [kind.file(each) for each in _values(context, parameter)]
    for number, file in enumerate(written):
        if any(_is_same(file, each) for each in written[:number]):
            raise UsageError(f"{file}: two outputs have this file; name another one for the second")
        check_output(context, file)


def check_output(context: click.Context, file: str) -> None:
    """Check a file that the command writes. Raises InputError and UsageError as `check_outputs`."""
    if isdir(file):
        raise InputError(f"{file}: this is a folder; name a file")
    if not isdir(dirname(abspath(file))):
        raise InputError(f"{file}: the folder {dirname(file)} does not exist; create it first")
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
