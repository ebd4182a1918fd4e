"""Processes that others start: work for several, and what ends them."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from tipgraph.errors import InputError

if TYPE_CHECKING:
    from concurrent.futures import Future

PR_SET_PDEATHSIG = 1
BLOCKED = {signal.SIGINT, signal.SIGTERM}

Task = TypeVar("Task")
Done = TypeVar("Done")

# The work of the processes that were forked last.
_work: Callable[[Any], Any]


def in_processes(
    work: Callable[[Task], Done], tasks: Sequence[Task], number: int, in_order: bool = False
) -> Iterator[Done]:
    """Yield the result of each task from at most `number` processes.

    The order is that of completion or, if `in_order`, that of the tasks. The processes are forked,
    and share what this one has in memory. Raises InputError when one is killed.
    """
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    global _work
    _work = work
    number = min(number, len(tasks))
    fork, parent = get_context("fork"), os.getpid()
    with ProcessPoolExecutor(number, fork, start_forked, (parent,)) as pool:
        running: list[Future[Done]] = []
        try:
            with forking():
                running.extend(pool.submit(_do, task) for task in tasks)
            if in_order:
                # A result that is used is not kept.
                while running:
                    yield running.pop(0).result()
            for each in as_completed(running):
                yield each.result()
        except BrokenProcessPool:
            raise InputError("a process was killed; perhaps there is too little memory") from None
        finally:
            for each in running:
                each.cancel()


def _do(task: Any) -> Any:
    return _work(task)


@contextmanager
def forking() -> Iterator[None]:
    """Hold interrupts and SIGTERM back, also from the processes that are forked meanwhile.

    These call `start_forked`. Without this, a signal at once would run a handler of the
    parent in them, whose exception lets them continue as a second parent.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, BLOCKED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def start_forked(parent: int) -> None:
    """Leave signals and memory to the parent, at the start of a forked process.

    It ignores interrupts, which a terminal sends to all processes, and ends on SIGTERM at once. The
    parent ends it with SIGTERM, and the system when the parent is killed.
    """
    end_with_parent(parent)
    # The collector would copy each page that it looks at.
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, BLOCKED)


def end_with_parent(parent: int) -> None:
    """Let the system end this process when its parent ends, however that ends (Linux only)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        # It may have been killed before.
        if os.getppid() != parent:
            os._exit(1)


def dump_no_memory() -> None:
    """Let the system write no memory of this process and those that it starts if they crash."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_memory() -> None:
    """Let this process, and each that it starts, fail when it takes more than is available (Linux).

    Otherwise the system would end any process, and might stand still before.
    """
    if sys.platform != "linux":
        return
    import resource

    with suppress(OSError, KeyError, ValueError):
        with open("/proc/meminfo", encoding="ascii") as file:
            known = dict(line.split()[:2] for line in file)
        free = (int(known["MemAvailable:"]) + int(known["SwapFree:"])) << 10
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if soft == resource.RLIM_INFINITY:
            # It raises ValueError where the user's own limit is lower.
            resource.setrlimit(resource.RLIMIT_DATA, (free, hard))


def processors() -> int:
    """Return the number of processors that this process may use; 1 if unknown."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def temporary_prefix(process: int) -> str:
    """Return the prefix of the names of a process's temporary files."""
    return f"tipgraph-{process}-"


def remove_temporary_files(process: int) -> None:
    """Remove the temporary files of a process that was killed."""
    from glob import glob
    from tempfile import gettempdir

    for file in glob(os.path.join(gettempdir(), f"{temporary_prefix(process)}*")):
        with suppress(OSError):
            os.unlink(file)
