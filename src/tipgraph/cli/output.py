"""Select the destination and the format of a command's output."""

import sys
from collections.abc import Iterable
from os.path import splitext

from tipgraph.cli.options import Command, for_people, write
from tipgraph.cli.paths import output_file
from tipgraph.errors import UsageError
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


def output_option(command: Command) -> Command:
    """`--output`, whose folder is checked before any work is done."""
    option = output_file(
        "--output",
        metavar="FILE",
        callback=lambda ctx, param, file: _without_styles(file),
        help="Output file, written in one step; the extension selects the format.",
    )
    return option(command)


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
