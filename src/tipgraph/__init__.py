"""tipgraph: a sourced knowledge graph of how states protect trafficking victims.

>>> import tipgraph
>>> graph = tipgraph.open()
>>> for row in graph.query("residence-permits"):
...     print(row["period"], row["value"])
"""

from tipgraph.errors import InputError, TipgraphError, UsageError
from tipgraph.knowledge import KnowledgeGraph, open
from tipgraph.results import Answer
from tipgraph.rows import Rows
from tipgraph.stored import StoredQuery
from tipgraph.version import VERSION

__version__ = VERSION

__all__ = [
    "Answer",
    "InputError",
    "KnowledgeGraph",
    "Rows",
    "StoredQuery",
    "TipgraphError",
    "UsageError",
    "__version__",
    "open",
]
