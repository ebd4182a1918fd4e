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
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from os.path import dirname, getmtime, isdir, isfile, join, samefile
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import Quad, RdfFormat, Store, parse

from tipgraph.errors import InputError
from tipgraph.resources import cache

KEPT = 6
# The folder of single files, beside that of the graphs.
FILES = "files"
UNFINISHED = "unfinished-"
# The file with the checksum of each other one.
CHECKSUMS = "checksums"
# The file with the keys of the parts, where no quad is in two of them, and no blank node in any but
# the first: the engine gives it another name, so that it would stay when its part is replaced.
PARTS = "parts"
# A graph is updated where at most one part of so many differs, and one more.
FEW = 10
# The loads at once, and the least lines of each. A load takes a kilobyte for each quad, and up to a
# million of them at a time if it is given more (bench/scale.py).
LOADS, BATCH = 2, 300_000
# The quads from which on files are joined.
MANY = 4_000_000
# Files of the engine that differ without harm.
UNCHECKED = ("LOG", "LOCK")
# The nanoseconds after the last use in which a change of a file has a time: disks lose bits slowly.
RECENT = 3600 * 10**9
# The seconds after which an unfinished folder is that of a process that was killed.
ABANDONED = 3600


class Part(NamedTuple):
    """RDF, read or made when called, and the key of what it is made from.

    Several parts of one graph are N-Quads. A `piece` of a file beside the graph has its own key.
    """

    key: str
    content: Callable[[], bytes]
    syntax: RdfFormat = RdfFormat.N_QUADS
    piece: tuple[str, Callable[[], bytes]] | None = None


def opened(key: str) -> Store | None:
    """The graph with this key; None where there is none, or only a damaged one."""
    path = _path(key)
    if _is_sound(path):
        try:
            return Store.read_only(path)
        except (FileNotFoundError, RuntimeError, ValueError):
            remove(key)
        except OSError:
            pass
    return None


def kept_file(key: str, name: str, make: Callable[[], bytes]) -> str | bytes:
    """The path of a file, made when it is missing or damaged; its content if it cannot be kept.

    It has a folder of its own, whose time is that of the last use.
    """
    if has_file(key, name):
        return join(_file_path(key, name), name)
    content = make()

    def write(path: str, _: str | None) -> None:
        with open(path, "wb") as file:
            file.write(content)

    with suppress(OSError):
        write_file(key, name, write)
    return join(_file_path(key, name), name) if has_file(key, name) else content


def has_file(key: str, name: str) -> bool:
    """Return whether a file is kept and undamaged."""
    return _is_sound(_file_path(key, name))


def write_file(key: str, name: str, write: Callable[[str, str | None], None]) -> None:
    """Keep a file that `write` writes to a path, given that of the last used one of its name."""
    path = _file_path(key, name)
    others = (each for each in _finished(dirname(path)) if each.endswith(f"-{name}"))
    last = next(
        (each for each in sorted(others, key=getmtime, reverse=True) if _is_sound(each)), ""
    )

    def fill(folder: str) -> None:
        write(join(folder, name), join(last, name) if last else None)

    _make(path, fill)


def _file_path(key: str, name: str) -> str:
    return join(cache.folder(), FILES, f"{pyoxigraph.__version__}-{key}-{name}")


def kept(key: str, parts: Sequence[Part], is_always: bool = False) -> Store:
    """The graph of these parts, from a folder that is made for it if it is large, or always.

    A large one that cannot be kept is in memory. Raises InputError where it must always be kept.
    """
    first: list[bytes] = []
    # Parsing a smaller one takes so little that making a folder does not pay (bench/scale.py).
    largest = 0 if is_always else cache.LARGEST
    while len(first) < len(parts) and sum(map(len, first)) <= largest:
        first.append(parts[len(first)].content())
    contents: Iterable[bytes] = chain(first, (part.content() for part in parts[len(first) :]))
    if sum(map(len, first)) > largest:
        with suppress(OSError, RuntimeError):
            _make(_path(key), partial(_fill, parts, contents))
        store = opened(key)
        if store is not None:
            return store
        if is_always:
            raise InputError(
                f"{_folder()}: the graph cannot be written; it needs more space, or the permission"
            )
        contents = (part.content() for part in parts)
    store = Store()
    for content in contents:
        # The bytes are our own output, so the parser need not check IRIs and language tags again.
        store.load(content, parts[0].syntax, lenient=True)
    return store


def remove(key: str) -> None:
    """Remove the folder with this key; processes that have it open are not disturbed."""
    _remove(_path(key))


def _folder() -> str:
    return join(cache.folder(), "graphs")


def _path(key: str) -> str:
    return join(_folder(), f"{pyoxigraph.__version__}-{key}")


def _make(path: str, fill: Callable[[str], str | None]) -> None:
    """Make a folder that `fill` fills, and returns one with which it shares files, if any."""
    from shutil import rmtree
    from tempfile import mkdtemp

    cache.make_folder()
    os.makedirs(dirname(path), exist_ok=True)
    unfinished = mkdtemp(prefix=UNFINISHED, dir=dirname(path))
    try:
        _write_checksums(unfinished, fill(unfinished))
        os.rename(unfinished, path)
        # Before the time of use: it counts as a change of the files that are shared.
        _remove_oldest(dirname(path))
        # Younger than its files, by a finer clock than the system has for these.
        now = time.time_ns()
        with suppress(OSError):
            os.utime(path, ns=(now, now))
    finally:
        rmtree(unfinished, ignore_errors=True)


def _fill(parts: Sequence[Part], contents: Iterable[bytes], folder: str) -> str | None:
    """Load the parts into the folder; return the graph that gave the files of most, if any."""
    predecessor = _predecessor(parts)
    if predecessor is None:
        are_replaceable = _load(folder, contents, parts[0].syntax)
    else:
        are_replaceable = _update(folder, predecessor, parts)
    if are_replaceable and all(part.key for part in parts):
        with open(join(folder, PARTS), "w", encoding="ascii") as file:
            file.writelines(f"{part.key}\n" for part in parts)
    return predecessor


def _load(folder: str, contents: Iterable[bytes], syntax: RdfFormat) -> bool:
    """Load the parts into the folder; return whether they can be replaced one by one (PARTS)."""
    from concurrent.futures import Future, ThreadPoolExecutor

    store, lines, are_named = Store(folder), 0, True
    running = deque[Future[None]]()
    with ThreadPoolExecutor(LOADS) as pool:
        for batch, number, has_blank_node in _batches(contents):
            lines += number
            are_named = are_named and not has_blank_node
            if len(running) == LOADS:
                running.popleft().result()
            running.append(pool.submit(store.bulk_load, batch, syntax, lenient=True))
        for each in running:
            each.result()
    if lines > MANY:
        # The files of several loads overlap, and a look-up searches them all. Joined, they take
        # twice the place, and look-ups a third to a fifth of the time (bench/scale.py).
        store.optimize()
    store.flush()
    return are_named and len(store) == lines


def _batches(contents: Iterable[bytes]) -> Iterator[tuple[bytes, int, bool]]:
    """Yield the parts joined to batches, with the number of lines.

    And whether a part but the first of all has a blank node.
    """
    batch, lines, has_blank_node = list[bytes](), 0, False
    for number, content in enumerate(contents):
        batch.append(content)
        lines += content.count(b"\n")
        has_blank_node = has_blank_node or (number > 0 and _has_blank_node(content))
        if lines >= BATCH:
            yield b"".join(batch), lines, has_blank_node
            batch, lines = [], 0
    if batch:
        yield b"".join(batch), lines, has_blank_node


def _has_blank_node(content: bytes) -> bool:
    """Return whether N-Quads may have a blank node, as a subject or an object."""
    return content.startswith(b"_:") or b"\n_:" in content or b"> _:" in content


def _update(folder: str, predecessor: str, parts: Sequence[Part]) -> bool:
    """Copy another graph into the folder, and replace the parts that it does not share.

    Returns whether its parts can be replaced one by one too (PARTS).
    """
    known, wanted = _keys(predecessor), {part.key for part in parts}
    before = _lines(cache.part(key) for key in known - wanted)
    after = _lines(part.content() for part in parts if part.key not in known)
    removed, added = _quads(before - after), _quads(after - before)
    os.rmdir(folder)
    # Files are linked, and never written to again.
    Store.read_only(predecessor).backup(folder)
    store = Store(folder)
    for quad in removed:
        store.remove(quad)
    are_apart = not any(quad in store for quad in added)
    are_named = not any(map(_has_blank_node, after))
    store.extend(added)
    store.flush()
    return are_apart and are_named


def _predecessor(parts: Sequence[Part]) -> str | None:
    """Return the last used graph that has all parts but a few, which the cache has."""
    wanted = {part.key for part in parts}
    for path in sorted(_finished(_folder()), key=getmtime, reverse=True):
        with suppress(OSError, ValueError):
            known = _keys(path)
            few = len(wanted) // FEW + 1
            if parts[0].key in known and max(len(wanted - known), len(known - wanted)) <= few:
                _check(path)
                if all(map(cache.has_part, known - wanted)):
                    return path
    return None


def _keys(path: str) -> set[str]:
    """Return the keys of a graph's parts. Raises OSError where a quad may be in two of them.

    Raises ValueError where the file is damaged.
    """
    return set(cache.read_file(join(path, PARTS)).decode("ascii").split())


def _lines(contents: Iterable[bytes]) -> set[bytes]:
    return set(chain.from_iterable(content.splitlines() for content in contents))


def _quads(lines: Iterable[bytes]) -> set[Quad]:
    return set(parse(b"\n".join(lines), RdfFormat.N_QUADS, lenient=True))


def _write_checksums(path: str, predecessor: str | None) -> None:
    """Write the checksum of each file; the predecessor knows that of a file which it shares."""
    known = _checksums(predecessor) if predecessor else {}

    def checksum(name: str) -> str:
        file = join(path, name)
        if predecessor and name in known and samefile(file, join(predecessor, name)):
            return known[name]
        return _checksum(file)

    names = [name for name in sorted(os.listdir(path)) if name not in UNCHECKED]
    lines = [f"{checksum(name)} {name}\n" for name in names]
    with open(join(path, CHECKSUMS), "w", encoding="ascii") as opened:
        opened.writelines(lines)


def _checksums(path: str) -> dict[str, str]:
    lines = cache.read_file(join(path, CHECKSUMS)).decode("ascii").splitlines()
    return {name: known for known, name in map(str.split, lines)}


def _is_sound(path: str) -> bool:
    """Return whether the folder is there, undamaged; it is used now, or else removed."""
    if not isdir(path):
        return False
    try:
        _check(path)
    except (FileNotFoundError, ValueError):
        _remove(path)
        return False
    except OSError:
        return False
    with suppress(OSError):
        # The time of the last use.
        os.utime(path)
    return True


def _check(path: str) -> None:
    """Raise ValueError for a file that is not as it was written, and OSError."""
    checksums = _checksums(path)
    last_use = os.stat(path).st_mtime_ns
    if time.time_ns() - last_use < RECENT and all(
        os.lstat(join(path, name)).st_ctime_ns < last_use for name in checksums
    ):
        return
    if any(_checksum(join(path, name)) != known for name, known in checksums.items()):
        raise ValueError(f"{path}: damaged")


def _checksum(file: str) -> str:
    """Return the CRC-32 of a file, which any flipped bit changes."""
    # A pipe may have no end, and no device has one.
    if not isfile(file):
        raise FileNotFoundError(file)
    checksum = 0
    with open(file, "rb") as opened:
        while part := opened.read(1 << 18):
            checksum = zlib.crc32(part, checksum)
    return f"{checksum:08x}"


def _remove_oldest(folder: str) -> None:
    for path in sorted(_finished(folder), key=getmtime, reverse=True)[KEPT:]:
        _remove(path)
    paths = [join(folder, name) for name in os.listdir(folder) if name.startswith(UNFINISHED)]
    for path in paths:
        if time.time() - getmtime(path) > ABANDONED:
            _remove(path)


def _finished(folder: str) -> list[str]:
    names = os.listdir(folder) if isdir(folder) else []
    return [join(folder, name) for name in names if cache.OWN.match(name)]


def _remove(path: str) -> None:
    """Take the folder's name away first, so that nobody opens what is half removed."""
    from shutil import rmtree

    removed = join(dirname(path), f"{UNFINISHED}{os.getpid()}-{os.urandom(4).hex()}")
    with suppress(OSError):
        os.rename(path, removed)
    rmtree(removed, ignore_errors=True)
