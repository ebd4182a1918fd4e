"""A program in a pseudo terminal: keys are pressed, and what it shows is read."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
SECONDS = 30
SIZE = "HHHH"


class Terminal:
    """`tipgraph` with these arguments, at work in a terminal of some columns."""

    def __init__(
        self, arguments: Sequence[str], folder: Path, columns: int = 80, **environment: str
    ) -> None:
        self.shown = ""
        self._read = 0
        pid, self._file = pty.fork()
        if pid == 0:  # pragma: no cover - the other process
            os.chdir(folder)
            os.environ |= {
                "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm", "LINES": "40",
                "COLUMNS": str(columns), **environment,
            }  # fmt: skip
            os.execv(sys.executable, [sys.executable, "-m", "tipgraph", *arguments])
        self._pid = pid
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack(SIZE, 40, columns, 0, 0))

    def press(self, keys: str) -> None:
        os.write(self._file, keys.encode())

    def wait_for(self, text: str) -> str:
        """What was shown since the last call, up to the text."""
        until = time.monotonic() + SECONDS
        while text not in self.shown[self._read :]:
            assert time.monotonic() < until, self.shown[self._read :]
            if select.select([self._file], [], [], 0.1)[0]:
                try:
                    self.shown += os.read(self._file, 65536).decode(errors="replace")
                except OSError:
                    raise AssertionError(self.shown[self._read :]) from None
        end = self.shown.index(text, self._read) + len(text)
        found = self.shown[self._read : end]
        self._read = end
        return found.replace("\r\n", "\n")

    def end(self) -> int:
        """The exit code, once the program has ended."""
        while True:
            try:
                if not os.read(self._file, 65536):
                    break
            except OSError:
                break
        _, status = os.waitpid(self._pid, 0)
        os.close(self._file)
        return os.waitstatus_to_exitcode(status)
