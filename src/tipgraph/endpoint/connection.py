"""Requests to a store: credentials, certificates, timeouts, and errors by what they mean.

Transfers and remote queries both send through `Connection`.
"""

import re
import socket
import ssl
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any, NamedTuple

import httpx
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from tipgraph.endpoint.profiles import RemoteStore
from tipgraph.endpoint.retry import (
    MAX_ERROR_BYTES,
    ConnectError,
    RequestRefused,
    ResponseLost,
    ResponseTimeout,
    RetryPolicy,
    first_line,
    masked,
    refusal,
    retrying,
    without_query,
)
from tipgraph.endpoint.settings import Access
from tipgraph.errors import EndpointError, InputError, UsageError
from tipgraph.rdf.limits import check_nesting
from tipgraph.version import VERSION

Body = bytes | Iterable[bytes]

# A header by which Virtuoso reports that it returns fewer rows than there are.
TRUNCATED = "x-sparql-maxrows"
# The encodings that are accepted, once each; others can unpack 64 KB to any size at once.
ENCODINGS = ("", "identity", "gzip", "deflate")
# The bytes of a response, unpacked, that are kept in memory at most.
MAX_RESPONSE = 1 << 30
# The columns of an answer at most: the parser compares them with each other, and keeps a place for
# each in each row.
MAX_COLUMNS = 1000
# More strings than that one after the other, as nothing in an answer has but the list of columns.
_STRING = rb'"(?:[^"\\]++|\\.)*+"\s*+'
_COLUMNS = re.compile(
    rb'(?:[^"]++|(?:%(s)s,\s*+){0,%(m)d}+%(s)s(?!,))*+(?:%(s)s,\s*+){%(m)d}'
    % {b"s": _STRING, b"m": MAX_COLUMNS - 1},
    re.DOTALL,
)
# The times by which a response may grow when it is unpacked, beyond some bytes.
MAX_RATIO = 250
SMALL = 64 << 20


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

        Raises InputError when the file with the certificate authority cannot be read, and
        UsageError when the environment names a proxy that cannot be used.
        """
        self.store = store
        self.policy = policy
        context, token = tls_context(store.access), store.access.token_header
        try:
            self._client = httpx.Client(
                auth=_StoreAuth(store.access, is_basic_first) if store.access.user else None,
                verify=context,
                # A kept connection may have been closed, and then it is unknown what was received.
                limits=httpx.Limits(max_keepalive_connections=0),
                headers={
                    "User-Agent": f"tipgraph/{VERSION}",
                    "Accept-Encoding": "gzip, deflate",
                    **token,
                },
            )
        except (httpx.InvalidURL, ImportError, ValueError):
            # Its message may have a part of a password.
            raise UsageError(
                "a proxy in the environment cannot be used; correct HTTP_PROXY, HTTPS_PROXY,"
                " ALL_PROXY and NO_PROXY (socks5:// needs the package socksio)"
            ) from None

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
            with self.stream(method, url, body, headers, chosen) as response:
                return CompleteResponse(response.headers, content(response))

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
        seconds, address = policy.time_left(), without_query(url)
        late = ResponseTimeout(
            f"{address}: no response in {policy.response:g} seconds; allow more with --timeout"
        )
        limit = _TimeLimit(seconds)
        try:
            with self._client.stream(
                method,
                url,
                content=body,
                headers=headers,
                timeout=httpx.Timeout(seconds, connect=min(policy.connect, seconds), pool=None),
                extensions={"trace": limit.trace},
            ) as response:
                if response.headers.get("content-encoding", "").lower() not in ENCODINGS:
                    raise EndpointError(
                        f"{address}: the response is packed in a way that is not accepted"
                    )
                if not response.is_success:
                    raise self._refusal(response, policy)
                yield response
            # A body without a length ends where the connection does.
            if limit.is_over:
                raise late
        # The last is that of a host to which a response redirects.
        except (httpx.InvalidURL, UnicodeError) as error:
            raise EndpointError(f"{address}: not an address ({self._reason(error)})") from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            message = f"{address}: cannot be reached ({self._reason(error)})"
            # A certificate will be no better at the next attempt.
            raise (EndpointError if "CERTIFICATE" in message else ConnectError)(message) from None
        except httpx.TimeoutException:
            raise late from None
        except httpx.HTTPError as error:
            if limit.is_over:
                raise late from None
            raise ResponseLost(f"{address}: the connection broke ({self._reason(error)})") from None
        finally:
            limit.stop()

    def _reason(self, error: Exception) -> str:
        """Return the first line of an error, which may repeat what the store sent."""
        return masked(first_line(error), self.store.access)

    def _refusal(self, response: httpx.Response, policy: RetryPolicy) -> RequestRefused:
        body = b""
        for chunk in chunks(response):
            body += chunk
            if len(body) > MAX_ERROR_BYTES:
                break
        url, status = str(response.request.url), response.status_code
        return refusal(self.store, policy, url, status, response.headers, body)


def content(response: httpx.Response) -> bytes:
    """Return the body of a response. Raises EndpointError where it is larger than MAX_RESPONSE."""
    body = bytearray()
    for chunk in chunks(response):
        body += chunk
        if len(body) > MAX_RESPONSE:
            raise EndpointError(
                f"{without_query(str(response.url))}: the response has more than"
                f" {MAX_RESPONSE >> 30} GiB; ask for less"
            )
    return bytes(body)


def parse_results(content: bytes) -> QuerySolutions | QueryBoolean:
    """Return the answer in SPARQL Query Results JSON.

    Raises SyntaxError or ValueError where it has none, or is beyond a limit.
    """
    check_nesting(content)
    if _COLUMNS.match(content):
        raise ValueError(f"it has more than {MAX_COLUMNS:,} columns")
    return parse_query_results(content, QueryResultsFormat.JSON)


def chunks(response: httpx.Response, size: int | None = None) -> Iterator[bytes]:
    """Yield the body of a response as it arrives, in pieces of this size.

    Raises EndpointError where it is far larger than what was sent.
    """
    number = 0
    for chunk in response.iter_bytes(size):
        number += len(chunk)
        if number > SMALL and number > MAX_RATIO * response.num_bytes_downloaded:
            raise EndpointError(
                f"{without_query(str(response.url))}: the response grows more than"
                f" {MAX_RATIO} times when it is unpacked"
            )
        yield chunk


class _TimeLimit:
    """Ends the connection of a response that is not complete in time.

    httpx limits the time of each read alone: headers that come byte by byte would outlast it.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._seconds = seconds
        self._connection: Any = None
        self._timer: Timer | None = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Follow a request (the extension "trace" of httpx); its time begins when it is sent."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._connection = info["return_value"]
        elif event.startswith("http11.send_request_body.") and not event.endswith("started"):
            self.stop()
            self._timer = Timer(self._seconds, self._end)
            self._timer.daemon = True
            self._timer.start()

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        with suppress(OSError):
            # Not the method of a TLS socket, which another thread is reading.
            socket.socket.shutdown(self._connection.get_extra_info("socket"), socket.SHUT_RDWR)


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
        except (IndexError, KeyError, NotImplementedError, ValueError) as error:
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
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "there is no certificate in it"
        raise InputError(f"--ca-file {access.ca_file}: cannot be read ({reason})") from None
