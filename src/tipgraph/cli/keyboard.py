"""Keys of a terminal, one at a time, without Enter."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

try:
    import termios
    import tty
except ImportError:  # Not a POSIX system; click reads its keys.
    termios = None  # type: ignore[assignment]

# Key values for the end of the input and for Ctrl-D.
END = ""
END_OF_TRANSMISSION = "\x04"


class Keyboard:
    """The keys of standard input, which is a terminal; in use between `with` and its end.

    Keys that are pressed while the program is busy are not lost.
    """

    def __enter__(self) -> "Keyboard":
        if termios is not None:
            self._file = sys.stdin.fileno()
            self._before = termios.tcgetattr(self._file)
            self._read_keys()
        return self

    def __exit__(self, *_: object) -> None:
        if termios is not None:
            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)

    def key(self) -> str:
        """The next key; END when there is none any more."""
        if termios is None:
            return click.getchar()
        key = os.read(self._file, 1).decode(errors="ignore")
        return END if key == END_OF_TRANSMISSION else key

    @contextmanager
    def lines(self) -> Iterator[None]:
        """Read whole lines for a while, as programs usually do."""
        if termios is None:
            yield
            return
        termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)
        try:
            yield
        finally:
            self._read_keys()

    def _read_keys(self) -> None:
        tty.setcbreak(self._file, termios.TCSADRAIN)
