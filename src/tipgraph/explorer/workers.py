"""Processes that run users' queries, so that one can be ended.

pyoxigraph has no timeout, and a result that another thread touches aborts the process. So a query
runs in a worker, which is killed when its time is over or its client is gone, and replaced. A query
that needs too much memory, or crashes the engine, ends the worker alone.

A server has threads, and a fork of a process with threads may wait forever for a lock of one of
them. So the pool forks one process when it is made, the launcher, which has no threads and
forks workers on request. The graph is read-only: on disk, each process reads the same files; in
memory, all share it. The answer to a query goes to a temporary file without a name, which the
worker is given with the query; so it passes through no memory, and a slow client holds no worker.
"""

import asyncio
import json
import os
import signal
import socket
import struct
import warnings
import weakref
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from pyoxigraph import Store

from tipgraph.explorer.execution import Job, Outcome, execute
from tipgraph.explorer.turns import RETRY_AFTER, BusyError, Turns
from tipgraph.no_network import go_offline
from tipgraph.processes import end_with_parent, forking, start_forked

LENGTH = struct.Struct("!I")
# To the launcher: whether to start (with a socket) or to end a worker, and its number.
COMMAND = struct.Struct("!?Q")
# A worker that has grown by more bytes than this is replaced after its query.
GROWN = 256 << 20
# Workers give way to the server's own work.
NICENESS = 5


@dataclass(frozen=True)
class QuerySettings:
    """The limits on users' queries."""

    # The seconds for which a query may run, and for which it may wait.
    timeout: float = 30
    # The rows, or triples, of an answer.
    max_rows: int = 100_000
    # The queries that run at once, those of one client among them, and those that wait.
    processes: int = 4
    share: int = 3
    queue: int = 512
    # The bytes of memory that a query may need, and those of its answer.
    max_memory: int = 1 << 30
    max_answer: int = 256 << 20


class QueryPool:
    """Runs queries in worker processes, each within the limits of the settings.

    It may be used from one event loop at a time. Its processes end with it.
    """

    def __init__(self, store: Store, settings: QuerySettings) -> None:
        self.settings = settings
        self._numbers = count()
        self._idle: list[_Worker] = []
        self._turns = Turns(settings.processes, settings.share, settings.queue, settings.timeout)
        self._launcher, launcher, process = _fork_launcher(store, settings)
        launcher.close()
        self.close = weakref.finalize(self, _close, self._launcher, process, os.getpid())

    async def run(self, job: Job, output: int, client: str) -> Outcome:
        """Run a query of a client and write its answer to an open file; cancelled, it ends."""
        try:
            async with self._turns.of(client):
                return await self._run(job, output)
        except BusyError:
            message = f"too many queries at once; try again in {RETRY_AFTER} s"
            return Outcome(503, message=message, retry_after=RETRY_AFTER)

    async def _run(self, job: Job, output: int) -> Outcome:
        worker = self._take()
        can_continue = False
        try:
            async with asyncio.timeout(self.settings.timeout):
                outcome, can_continue = await worker.run(job, output)
            return outcome
        except TimeoutError:
            seconds = f"{self.settings.timeout:g} s"
            return Outcome(
                503,
                message=f"query: stopped after {seconds}; make it narrower, or start the server"
                " with a longer --timeout",
            )
        except (OSError, EOFError):
            memory = f"{self.settings.max_memory >> 20:,} MiB"
            return Outcome(
                503,
                message="query: the process that ran it has ended; the query may need more than"
                f" {memory} of memory or be too deeply nested, so make it narrower",
            )
        finally:
            if can_continue:
                self._idle.append(worker)
            else:
                self._end(worker)

    def _take(self) -> "_Worker":
        """An idle worker that is alive, or a new one."""
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive():
                return worker
            self._end(worker)
        mine, theirs = socket.socketpair()
        mine.setblocking(False)
        number = next(self._numbers)
        # Without a launcher the worker's end is closed, as if the worker had ended.
        with theirs, suppress(OSError):
            socket.send_fds(self._launcher, [COMMAND.pack(True, number)], [theirs.fileno()])
        return _Worker(number, mine)

    def _end(self, worker: "_Worker") -> None:
        worker.channel.close()
        with suppress(OSError):
            self._launcher.sendall(COMMAND.pack(False, worker.number))


class _Worker:
    """A worker process as the server sees it."""

    def __init__(self, number: int, channel: socket.socket) -> None:
        self.number = number
        self.channel = channel

    def is_alive(self) -> bool:
        """Return whether it waits for a query, so that there is nothing to read."""
        try:
            self.channel.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def run(self, job: Job, output: int) -> tuple[Outcome, bool]:
        """The outcome of a query, and whether the worker can run another.

        Raises OSError or EOFError when the worker ends.
        """
        loop = asyncio.get_running_loop()
        body = json.dumps(job).encode()
        # An idle worker has read everything, so there is room for these bytes.
        socket.send_fds(self.channel, [LENGTH.pack(len(body))], [output])
        await loop.sock_sendall(self.channel, body)
        answer = b""
        while not answer.endswith(b"\n"):
            received = await loop.sock_recv(self.channel, 1 << 16)
            if not received:
                raise EOFError
            answer += received
        outcome, can_continue = json.loads(answer)
        return Outcome(*outcome), can_continue


def _close(launcher: socket.socket, process: int, owner: int) -> None:
    """End the launcher and the workers, unless this is a fork of the process that has them."""
    if os.getpid() == owner:
        with suppress(OSError):
            launcher.shutdown(socket.SHUT_RDWR)
        with suppress(ChildProcessError):
            os.waitpid(process, 0)
    launcher.close()


def _fork_launcher(
    store: Store, settings: QuerySettings
) -> tuple[socket.socket, socket.socket, int]:
    mine, theirs = socket.socketpair()
    with forking(), warnings.catch_warnings():
        # Python counts the threads of RocksDB, which a graph that is only read does not use.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
        if not process:
            try:
                mine.close()
                _launch(theirs, store, settings)
            finally:
                os._exit(0)
    return mine, theirs, process


def _launch(commands: socket.socket, store: Store, settings: QuerySettings) -> None:
    """Start and end workers on the server's command, until it closes the socket or ends."""
    start_forked()
    processes: dict[int, int] = {}
    while True:
        message, descriptors, _, _ = socket.recv_fds(commands, COMMAND.size, 1)
        if not message:
            break
        is_start, number = COMMAND.unpack(message)
        if not is_start:
            _kill(processes.pop(number, None))
            continue
        process = os.fork()
        if not process:
            commands.close()
            _work(socket.socket(fileno=descriptors[0]), store, settings)
        processes[number] = process
        os.close(descriptors[0])
    for process in processes.values():
        _kill(process)


def _kill(process: int | None) -> None:
    if process is not None:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _work(channel: socket.socket, store: Store, settings: QuerySettings) -> None:
    """Run one query after another, until the server is gone."""
    try:
        end_with_parent()
        go_offline()
        _limit_resources(settings)
        begin = _memory()
        while True:
            header, descriptors, _, _ = socket.recv_fds(channel, LENGTH.size, 1)
            if not header:
                break
            body = _received(channel, LENGTH.unpack(header)[0])
            output = os.fdopen(descriptors[0], "wb")
            outcome = execute(store, Job(*json.loads(body)), output)
            with suppress(OSError):
                # The outcome has the error if it cannot write.
                output.close()
            can_continue = _memory() - begin < GROWN
            channel.sendall(json.dumps([outcome, can_continue]).encode() + b"\n")
    finally:
        os._exit(0)


def _received(channel: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length:
        part = channel.recv(length - len(received))
        if not part:
            raise EOFError
        received += part
    return received


def _memory() -> int:
    """The most memory that this process has had, in bytes; macOS counts in another unit."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _limit_resources(settings: QuerySettings) -> None:
    """Limit memory and output; the system ends a worker before it ends the server."""
    import faulthandler
    import resource

    os.nice(NICENESS)
    # The output of an engine that crashes means nothing to the user.
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (settings.max_answer,) * 2)
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[0])
        most = pages * resource.getpagesize() + settings.max_memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
