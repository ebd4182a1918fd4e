"""OpenLink Virtuoso 7.

Whoever has a user and a password is sent to addresses of their own, which ask for digest
authentication. One answer holds no more than 10,000 rows, as the server is set up when it is new.
"""

from collections.abc import Mapping
from re import DOTALL, fullmatch, search
from typing import ClassVar, Self

from pyoxigraph import Literal, NamedNode

from tipgraph.endpoint.profiles.standard import Store, base_of, form
from tipgraph.endpoint.settings import Access
from tipgraph.namespaces import XSD

LONG = 2**31
INTEGERS = {
    "integer",
    "long",
    "nonNegativeInteger",
    "positiveInteger",
    "unsignedInt",
    "unsignedLong",
}


class Virtuoso(Store):
    """The MOVE of a graph that is no longer there empties its target, and reports success."""

    name: ClassVar[str] = "virtuoso"
    title: ClassVar[str] = "OpenLink Virtuoso"
    authentication: ClassVar[str] = "digest"
    row_limit: ClassVar[int | None] = 10_000
    # It does not take 5,000 triples.
    batch_bytes: ClassVar[int] = 200_000
    # It loads slices of a larger body side by side, and these block each other, or for ever.
    piece_triples: ClassVar[int | None] = 50_000

    @classmethod
    def recognises(cls, url: str, headers: Mapping[str, str]) -> bool:
        return headers.get("server", "").startswith("Virtuoso")

    @classmethod
    def at(cls, url: str, access: Access) -> Self:
        paths = ("sparql", "sparql-auth", "sparql-graph-crud", "sparql-graph-crud-auth")
        base = base_of(url, paths)
        known = "" if access.is_anonymous else "-auth"
        query = f"{base}/sparql{known}"
        return cls(query, query, f"{base}/sparql-graph-crud{known}", access, base=url)

    def update(self, text: str) -> tuple[bytes, str]:
        return form("update", text)

    def timeout_parameter(self, seconds: float) -> dict[str, str]:
        return {"timeout": str(round(seconds * 1000))}

    def is_transient(self, status: int, text: str) -> bool:
        # A deadlock, or out of time. A MOVE that is out of time leaves its target torn.
        return status == 500 and ("SR172" in text or "S1TAT" in text)

    def reason(self, kind: str, text: str) -> str:
        told = search(r"<xmp>(.*?)</xmp>", text, DOTALL) if "html" in kind else None
        reason = told[1] if told else super().reason(kind, text)
        if "SR325" in reason:
            return (
                "the graph is more than one transaction may change; raise"
                " TransactionAfterImageLimit in the store's virtuoso.ini"
            )
        return reason

    def respelled(self, literal: Literal) -> Literal:
        """A whole number that four bytes do not hold becomes a decimal."""
        kind = literal.datatype.value.removeprefix(XSD)
        is_long = kind in INTEGERS and fullmatch(r"[+-]?\d+", literal.value)
        if is_long and abs(int(literal.value)) >= LONG:
            return Literal(literal.value, datatype=NamedNode(XSD + "decimal"))
        return literal
