"""`python -m tipgraph`."""

from tipgraph_start import run

run()
