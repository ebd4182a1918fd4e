"""Ontotext GraphDB, which speaks as RDF4J does.

What it infers is in no named graph, so naming the graphs leaves it out.
"""

from collections.abc import Mapping
from typing import ClassVar

from tipgraph.endpoint.profiles.rdf4j import RDF4J


class GraphDB(RDF4J):
    """https://graphdb.ontotext.com/documentation/ tells its addresses: RDF4J's, at the root."""

    name: ClassVar[str] = "graphdb"
    title: ClassVar[str] = "Ontotext GraphDB"

    @classmethod
    def recognises(cls, url: str, headers: Mapping[str, str]) -> bool:
        return "GraphDB" in headers.get("server", "")
