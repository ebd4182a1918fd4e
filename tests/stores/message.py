"""A request as it came, and an answer as it goes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

FORM = "application/x-www-form-urlencoded"


@dataclass
class Asked:
    """A request; names of headers are in small letters, `status` is how it was answered."""

    method: str
    target: str
    path: str
    parameters: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""
    status: int = 0

    @property
    def kind(self) -> str:
        """The media type of the body, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def charset(self, usual: str) -> str:
        """The character set that the request tells, or what is usual where it tells none."""
        told = re.search(r"charset=\"?([\w-]+)", self.headers.get("content-type", ""))
        return told[1] if told else usual

    def accepts(self, *kinds: str) -> bool:
        """Whether one of these media types will do."""
        wanted = self.headers.get("accept", "*/*")
        names = {each.partition(";")[0].strip() for each in wanted.split(",")}
        return bool(names & {"*/*", *kinds})


@dataclass
class Answer:
    """A response."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """What the store says instead of doing what it was asked."""

    def __init__(self, status: int, reason: str = "", **headers: str) -> None:
        super().__init__(reason)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = Answer(status, f"{reason}\n".encode(), {"Content-Type": "text/plain"} | named)
