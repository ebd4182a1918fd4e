"""Things that are costly to make and depend only on content: made once, kept on disk.

An entry begins with a line that holds the checksum of the rest, so a damaged one is made anew.
It is written to a file of its own and moved into place, so nobody reads half of it. A cache
that cannot be written is no error: the work is then done again next time.
"""

import os
import zlib
from collections.abc import Callable
from os.path import expanduser, getmtime, join

import pyoxigraph

from tipgraph.atomic import write_whole
from tipgraph.resources.folders import Resources

KEPT = 16


def prepared(resources: Resources, name: str, make: Callable[[], bytes]) -> bytes:
    """What the wheel has ready under this name, or the cache; otherwise it is made and kept."""
    try:
        return _content(join(resources.root, "prepared", name))
    except OSError:
        return cached(resources.digest, name, make)


def cached(key: str, name: str, make: Callable[[], bytes]) -> bytes:
    """The entry for this key, made when it is not there."""
    entry = join(folder(), f"{pyoxigraph.__version__}-{key}-{name}")
    content = _read(entry)
    if content is None:
        content = make()
        _write(entry, content)
    return content


def folder() -> str:
    """Where entries are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or join(expanduser("~"), ".cache")
    return join(base, "tipgraph")


def _content(file: str) -> bytes:
    with open(file, "rb") as opened:
        return opened.read()


def _checksum(content: bytes) -> bytes:
    return f"# {zlib.crc32(content):08x} {len(content)}\n".encode()


def _read(entry: str) -> bytes | None:
    try:
        stored = _content(entry)
    except OSError:
        return None
    end = stored.find(b"\n") + 1
    content = stored[end:]
    return content if stored[:end] == _checksum(content) else None


def _write(entry: str, content: bytes) -> None:
    try:
        os.makedirs(folder(), exist_ok=True)
        write_whole(entry, _checksum(content) + content)
        _forget_oldest()
    except OSError:
        return


def _forget_oldest() -> None:
    entries = [join(folder(), name) for name in os.listdir(folder())]
    for entry in sorted(entries, key=getmtime, reverse=True)[KEPT:]:
        os.unlink(entry)
