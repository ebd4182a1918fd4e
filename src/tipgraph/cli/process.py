"""The program as a process: its standard streams, signals, its exit code, and its worker.

An engine or a regular expression may compute for hours in compiled code, where Python handles no
signal, and a parser may crash. So the program forks: the worker continues with the command, on the
same standard streams, and the program waits. It ends the worker after the timeout and on a signal,
and exits as the worker did.

Windows has no fork. There a thread ends the program, which waits for code that does not release
Python's lock, such as a regular expression.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from io import BufferedWriter, RawIOBase, TextIOWrapper
from threading import Timer

from tipgraph.errors import EndpointError, InputError
from tipgraph.offline import go_offline
from tipgraph.processes import end_with_parent, limit_memory, remove_temporary_files
from tipgraph.text import one_line

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
# The exit code of `timeout` in GNU coreutils.
TIMED_OUT = 124
# The seconds that a worker has to tidy up.
GRACE = 0.5
# Signals that end the program; Windows lacks SIGHUP.
ENDING = {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}


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
    # Where the caller ignores it, a child leaves no exit code behind. Windows lacks it.
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
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
    line = one_line(message)
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


def continue_in_worker(timeout: float | None = None, offline: bool = True) -> bool:
    """Continue in a worker process, and end it after `timeout` seconds (None: never).

    The worker takes no more memory than is available, and can open no network connection if it is
    `offline`. It does nothing where there is a worker, or no program but a caller of `main`.
    Returns whether this is now a worker.
    """
    global is_program
    if not is_program:
        return False
    if not hasattr(os, "fork"):
        limit_time(timeout)
        return False
    is_program = False
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    program, worker = os.getpid(), os.fork()
    if worker:
        os._exit(_outcome(worker, timeout))
    end_with_parent(program)
    # A terminal interrupts the program too, and the program ends the worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop_gracefully(signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    limit_memory()
    if offline:
        go_offline()
    return True


def limit_time(timeout: float | None) -> None:
    """End the program after `timeout` seconds (None: never), by a thread.

    For work that leaves time for threads, as pyoxigraph does; it costs less than a worker.
    """
    if is_program and timeout:
        timer = Timer(timeout, lambda: os._exit(_timed_out(timeout)))
        timer.daemon = True
        timer.start()


def _outcome(worker: int, timeout: float | None) -> int:
    """The exit code, once the worker has ended."""
    received: list[int] = []

    def end(number: int, _: object) -> None:
        # It may have ended in this moment.
        with suppress(ProcessLookupError):
            # First it may tidy up. What does not return to Python in time is killed.
            os.kill(worker, signal.SIGKILL if received else signal.SIGTERM)
            received.append(number)
        signal.setitimer(signal.ITIMER_REAL, GRACE)

    signal.signal(signal.SIGALRM, end)
    for each in ENDING:
        # A process in the background or under nohup ignores the signal, and goes on doing so.
        if signal.getsignal(each) != signal.SIG_IGN:
            signal.signal(each, end)
    if timeout:
        signal.setitimer(signal.ITIMER_REAL, timeout)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {*ENDING, signal.SIGALRM})
    _, status = os.waitpid(worker, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    if os.WIFSIGNALED(status):
        remove_temporary_files(worker)
    if not received:
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else _crashed(-code)
    if sys.stderr.isatty():
        # A progress bar hides the cursor.
        print("\r\033[K\033[?25h", end="", file=sys.stderr)
    if timeout and received[0] == signal.SIGALRM:
        return _timed_out(timeout)
    return complain(f"stopped by {signal.Signals(received[0]).name}", 128 + received[0])


def _timed_out(timeout: float | None) -> int:
    message = f"stopped after {timeout:g} s; --timeout gives it more"
    return complain(message, TIMED_OUT)


def _crashed(number: int) -> int:
    if number == getattr(signal, "SIGSYS", None):
        message = "stopped, because a query tried to reach another server; none was contacted"
        return complain(message, InputError.exit_code)
    if number == getattr(signal, "SIGBUS", None):
        message = "stopped, because a file became shorter while it was read"
        return complain(message, InputError.exit_code)
    return complain(
        f"stopped by {signal.Signals(number).name}; the query or the data are too large or too"
        " deeply nested for the engine",
        InputError.exit_code,
    )
