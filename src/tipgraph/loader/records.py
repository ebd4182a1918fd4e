"""The staging graphs of this user's loads, so that those of a killed load are known as one's own.

Each load has a file in a folder, with a line for each staging graph. It is locked while the load
runs and removed at its end, so a file that nobody locks is that of a killed load. Where files
cannot be written or locked, nothing is recorded, and what a killed load leaves is not known.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from os.path import getmtime, join
from socket import gethostname
from uuid import uuid4

# Files of killed loads that are kept, for stores into which nobody loads again.
KEPT = 100
# Suffix of a file until it is locked.
UNSEEN = ".new"


class LoadRecord:
    """The record of a load that is under way."""

    def __init__(self, file: int | None = None) -> None:
        self._file = file

    def begin(self, store: str) -> None:
        """Record where the load runs, and the store's address."""
        self._write(f"{gethostname()} {store}")

    def add(self, staging: str) -> None:
        """Record a staging graph, before it is created."""
        self._write(f"+{staging}")

    def withdraw(self, staging: str) -> None:
        """Record that only people may remove this staging graph from now on."""
        self._write(f"-{staging}")

    def _write(self, line: str) -> None:
        if self._file is not None:
            with suppress(OSError):
                os.write(self._file, f"{line}\n".encode())


@dataclass(frozen=True)
class KilledLoad:
    """A load into the store at this address that was killed, with its staging graphs."""

    store: str
    staging: frozenset[str]
    file: str

    def forget(self) -> None:
        """Remove the record."""
        with suppress(OSError):
            os.unlink(self.file)


@contextmanager
def recording(folder: str | None, store: str) -> Iterator[LoadRecord]:
    """The record of a load into the store at this address; without a folder, of nothing."""
    path, file = "", None
    if folder is not None:
        path = join(folder, uuid4().hex)
        with suppress(OSError):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            file = _locked_file(path)
    record = LoadRecord(file)
    record.begin(store)
    try:
        yield record
    finally:
        if file is not None:
            with suppress(OSError):
                os.unlink(path)
            os.close(file)


def killed_loads(folder: str | None) -> Iterator[KilledLoad]:
    """The killed loads of this machine, each locked while the caller has it."""
    if folder is None:
        return
    for path in _oldest_first(folder):
        if path.endswith(UNSEEN):
            continue
        with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
            if not _lock(file.fileno()):
                continue
            host, _, store = file.readline().strip().partition(" ")
            if host != gethostname():
                continue
            staging: set[str] = set()
            for line in file:
                change = staging.add if line.startswith("+") else staging.discard
                change(line[1:].strip())
            yield KilledLoad(store, frozenset(staging), path)


def forget_oldest(folder: str | None) -> None:
    """Remove the records of killed loads beyond those that are kept, of any machine."""
    if folder is None:
        return
    for path in _oldest_first(folder)[:-KEPT]:
        with suppress(OSError), open(path, encoding="utf-8") as file:
            if _lock(file.fileno()):
                os.unlink(path)


def _oldest_first(folder: str) -> list[str]:
    def age(path: str) -> float:
        # Another load may have removed it.
        with suppress(OSError):
            return getmtime(path)
        return 0

    with suppress(OSError):
        return sorted((join(folder, name) for name in os.listdir(folder)), key=age)
    return []


def _locked_file(path: str) -> int | None:
    """A new file, which others see only once it is locked; none where files cannot be locked."""
    unseen = path + UNSEEN
    file = os.open(unseen, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    if _lock(file):
        os.rename(unseen, path)
        return file
    os.close(file)
    os.unlink(unseen)
    return None


def _lock(file: int) -> bool:
    """Lock the file for this process alone, and return whether that succeeded."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
