"""Files written whole or not at all."""

import os


def write_whole(path: str, content: bytes) -> None:
    """Put the content in the file's place in one step. Raises OSError when it cannot be written."""
    unfinished = f"{path}.{os.getpid()}"
    try:
        with open(unfinished, "wb") as opened:
            opened.write(content)
        os.replace(unfinished, path)
    except OSError as error:
        if os.path.exists(unfinished):
            os.unlink(unfinished)
        raise OSError(error.errno, error.strerror, path) from None
