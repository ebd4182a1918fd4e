"""Authentication of the fake stores: only the known user is admitted."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping

from tests.endpoint.message import StoreError, StoreRequest


class Authenticator:
    """Admits everybody."""

    def check(self, request: StoreRequest) -> None:
        """Raise StoreError unless the request has the right credentials."""


class Basic(Authenticator):
    """RFC 7617."""

    def __init__(self, user: str, password: str, realm: str = "TripleStore") -> None:
        self._right = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._realm = realm

    def check(self, request: StoreRequest) -> None:
        if request.headers.get("authorization") != f"Basic {self._right}":
            raise StoreError(401, WWW_Authenticate=f'Basic realm="{self._realm}"')


class Digest(Authenticator):
    """RFC 7616, as Jetty and Virtuoso have it: MD5, qop=auth, no count used twice."""

    def __init__(
        self, user: str, password: str, realm: str = "TripleStore", paths: tuple[str, ...] = ("",)
    ) -> None:
        self._secret = _md5(user, realm, password)
        self._realm = realm
        # Other paths need no login.
        self._paths = paths
        self._counts: dict[str, set[str]] = {}

    def check(self, request: StoreRequest) -> None:
        if request.path.startswith(self._paths) and not self._is_right(request):
            nonce = secrets.token_hex()
            self._counts[nonce] = set()
            challenge = f'Digest realm="{self._realm}", nonce="{nonce}", opaque="5ebe2294"'
            raise StoreError(401, WWW_Authenticate=f'{challenge}, qop="auth", algorithm=MD5')

    def _is_right(self, request: StoreRequest) -> bool:
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        fields: Mapping[str, str] = {
            name: quoted or plain
            for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', rest)
        }
        counts = self._counts.get(fields.get("nonce", ""))
        if scheme != "Digest" or counts is None or fields["nc"] in counts:
            return False
        counts.add(fields["nc"])
        request_hash = _md5(request.method, fields["uri"])
        nonces = fields["nonce"], fields["nc"], fields["cnonce"], fields["qop"]
        return fields["uri"] == request.target and fields["response"] == _md5(
            self._secret, *nonces, request_hash
        )


class Bearer(Authenticator):
    """RFC 6750, or another scheme with a token."""

    def __init__(self, token: str, scheme: str = "Bearer") -> None:
        self._right = f"{scheme} {token}"

    def check(self, request: StoreRequest) -> None:
        if request.headers.get("authorization") != self._right:
            raise StoreError(401)


class NoChallenge(Authenticator):
    """Basic authentication without a challenge; anonymous users may read where reading is free.

    "Access Control" of GraphDB's documentation: permissions depend on address and method.
    """

    def __init__(self, user: str, password: str, status: int = 401, is_free: bool = False) -> None:
        self._basic = Basic(user, password)
        self._status = status
        self._is_free = is_free

    def check(self, request: StoreRequest) -> None:
        if self._is_free and not self._writes(request) and "authorization" not in request.headers:
            return
        try:
            self._basic.check(request)
        except StoreError:
            raise StoreError(self._status) from None

    def _writes(self, request: StoreRequest) -> bool:
        is_query = request.method == "POST" and not request.path.endswith("/statements")
        return request.method != "GET" and not is_query


def _md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode()).hexdigest()
