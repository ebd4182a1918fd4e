"""The process in which a command does its work, so that it ends when it must.

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
from threading import Timer

from tipgraph.cli import process
from tipgraph.cli.process import complain, stop_gracefully
from tipgraph.errors import InputError
from tipgraph.no_network import go_offline
from tipgraph.processes import end_with_parent, remove_temporary_files

# The exit code of `timeout` in GNU coreutils.
TIMED_OUT = 124
# The seconds that a worker has to tidy up.
GRACE = 0.5
# Signals that end the program; Windows lacks SIGHUP.
ENDING = {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}


def continue_in_worker(timeout: float | None = None, offline: bool = True) -> bool:
    """Continue in a worker process, and end it after `timeout` seconds (None: never).

    The worker can open no network connection if it is `offline`. It does nothing where there is a
    worker, or no program but a caller of `main`. Returns whether this is now a worker.
    """
    if not process.is_program:
        return False
    if not hasattr(os, "fork"):
        limit_time(timeout)
        return False
    process.is_program = False
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    worker = os.fork()
    if worker:
        os._exit(_outcome(worker, timeout))
    end_with_parent()
    # A terminal interrupts the program too, and the program ends the worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop_gracefully(signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    if offline:
        go_offline()
    return True


def limit_time(timeout: float | None) -> None:
    """End the program after `timeout` seconds (None: never), by a thread.

    For work that leaves time for threads, as pyoxigraph does; it costs less than a worker.
    """
    if process.is_program and timeout:
        timer = Timer(timeout, lambda: os._exit(_timed_out(timeout)))
        timer.daemon = True
        timer.start()


def _outcome(worker: int, timeout: float | None) -> int:
    """The exit code, once the worker has ended."""
    received: list[int] = []

    def end(number: int, _: object) -> None:
        # First it may tidy up. What does not return to Python in time is killed.
        os.kill(worker, signal.SIGKILL if received else signal.SIGTERM)
        received.append(number)
        signal.setitimer(signal.ITIMER_REAL, GRACE)

    for each in (*ENDING, signal.SIGALRM):
        # A process in the background or under nohup ignores the signal, and goes on doing so.
        if signal.getsignal(each) != signal.SIG_IGN:
            signal.signal(each, end)
    if timeout:
        signal.setitimer(signal.ITIMER_REAL, timeout)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
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
    if received[0] == signal.SIGALRM:
        return _timed_out(timeout)
    return complain(f"stopped by {signal.Signals(received[0]).name}", 128 + received[0])


def _timed_out(timeout: float | None) -> int:
    message = f"stopped after {timeout:g} s; --timeout gives it more"
    return complain(message, TIMED_OUT)


def _crashed(number: int) -> int:
    if number == getattr(signal, "SIGSYS", None):
        message = "stopped, because a query tried to reach another server; none was contacted"
        return complain(message, InputError.exit_code)
    return complain(
        f"stopped by {signal.Signals(number).name}; the query or the data are too large or too"
        " deeply nested for the engine",
        InputError.exit_code,
    )
