"""Processes that others start: work for several, what ends them, and evaluation without a network.

No check of a query's text is complete, because parsers differ. So the code that evaluates cannot
connect: Python's own sockets are denied to it by an audit hook, and on Linux the system ends a
process of ours that opens a socket to another machine, whatever library does it.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import local
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
    with ProcessPoolExecutor(number, get_context("fork"), start_forked) as pool:
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


def start_forked() -> None:
    """Leave signals and memory to the parent, at the start of a forked process.

    It ignores interrupts, which a terminal sends to all processes, and ends on SIGTERM at once. The
    parent ends it with SIGTERM, and the system when the parent is killed.
    """
    end_with_parent()
    # The collector would copy each page that it looks at.
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, BLOCKED)


def end_with_parent() -> None:
    """Let the system end this process when its parent ends, however that ends (Linux only)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


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


# ── Without a network ─────────────────────────────────────────────────────────────────────────────

# Python's audit events of a connection or a look-up.
DENIED = {
    *("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"),
    *("socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"),
}

# Per machine: its number in a filter, and those of its calls `socket` and `seccomp`.
CALLS = {"x86_64": (0xC000003E, 41, 317), "aarch64": (0xC00000B7, 198, 277)}
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_SET_MODE_FILTER = 1
# For all threads, and without the slower handling of branches.
FLAGS = 1 | 4
# Instructions of the filter, the fate of a call, and where the filter finds its parts.
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOWED, DENIED_CALL, KILLED = 0x7FFF0000, 0x00050000 | 13, 0x80000000
NUMBER, MACHINE, FIRST_ARGUMENT = 0, 4, 16
AF_UNIX = 1

_evaluation = local()
_has_hook = False


class Refused(Exception):
    """An attempt to reach another server, or a file, during an evaluation."""


@contextmanager
def offline() -> Iterator[None]:
    """Deny Python's sockets to what this thread does within.

    Raises Refused at the end if something was denied, also where the error was caught within.
    """
    global _has_hook
    if not _has_hook:
        sys.addaudithook(_audit)
        _has_hook = True
    outer = getattr(_evaluation, "refused", None)
    _evaluation.refused = refused = list[str]()
    try:
        yield
    finally:
        _evaluation.refused = outer
    if refused:
        raise Refused(refused[0])


def refuse(what: str) -> Refused:
    """Return the error for an attempt, and record it for the end of `offline`."""
    getattr(_evaluation, "refused", []).append(what)
    return Refused(what)


def _audit(event: str, _: tuple[Any, ...]) -> None:
    if event in DENIED and getattr(_evaluation, "refused", None) is not None:
        raise refuse("it tried to reach another server")


def go_offline() -> None:
    """Let the system end this process, and those that it starts, if it opens a network socket.

    It cannot be undone. It does nothing but on Linux with seccomp. Sockets of this machine alone
    (AF_UNIX), which resolvers of names use, become an error.
    """
    from platform import machine

    if sys.platform != "linux" or machine() not in CALLS:
        return
    import ctypes
    import struct

    architecture, socket, seccomp = CALLS[machine()]

    def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    program = b"".join(
        (
            instruction(LOAD, MACHINE),
            instruction(EQUAL, architecture, if_false=6),
            instruction(LOAD, NUMBER),
            instruction(EQUAL, socket, if_true=1),
            instruction(RETURN, ALLOWED),
            instruction(LOAD, FIRST_ARGUMENT),
            instruction(EQUAL, AF_UNIX, if_false=1),
            instruction(RETURN, DENIED_CALL),
            instruction(RETURN, KILLED),
        )
    )
    code = ctypes.create_string_buffer(program, len(program))
    filter = struct.pack("HP", len(program) // 8, ctypes.addressof(code))
    system = ctypes.CDLL(None)
    system.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    system.syscall(seccomp, SECCOMP_SET_MODE_FILTER, FLAGS, filter)
