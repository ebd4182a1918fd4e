"""Turns: how much is done at once, and for one client, so that all others have theirs."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")

# The seconds after which a client that was not served may ask again.
RETRY_AFTER = 10


class BusyError(Exception):
    """Too many wait, or one has waited too long."""


class Disconnected(Exception):
    """The client is gone."""


class Turns:
    """Turns for `at_once` requests, at most `share` of one client; as many as `queue` may wait.

    Clients come in the order in which each one's next request came. `patience` is how many
    seconds a request waits. One event loop uses them at a time.
    """

    def __init__(self, at_once: int, share: int, queue: int, patience: float) -> None:
        self._at_once = at_once
        self._share = share
        self._queue = queue
        self._patience = patience
        self._waiting = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def of(self, client: str) -> AsyncIterator[None]:
        """A turn of a client, by its address. Raises BusyError where there is none in time."""
        self._begin()
        if self._waiting >= self._queue:
            raise BusyError
        own = self._own.setdefault(client, asyncio.Semaphore(self._share))
        async with AsyncExitStack() as taken:
            self._waiting += 1
            try:
                async with asyncio.timeout(self._patience):
                    await taken.enter_async_context(own)
                    await taken.enter_async_context(self._all)
            except TimeoutError:
                raise BusyError from None
            finally:
                self._waiting -= 1
            yield

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._all = loop, asyncio.Semaphore(self._at_once)
            self._own: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()


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
