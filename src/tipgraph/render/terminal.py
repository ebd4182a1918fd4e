"""The standard streams: controls in data are shown, and do not reach the terminal.

Every command writes to these streams, so this is the one place that decides it. Messages are always
escaped, data on a terminal only: a pipe gets them unchanged.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from tipgraph.safe_text import no_workflow_command, visible

ESCAPE = "\x1b"
# Stands for the escape character in styling of our own. It is random, so no data contains it.
OWN_ESCAPE = os.urandom(16).hex()


class _Wrapper:
    """A text stream, but for the methods of a subclass."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class EscapingStream(_Wrapper):
    """A text stream that shows controls as `visible` does, but for those of `styled`.

    Nothing that it writes is a command to GitHub, which reads all output of a workflow.
    """

    def write(self, text: str) -> int:
        self._stream.write(no_workflow_command(visible(text)).replace(OWN_ESCAPE, ESCAPE))
        return len(text)


class PipedStream(_Wrapper):
    """A text stream that is no terminal, whatever it writes to."""

    def isatty(self) -> bool:
        return False


def write_no_styles() -> None:
    """Treat standard output as a pipe: what is made for it goes to a file."""
    sys.stdout = cast(TextIO, PipedStream(unescaped(sys.stdout)))


def styled(text: str) -> str:
    """The text with its escape sequences marked as ours; what it contains was escaped before."""
    return text.replace(ESCAPE, OWN_ESCAPE) if _is_escaping(sys.stdout) else text


def is_styled() -> bool:
    """Return whether standard output is a terminal that `styled` writes for."""
    return _is_escaping(sys.stdout) and os.environ.get("TERM") != "dumb"


@contextmanager
def escaping() -> Iterator[None]:
    """Escape what is written to the standard streams."""
    before = sys.stdout, sys.stderr
    escape_streams()
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def escape_streams() -> None:
    """Put an EscapingStream in the place of standard error, and of a terminal's standard output."""
    if not _is_escaping(sys.stdout) and sys.stdout.isatty():
        sys.stdout = cast(TextIO, EscapingStream(sys.stdout))
    if not _is_escaping(sys.stderr):
        sys.stderr = cast(TextIO, EscapingStream(sys.stderr))


def unescaped(stream: TextIO) -> TextIO:
    """The stream itself, for what draws on a terminal with constant text."""
    return stream._stream if isinstance(stream, EscapingStream) else stream


def _is_escaping(stream: object) -> bool:
    return isinstance(stream, EscapingStream)
