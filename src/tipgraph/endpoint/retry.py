"""What can go wrong with a request, and how long a store is waited for."""

import re
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import tenacity

from tipgraph.endpoint.profiles.standard import Store
from tipgraph.endpoint.settings import Access
from tipgraph.errors import EndpointError

TOO_SLOW = 408
BUSY = {TOO_SLOW, 429, 502, 503, 504}
# The most that is looked at of an answer that tells an error.
TOLD = 65_536


@dataclass(frozen=True)
class RetryPolicy:
    """How long a store is waited for, in seconds, and how often it is asked again.

    `answer` is for one answer, from the last byte sent to the first received; `first` the pause
    before the second try, which doubles; `longest` the longest pause, also where the store names
    one (Retry-After); `settle` is for what a store may still do after its reply was lost.
    """

    connect: float = 30
    answer: float = 3600
    tries: int = 4
    first: float = 0.5
    longest: float = 120
    settle: float = 20

    def allows(self, wait: float | None) -> bool:
        """Whether a store that asks to be left alone so long is still waited for."""
        return wait is None or wait <= self.longest

    def pauses(self) -> Iterator[float]:
        """The pause after each try."""
        for number in range(self.tries):
            yield min(self.first * 2**number, self.longest)


class Refused(EndpointError):
    """The store answered, and the answer is no success.

    `wait` is for how long it asks to be left alone; `is_transient` tells whether it may go well
    at another time, `did_nothing` whether it says so itself. `headers` have names in small letters.
    """

    def __init__(
        self,
        message: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        wait: float | None = None,
        is_transient: bool = False,
        did_nothing: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.wait = wait
        self.is_transient = is_transient
        self.did_nothing = did_nothing


class ConnectError(EndpointError):
    """Nothing was sent."""


class ResponseLost(EndpointError):
    """Something was sent and no whole answer came: it may have been done, or not."""


def retrying(patience: RetryPolicy, safe: bool, is_outer: bool = False) -> tenacity.Retrying:
    """What calls a function again while that may help, and is `safe` or certain to be so.

    The outer of two does not try again to reach a store that the inner could not reach.
    """

    def may_repeat(error: BaseException) -> bool:
        if isinstance(error, Refused):
            return safe and error.is_transient and patience.allows(error.wait)
        if isinstance(error, ConnectError):
            return not is_outer
        return safe and isinstance(error, ResponseLost)

    def pause(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Refused) and error.wait is not None:
            return error.wait
        return list(patience.pauses())[state.attempt_number - 1]

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(may_repeat),
        stop=tenacity.stop_after_attempt(patience.tries),
        wait=pause,
        reraise=True,
    )


def refused(
    store: Store,
    patience: RetryPolicy,
    url: str,
    status: int,
    headers: Mapping[str, str],
    content: bytes,
) -> Refused:
    """What an answer that is no success means; names of headers are in small letters."""
    told = _told(store, headers, content)
    wait = _wait(headers)
    parts = [_meaning(status, headers, store.access), told]
    if not patience.allows(wait):
        parts.append(f"it asks to come back in {wait:.0f} seconds")
    message = _masked(f"{plain(url)}: {'; '.join(filter(None, parts))}", store.access)
    is_own = store.is_transient(status, told)
    is_transient = status in BUSY or is_own
    # What a proxy says (408, 5xx) tells nothing of what the store behind it does.
    did_nothing = is_own or (400 <= status < 500 and status != TOO_SLOW)
    return Refused(message, status, headers, wait, is_transient, did_nothing)


def plain(url: str) -> str:
    """The address without its query."""
    return url.partition("?")[0]


def reason(error: object) -> str:
    """The first line of what an exception says, or its name."""
    said = getattr(error, "strerror", None) or str(error)
    return next(iter(said.splitlines()), "") or type(error).__name__


def _meaning(status: int, headers: Mapping[str, str], access: Access) -> str:
    """In words, what a status code that is no success says."""
    match status:
        case 401 if access.is_anonymous:
            return "asks who you are; set TIPGRAPH_USER and TIPGRAPH_PASSWORD, or TIPGRAPH_TOKEN"
        case 401:
            return f"does not accept the {'token' if access.token else 'user or the password'}"
        case 403 if access.is_anonymous:
            return "does not allow this to strangers; set TIPGRAPH_USER and TIPGRAPH_PASSWORD"
        case 403:
            return "does not allow you to do this"
        case 404:
            return "there is no such address in the store"
        case 413:
            return "does not take that much in one request"
        case 429:
            return "has too many requests"
        case _ if 300 <= status < 400:
            return f"sends you on to {headers.get('location')}; give that address"
        case _:
            return f"failed with status {status}"


def _told(store: Store, headers: Mapping[str, str], content: bytes) -> str:
    """The first line of what the store says went wrong."""
    text = store.reason(headers.get("content-type", ""), content.decode(errors="replace"))
    text = _masked(text, store.access)
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:200]


def _masked(text: str, access: Access) -> str:
    """The text without secrets, in whatever form they were sent and come back."""
    for secret in _secrets(access):
        text = text.replace(secret, "…")
    return re.sub(r'(?i)(response=)"[^"]*"', r'\1"…"', text)


def _secrets(access: Access) -> Iterator[str]:
    """What must not be told, in the forms in which it was sent."""
    if access.password:
        yield access.password
        yield b64encode(f"{access.user}:{access.password}".encode()).decode()
    if access.token:
        yield access.token.rpartition(" ")[2]


def _wait(headers: Mapping[str, str]) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, section 10.2.3)."""
    header = headers.get("retry-after")
    if header is None:
        return None
    try:
        return max(float(header), 0.0)
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(header).timestamp() - time.time(), 0.0)
    except ValueError:
        return None
