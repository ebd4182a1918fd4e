"""Answers that are sent in parts, and how much of them a client may leave unread."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from tipgraph.explorer.workers import RETRY_AFTER

READ_FIRST = f"read your other answers first; try again in {RETRY_AFTER} s"

# The bytes of an answer that are sent at once.
PART = 1 << 16


async def in_parts(read: Callable[[int, int], bytes], length: int) -> AsyncIterator[bytes]:
    """The parts of an answer, each once its client has read most of the one before.

    Whole, each client would have a copy, and a slow one would not read all of it in time. `read`
    returns as many bytes as it gets from a place on.
    """
    for start in range(0, length, PART):
        yield read(PART, start)
        # Otherwise nobody else is served until a client that is gone has been sent all of it.
        await asyncio.sleep(0)


class Unread:
    """The bytes of answers that clients have not read; each client may have `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of = Counter[str]()

    def kept(self, client: str, length: int) -> AbstractContextManager[None] | None:
        """Return what counts an answer while it is sent; None where the client has too many."""
        return None if self._of[client] + length > self._most else self._counted(client, length)

    @contextmanager
    def _counted(self, client: str, length: int) -> Iterator[None]:
        self._of[client] += length
        try:
            yield
        finally:
            self._of[client] -= length
            # Clients without any are forgotten.
            self._of = +self._of


class PartsResponse(StreamingResponse):
    """An answer in parts; what is `kept` for it ends once it is sent, or its client is gone."""

    def __init__(
        self, parts: AsyncIterable[bytes], *kept: AbstractContextManager[Any], **given: Any
    ) -> None:
        super().__init__(parts, **given)
        self._kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with ExitStack() as until_sent:
            for each in self._kept:
                until_sent.enter_context(each)
            await super().__call__(scope, receive, send)
