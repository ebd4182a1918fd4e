"""Requests and responses of the fake stores."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

FORM = "application/x-www-form-urlencoded"


@dataclass
class StoreRequest:
    """A request; names of headers are lower-case, `status` is that of its response."""

    method: str
    target: str
    path: str
    parameters: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""
    status: int = 0

    @property
    def media_type(self) -> str:
        """The media type of the body, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def charset(self, default: str) -> str:
        """The character set of the body; `default` where the request has none."""
        stated = re.search(r"charset=\"?([\w-]+)", self.headers.get("content-type", ""))
        return stated[1] if stated else default

    def accepts(self, *kinds: str) -> bool:
        """Return whether the request accepts one of these media types."""
        accepted = self.headers.get("accept", "*/*")
        names = {each.partition(";")[0].strip() for each in accepted.split(",")}
        return bool(names & {"*/*", *kinds})


@dataclass
class StoreResponse:
    """A response."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class StoreError(Exception):
    """An error response of the store."""

    def __init__(self, status: int, reason: str = "", **headers: str) -> None:
        super().__init__(reason)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.response = StoreResponse(
            status, f"{reason}\n".encode(), {"Content-Type": "text/plain"} | named
        )
