"""What changed from one edition to another of the same country, as the graph holds the two."""

from tipgraph.editions.compare.compare import Difference, difference

__all__ = ["Difference", "difference"]
