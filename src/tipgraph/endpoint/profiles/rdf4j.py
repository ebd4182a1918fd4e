"""Eclipse RDF4J Server, whose address is that of a repository."""

import math
from collections.abc import Mapping
from typing import ClassVar, Self

from tipgraph.endpoint.profiles.standard import Store, base_of
from tipgraph.endpoint.settings import Access
from tipgraph.errors import UsageError


class RDF4J(Store):
    """https://rdf4j.org/documentation/reference/rest-api/ tells its addresses and parameters.

    Its default graph is the union of all.
    """

    name: ClassVar[str] = "rdf4j"
    title: ClassVar[str] = "Eclipse RDF4J"

    @classmethod
    def recognises(cls, url: str, headers: Mapping[str, str]) -> bool:
        return "/repositories/" in url

    @classmethod
    def at(cls, url: str, access: Access) -> Self:
        base = base_of(url, ("rdf-graphs/service", "statements", "rdf-graphs"))
        if not base.rpartition("/repositories/")[2] or "/repositories/" not in base:
            example = "http://host:8080/rdf4j-server/repositories/NAME"
            raise UsageError(f"{url}: name the repository too, as in {example}")
        statements, graphs = f"{base}/statements", f"{base}/rdf-graphs/service"
        return cls(base, statements, graphs, access, base=url)

    def timeout_parameter(self, seconds: float) -> dict[str, str]:
        return {"timeout": str(math.ceil(seconds))}
