"""Where the state of this user is kept, which nothing can make again."""

import os
from os.path import expanduser, join


def folder() -> str:
    """The folder of the state."""
    base = os.environ.get("XDG_STATE_HOME") or join(expanduser("~"), ".local", "state")
    return join(base, "tipgraph")
