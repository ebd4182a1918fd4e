"""Keep on disk what takes long to make and depends on content alone.

The first line of an entry is the checksum of the rest, so that a damaged entry is made again. It is
written atomically, so that no process reads half of it. A cache that cannot be written is no error:
the work is done again next time.
"""

import os
import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from os.path import dirname, exists, getmtime, isfile, join

import pyoxigraph

from tipgraph.files import write_atomic
from tipgraph.resources import folders
from tipgraph.resources.folders import PREPARED, Resources

# The entries; a graph has five.
KEPT = 32
# In bytes. Larger graphs are kept in a form that opens faster (store/disk.py).
LARGEST = 6_000_000
# The parts of graphs; one of all countries has 200, and as many pieces of an index.
PARTS_KEPT = 1000
# The start of a name here: the version of pyoxigraph. All else in the folder is somebody else's.
OWN = re.compile(r"\d+\.\d+\.\d+-")


def prepared(resources: Resources, name: str, make: Callable[[], bytes]) -> bytes:
    """A file that needs no data, from the wheel or the cache; else it is made and cached."""
    content = shipped(resources, name)
    return cached(resources.digest_without_data, name, make) if content is None else content


def shipped(resources: Resources, name: str) -> bytes | None:
    """The file of this name from the wheel; None in a checkout."""
    try:
        return read_file(join(resources.root, PREPARED, name))
    except OSError:
        return None


def shipped_file(resources: Resources, name: str) -> str | None:
    """The path of the same file; None in a checkout."""
    path = join(resources.root, PREPARED, name)
    return path if isfile(path) else None


def cached(key: str, name: str, make: Callable[[], bytes], largest: int | None = LARGEST) -> bytes:
    """The entry for this key; made when it is missing, and kept unless it is beyond `largest`."""
    entry = join(folder(), f"{pyoxigraph.__version__}-{key}-{name}")
    content = _read(entry)
    if content is None:
        content = make()
        if largest is None or len(content) <= largest:
            _write(entry, content)
    return content


def part(key: str, make: Callable[[], bytes] | None = None) -> bytes:
    """The part of a graph for this key; made when it is missing, and kept compressed.

    Raises OSError where it is missing and cannot be made.
    """
    import gzip

    entry = _part(key)
    content = _read(entry)
    if content is not None:
        with suppress(OSError):
            # The time of the last use.
            os.utime(entry)
        return gzip.decompress(content)
    if make is None:
        raise FileNotFoundError(entry)
    made = make()
    _write(entry, gzip.compress(made, compresslevel=1), PARTS_KEPT)
    return made


def has_part(key: str) -> bool:
    """Return whether a part is kept, damaged or not."""
    return isfile(_part(key))


def _part(key: str) -> str:
    return join(folder(), "parts", f"{pyoxigraph.__version__}-{key}")


def folder() -> str:
    """The folder of the entries."""
    return folders.user_cache()


def make_folder() -> None:
    """Make the folder of the entries, for its owner alone: they may be of files that are."""
    os.makedirs(folder(), mode=0o700, exist_ok=True)


def read_file(file: str) -> bytes:
    """The content of a file here. Raises OSError, also for what is no file."""
    # A pipe may have no end, and no device has one.
    if not isfile(file):
        raise FileNotFoundError(file)
    with open(file, "rb") as opened:
        return opened.read()


def _checksum(content: bytes) -> bytes:
    return f"# {zlib.crc32(content):08x} {len(content)}\n".encode()


def _read(entry: str) -> bytes | None:
    try:
        stored = read_file(entry)
    except OSError:
        return None
    end = stored.find(b"\n") + 1
    content = stored[end:]
    return content if stored[:end] == _checksum(content) else None


def _write(entry: str, content: bytes, kept: int = KEPT) -> None:
    try:
        make_folder()
        os.makedirs(dirname(entry), exist_ok=True)
        if exists(entry) and not isfile(entry):
            return
        write_atomic(entry, _checksum(content) + content)
        _forget_oldest(dirname(entry), kept)
    except OSError:
        return


def _forget_oldest(below: str, kept: int) -> None:
    found = os.scandir(below)
    entries = [entry.path for entry in found if OWN.match(entry.name) and entry.is_file()]
    for entry in sorted(entries, key=getmtime, reverse=True)[kept:]:
        os.unlink(entry)
