"""What the specifications ask of any store: SPARQL 1.1 Query, Update, and Graph Store Protocol.

Every request names its graphs, so it does not matter whether a store's default graph is empty or
the union of all. Bodies go out with their length and never compressed, since some stores take
neither chunks nor gzip, and say that all is well.
"""

from collections.abc import Mapping
from typing import ClassVar, Self
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from pyoxigraph import Literal

from tipgraph.endpoint.settings import Access
from tipgraph.errors import UsageError


class Store:
    """A store: its addresses, who asks, and how it is spoken to."""

    name: ClassVar[str] = "sparql"
    title: ClassVar[str] = "SPARQL 1.1"
    # How it wants a user and a password: basic or digest.
    authentication: ClassVar[str] = "basic"
    # The most rows and triples that one answer of it holds.
    row_limit: ClassVar[int | None] = None
    # The most triples of one request of the Graph Store Protocol.
    piece_triples: ClassVar[int | None] = None
    # The most bytes of an INSERT DATA.
    batch_bytes: ClassVar[int] = 1_000_000
    # Whether the MOVE of a graph that is not there leaves its target empty.
    move_of_missing_empties: ClassVar[bool] = True

    def __init__(
        self,
        query_url: str,
        update_url: str | None,
        graph_store_url: str | None,
        access: Access = Access(),  # noqa: B008  (it is frozen)
        base: str = "",
    ) -> None:
        self.query_url = query_url
        self.update_url = update_url
        self.graph_store_url = graph_store_url
        self.access = access
        # What people call it by.
        self.base = base or query_url

    @classmethod
    def recognises(cls, url: str, headers: Mapping[str, str]) -> bool:
        """Whether a store with these headers (names in small letters) is of this kind."""
        return False

    @classmethod
    def at(cls, url: str, access: Access) -> Self:
        """The store at a base address, or at its address for queries.

        Raises UsageError when the address is not whole.
        """
        return cls(url, None, None, access, base=url)

    def graph_url(self, graph: str) -> str:
        """The address of a named graph by the Graph Store Protocol, section 4.2."""
        return f"{self.graph_store_url}?graph={quote(graph, safe='')}"

    def update(self, text: str) -> tuple[bytes, str]:
        """The body of a request for an update, and its media type (SPARQL 1.1 Protocol, 2.2.2)."""
        return text.encode(), "application/sparql-update; charset=utf-8"

    def timeout_parameter(self, seconds: float) -> dict[str, str]:
        """What tells the server how long a query may take; nothing where it cannot be told."""
        return {}

    def is_transient(self, status: int, text: str) -> bool:
        """Whether what it answers beyond the common status codes may go well at another time."""
        return False

    def reason(self, kind: str, text: str) -> str:
        """Why it failed, from a body of this media type; nothing if that is for browsers."""
        return "" if "html" in kind else text

    def respelled(self, literal: Literal) -> Literal:
        """The literal as the store keeps it, where it keeps less than it was given."""
        return literal


def form(name: str, text: str) -> tuple[bytes, str]:
    """A query or an update as a form's field (SPARQL 1.1 Protocol, sections 2.1.2 and 2.2.1).

    Without a charset some servers would read it as Latin-1.
    """
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    return urlencode({name: text}).encode(), kind


def base_of(url: str, endings: tuple[str, ...]) -> str:
    """The address without its query, its last slash, and any of these endings of its path."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    for ending in endings:
        if path.endswith(f"/{ending}"):
            path = path.removesuffix(f"/{ending}")
            break
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def check_has_path(url: str, what: str, example: str) -> None:
    """Raise UsageError when the address is that of a server alone."""
    if not urlsplit(url).path.strip("/"):
        raise UsageError(f"{url}: this is the server; name its {what} too, as in {example}")
