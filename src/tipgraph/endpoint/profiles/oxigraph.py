"""Oxigraph's own server. It knows no users; a proxy before it may ask for them."""

from collections.abc import Mapping
from typing import ClassVar, Self

from tipgraph.endpoint.profiles.standard import Store, base_of
from tipgraph.endpoint.settings import Access


class Oxigraph(Store):
    """Each update is one transaction, and the MOVE of a missing graph is refused."""

    name: ClassVar[str] = "oxigraph"
    title: ClassVar[str] = "Oxigraph"
    move_of_missing_empties: ClassVar[bool] = False

    @classmethod
    def recognises(cls, url: str, headers: Mapping[str, str]) -> bool:
        return headers.get("server", "").startswith("Oxigraph")

    @classmethod
    def at(cls, url: str, access: Access) -> Self:
        base = base_of(url, ("query", "update", "store"))
        return cls(f"{base}/query", f"{base}/update", f"{base}/store", access, base=url)
