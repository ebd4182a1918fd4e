"""Files and folders written whole or not at all."""

import os
from collections.abc import Mapping


def write_whole(path: str, content: bytes) -> None:
    """Put the content in the file's place in one step; a device is written into.

    Raises OSError when it cannot be written.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as device:
            device.write(content)
        return
    unfinished = f"{path}.{os.getpid()}"
    try:
        with open(unfinished, "wb") as opened:
            opened.write(content)
        os.replace(unfinished, path)
    except OSError as error:
        if os.path.exists(unfinished):
            os.unlink(unfinished)
        raise OSError(error.errno, error.strerror, path) from None


def write_folder(path: str, files: Mapping[str, bytes]) -> None:
    """Make a folder with these files, by their names; it is in its place once all are in it.

    Raises OSError when it cannot be written, or is there already and has something in it.
    """
    from shutil import rmtree

    unfinished = f"{path}.{os.getpid()}"
    try:
        os.mkdir(unfinished)
        for name, content in files.items():
            with open(os.path.join(unfinished, name), "wb") as opened:
                opened.write(content)
        os.rename(unfinished, path)
    except OSError as error:
        rmtree(unfinished, ignore_errors=True)
        raise OSError(error.errno, error.strerror, path) from None
