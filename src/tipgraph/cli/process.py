"""The program as a process: its standard streams, the signals that end it, and its exit code."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from io import BufferedWriter, RawIOBase, TextIOWrapper

from tipgraph.errors import EndpointError, InputError

# Exit codes that a shell reports for a process ended by a signal.
INTERRUPTED = 128 + signal.SIGINT
# SIGPIPE, which Windows lacks: the reader of a pipe has closed it.
CLOSED_PIPE = 128 + 13
# The exit code of output that cannot be written.
UNWRITABLE = EndpointError.exit_code
# The characters that a message has at most.
MAX_LINE = 4000

# True if this process is the program: not a caller of `main`, and not a worker of the program.
is_program = False

_received: list[int] = []


def guarded(main: Callable[[], int]) -> int:
    """The exit code of `main`, run on streams that work.

    A closed standard output ends the program before it does anything. Output that cannot be written
    to the end is no success.
    """
    global is_program
    if not _open_streams():
        return complain("standard output is closed; nothing was done")
    is_program = True
    _check_each_write()
    try:
        code = main()
    except KeyboardInterrupt:
        code = INTERRUPTED
    return _flush(128 + _received[0] if _received else code)


def stop_gracefully(*signals: int) -> None:
    """Let these signals unwind the program, so that what it began is tidied up.

    Without any, they are SIGINT and SIGTERM. The exit code is that of the signal, also where
    something could not be tidied up.
    """
    for each in signals or (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _stop)


def complain(message: str, code: int = UNWRITABLE) -> int:
    """Write one line to standard error, if it can take one, and return the exit code.

    A line that repeats a long input is shortened.
    """
    line = " ".join(message.split())
    if len(line) > MAX_LINE:
        line = f"{line[: MAX_LINE // 2]} […] {line[-MAX_LINE // 2 :]}"
    with suppress(OSError):
        print(f"tipgraph: {line}", file=sys.stderr, flush=True)
    return code


def unwritten(error: OSError) -> int:
    """Report an error of output or of a file, and return its exit code."""
    if error.filename is None:
        return complain(f"the output cannot be written: {error.strerror or error}")
    return complain(f"{error.filename}: {error.strerror or error}", InputError.exit_code)


def _stop(number: int, _: object) -> None:
    _received.append(number)
    raise KeyboardInterrupt


def _open_streams() -> bool:
    """Put the null device in place of closed streams; False if standard output is one of them.

    Otherwise the next file that is opened would take the number of the closed stream.
    """
    closed = [name for name in ("stdin", "stdout", "stderr") if getattr(sys, name) is None]
    if closed:
        while (number := os.open(os.devnull, os.O_RDWR)) < 3:
            pass
        os.close(number)
    for name in closed:
        mode = "r" if name == "stdin" else "w"
        setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    return "stdout" not in closed


def _check_each_write() -> None:
    """Put a buffer before a standard output that has none, as under PYTHONUNBUFFERED.

    Where the system takes a part of a write, a buffer writes the rest or raises an error, and a
    stream without one drops it.
    """
    output = sys.stdout.buffer
    if isinstance(output, RawIOBase):
        sys.stdout = TextIOWrapper(BufferedWriter(output), "utf-8", line_buffering=True)


def _flush(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return CLOSED_PIPE
    except OSError as error:
        # A second error about the same output adds nothing.
        return code if code == UNWRITABLE else unwritten(OSError(error.errno, error.strerror))
    return code
