"""Requests to a store, and what becomes of them: answered, refused, or nobody knows.

A request is repeated only where that is safe. It always is when nothing was sent; it is when the
request asks, or puts what is there anyway; it never is when it moves something.
"""

import time
from base64 import b64encode
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx
import tenacity

from tipgraph.errors import EndpointError
from tipgraph.settings import Access
from tipgraph.stores.sparql import Store
from tipgraph.stores.tls import context
from tipgraph.version import VERSION

TOO_SLOW = 408
BUSY = {TOO_SLOW, 429, 502, 503, 504}
# The most that is read of an answer that tells an error.
TOLD = 65_536

Body = bytes | Iterable[bytes]


@dataclass(frozen=True)
class Patience:
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
        headers: Mapping[str, str] | None = None,
        wait: float | None = None,
        is_transient: bool = False,
        did_nothing: bool = False,
    ) -> None:
        super().__init__(message)
        self.headers = headers or {}
        self.wait = wait
        self.is_transient = is_transient
        self.did_nothing = did_nothing


class Unreached(EndpointError):
    """Nothing was sent."""


class Lost(EndpointError):
    """Something was sent and no whole answer came: it may have been done, or not."""


class Connection:
    """A store that requests are sent to, and as whom."""

    def __init__(self, store: Store, patience: Patience) -> None:
        """Raises InputError when the file with the store's authority cannot be read."""
        self.store = store
        self.patience = patience
        self._client = httpx.Client(
            auth=_Challenged(store.access) if store.access.user else None,
            verify=context(store.access),
            timeout=httpx.Timeout(patience.answer, connect=patience.connect, pool=None),
            # A connection that is kept may have died, and nobody then knows what was received.
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={
                "User-Agent": f"tipgraph/{VERSION}",
                **_bearing(store.access.token),
            },
        )

    def close(self) -> None:
        self._client.close()

    def send(
        self, method: str, url: str, content: Body = b"", safe: bool = False, **headers: str
    ) -> httpx.Response:
        """The answer to a request, read whole. Headers are named with underscores.

        A `safe` request may be sent again. Raises Unreached, Lost or Refused.
        """

        def once() -> httpx.Response:
            with self.stream(method, url, content, **headers) as response:
                response.read()
                return response

        return self.retrying(safe)(once)

    @contextmanager
    def stream(
        self, method: str, url: str, content: Body = b"", **headers: str
    ) -> Iterator[httpx.Response]:
        """The answer to a request, to be read bit by bit. Raises as `send`, to its end."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with self._client.stream(method, url, content=content, headers=named) as response:
                if not response.is_success:
                    raise self._refused(response)
                yield response
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise Unreached(f"{_plain(url)}: cannot be reached ({_reason(error)})") from None
        except httpx.TimeoutException:
            raise Lost(f"{_plain(url)}: no answer in {self.patience.answer:g} seconds") from None
        except httpx.HTTPError as error:
            raise Lost(f"{_plain(url)}: the connection broke ({_reason(error)})") from None

    def retrying(self, safe: bool) -> tenacity.Retrying:
        """What calls a function again while that may help, and is `safe` or certain to be so."""
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: self._may_repeat(error, safe)),
            stop=tenacity.stop_after_attempt(self.patience.tries),
            wait=self._pause,
            reraise=True,
        )

    def _may_repeat(self, error: BaseException, safe: bool) -> bool:
        match error:
            case Unreached():
                return True
            case Lost():
                return safe
            case Refused():
                return safe and error.is_transient and self.is_in_time(error)
            case _:
                return False

    def is_in_time(self, refused: Refused) -> bool:
        """Whether the store may be asked again before patience ends."""
        return refused.wait is None or refused.wait <= self.patience.longest

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Refused) and error.wait is not None:
            return error.wait
        return list(self.patience.pauses())[state.attempt_number - 1]

    def _refused(self, response: httpx.Response) -> Refused:
        status, told = response.status_code, _told(response, self.store)
        wait = _wait(response)
        parts = [_meaning(response, self.store.access), told]
        if wait is not None and wait > self.patience.longest:
            parts.append(f"it asks to come back in {wait:.0f} seconds")
        message = f"{_plain(str(response.request.url))}: {'; '.join(filter(None, parts))}"
        is_own = self.store.is_transient(status, told)
        # What a proxy says (408, 5xx) tells nothing of what the store behind it does.
        did_nothing = 400 <= status < 500 and status != TOO_SLOW
        is_transient = is_own or status in BUSY
        return Refused(message, response.headers, wait, is_transient, did_nothing)


def _bearing(token: str | None) -> dict[str, str]:
    """A token is of the usual kind (RFC 6750), unless it tells its scheme: `GDB …`."""
    if token is None:
        return {}
    return {"Authorization": token if " " in token else f"Bearer {token}"}


class _Challenged(httpx.Auth):
    """Basic or digest authentication, as the store asks for it."""

    def __init__(self, access: Access) -> None:
        self._pair = access.user or "", access.password or ""
        self._scheme: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._scheme is None:
            response = yield request
            # Some say at once that a stranger may not, and do not ask who it is.
            if response.status_code not in (401, 403):
                return
            asked = response.headers.get("www-authenticate", "").lower()
            scheme = httpx.DigestAuth if "digest" in asked else httpx.BasicAuth
            self._scheme = scheme(*self._pair)
        try:
            yield from self._scheme.auth_flow(request)
        except UnicodeEncodeError:
            raise EndpointError(
                "the store asks for digest authentication, which takes a user's name in ASCII alone"
            ) from None


def _meaning(response: httpx.Response, access: Access) -> str:
    """In words, what a status code that is no success says."""
    match response.status_code:
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
        case status if 300 <= status < 400:
            return f"sends you on to {response.headers.get('location')}; give that address"
        case status:
            return f"failed with status {status}"


def _told(response: httpx.Response, store: Store) -> str:
    """The first line of what the store says went wrong, without secrets."""
    content = b""
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > TOLD:
            break
    text = store.reason(response.headers.get("content-type", ""), content.decode(errors="replace"))
    for secret in _secrets(store.access):
        text = text.replace(secret, "…")
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line[:200]


def _secrets(access: Access) -> Iterator[str]:
    """What must not be told, in the forms in which it was sent."""
    if access.password:
        yield access.password
        yield b64encode(f"{access.user}:{access.password}".encode()).decode()
    if access.token:
        yield access.token.rpartition(" ")[2]


def _wait(response: httpx.Response) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, section 10.2.3)."""
    header = response.headers.get("retry-after")
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


def _reason(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def _plain(url: str) -> str:
    return url.partition("?")[0]
