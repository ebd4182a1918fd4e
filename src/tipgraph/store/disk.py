"""A large graph on disk, which opens in the same time whatever its size.

Parsing takes longer the larger the graph is. So a large graph is parsed once, into a folder of the
cache that pyoxigraph opens read-only. The folder gets its name when it is complete, in one step: of
several processes that make it at once, the first wins. Nothing is written to it later and nothing
is locked. A process that has it open keeps its files also when another removes the folder.
Where no folder can be written, the graph is in memory, at the cost of parsing it each time.

The engine may read a damaged block again and again, until the memory is full. So the files are
compared with their checksums before it opens them: 20 ms for the shipped graph (40 MB). They are
not read where none was changed since the last use and that is recent, which needs no time.
"""

import os
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from os.path import getmtime, isdir, join
from typing import IO, cast

import pyoxigraph
from pyoxigraph import RdfFormat, Store

from tipgraph.resources import cache

KEPT = 6
UNFINISHED = "unfinished-"
# The file with the checksum of each other one.
CHECKSUMS = "checksums"
# Files of the engine that differ without harm.
UNCHECKED = ("LOG", "LOCK")
# The nanoseconds after the last use in which a change of a file has a time: disks lose bits slowly.
RECENT = 3600 * 10**9
# The seconds after which an unfinished folder is that of a process that was killed.
ABANDONED = 3600


class Joined:
    """A file made of parts, each in memory while it is read."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._part = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        if not self._part:
            self._part = memoryview(next(self._parts, b""))
        size = len(self._part) if size < 0 else size
        read, self._part = self._part[:size], self._part[size:]
        return bytes(read)


def opened(key: str) -> Store | None:
    """The graph with this key; None where there is none, or only a damaged one."""
    path = _path(key)
    if not isdir(path):
        return None
    try:
        _check(path)
        store = Store.read_only(path)
    except (FileNotFoundError, RuntimeError, ValueError):
        remove(key)
        return None
    except OSError:
        return None
    with suppress(OSError):
        # The time of the last use.
        os.utime(path)
    return store


def kept(key: str, content: Callable[[], Iterator[bytes]]) -> Store:
    """The graph of these parts as N-Quads, from a folder that is made for it if it is large."""
    parts, size, first = content(), 0, []
    # Parsing a smaller one takes so little that making a folder does not pay (bench/scale.py).
    while size <= cache.LARGEST and (part := next(parts, None)) is not None:
        first.append(part)
        size += len(part)
    if size > cache.LARGEST:
        with suppress(OSError, RuntimeError):
            _make(key, chain(first, parts))
            _remove_oldest()
        store = opened(key)
        if store is not None:
            return store
        parts = content()
        first.clear()
    store = Store()
    for part in chain(first, parts):
        # The bytes are our own output, so the parser need not check IRIs and language tags again.
        store.load(part, RdfFormat.N_QUADS, lenient=True)
    return store


def remove(key: str) -> None:
    """Remove the folder with this key; processes that have it open are not disturbed."""
    _remove(_path(key))


def _folder() -> str:
    return join(cache.folder(), "graphs")


def _path(key: str) -> str:
    return join(_folder(), f"{pyoxigraph.__version__}-{key}")


def _make(key: str, parts: Iterable[bytes]) -> None:
    from shutil import rmtree
    from tempfile import mkdtemp

    cache.make_folder()
    os.makedirs(_folder(), exist_ok=True)
    unfinished = mkdtemp(prefix=UNFINISHED, dir=_folder())
    try:
        store = Store(unfinished)
        # Of one load there are fewer files than of a load for each part.
        store.bulk_load(cast(IO[bytes], Joined(parts)), RdfFormat.N_QUADS, lenient=True)
        store.flush()
        # Closes it.
        del store
        _write_checksums(unfinished)
        os.rename(unfinished, _path(key))
    finally:
        rmtree(unfinished, ignore_errors=True)


def _write_checksums(path: str) -> None:
    names = [name for name in sorted(os.listdir(path)) if name not in UNCHECKED]
    with open(join(path, CHECKSUMS), "w", encoding="ascii") as file:
        file.writelines(f"{_checksum(join(path, name))} {name}\n" for name in names)


def _check(path: str) -> None:
    """Raise ValueError for a file that is not as it was written, and OSError."""
    with open(join(path, CHECKSUMS), encoding="ascii") as file:
        checksums = [line.split() for line in file]
    last_use = os.stat(path).st_mtime_ns
    if time.time_ns() - last_use < RECENT and all(
        os.stat(join(path, name)).st_ctime_ns < last_use for _, name in checksums
    ):
        return
    if any(_checksum(join(path, name)) != known for known, name in checksums):
        raise ValueError(f"{path}: damaged")


def _checksum(file: str) -> str:
    """Return the CRC-32 of a file, which any flipped bit changes."""
    checksum = 0
    with open(file, "rb") as opened:
        while part := opened.read(1 << 18):
            checksum = zlib.crc32(part, checksum)
    return f"{checksum:08x}"


def _remove_oldest() -> None:
    paths = [join(_folder(), name) for name in os.listdir(_folder())]
    finished = [path for path in paths if UNFINISHED not in path]
    for path in sorted(finished, key=getmtime, reverse=True)[KEPT:]:
        _remove(path)
    for path in set(paths).difference(finished):
        if time.time() - getmtime(path) > ABANDONED:
            _remove(path)


def _remove(path: str) -> None:
    """Take the folder's name away first, so that nobody opens what is half removed."""
    from shutil import rmtree

    removed = join(_folder(), f"{UNFINISHED}{os.getpid()}-{os.urandom(4).hex()}")
    with suppress(OSError):
        os.rename(path, removed)
    rmtree(removed, ignore_errors=True)
