"""Who may ask a store: nobody else than who proves to be the one that is known."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping

from tests.stores.message import Asked, Refusal


class Guard:
    """Lets everybody pass."""

    def check(self, asked: Asked) -> None:
        """Raises Refusal."""


class Basic(Guard):
    """RFC 7617."""

    def __init__(self, user: str, password: str, realm: str = "TripleStore") -> None:
        self._right = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._realm = realm

    def check(self, asked: Asked) -> None:
        if asked.headers.get("authorization") != f"Basic {self._right}":
            raise Refusal(401, WWW_Authenticate=f'Basic realm="{self._realm}"')


class Digest(Guard):
    """RFC 7616, as Jetty and Virtuoso have it: MD5, qop=auth, no count used twice."""

    def __init__(
        self, user: str, password: str, realm: str = "TripleStore", paths: tuple[str, ...] = ("",)
    ) -> None:
        self._secret = _md5(user, realm, password)
        self._realm = realm
        # Only what begins so is guarded.
        self._paths = paths
        self._counts: dict[str, set[str]] = {}

    def check(self, asked: Asked) -> None:
        if asked.path.startswith(self._paths) and not self._is_right(asked):
            nonce = secrets.token_hex()
            self._counts[nonce] = set()
            challenge = f'Digest realm="{self._realm}", nonce="{nonce}", opaque="5ebe2294"'
            raise Refusal(401, WWW_Authenticate=f'{challenge}, qop="auth", algorithm=MD5')

    def _is_right(self, asked: Asked) -> bool:
        scheme, _, rest = asked.headers.get("authorization", "").partition(" ")
        told: Mapping[str, str] = {
            name: quoted or plain
            for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', rest)
        }
        counts = self._counts.get(told.get("nonce", ""))
        if scheme != "Digest" or counts is None or told["nc"] in counts:
            return False
        counts.add(told["nc"])
        request = _md5(asked.method, told["uri"])
        once = told["nonce"], told["nc"], told["cnonce"], told["qop"]
        return told["uri"] == asked.target and told["response"] == _md5(
            self._secret, *once, request
        )


class Bearer(Guard):
    """RFC 6750, or another scheme with a token behind it."""

    def __init__(self, token: str, scheme: str = "Bearer") -> None:
        self._right = f"{scheme} {token}"

    def check(self, asked: Asked) -> None:
        if asked.headers.get("authorization") != self._right:
            raise Refusal(401)


class Silent(Guard):
    """Takes basic authentication and never asks for it; strangers may read where reading is free.

    "Access Control" of GraphDB's documentation: permissions go by address and method.
    """

    def __init__(self, user: str, password: str, status: int = 401, is_free: bool = False) -> None:
        self._basic = Basic(user, password)
        self._status = status
        self._is_free = is_free

    def check(self, asked: Asked) -> None:
        if self._is_free and not self._writes(asked) and "authorization" not in asked.headers:
            return
        try:
            self._basic.check(asked)
        except Refusal:
            raise Refusal(self._status) from None

    def _writes(self, asked: Asked) -> bool:
        is_query = asked.method == "POST" and not asked.path.endswith("/statements")
        return asked.method != "GET" and not is_query


def _md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode()).hexdigest()
