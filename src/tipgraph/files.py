"""Files written whole or not at all."""

import os


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
