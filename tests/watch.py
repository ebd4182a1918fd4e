"""Record what a command does to files outside some folders, the network and other programs."""

import functools
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "shutil.rmtree")
ELSEWHERE = ("socket.connect", "socket.getaddrinfo", "os.system", "os.exec", "subprocess.Popen")


class Watch:
    """Notes changes outside `allowed`. Python cannot remove an audit hook, so there is one."""

    def __init__(self) -> None:
        self.allowed: Sequence[str] | None = None
        self.found: list[str] = []
        sys.addaudithook(self._see)

    def _see(self, event: str, details: tuple[Any, ...]) -> None:
        if self.allowed is None:
            return
        if event == "open":
            path, _, flags = details
            if isinstance(path, str | bytes) and isinstance(flags, int) and flags & WRITING:
                self._check(os.fsdecode(path))
        elif event in CHANGES:
            self._check(os.fsdecode(details[0]))
        elif event in ELSEWHERE:
            self.found.append(f"{event} {details}")

    def _check(self, path: str) -> None:
        real = os.path.realpath(path)
        # Python keeps what it compiles at an import.
        if "__pycache__" not in real and not real.startswith(tuple(self.allowed or ())):
            self.found.append(f"write {real}")


@functools.cache
def _watch() -> Watch:
    """The one watch, made where a test needs it: its hook slows down all that comes after."""
    return Watch()


@contextmanager
def watched(*folders: str) -> Iterator[None]:
    """Fail where anything is written outside the folders, connected to, or run."""
    watch = _watch()
    watch.found.clear()
    watch.allowed = list(map(os.path.realpath, folders))
    try:
        yield
    finally:
        watch.allowed = None
    assert not watch.found, watch.found
