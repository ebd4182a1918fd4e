"""Requests to a store, and what becomes of them: answered, refused, or nobody knows.

A request is repeated only where that is safe. It always is when nothing was sent; it is when the
request asks, or puts what is there anyway; it never is when it moves something.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager

import httpx
import tenacity

from tipgraph.endpoint.profiles.standard import Store
from tipgraph.endpoint.retry import (
    TOLD,
    ConnectError,
    Refused,
    ResponseLost,
    RetryPolicy,
    plain,
    reason,
    refused,
    retrying,
)
from tipgraph.endpoint.settings import Access
from tipgraph.endpoint.tls import context
from tipgraph.errors import EndpointError
from tipgraph.version import VERSION

Body = bytes | Iterable[bytes]


class Connection:
    """A store that requests are sent to, and as whom."""

    def __init__(self, store: Store, patience: RetryPolicy) -> None:
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
                **store.access.bearing,
            },
        )

    def close(self) -> None:
        self._client.close()

    def send(
        self, method: str, url: str, content: Body = b"", safe: bool = False, **headers: str
    ) -> httpx.Response:
        """The answer to a request, read whole. Headers are named with underscores.

        A `safe` request may be sent again. Raises ConnectError, ResponseLost or Refused.
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
            told = f"{plain(url)}: cannot be reached ({reason(error)})"
            # A certificate does not get better.
            raise (EndpointError if "CERTIFICATE" in told else ConnectError)(told) from None
        except httpx.TimeoutException:
            raise ResponseLost(
                f"{plain(url)}: no answer in {self.patience.answer:g} seconds"
            ) from None
        except httpx.HTTPError as error:
            raise ResponseLost(f"{plain(url)}: the connection broke ({reason(error)})") from None

    def retrying(self, safe: bool) -> tenacity.Retrying:
        """What calls a function again while that may help, and is `safe` or certain to be so."""
        return retrying(self.patience, safe)

    def _refused(self, response: httpx.Response) -> Refused:
        content = b""
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > TOLD:
                break
        url, status = str(response.request.url), response.status_code
        return refused(self.store, self.patience, url, status, response.headers, content)


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
