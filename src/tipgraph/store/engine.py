"""Engines answer SPARQL; everything above speaks to them through one small protocol."""

from typing import Protocol

from pyoxigraph import Triple

from tipgraph.store.rows import Rows


class Engine(Protocol):
    """Answers queries over the union of the catalogue's graphs.

    Each method raises InputError when the query is broken.
    """

    def select(self, query: str) -> Rows:
        """The rows of a SELECT."""

    def ask(self, query: str) -> bool:
        """The answer of an ASK."""

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE, each once."""
