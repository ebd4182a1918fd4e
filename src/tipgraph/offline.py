"""Evaluation without a network.

No check of a query's text is complete, because parsers differ. So the code that evaluates cannot
connect: Python's own sockets are denied to it by an audit hook, and on Linux the system ends a
process of ours that opens a socket to another machine, whatever library does it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any

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
