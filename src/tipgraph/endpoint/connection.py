"""Requests to a store: credentials, certificates, timeouts, and errors by what they mean.

Transfers and remote queries both send through `Connection`.
"""

import ssl
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from time import monotonic
from typing import NamedTuple

import httpx

from tipgraph.endpoint.profiles import RemoteStore
from tipgraph.endpoint.retry import (
    MAX_ERROR_BYTES,
    ConnectError,
    RequestRefused,
    ResponseLost,
    ResponseTimeout,
    RetryPolicy,
    first_line,
    refusal,
    retrying,
    without_query,
)
from tipgraph.endpoint.settings import Access
from tipgraph.errors import EndpointError, InputError
from tipgraph.version import VERSION

Body = bytes | Iterable[bytes]


class CompleteResponse(NamedTuple):
    """A response that was read to its end. Names of headers are lower-case."""

    headers: Mapping[str, str]
    content: bytes


class Connection:
    """Sends requests to a store with its user's credentials. Redirects are errors."""

    def __init__(
        self, store: RemoteStore, policy: RetryPolicy, is_basic_first: bool = False
    ) -> None:
        """With `is_basic_first`, Basic authentication is sent before the store asks for it.

        Raises InputError when the file with the certificate authority cannot be read.
        """
        self.store = store
        self.policy = policy
        self._client = httpx.Client(
            auth=_StoreAuth(store.access, is_basic_first) if store.access.user else None,
            verify=tls_context(store.access),
            # A kept connection may have been closed, and then it is unknown what was received.
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"User-Agent": f"tipgraph/{VERSION}", **store.access.token_header},
        )

    def close(self) -> None:
        self._client.close()

    def send(
        self,
        method: str,
        url: str,
        body: Body = b"",
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
        policy: RetryPolicy | None = None,
    ) -> CompleteResponse:
        """Send a request, repeat it where that is safe, and return the complete response.

        A `repeatable` request may be sent again after the store may have received it. The response
        must be complete in the time that the policy allows for it; `policy` overrides that of the
        connection. Raises ConnectError, ResponseLost or RequestRefused.
        """
        chosen = policy or self.policy

        def once() -> CompleteResponse:
            deadline = monotonic() + chosen.response
            with self.stream(method, url, body, headers, chosen) as response:
                return CompleteResponse(response.headers, b"".join(chunks(response, deadline)))

        return retrying(chosen, repeatable)(once)

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        body: Body = b"",
        headers: Mapping[str, str] | None = None,
        policy: RetryPolicy | None = None,
    ) -> Iterator[httpx.Response]:
        """Send a request once; the response is read in pieces while the context is open.

        `policy` overrides that of the connection. Raises as `send` does, also while the response is
        read.
        """
        policy = policy or self.policy
        seconds, address = policy.response, without_query(url)
        try:
            with self._client.stream(
                method,
                url,
                content=body,
                headers=headers,
                timeout=httpx.Timeout(seconds, connect=policy.connect, pool=None),
            ) as response:
                if not response.is_success:
                    raise self._refusal(response, policy, monotonic() + seconds)
                yield response
        except httpx.InvalidURL as error:
            raise EndpointError(f"{address}: not an address ({first_line(error)})") from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            message = f"{address}: cannot be reached ({first_line(error)})"
            # A certificate will be no better at the next attempt.
            raise (EndpointError if "CERTIFICATE" in message else ConnectError)(message) from None
        except httpx.TimeoutException:
            raise ResponseTimeout(
                f"{address}: no response in {seconds:g} seconds; allow more with --timeout"
            ) from None
        except httpx.HTTPError as error:
            raise ResponseLost(f"{address}: the connection broke ({first_line(error)})") from None

    def _refusal(
        self, response: httpx.Response, policy: RetryPolicy, deadline: float
    ) -> RequestRefused:
        body = b""
        for chunk in chunks(response, deadline):
            body += chunk
            if len(body) > MAX_ERROR_BYTES:
                break
        url, status = str(response.request.url), response.status_code
        return refusal(self.store, policy, url, status, response.headers, body)


def chunks(response: httpx.Response, deadline: float) -> Iterator[bytes]:
    """Yield the pieces of a response as they arrive.

    Raises ResponseTimeout when it goes on after the deadline (of the monotonic clock): a timeout of
    the connection is for each piece, not for all of them.
    """
    for chunk in response.iter_bytes():
        yield chunk
        if monotonic() > deadline:
            raise ResponseTimeout(
                f"{without_query(str(response.url))}: the response takes too long;"
                " allow more with --timeout"
            )


class _StoreAuth(httpx.Auth):
    """Basic or digest authentication, whichever the store asks for.

    A store that answers anonymous users too, but shows them less, does not ask; it gets Basic
    first.
    """

    def __init__(self, access: Access, is_basic_first: bool) -> None:
        self._credentials = access.user or "", access.password or ""
        self._is_basic_first = is_basic_first
        self._scheme: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        try:
            if self._scheme is None:
                yield from self._first_request(request)
            else:
                yield from self._scheme.auth_flow(request)
        # From httpx, for a header that is not what the scheme defines.
        except (IndexError, KeyError, ValueError) as error:
            if not isinstance(error, UnicodeEncodeError):
                raise EndpointError(
                    f"{without_query(str(request.url))}: asks for credentials in a way that"
                    " cannot be read; check the store's address"
                ) from None
            raise EndpointError(
                "the store asks for digest authentication, which allows only ASCII in user names;"
                " use another user"
            ) from None

    def _first_request(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        basic, digest = httpx.BasicAuth(*self._credentials), httpx.DigestAuth(*self._credentials)
        if self._is_basic_first:
            next(basic.auth_flow(request))
        response = yield request
        # Some stores forbid the request at once, without asking for credentials.
        if response.status_code not in (401, 403):
            return
        if "digest" in response.headers.get("www-authenticate", "").lower():
            self._scheme = digest
            flow = digest.auth_flow(request)
            # It begins with the request that was just answered.
            next(flow)
            with suppress(StopIteration):
                yield flow.send(response)
        elif not self._is_basic_first:
            self._scheme = basic
            yield from basic.auth_flow(request)


def tls_context(access: Access) -> ssl.SSLContext:
    """Return what verifies a store's certificate, by the system's authorities or the user's own.

    Certificates are always verified. Raises InputError when the file with the user's own authority
    cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=access.ca_file)
    except OSError as error:
        reason = error.strerror or "there is no certificate in it"
        raise InputError(f"--ca-file {access.ca_file}: cannot be read ({reason})") from None
