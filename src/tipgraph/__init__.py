"""tipgraph: a sourced knowledge graph of how states protect trafficking victims.

>>> import tipgraph
>>> graph = tipgraph.open()
>>> for row in graph.query("residence-permits"):
...     print(row["period"], row["value"])
"""

from tipgraph.errors import EndpointError, InputError, TipgraphError, UsageError
from tipgraph.knowledge import Knowledge, KnowledgeGraph, connect, load, open
from tipgraph.results import Answer
from tipgraph.rows import Rows
from tipgraph.stored import StoredQuery
from tipgraph.version import VERSION

__version__ = VERSION

__all__ = [
    "Answer",
    "EndpointError",
    "InputError",
    "Knowledge",
    "KnowledgeGraph",
    "Rows",
    "StoredQuery",
    "TipgraphError",
    "UsageError",
    "__version__",
    "connect",
    "load",
    "open",
]
