"""Apache Jena Fuseki, whose address is that of a dataset."""

import math
from collections.abc import Mapping
from typing import ClassVar, Self

from tipgraph.endpoint.profiles.standard import Store, base_of, check_has_path
from tipgraph.endpoint.settings import Access


class Fuseki(Store):
    """https://jena.apache.org/documentation/fuseki2/ tells its services and its parameters."""

    name: ClassVar[str] = "fuseki"
    title: ClassVar[str] = "Apache Jena Fuseki"

    @classmethod
    def recognises(cls, url: str, headers: Mapping[str, str]) -> bool:
        return "Fuseki" in headers.get("server", "") or "fuseki-request-id" in headers

    @classmethod
    def at(cls, url: str, access: Access) -> Self:
        base = base_of(url, ("query", "sparql", "update", "data", "get"))
        check_has_path(base, "dataset", "http://host:3030/dataset")
        return cls(f"{base}/query", f"{base}/update", f"{base}/data", access, base=url)

    def timeout_parameter(self, seconds: float) -> dict[str, str]:
        return {"timeout": str(math.ceil(seconds))}
