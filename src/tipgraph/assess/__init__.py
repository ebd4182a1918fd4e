"""Assess a case by the norms of one edition, with reasons.

A case is assessed in memory, on a copy of the statements that the rules read. It is neither stored
nor sent.
"""

from tipgraph.assess.case import Case
from tipgraph.assess.evaluate import Assessment, assess
from tipgraph.assess.model import Answer
from tipgraph.assess.parse_case import read_case

__all__ = ["Answer", "Assessment", "Case", "assess", "read_case"]
