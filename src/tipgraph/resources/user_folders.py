"""Return the user's folders: the cache, and the files that cannot be made again."""

import os
from os.path import expanduser, join


def cache() -> str:
    """The folder of what can be made again."""
    return _folder("XDG_CACHE_HOME", ".cache")


def data() -> str:
    """The folder of what the user has given, such as texts."""
    return _folder("XDG_DATA_HOME", ".local", "share")


def _folder(variable: str, *default: str) -> str:
    """The folder of tipgraph below a base folder, as the XDG specification finds it."""
    return join(os.environ.get(variable) or join(expanduser("~"), *default), "tipgraph")
