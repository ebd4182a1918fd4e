"""What the norms of one edition mean for a case, and why.

A case is reasoned over in memory, on a copy of what the rules speak of: it is neither kept nor
sent.
"""

from tipgraph.assessment.answer import Answer
from tipgraph.assessment.case import Case
from tipgraph.assessment.inquiry import Assessment, assess
from tipgraph.assessment.reader import read_case

__all__ = ["Answer", "Assessment", "Case", "assess", "read_case"]
