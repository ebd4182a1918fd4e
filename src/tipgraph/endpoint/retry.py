"""Send a request again after failures that are temporary."""

import re
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import escape
from json import dumps
from math import inf, isfinite
from urllib.parse import quote, quote_plus

import tenacity

from tipgraph.endpoint.profiles import RemoteStore
from tipgraph.endpoint.settings import Access
from tipgraph.errors import EndpointError

REQUEST_TIMEOUT = 408
BUSY = {REQUEST_TIMEOUT, 429, 502, 503, 504}
# The most of an error's body that is read.
MAX_ERROR_BYTES = 65_536


@dataclass(frozen=True)
class RetryPolicy:
    """Timeouts for a store, in seconds, and the number of attempts.

    `response` limits the time from the last byte sent to the first byte received, `total` all
    attempts together, and `deadline` (by `time.monotonic`) all requests. Pauses between attempts
    begin with `first_pause` and double, up to `longest_pause`, which also limits the pause that a
    store asks for (Retry-After). A store may go on for `settle` with a request whose response was
    lost. A load that has not moved a graph `turn` after it claimed it counts as killed.
    """

    connect: float = 30
    response: float = 3600
    total: float | None = None
    deadline: float = inf
    attempts: int = 4
    first_pause: float = 0.5
    longest_pause: float = 120
    settle: float = 20
    turn: float = 60

    def time_left(self) -> float:
        """Return the seconds that the response to a request that is sent now may take."""
        # Zero would be no limit for a socket.
        return max(min(self.response, self.deadline - time.monotonic()), 0.01)

    def allows(self, pause: float | None) -> bool:
        """Return whether a pause that a store asks for is short enough."""
        return pause is None or pause <= self.longest_pause

    def pauses(self) -> Iterator[float]:
        """Yield the pause after each attempt."""
        for number in range(self.attempts):
            yield min(self.first_pause * 2**number, self.longest_pause)


class ConnectError(EndpointError):
    """No connection was made: nothing was sent."""


class ResponseLost(EndpointError):
    """A request was sent and no complete response came: it may have taken effect or not."""


class ResponseTimeout(ResponseLost):
    """No complete response came in time."""


class RequestRefused(EndpointError):
    """The store responded with an error.

    `retry_after` is the pause that it asks for, in seconds; `is_transient` whether a later attempt
    may succeed; `changed_nothing` whether it is certain that the request had no effect. `headers`
    have lower-case names.
    """

    def __init__(
        self,
        message: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        retry_after: float | None = None,
        is_transient: bool = False,
        changed_nothing: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.retry_after = retry_after
        self.is_transient = is_transient
        self.changed_nothing = changed_nothing


def retrying(policy: RetryPolicy, repeatable: bool, is_outer: bool = False) -> tenacity.Retrying:
    """Return what calls a function again while that may help.

    A request that was sent is repeated only if it is `repeatable`: it reads, or it writes what is
    there anyway. One that could not be sent is always repeated, except by the outer of two nested
    loops, since the inner one has tried that.
    """

    def may_repeat(error: BaseException) -> bool:
        if isinstance(error, RequestRefused):
            return repeatable and error.is_transient and policy.allows(error.retry_after)
        if isinstance(error, ConnectError):
            return not is_outer
        return repeatable and isinstance(error, ResponseLost)

    def pause(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, RequestRefused) and error.retry_after is not None:
            return error.retry_after
        return list(policy.pauses())[state.attempt_number - 1]

    total = min(inf if policy.total is None else policy.total, policy.deadline - time.monotonic())
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(may_repeat),
        stop=tenacity.stop_after_attempt(policy.attempts) | tenacity.stop_before_delay(total),
        wait=pause,
        reraise=True,
    )


def refusal(
    store: RemoteStore,
    policy: RetryPolicy,
    url: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
) -> RequestRefused:
    """Return the exception for an error response; names of headers are lower-case."""
    error = _error_line(store, headers, body)
    retry_after = _retry_after(headers)
    parts = [_meaning(status, headers, store.access), error]
    if not policy.allows(retry_after):
        parts.append(f"it asks to wait {retry_after:.0f} seconds; try again then")
    message = masked(f"{without_query(url)}: {'; '.join(filter(None, parts))}", store.access)
    is_known_transient = store.is_transient(status, error)
    # 408 and 5xx may come from a proxy, which does not know what the store behind it did.
    is_rejected = 400 <= status < 500 and status != REQUEST_TIMEOUT
    return RequestRefused(
        message,
        status,
        headers,
        retry_after,
        is_transient=status in BUSY or is_known_transient,
        changed_nothing=is_known_transient or is_rejected,
    )


def without_query(url: str) -> str:
    """Return the address without its query."""
    return url.partition("?")[0]


def first_line(error: object) -> str:
    """Return the first line of an exception's message, or its class's name."""
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def _meaning(status: int, headers: Mapping[str, str], access: Access) -> str:
    """Return what a status code means, and what to do."""
    match status:
        case 401 if access.is_anonymous:
            return "needs a login; set TIPGRAPH_USER and TIPGRAPH_PASSWORD, or TIPGRAPH_TOKEN"
        case 401:
            return f"does not accept the {'token' if access.token else 'user or the password'}"
        case 403 if access.is_anonymous:
            return "does not allow this without a login; set TIPGRAPH_USER and TIPGRAPH_PASSWORD"
        case 403:
            return "does not allow this user to do that"
        case 404:
            return "no such address in the store"
        case 413:
            return "does not accept that much in one request"
        case 429:
            return "has too many requests"
        case _ if 300 <= status < 400:
            return f"redirects to {headers.get('location')}; use that address"
        case _:
            return f"failed with status {status}"


def _error_line(store: RemoteStore, headers: Mapping[str, str], body: bytes) -> str:
    """Return the first line of the store's own error message."""
    text = store.error_text(headers.get("content-type", ""), body.decode(errors="replace"))
    text = masked(text, store.access)
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:200]


def masked(text: str, access: Access) -> str:
    """Return the text without secrets, in each form in which a store may repeat them.

    That is as they are sent, and as addresses, HTML, JSON and Python write them.
    """
    for secret in _secrets(access):
        in_json = (dumps(secret, ensure_ascii=ascii)[1:-1] for ascii in (True, False))
        in_address = quote(secret, safe=""), quote(secret), quote_plus(secret)
        for form in (secret, *in_address, escape(secret), *in_json, repr(secret)[1:-1]):
            text = text.replace(form, "…")
    return re.sub(r'(?i)(response=)"[^"]*"', r'\1"…"', text)


def _secrets(access: Access) -> Iterator[str]:
    """Yield the secrets as they are sent, without the padding of Base64."""
    if access.password:
        yield access.password
        yield b64encode(f"{access.user}:{access.password}".encode()).decode().rstrip("=")
    if access.token:
        yield access.token.rpartition(" ")[2]


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, section 10.2.3)."""
    header = headers.get("retry-after")
    if header is None:
        return None
    try:
        seconds = float(header)
        return max(seconds, 0.0) if isfinite(seconds) else None
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(header).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None
