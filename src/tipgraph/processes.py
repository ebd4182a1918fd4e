"""Processes that are killed: with the one that started them, and what they leave behind."""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Let the system end this process when its parent ends, however that ends (Linux only)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def processors() -> int:
    """How many processors this process may use; 1 where the system does not say."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def temporary_prefix(process: int) -> str:
    """What the names of a process's temporary files start with."""
    return f"tipgraph-{process}-"


def remove_temporary_files(process: int) -> None:
    """Remove the temporary files of a process that was killed."""
    from contextlib import suppress
    from glob import glob
    from tempfile import gettempdir

    for file in glob(os.path.join(gettempdir(), f"{temporary_prefix(process)}*")):
        with suppress(OSError):
            os.unlink(file)
