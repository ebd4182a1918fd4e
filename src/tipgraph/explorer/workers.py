"""Turns for clients, and processes that make pages and run queries, so that each can be ended.

pyoxigraph has no timeout, and a result that another thread touches aborts the process. So the work
is done in a worker, which is killed when its time is over or its client is gone, and replaced. What
needs too much memory, or crashes the engine, ends the worker alone.

A server has threads, and a fork of a process with threads may wait forever for a lock of one of
them. So a pool forks one process when it is made, the launcher, which has no threads and forks
workers on request. Where it is gone, the server forks another. The graph is read-only: on disk,
each process reads the same files; in memory, all share it. The answer to a query goes to a
temporary file without a name, which the worker is given with the query; so it passes through no
memory, and a slow client holds no worker. A page, which may be private, is in no file.
"""

import asyncio
import gc
import json
import os
import signal
import socket
import struct
import warnings
import weakref
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from stat import S_ISSOCK
from typing import Any, BinaryIO

from tipgraph.offline import go_offline
from tipgraph.processes import end_with_parent, forking, start_forked

# The seconds after which a client that was not served may ask again.
RETRY_AFTER = 10
# A turn has a third of its time where one other client waits, and at least a sixth.
LEAST = 6
# The seconds after which half of the time that a client has had is forgotten.
HALF_LIFE = 60.0
# The number of clients whose time is remembered.
KNOWN = 1_000
# The length of what a worker is asked.
LENGTH = struct.Struct("!I")
# The lengths of an answer and of its bytes.
LENGTHS = struct.Struct("!II")
# To the launcher: whether to start (with a socket) or to end a worker, and its number.
COMMAND = struct.Struct("!?Q")
# A worker has these seconds to finish where nobody waits for it any more: to replace one takes
# longer than most work, and many that are replaced would keep the others waiting.
SPARED = 1.0
# A worker that has grown by more bytes than this is replaced after its work.
GROWN = 256 << 20

# The work of a worker: what it is asked, and an open file for an answer that may be long; returns
# what JSON can express, and bytes.
Work = Callable[[Any, BinaryIO | None], tuple[Any, bytes]]


@dataclass(frozen=True)
class Limits:
    """The limits on what is done for users."""

    # The seconds for which one may run, and for which it may wait.
    timeout: float = 30
    # The most that run at once, that do for one client, and that wait.
    processes: int = 4
    share: int = 3
    queue: int = 512
    # The bytes of memory that one may need, and those of an answer that is a file.
    max_memory: int = 1 << 30
    max_answer: int = 256 << 20
    # By how much a worker gives way to others (nice).
    niceness: int = 0


@dataclass(frozen=True)
class QuerySettings(Limits):
    """The limits on users' queries."""

    # The rows, or triples, of an answer.
    max_rows: int = 100_000
    # They give way to the server's own work.
    niceness: int = 5


class BusyError(Exception):
    """Too many wait, or one has waited too long."""


class TurnOverError(Exception):
    """The time of a turn is over, after some seconds; `is_shared` where another client waited."""

    def __init__(self, seconds: float, is_shared: bool) -> None:
        super().__init__()
        self.seconds = round(seconds, 1)
        self.is_shared = is_shared


@dataclass(eq=False)
class Turn:
    """A turn of a client: from `begin` until `end`, once it is given."""

    client: str
    given: asyncio.Future[None]
    begin: float = 0.0
    end: asyncio.Timeout | None = None

    @property
    def is_over(self) -> bool:
        return self.end is not None and self.end.expired()


@dataclass(eq=False)
class Turns:
    """Turns for `at_once` requests, at most `share` of one client; as many as `queue` may wait.

    The next turn is for the client with the fewest turns, and among equals for the one that has had
    the least time of late. A turn ends after `longest` seconds; sooner where others wait with fewer
    turns, and this client has had the most time. `patience` is how many seconds a request waits.
    One event loop uses them at a time.
    """

    at_once: int
    share: int
    queue: int
    patience: float
    longest: float
    _waiting: list[Turn] = field(default_factory=list, init=False)
    _running: list[Turn] = field(default_factory=list, init=False)
    # The seconds that clients have had, and when that was.
    _had: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, init=False)

    @asynccontextmanager
    async def of(self, client: str) -> AsyncIterator[Turn]:
        """A turn of a client, by its address.

        Raises BusyError where there is none in time, and TurnOverError where its time is over.
        """
        turn = self._enter(client)
        try:
            try:
                async with asyncio.timeout(self.patience):
                    await turn.given
            except TimeoutError:
                raise BusyError from None
            try:
                async with asyncio.timeout_at(turn.begin + self.longest) as turn.end:
                    self._share_time()
                    yield turn
            except TimeoutError:
                assert turn.end
                seconds = (turn.end.when() or 0.0) - turn.begin
                raise TurnOverError(seconds, seconds < self.longest) from None
        finally:
            self._leave(turn)

    def _enter(self, client: str) -> Turn:
        """Let a client wait. Of too many, the last one of the client with the most is refused."""
        turn = Turn(client, asyncio.get_running_loop().create_future())
        self._waiting.append(turn)
        if len(self._waiting) > self.queue + self.at_once - len(self._running):
            number = Counter(each.client for each in self._waiting)
            most = max(number.values())
            last = next(each for each in reversed(self._waiting) if number[each.client] == most)
            self._waiting.remove(last)
            if not last.given.done():
                last.given.set_exception(BusyError())
        self._give()
        return turn

    def _leave(self, turn: Turn) -> None:
        if turn in self._waiting:
            self._waiting.remove(turn)
        if turn in self._running:
            had = self._time_of(turn.client)
            self._running.remove(turn)
            self._had[turn.client] = had, _now()
            self._had.move_to_end(turn.client)
            while len(self._had) > KNOWN:
                self._had.popitem(last=False)
        self._give()

    def _give(self) -> None:
        """Give the turns that are free."""
        while len(self._running) < self.at_once:
            number = Counter(each.client for each in self._running)
            ready = [
                each
                for each in self._waiting
                if number[each.client] < self.share and not each.given.done()
            ]
            if not ready:
                break
            turn = min(ready, key=lambda each: (number[each.client], self._time_of(each.client)))
            self._waiting.remove(turn)
            self._running.append(turn)
            turn.begin = _now()
            turn.given.set_result(None)
        self._share_time()

    def _share_time(self) -> None:
        """End a turn sooner for each waiting client without one, or with two less than another."""
        number = Counter(each.client for each in self._running)
        most = max(number.values(), default=0)
        waiting = {each.client for each in self._waiting}
        fewer = [each for each in waiting if number[each] == 0 or number[each] + 2 <= most]
        by_time = sorted(self._running, key=lambda each: -self._time_of(each.client))
        # Nobody gives way to a client that has had more time.
        for turn, least in zip(by_time, sorted(map(self._time_of, fewer)), strict=False):
            if turn.end and not turn.is_over and self._time_of(turn.client) > least:
                end = turn.begin + self.longest / min(2 + len(fewer), LEAST)
                turn.end.reschedule(min(end, turn.end.when() or end))

    def _time_of(self, client: str) -> float:
        """Return the seconds that a client has had of late, those of its turns now included."""
        now = _now()
        had, at = self._had.get(client, (0.0, now))
        running = sum(now - each.begin for each in self._running if each.client == client)
        return float(had * 0.5 ** ((now - at) / HALF_LIFE) + running)


def _now() -> float:
    return asyncio.get_running_loop().time()


class WorkerError(Exception):
    """The worker has ended: the engine crashed, it had too little memory, or it was killed."""


class WorkerPool:
    """Does work in worker processes, within limits.

    It may be used from one event loop at a time. Its processes end with it.
    """

    def __init__(
        self, work: Work, limits: Limits, prepare: Callable[[], None] | None = None
    ) -> None:
        """`prepare` is done once, for all workers."""
        self.limits = limits
        self._numbers = count()
        self._idle: list[_Worker] = []
        self._turns = Turns(
            limits.processes, limits.share, limits.queue, limits.timeout, limits.timeout
        )
        self._launch = partial(_fork_launcher, work, limits, prepare)
        self._start()

    async def run(self, asked: Any, client: str, output: int | None = None) -> tuple[Any, bytes]:
        """Return the answer to a client, which may be in an open file; cancelled, the work ends.

        Raises BusyError, TurnOverError and WorkerError.
        """
        async with self._turns.of(client) as turn:
            worker = self._take()
            can_continue = False
            working = asyncio.ensure_future(worker.run(asked, output))
            try:
                answer, body, can_continue = await asyncio.shield(working)
                return answer, body
            except (OSError, EOFError):
                raise WorkerError from None
            except asyncio.CancelledError:
                with suppress(TimeoutError, OSError, EOFError):
                    async with asyncio.timeout(0 if turn.is_over else SPARED):
                        _, _, can_continue = await working
                raise
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
        with theirs:
            start = [COMMAND.pack(True, number)], [theirs.fileno()]
            try:
                socket.send_fds(self._launcher, *start)
            except OSError:
                # Somebody has ended it. Its workers ended with it.
                self.close()
                self._start()
                socket.send_fds(self._launcher, *start)
        return _Worker(number, mine)

    def _start(self) -> None:
        """Start a launcher."""
        self._launcher, process = self._launch()
        self.close = weakref.finalize(self, _close, self._launcher, process, os.getpid())

    def _end(self, worker: "_Worker") -> None:
        worker.channel.close()
        with suppress(OSError):
            self._launcher.sendall(COMMAND.pack(False, worker.number))


@dataclass(eq=False)
class _Worker:
    """A worker process as the server sees it."""

    number: int
    channel: socket.socket

    def is_alive(self) -> bool:
        """Return whether it waits for work, so that there is nothing to read."""
        try:
            self.channel.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def run(self, asked: Any, output: int | None) -> tuple[Any, bytes, bool]:
        """Return an answer, its bytes, and whether the worker can go on.

        Raises OSError or EOFError when the worker ends.
        """
        loop = asyncio.get_running_loop()
        content = json.dumps(asked).encode()
        # An idle worker has read everything, so there is room for these bytes.
        given = [] if output is None else [output]
        socket.send_fds(self.channel, [LENGTH.pack(len(content))], given)
        await loop.sock_sendall(self.channel, content)
        lengths = LENGTHS.unpack(await self._received(LENGTHS.size))
        answer, body = [await self._received(each) for each in lengths]
        answer, can_continue = json.loads(answer)
        return answer, bytes(body), can_continue

    async def _received(self, length: int) -> bytearray:
        loop = asyncio.get_running_loop()
        content = bytearray(length)
        rest = memoryview(content)
        while rest:
            received = await loop.sock_recv_into(self.channel, rest)
            if not received:
                raise EOFError
            rest = rest[received:]
        return content


def _close(launcher: socket.socket, process: int, owner: int) -> None:
    """End the launcher and the workers, unless this is a fork of the process that has them."""
    if os.getpid() == owner:
        with suppress(OSError):
            launcher.shutdown(socket.SHUT_RDWR)
        with suppress(ChildProcessError):
            os.waitpid(process, 0)
    launcher.close()


def _fork_launcher(
    work: Work, limits: Limits, prepare: Callable[[], None] | None
) -> tuple[socket.socket, int]:
    """Start a launcher; returns the socket for commands to it, and its number."""
    mine, theirs = socket.socketpair()
    with forking(), warnings.catch_warnings():
        # Python counts the threads of RocksDB, which a graph that is only read does not use.
        warnings.simplefilter("ignore", DeprecationWarning)
        server, process = os.getpid(), os.fork()
        if not process:
            try:
                start_forked(server)
                mine.close()
                _close_others(theirs)
                if prepare:
                    prepare()
                    gc.freeze()
                _start_workers(theirs, work, limits)
            finally:
                os._exit(0)
    theirs.close()
    return mine, process


def _close_others(own: socket.socket) -> None:
    """Close the other sockets, such as those of clients, and files that have no name any more."""
    for number in range(3, max(map(int, os.listdir("/dev/fd"))) + 1):
        with suppress(OSError):
            state = os.fstat(number)
            if number != own.fileno() and (S_ISSOCK(state.st_mode) or not state.st_nlink):
                os.close(number)


def _start_workers(commands: socket.socket, work: Work, limits: Limits) -> None:
    """Start and end workers on the server's command, until it closes the socket or ends."""
    processes: dict[int, int] = {}
    while True:
        message, descriptors, _, _ = socket.recv_fds(commands, COMMAND.size, 1)
        if not message:
            break
        is_start, number = COMMAND.unpack(message)
        if not is_start:
            _kill(processes.pop(number, None))
            continue
        launcher, process = os.getpid(), os.fork()
        if not process:
            commands.close()
            end_with_parent(launcher)
            _work(socket.socket(fileno=descriptors[0]), work, limits)
        processes[number] = process
        os.close(descriptors[0])
    for process in processes.values():
        _kill(process)


def _kill(process: int | None) -> None:
    if process is not None:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _work(channel: socket.socket, work: Work, limits: Limits) -> None:
    """Do one work after another, until the server is gone."""
    try:
        go_offline()
        _limit_resources(limits)
        begin = _memory()
        while True:
            header, descriptors, _, _ = socket.recv_fds(channel, LENGTH.size, 1)
            if not header:
                break
            (length,) = LENGTH.unpack(header)
            asked = json.loads(channel.recv(length, socket.MSG_WAITALL))
            output = os.fdopen(descriptors[0], "wb") if descriptors else None
            answer, body = work(asked, output)
            if output:
                with suppress(OSError):
                    # The answer has the error if it cannot write.
                    output.close()
            can_continue = _memory() - begin < GROWN
            head = json.dumps([answer, can_continue]).encode()
            channel.sendall(LENGTHS.pack(len(head), len(body)) + head + body)
    finally:
        os._exit(0)


def _memory() -> int:
    """The most memory that this process has had, in bytes; macOS counts in another unit."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _limit_resources(limits: Limits) -> None:
    """Limit memory and output; the system ends a worker before it ends the server."""
    import faulthandler
    import resource

    os.nice(limits.niceness)
    # The output of an engine that crashes means nothing to the user.
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.max_answer,) * 2)
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[0])
        most = pages * resource.getpagesize() + limits.max_memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
