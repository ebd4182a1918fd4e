"""Turns: how much is done at once, for how long, and how much of it for one client."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, ip_address
from typing import Any, TypeVar

T = TypeVar("T")

# The seconds after which a client that was not served may ask again.
RETRY_AFTER = 10
# A turn has a third of its time where one other client waits, and at least a sixth.
LEAST = 6
# The seconds after which half of the time that a client has had is forgotten.
HALF_LIFE = 60.0
# The number of clients whose time is remembered.
KNOWN = 1_000


class BusyError(Exception):
    """Too many wait, or one has waited too long."""


class TurnOverError(Exception):
    """The time of a turn is over, after some seconds; `is_shared` where another client waited."""

    def __init__(self, seconds: float, is_shared: bool) -> None:
        super().__init__()
        self.seconds = round(seconds, 1)
        self.is_shared = is_shared


class Disconnected(Exception):
    """The client is gone."""


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


class Turns:
    """Turns for `at_once` requests, at most `share` of one client; as many as `queue` may wait.

    The next turn is for the client with the fewest turns, and among equals for the one that has had
    the least time of late. A turn ends after `longest` seconds; sooner where others wait with fewer
    turns, and this client has had the most time. `patience` is how many seconds a request waits.
    One event loop uses them at a time.
    """

    def __init__(
        self, at_once: int, share: int, queue: int, patience: float, longest: float
    ) -> None:
        self._at_once = at_once
        self._share = share
        self._queue = queue
        self._patience = patience
        self._longest = longest
        self._waiting: list[Turn] = []
        self._running: list[Turn] = []
        # The seconds that clients have had, and when that was.
        self._had: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @asynccontextmanager
    async def of(self, client: str) -> AsyncIterator[Turn]:
        """A turn of a client, by its address.

        Raises BusyError where there is none in time, and TurnOverError where its time is over.
        """
        turn = self._enter(client)
        try:
            try:
                async with asyncio.timeout(self._patience):
                    await turn.given
            except TimeoutError:
                raise BusyError from None
            try:
                async with asyncio.timeout_at(turn.begin + self._longest) as turn.end:
                    self._share_time()
                    yield turn
            except TimeoutError:
                assert turn.end
                seconds = (turn.end.when() or 0.0) - turn.begin
                raise TurnOverError(seconds, seconds < self._longest) from None
        finally:
            self._leave(turn)

    def _enter(self, client: str) -> Turn:
        """Let a client wait. Of too many, the last one of the client with the most is refused."""
        turn = Turn(client, asyncio.get_running_loop().create_future())
        self._waiting.append(turn)
        if len(self._waiting) > self._queue + self._at_once - len(self._running):
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
        while len(self._running) < self._at_once:
            number = Counter(each.client for each in self._running)
            ready = [
                each
                for each in self._waiting
                if number[each.client] < self._share and not each.given.done()
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
                end = turn.begin + self._longest / min(2 + len(fewer), LEAST)
                turn.end.reschedule(min(end, turn.end.when() or end))

    def _time_of(self, client: str) -> float:
        """Return the seconds that a client has had of late, those of its turns now included."""
        now = _now()
        had, at = self._had.get(client, (0.0, now))
        running = sum(now - each.begin for each in self._running if each.client == client)
        return float(had * 0.5 ** ((now - at) / HALF_LIFE) + running)


@lru_cache(KNOWN)
def client_at(address: str) -> str:
    """The client at an address: of IPv6 its network of 64 bits, since a host may take any of it."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    known = found if isinstance(found, IPv4Address) else found.ipv4_mapped
    return str(known or found.packed[:8].hex())


def _now() -> float:
    return asyncio.get_running_loop().time()


async def while_connected(
    work: Coroutine[Any, Any, T], disconnection: Coroutine[Any, Any, None]
) -> T:
    """Return the result of some work, which ends when `disconnection` does.

    Raises Disconnected where that is first.
    """
    doing, watch = asyncio.ensure_future(work), asyncio.ensure_future(disconnection)
    try:
        await asyncio.wait((doing, watch), return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise Disconnected
        return doing.result()
    finally:
        doing.cancel()
        watch.cancel()
        await asyncio.gather(doing, watch, return_exceptions=True)
