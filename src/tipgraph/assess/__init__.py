"""Assess a case by the norms of one edition, with reasons.

A case is assessed in memory, on a copy of the statements that the rules read. It is neither stored
nor sent.
"""

from tipgraph.assess.case import Case, read_case
from tipgraph.assess.evaluate import Assessment, assess
from tipgraph.assess.model import Answer

__all__ = ["Answer", "Assessment", "Case", "assess", "read_case"]
