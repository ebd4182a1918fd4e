"""`python -m tipgraph`."""

from tipgraph.cli import run

run()
