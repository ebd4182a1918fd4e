"""Files and folders: listed, read as text or TOML, and written in one step or not at all."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from tipgraph.errors import InputError
from tipgraph.text import one_line


def files_below(folder: str, extension: str = "") -> list[str]:
    """All files in the folder and its subfolders with this extension, sorted by path.

    Raises InputError when a folder cannot be read.
    """
    return sorted(
        each.path
        for each in entries_below(folder)
        if each.name.endswith(extension) and not each.is_dir()
    )


def entries_below(folder: str) -> Iterator["os.DirEntry[str]"]:
    """Yield the files and links in the folder and its subfolders, which it takes from no link.

    Raises InputError when a folder cannot be read.
    """
    folders = [folder]
    for each in folders:
        try:
            with os.scandir(each) as entries:
                found = list(entries)
        except OSError as error:
            _unreadable(error)
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                yield entry


def files_through_links(folder: str) -> list[str]:
    """All files in the folder, its subfolders, and the folders that links in them lead to.

    Each folder counts once, so links that lead back do no harm. They are sorted by path. Raises
    InputError when a folder cannot be read.
    """
    seen = {_identity(folder)}
    found = []
    for parent, folders, names in os.walk(folder, onerror=_unreadable, followlinks=True):
        found += [os.path.join(parent, name) for name in names]
        real = {name: _identity(os.path.join(parent, name)) for name in sorted(folders)}
        folders[:] = [name for name, target in real.items() if target not in seen]
        seen.update(real.values())
    return sorted(found)


def _identity(folder: str) -> tuple[int, int]:
    """Return what a folder and the links to it share. Raises InputError if it cannot be read."""
    try:
        status = os.stat(folder)
    except OSError as error:
        _unreadable(error)
    return status.st_dev, status.st_ino


# The error on a file that is read more than once.
CHANGED = "the file changed while it was read; run the command again"


def state(path: str) -> tuple[int, ...]:
    """Return a state that differs once the file is written. Raises InputError if unreadable."""
    try:
        found = os.stat(path)
    except OSError as error:
        _unreadable(error)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def check_state(path: str, before: tuple[int, ...]) -> None:
    """Raise InputError where a file has another state than before."""
    if state(path) != before:
        raise InputError(f"{path}: {CHANGED}")


@contextmanager
def unchanged(paths: Iterable[str]) -> Iterator[None]:
    """Raise InputError at the end for a file that changes within, also where it changes back."""
    before = {path: state(path) for path in paths}
    yield
    for path, was in before.items():
        check_state(path, was)


# The characters, or bytes, of a text. A device may have no end.
MOST_TEXT = 1 << 28


def check_length(path: str, text: str | bytes, advice: str = "") -> None:
    """Raise InputError, with the advice, for a text that is longer than MOST_TEXT."""
    if len(text) > MOST_TEXT:
        raise InputError(f"{path}: is longer than {MOST_TEXT >> 20} MiB{advice}")


def read_text(path: str) -> str:
    """The file's text, without a byte order mark.

    Raises InputError when it cannot be read, is not UTF-8, or has no end.
    """
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(MOST_TEXT + 1)
            check_length(path, text)
            return text.removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8; save it so"
        raise InputError(f"{path}: cannot be read ({reason})") from None


def content_of(path: str) -> bytes:
    """The content of a file; empty where it cannot be read."""
    with suppress(OSError), open(path, "rb") as file:
        return file.read()
    return b""


def read_input(advice: str = "") -> bytes:
    """The content of standard input. Raises InputError, with the advice, when it has no end."""
    content = sys.stdin.buffer.read(MOST_TEXT + 1)
    check_length("standard input", content, advice)
    return content


def read_toml(path: str) -> dict[str, Any]:
    """The content of a TOML file. Raises InputError when it cannot be read or is broken.

    The message gives the position, and not the line, which may contain a password.
    """
    import tomllib  # Few commands need it, and the others start faster without.

    try:
        # A pipe may never end.
        if os.path.exists(path) and not os.path.isfile(path):
            raise InputError(f"{path}: cannot be read (it is no file)")
        with open(path, "rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from None
    except RecursionError:
        raise InputError(f"{path}: not valid TOML (it is nested too deeply)") from None
    except ValueError as error:  # also what is no UTF-8
        raise InputError(f"{path}: not valid TOML ({one_line(str(error))})") from None


def write_atomic(path: str, content: bytes, is_private: bool = False) -> None:
    """Put the content in the file's place in one step; a device is written to directly.

    A file that is replaced keeps its mode, and a link keeps leading to it. A private file that is
    new can be read by its owner alone. Raises OSError when it cannot be written; the old file is
    then unchanged. To a stream, such as /dev/stdout, the content is added.
    """
    if os.path.exists(path) and (not os.path.isfile(path) or _is_of_process(path)):
        with open(path, "ab") as device:
            device.write(content)
        return
    target = os.path.realpath(path)
    unfinished = _beside(target)
    mode = stat.S_IMODE(os.stat(target).st_mode) if os.path.exists(target) else None
    # To replace it asks for the mode of its folder alone.
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    # A private file is for its owner alone from the first byte.
    first = mode if mode is not None else 0o600 if is_private else 0o666
    try:
        with open(unfinished, "xb", opener=lambda name, flags: os.open(name, flags, first)) as file:
            file.write(content)
        if mode is not None:
            os.chmod(unfinished, mode)
        os.replace(unfinished, target)
    except OSError as error:
        if os.path.exists(unfinished):
            os.unlink(unfinished)
        raise OSError(error.errno, error.strerror, path) from None


def write_folder(path: str, files: Mapping[str, bytes]) -> None:
    """Make a folder with these files, by name; it appears once all of them are in it.

    Raises OSError when it cannot be written, or exists and is not empty.
    """
    with new_folder(path) as unfinished:
        for name, content in files.items():
            with open(os.path.join(unfinished, name), "wb") as file:
                file.write(content)


@contextmanager
def new_folder(path: str, check: Callable[[str], None] | None = None) -> Iterator[str]:
    """A folder to fill, which gets this path once the block ends; after an error nothing is left.

    An earlier folder is replaced if `check` raises no error on it, moved aside where nobody adds to
    it. Raises OSError when it cannot be written, or when there is one that is not empty and there
    is no `check`.
    """
    from shutil import rmtree

    # Beside the folder, also where its name ends with a slash or is a link.
    place = os.path.realpath(path)
    unfinished, old = _beside(place), f"{_beside(place)}.old"
    try:
        os.mkdir(unfinished)
        yield unfinished
        if check and os.path.isdir(place):
            os.rename(place, old)
            check(old)
        os.rename(unfinished, place)
        rmtree(old, ignore_errors=True)
    except OSError as error:
        # Of copying several files, one error has several reasons.
        raise OSError(error.errno, error.strerror or "cannot be written", path) from None
    finally:
        # Where somebody has made a new folder in its place meanwhile, the old one stays aside.
        if os.path.exists(old) and not os.path.exists(place):
            os.rename(old, place)
        rmtree(unfinished, ignore_errors=True)


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Keep others who lock the folder waiting meanwhile; not on Windows."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _is_of_process(path: str) -> bool:
    """Return whether a link of Linux leads to a file because a process has it open, or runs it."""
    while os.path.islink(path):
        folder = os.path.realpath(os.path.dirname(path))
        if folder.startswith("/proc/"):
            return True
        path = os.path.join(folder, os.readlink(path))
    return False


def _beside(path: str) -> str:
    """Return a path that nobody else has: process numbers are the same in two containers."""
    return f"{path}.{os.urandom(8).hex()}"


def _unreadable(error: OSError) -> NoReturn:
    raise InputError(f"{error.filename}: cannot be read ({error.strerror})")
