"""Limits of connections: how many there are, and how long a request or a reader may take."""

import asyncio
import sys
from collections import Counter
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from tipgraph.explorer.http import client_at

# Connections at once, and the files that a process needs besides: each answer to a query is one.
MOST, OTHERS = 400, 100
# Seconds in which a request has to arrive whole, after the connection or the answer before.
ARRIVAL = 20.0
# Seconds in which a client that is sent an answer has to read on.
READING = 30.0
# The bytes of a request before its body. Its headers, and the parts of its body: each takes time in
# which nobody else is served, however short it is.
HEAD, PARTS = 16_384, 1_000


def most_connections() -> int:
    """Return how many connections there may be: the system limits the files of a process.

    That limit is raised where the user may do so. macOS begins with 256.
    """
    if sys.platform == "win32":
        return MOST
    import resource

    needed = 2 * MOST + OTHERS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return max(1, (limit - OTHERS) // 2)


class _Parser(h11.Connection):
    """Reads requests, and refuses one in more parts than a client needs."""

    _parts = 0

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._parts = len(event.headers)
        self._parts += isinstance(event, h11.Data)
        if self._parts > PARTS:
            raise h11.RemoteProtocolError("too many parts")
        return event


class LimitedConnection(H11Protocol):
    """A connection that ends where its client takes too long, or where there are too many.

    Of too many, one of the client with the most ends: that which has waited longest for a request,
    else the newest.
    """

    most = MOST
    _arrival: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.conn = _Parser(h11.SERVER, HEAD)
        self._await_request()
        if len(self.connections) > self.most:
            least = self._least_needed()
            least.transport.abort()
            # It ends later. Many that arrive together would be compared with all that have to end.
            self.connections.discard(least)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        _end(self._arrival)
        _end(self._reading)

    def data_received(self, data: bytes) -> None:
        # The parser compares what has arrived with its limit once it has looked at all of it.
        for start in range(0, len(data), HEAD):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + HEAD])
        self._look_for_request()

    def send_400_response(self, msg: str) -> None:
        if self.cycle:
            # Where the body of a request is wrong, its own answer is not sent besides.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
            # The answer to HEAD is sent, and has no such message.
            self.transport.close()

    def on_response_complete(self) -> None:
        self._await_request()
        # It begins with the next request, if that has arrived already.
        super().on_response_complete()
        self._look_for_request()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reading = self.loop.call_later(READING, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        _end(self._reading)

    def _await_request(self) -> None:
        _end(self._arrival)
        self._arrival = self.loop.call_later(ARRIVAL, self.transport.abort)

    def _look_for_request(self) -> None:
        cycle = self.cycle
        if cycle and not (cycle.more_body or cycle.response_complete):
            _end(self._arrival)
            self._arrival = None

    def _least_needed(self) -> "LimitedConnection":
        """Return the connection to end."""
        every = cast(set[LimitedConnection], self.connections)
        number = Counter(each._host() for each in every)
        most = max(number.values())
        own = [each for each in every if number[each._host()] == most]
        waiting = {each._arrival.when(): each for each in own if each._arrival}
        # Where this one is among them, it is the newest.
        return waiting[min(waiting)] if waiting else next((e for e in own if e is self), own[0])

    def _host(self) -> str:
        return client_at(self.client[0]) if self.client else ""


def _end(timer: asyncio.TimerHandle | None) -> None:
    if timer:
        timer.cancel()
