"""tipgraph: a sourced knowledge graph of how states protect trafficking victims.

>>> import tipgraph
>>> graph = tipgraph.open()
>>> for row in graph.query("residence-permits"):
...     print(row["period"], row["value"])
"""

from tipgraph.errors import EndpointError, InputError, TipgraphError, UsageError
from tipgraph.graph import Graph, LocalGraph, connect, load, open
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.render.results import Answer
from tipgraph.store.engine import Rows
from tipgraph.version import VERSION

__version__ = VERSION

__all__ = [
    "Answer",
    "EndpointError",
    "Graph",
    "InputError",
    "LocalGraph",
    "Rows",
    "StoredQuery",
    "TipgraphError",
    "UsageError",
    "__version__",
    "connect",
    "load",
    "open",
]
